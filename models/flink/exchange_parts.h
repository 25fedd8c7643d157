/*
 * exchange_parts.h - what the files of exchange share.
 */
#ifndef MODELS_FLINK_EXCHANGE_PARTS_H
#define MODELS_FLINK_EXCHANGE_PARTS_H

#include "models/flink/exchange.h"
#include "sim/core/fifo.h"

/* Empty ones, with no place in any queue. */
struct exchange_buffer *exchange_take_buffer(struct exchange *exchange, struct channel *channel);
struct exchange_buffer *exchange_take_barrier(struct exchange *exchange, struct channel *channel,
                                              int64_t barrier);
void exchange_give(struct exchange *exchange, struct exchange_buffer *buffer);
void exchange_give_all(struct exchange *exchange, struct exchange_queue *queue);
struct exchange_buffer *exchange_pop(struct exchange_queue *queue);

/* All records of the channel before that barrier have left. */
void exchange_end_records(struct outlet *outlet, struct calendar *cal, int32_t receiver,
                          int64_t barrier);

/* What has not been taken of the buffer is part of the inbox' checkpoint. */
void exchange_save(struct inbox *inbox, const struct exchange_buffer *buffer);
/* The checkpoint under way is given up. */
void exchange_forget(struct inbox *inbox);

#endif

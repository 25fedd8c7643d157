/*
 * producer_parts.h - what the files of producer share.
 */
#ifndef MODELS_PRODUCER_PRODUCER_PARTS_H
#define MODELS_PRODUCER_PRODUCER_PARTS_H

#include "models/producer/producer.h"

static inline void producer_note_available_bytes(struct producer *producer, sim_time now)
{
    level_set(&producer->available_bytes, now,
              (double)buffer_pool_available_bytes(&producer->acc.pool));
}

static inline void producer_note_open_slots(struct producer *producer, sim_time now)
{
    level_set(&producer->open_slots, now, producer->acc.queues.waiting);
}

static inline void producer_note_in_flight(struct producer *producer, sim_time now, int32_t change)
{
    producer->in_flight += change;
    level_set(&producer->requests_in_flight, now, producer->in_flight);
}

/* From when on a request has been without an answer for too long (8.6). */
static inline int64_t producer_times_out_ms(const struct producer *producer,
                                            const struct request *request)
{
    return request->sent_ms + producer->acc.config->request_timeout_ms + 1;
}

/* The Sender's timer: something has ended its poll, or its work. */
timer_fn producer_step;

/* A shared broker is done: the response is known to come. */
port_done_fn producer_answered;

/* The poll ends at once. */
void producer_iterate_now(struct producer *producer, struct calendar *cal);

/* A Sender that works needs no wake-up: it iterates when its work is done. */
void producer_wake(struct producer *producer, struct calendar *cal);

#endif

/*
 * sender_thread_parts.h - Sender.run(), NetworkClient, inside.
 */
#ifndef MODELS_PRODUCER_SENDER_THREAD_PARTS_H
#define MODELS_PRODUCER_SENDER_THREAD_PARTS_H

#include "models/producer/sender_thread.h"

/* What ends a poll by itself: a response, or, where anything waits or a broken connection may be
 * the last one, news of a connection or of metadata. */
static inline sim_time sender_thread_next_event(const struct producer *producer)
{
    return producer->acc.incomplete > 0 || producer->acc.config->rebootstraps ||
                   producer->metadata.forgotten
               ? sim_earlier(producer->next_response, producer->network_next)
               : producer->next_response;
}

/* Takes at most one due response from each connection; their batches wait to be completed. */
void sender_thread_receive(struct producer *producer, sim_time now);

/* At the end of a poll: connections that have not answered for too long are closed. */
void sender_thread_time_out(struct producer *producer, sim_time now);

/* How long the Sender works on what it has drained. */
sim_time sender_thread_work_ns(struct producer *producer);

/* One request per node that has drained something; all leave at `dispatched`. */
void sender_thread_dispatch(struct producer *producer, struct calendar *cal, sim_time dispatched);

/* The end of a poll but for expiry: never after what is due next. */
sim_time sender_thread_poll_end(const struct producer *producer, sim_time now, int64_t timeout_ms);

/* At network_next or later: what has happened to connections and metadata without the Sender. */
void sender_thread_catch_up(struct producer *producer, sim_time now);

/* After an iteration that has met closed connections: those that it wants are set up. */
void sender_thread_connect(struct producer *producer, sim_time now);

/* A misplaced request's answer: who leads its partitions now, or the question. */
void sender_thread_learn(struct producer *producer, const struct request *request, sim_time now);

/* The connection is closed as of `then`, and all its requests fail. */
void sender_thread_close_connection(struct producer *producer, int32_t node,
                                    enum broker_error error, sim_time then, sim_time now);

#endif

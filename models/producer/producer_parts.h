/*
 * producer_parts.h - KafkaProducer, NetworkClient, inside: what the files of producer share.
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

/* From when on a request has been without an answer for too long (kafka-producer.md 8.6). */
static inline int64_t producer_times_out_ms(const struct producer *producer,
                                            const struct request *request)
{
    return request->sent_ms + producer->acc.config->request_timeout_ms + 1;
}

/* What ends a poll by itself: a response, or, where anything waits, news of a connection or of
 * metadata. */
static inline sim_time producer_next_event(const struct producer *producer)
{
    return producer->acc.incomplete > 0
               ? sim_earlier(producer->next_response, producer->network_next)
               : producer->next_response;
}

/* Takes at most one due response from each connection; their batches wait to be completed. False if
 * nothing was due. */
bool producer_receive(struct producer *producer, sim_time now);

/* At the end of a poll: connections that have not answered for too long are closed. */
void producer_time_out(struct producer *producer, sim_time now);

/* How long the Sender works on what it has drained. */
sim_time producer_work_ns(struct producer *producer);

/* One request per node that has drained something; all leave at `dispatched`. */
void producer_dispatch(struct producer *producer, struct calendar *cal, sim_time dispatched);

/* The end of a poll but for expiry: never after what is due next. */
sim_time producer_poll_end(const struct producer *producer, sim_time now, int64_t timeout_ms);

/* Before this instant the client does not close the connection that the request is on, unless for
 * an older one: its own time-out, or its broker goes down. */
static inline sim_time producer_hangs_up_from(const struct producer *producer, int32_t node,
                                              const struct request *request)
{
    const struct connection *const connection = &producer->connections[node];
    const sim_time out = producer_times_out_ms(producer, request) * SIM_MS;
    return sim_earlier(out, connection->event);
}

/* At network_next or later: what has happened to connections and metadata without the Sender. */
void producer_network_step(struct producer *producer, sim_time now);

/* After an iteration that has met closed connections: those that it wants are set up. */
void producer_connect(struct producer *producer, sim_time now);

/* A misplaced request's answer: who leads its partitions now, or the question. */
void producer_learn(struct producer *producer, const struct request *request, sim_time now);

/* The connection is closed as of `then`, and all its requests fail. */
void producer_close_connection(struct producer *producer, int32_t node, enum broker_error error,
                               sim_time then, sim_time now);

/* A client begins. */
void producer_network_reset(struct producer *producer, sim_time now);

/* The Sender's timer: something has ended its poll, or its work. */
timer_fn producer_step;

/* A shared broker is done: the response is known to come. */
port_done_fn producer_answered;

/* KafkaClient.wakeup(): ends a poll, the one that goes on or the next. True if it has
 * woken a thread that slept, which takes the caller's time. */
bool producer_wake(struct producer *producer, struct calendar *cal);

/* A send() has begun to wait at the very instant at which a look has found nothing: it looks again.
 */
void producer_look_again(struct producer *producer, struct calendar *cal);

#endif

/*
 * relations_brokers.c - what the brokers' parameters must agree on.
 */
#include <inttypes.h>

#include "models/relations_parts.h"

/* Does an answer take no time at all? */
static bool answers_at_once(const struct fanout_params *params)
{
    const struct dist_spec *const times[] = {
        &params->rtt,         &params->sender_request, &params->sender_batch,
        &params->sender_byte, &params->broker_request, &params->broker_batch,
        &params->broker_byte};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i]->mean > 0)
            return false;
    return true;
}

/* Does an answer wait for replicas? */
static bool replicates(const struct fanout_params *params)
{
    return params->acks <= ACKS_MINUS_ONE && params->replication_factor > 1 && params->brokers > 1;
}

/* Both are allowed by Kafka's own ranges. */
static void check_sockets(const struct relations *subject)
{
    if (subject->params->send_buffer == 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_send_buffer),
                   "with send.buffer.bytes 0 a client never connects (Java throws an "
                   "IllegalArgumentException); give it bytes, or -1: the operating system's");
    if (subject->params->receive_buffer == 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_receive_buffer),
                   "with socket.receive.buffer.bytes 0 a broker never starts (Java throws an "
                   "IllegalArgumentException); give it bytes, or -1: the operating system's");
}

void relations_check_brokers(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    check_sockets(subject);
    const bool retries_at_once =
        (params->retry_backoff_ms == 0 || params->retry_backoff_max_ms == 0) &&
        params->retries > 0 && answers_at_once(params);
    for (size_t i = 0; i < params->faults.count; i++) {
        const struct fault *const fault = &params->faults.items[i];
        if (fault->broker >= params->brokers)
            diag_error(subject->diag, fault->broker_place,
                       "there is no broker %" PRId64 "; brokers.count is %" PRId64
                       ", and they count from 0",
                       fault->broker, params->brokers);
        if (retries_at_once && broker_error_retriable(fault->error))
            diag_error(subject->diag, fault->place,
                       "with no rtt, no costs and no retry.backoff.ms this error would be answered "
                       "and retried for ever at one instant; give one of them");
        if (fault->kind == FAULT_SLOW && !replicates(params))
            diag_warning(subject->diag, fault->place,
                         "slow replicas have no effect: with acks: 0 or 1, or without replicas, no "
                         "answer waits for them");
    }
}

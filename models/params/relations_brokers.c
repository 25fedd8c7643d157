/*
 * relations_brokers.c - what the brokers' parameters must agree on.
 */
#include <inttypes.h>

#include "models/params/relations_parts.h"

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

static void check_broker(const struct relations *subject, int64_t broker, struct place place)
{
    if (broker >= subject->params->brokers)
        diag_error(subject->diag, place,
                   "there is no broker %" PRId64 "; brokers.count is %" PRId64
                   ", and they count from 0",
                   broker, subject->params->brokers);
}

/* The topics of one entry share its list. */
static void check_leaders(const struct relations *subject, const struct topic_list *topics)
{
    for (int32_t t = 0; t < topics->count; t++) {
        const struct topic *const topic = &topics->items[t];
        if (t > 0 && topic->leaders == topics->items[t - 1].leaders)
            continue;
        for (int32_t i = 0; i < topic->leader_count; i++)
            check_broker(subject, topic->leaders[i].broker, topic->leaders[i].place);
    }
}

/* The partition that the fault moves. */
static void check_partition(const struct relations *subject, const struct fault *fault)
{
    const struct topic_list *const topics = &subject->params->topics;
    const struct topic *const topic = topics_find(topics, fault->topic);
    if (topic == NULL) {
        const char **const names =
            ARENA_ARRAY(subject->context->arena, const char *, topics->count);
        for (int32_t t = 0; t < topics->count; t++)
            names[t] = topics->items[t].name;
        const char *const near = diag_nearest(fault->topic, names, (size_t)topics->count);
        diag_error(subject->diag, fault->topic_place, "there is no topic %s; %s%s%s",
                   diag_shown(subject->diag, fault->topic),
                   near != NULL ? "did you mean " : "topics has none of that name",
                   near != NULL ? near : "", near != NULL ? "?" : "");
    } else if (fault->partition >= topic->partitions) {
        diag_error(subject->diag, fault->partition_place,
                   "topic '%s' has no partition %" PRId64 "; it has %" PRId32
                   ", and they count from 0",
                   topic->name, fault->partition, topic->partitions);
    }
}

/* Is the broker down at that time? Then by this fault, else NULL. */
static const struct fault *down_by(const struct fault_list *faults, int64_t broker, sim_time at)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *const fault = &faults->items[i];
        if (fault_is_down(fault) && fault->broker == broker && fault->at <= at && at < fault->end)
            return fault;
    }
    return NULL;
}

static void check_leader(const struct relations *subject, const struct fault *fault)
{
    const struct fanout_params *const params = subject->params;
    if (fault->topic != NULL && params->topics.count > 0)
        check_partition(subject, fault);
    if (fault->to == FAULT_NOT_GIVEN) {
        if (params->brokers == 1)
            diag_error(subject->diag, fault->place,
                       "there is no other broker to lead the partitions; brokers.count is 1");
        return;
    }
    check_broker(subject, fault->to, fault->to_place);
    const struct fault *const down = down_by(&params->faults, fault->to, fault->at);
    if (fault->to == fault->broker)
        diag_error(subject->diag, fault->to_place,
                   "broker %" PRId64 " leads these partitions already; name another one, or leave "
                   "'to' out, and each other broker gets some",
                   fault->to);
    else if (down != NULL)
        diag_error(subject->diag, fault->to_place,
                   "broker %" PRId64 " is down then, by the fault in line %d; a broker that leads "
                   "must be up",
                   fault->to, down->place.line);
}

static bool takes_no_time(const struct dist_spec *spec)
{
    return dist_is_constant(spec) && dist_spec_mean(spec) == 0;
}

/* What a client tries again while a broker is down must take time. */
static void check_down(const struct relations *subject, const struct fault *fault)
{
    const struct fanout_params *const params = subject->params;
    if (takes_no_time(&params->rtt) &&
        (params->reconnect_backoff_ms == 0 || params->reconnect_backoff_max_ms == 0 ||
         params->retry_backoff_ms == 0 || params->retry_backoff_max_ms == 0))
        diag_error(
            subject->diag, fault->place,
            "with no rtt and no backoff of retries or reconnects a client would try for ever "
            "at one instant while the broker is down; give brokers.rtt");
}

/* Kafka makes no such topic. The default is for as many as there are. */
static void check_replicas(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const bool given = relations_is_given(subject, ROW_replication_factor);
    if (given && params->replication_factor > params->brokers)
        diag_error(subject->diag, relations_place_of(subject, ROW_replication_factor),
                   "replication.factor (%" PRId64 ") is above brokers.count (%" PRId64
                   "); Kafka throws an InvalidReplicationFactorException",
                   params->replication_factor, params->brokers);
    else if (relations_is_given(subject, ROW_replication) && !replicates(params))
        diag_warning(subject->diag, relations_place_of(subject, ROW_replication),
                     "costs.broker.replication has no effect: with acks: 0 or 1, or without "
                     "replicas, no answer waits for them");
}

static void check_slow(const struct relations *subject, const struct fault *fault)
{
    const struct fanout_params *const params = subject->params;
    if (fault->wait > 0 && !replicates(params))
        diag_warning(subject->diag, fault->place,
                     "slow replicas have no effect: with acks: 0 or 1, or without replicas, no "
                     "answer waits for them");
    if (fault->factor != 1 && takes_no_time(&params->broker_request) &&
        takes_no_time(&params->broker_batch) && takes_no_time(&params->broker_byte))
        diag_warning(subject->diag, fault->place,
                     "slow handlers have no effect: costs.broker.request, batch and byte are 0");
}

void relations_check_brokers(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    check_sockets(subject);
    check_replicas(subject);
    const bool retries_at_once =
        (params->retry_backoff_ms == 0 || params->retry_backoff_max_ms == 0) &&
        params->retries > 0 && answers_at_once(params);
    check_leaders(subject, &params->topics);
    check_leaders(subject, &params->ingress_topics);
    for (size_t i = 0; i < params->faults.count; i++) {
        const struct fault *const fault = &params->faults.items[i];
        check_broker(subject, fault->broker, fault->broker_place);
        if (fault->kind == FAULT_LEADER)
            check_leader(subject, fault);
        if (fault_is_down(fault))
            check_down(subject, fault);
        if (retries_at_once && broker_error_retriable(fault->error))
            diag_error(subject->diag, fault->place,
                       "with no rtt, no costs and no retry.backoff.ms this error would be answered "
                       "and retried for ever at one instant; give one of them");
        if (fault->kind == FAULT_SLOW)
            check_slow(subject, fault);
    }
}

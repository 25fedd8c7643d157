/*
 * relations_load.c - what the parameters of the load must agree on.
 */
#include <inttypes.h>
#include <math.h>

#include "models/broker/socket.h"
#include "models/params/relations_parts.h"

/* Values of which not even the smallest may be sent. */
static void check_values(const struct relations *subject, const struct dist_spec *value,
                         struct place place)
{
    const struct fanout_params *const params = subject->params;
    const bool of_request = params->max_request_size <= params->buffer_memory;
    const int64_t most = of_request ? params->max_request_size : params->buffer_memory;
    if (value->min > (double)most)
        diag_warning(subject->diag, place,
                     "values of %.0f B are above %s (%" PRId64 "): every send() throws a "
                     "RecordTooLargeException",
                     value->min, of_request ? "max.request.size" : "buffer.memory", most);
}

static void check_record_size(const struct relations *subject)
{
    static const enum fanout_row rows[] = {ROW_value, ROW_max_request_size, ROW_buffer_memory,
                                           ROW_COUNT};
    const struct fanout_params *const params = subject->params;
    for (int32_t i = 0; i < params->topics.count; i++) {
        const struct topic *const topic = &params->topics.items[i];
        if (topic->has_value)
            check_values(subject, &topic->value, topic->place);
        else
            check_values(subject, &params->value, relations_place_of_first(subject, rows));
    }
}

/* Where nothing costs anything but what is given, as in the recordings, nothing is known of sockets
 * either. */
static void free_sockets(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    if (params->preset != PRESET_FREE || relations_is_given(subject, ROW_send_buffer) ||
        relations_is_given(subject, ROW_receive_buffer))
        return;
    params->send_buffer = params->receive_buffer = SOCKET_ENDLESS_BYTES;
}

/* A trace replaces the rest of `load`, has no warm-up and lasts until everything is acknowledged.
 */
static void check_trace(const struct relations *subject)
{
    static const enum fanout_row replaced[] = {
        ROW_rate,  ROW_profile,        ROW_arrivals,   ROW_emit,
        ROW_value, ROW_header_count,   ROW_header_key, ROW_header_value,
        ROW_keys,  ROW_ingress_topics, ROW_route};
    struct fanout_params *const params = subject->params;
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        if (relations_is_given(subject, replaced[i]))
            diag_error(subject->diag, relations_place_of(subject, replaced[i]),
                       "load.trace replaces %s; remove one of them",
                       fanout_param_table.rows[replaced[i]].path);
    }
    if (relations_is_given(subject, ROW_warm_up))
        diag_error(subject->diag, relations_place_of(subject, ROW_warm_up),
                   "a trace has no warm-up; remove run.warm-up");
    params->warm_up = 0;
    free_sockets(subject);
    if (!relations_is_given(subject, ROW_duration))
        params->duration = SIM_NEVER;
    if (subject->diag->errors == 0)
        trace_load(subject->context, &params->trace, &params->topics, (int32_t)params->parallelism,
                   (int32_t)params->max_parallelism, params->ignore_keys != 0);
}

static void check_profile(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const struct place place = relations_place_of(subject, ROW_profile);
    const size_t count = params->profile.count;
    if (count == 0)
        return;
    if (isinf(params->rate)) {
        diag_error(subject->diag, place,
                   "load.profile changes a rate, and load.rate is saturated; give it a number, or "
                   "remove load.profile");
        return;
    }
    const sim_time end = params->warm_up + params->duration;
    if (params->profile.changes[count - 1].at >= end)
        diag_warning(subject->diag, place,
                     "the last change of load.profile is due when the run has ended (at %.10g s)",
                     (double)end / (double)SIM_SECOND);
}

static bool is_free(const struct dist_spec *cost)
{
    return dist_is_constant(cost) && !(dist_spec_mean(cost) > 0);
}

static bool all_free(const struct dist_spec *const *costs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_free(costs[i]))
            return false;
    return true;
}

/* Is there a cost that every record, or every request that is waited for, has to pay? */
static bool is_limited(const struct fanout_params *params)
{
    const struct dist_spec *const of_input[] = {&params->source_record, &params->source_byte,
                                                &params->function};
    const struct dist_spec *const of_client[] = {&params->mailbox_record, &params->mailbox_byte,
                                                 &params->sender_request, &params->sender_batch,
                                                 &params->sender_byte};
    const struct dist_spec *const of_broker[] = {&params->broker_request, &params->broker_batch,
                                                 &params->broker_byte, &params->network_request,
                                                 &params->network_byte};
    if (!all_free(of_input, sizeof of_input / sizeof of_input[0]))
        return true;
    if (is_free(&params->emit))
        return false;
    if (!all_free(of_client, sizeof of_client / sizeof of_client[0]) ||
        (params->codec != CODEC_NONE && !is_free(&params->compression_byte)))
        return true;
    const bool for_all = params->acks == ACKS_ALL || params->acks == ACKS_MINUS_ONE;
    return params->acks != ACKS_NONE &&
           (!all_free(of_broker, sizeof of_broker / sizeof of_broker[0]) ||
            (for_all && !is_free(&params->replication)));
}

/* A saturated run goes as fast as something lets it. Memory, round trips and sockets do, too, but
 * at a pace that no simulation keeps up with, if they do at all. */
static void check_saturated(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (!isinf(params->rate))
        return;
    if (relations_is_given(subject, ROW_arrivals))
        diag_warning(subject->diag, relations_place_of(subject, ROW_arrivals),
                     "load.arrivals has no effect: with a saturated rate the next record is always "
                     "there");
    if (is_limited(params))
        return;
    const char *why = "records cost nothing anywhere";
    if (is_free(&params->emit))
        why = "with load.emit 0 only those of source and function would";
    else if (params->acks == ACKS_NONE)
        why = "with acks 0 only those of the job and its clients would";
    diag_error(subject->diag, relations_place_of(subject, ROW_rate),
               "load.rate is saturated, and no cost limits it: %s; give costs.function, or "
               "costs.preset: typical",
               why);
}

static void check_no_ingress(const struct relations *subject)
{
    static const enum fanout_row rows[] = {ROW_ingress_record,
                                           ROW_fetch_min_bytes,
                                           ROW_fetch_max_wait_ms,
                                           ROW_fetch_max_bytes,
                                           ROW_max_partition_fetch_bytes,
                                           ROW_max_poll_records,
                                           ROW_COUNT};
    const enum fanout_row *row = rows;
    while (*row != ROW_COUNT && !relations_is_given(subject, *row))
        row++;
    if (*row != ROW_COUNT)
        diag_error(subject->diag, relations_place_of(subject, *row),
                   "job.ingress says how input records come in, but not from where; add topics: "
                   "[{name: \"in.t%%02d\", count: 20, partitions: 12}]");
}

static void check_ingress(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    static const enum fanout_row bytes[] = {ROW_fetch_min_bytes, ROW_fetch_max_bytes, ROW_COUNT};
    static const enum fanout_row record[] = {ROW_ingress_record, ROW_max_partition_fetch_bytes,
                                             ROW_COUNT};
    for (int32_t i = 0; i < params->ingress_topics.count; i++) {
        const struct topic *const topic = &params->ingress_topics.items[i];
        const bool again = i > 0 && topic[-1].place.line == topic->place.line &&
                           topic[-1].place.column == topic->place.column;
        if (topic->has_value && !again)
            diag_error(subject->diag, topic->place,
                       "a topic of the ingress has no value; job.ingress.record is the size of "
                       "input records");
    }
    if (params->fetch_max_wait_ms == 0 && is_free(&params->rtt))
        diag_error(subject->diag, relations_place_of(subject, ROW_fetch_max_wait_ms),
                   "fetch.max.wait.ms 0 with brokers.rtt 0: a fetch for nothing takes no time and "
                   "is sent again for ever; raise one of them");
    if (params->fetch_min_bytes > params->fetch_max_bytes)
        diag_warning(subject->diag, relations_place_of_first(subject, bytes),
                     "fetch.min.bytes (%" PRId64 ") is above fetch.max.bytes (%" PRId64
                     "): a broker waits for no more than the latter",
                     params->fetch_min_bytes, params->fetch_max_bytes);
    if (params->ingress_record > params->max_partition_fetch_bytes)
        diag_warning(subject->diag, relations_place_of_first(subject, record),
                     "job.ingress.record (%" PRId64 ") is above max.partition.fetch.bytes (%" PRId64
                     "): a fetch brings one record",
                     params->ingress_record, params->max_partition_fetch_bytes);
}

/* The runbook's job sends what it reads from in.t07 to t07. */
static void check_route(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const struct place place = relations_place_of(subject, ROW_route);
    if (params->route != ROUTE_SAME)
        return;
    if (params->ingress_topics.count == 0)
        diag_error(subject->diag, place,
                   "load.route same follows the topics of the ingress, and there is none; give "
                   "job.ingress.topics");
    else if (params->topics.count > 0 && params->ingress_topics.count != params->topics.count)
        diag_error(subject->diag, place,
                   "load.route same has a topic for each of the ingress, which has %d for %d; give "
                   "as many",
                   (int)params->ingress_topics.count, (int)params->topics.count);
}

void relations_check_load(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const struct place whole = subject->given->whole;
    if (!relations_is_given(subject, ROW_topics))
        diag_error(subject->diag, whole,
                   "no topics; topics: [{name: \"events.t%%02d\", count: 20, partitions: 12}]");
    else if (params->trace.path != NULL)
        check_trace(subject);
    else if (!relations_is_given(subject, ROW_rate))
        diag_error(subject->diag, whole,
                   "no load; load: {rate: 240k/s}, or load: {trace: arrivals.csv}");
    if (params->ingress_topics.count == 0)
        check_no_ingress(subject);
    if (params->trace.path != NULL)
        return;
    check_record_size(subject);
    check_route(subject);
    check_profile(subject);
    check_saturated(subject);
    if (params->ingress_topics.count > 0)
        check_ingress(subject);
}

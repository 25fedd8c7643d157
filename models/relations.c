/*
 * relations.c - one function per relation, each with the place of the value that breaks it.
 */
#include "models/relations.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/flink/key_groups.h"

/* Where a clock of 64 bits with many timers is still far from its end. */
#define LATEST ((double)1e16)

struct subject {
    struct param_context *context;
    struct diag *diag;
    struct fanout_params *params;
    const struct param_given *given;
};

static bool is_given(const struct subject *subject, enum fanout_row row)
{
    return subject->given->places[row].line != 0;
}

/* Of the value, or of the first one given among others that share the blame. */
static struct place place_of(const struct subject *subject, enum fanout_row row)
{
    return subject->given->places[row];
}

/* Rule 1: delivery.timeout.ms is an upper bound of waiting and asking. */
static void check_delivery_timeout(const struct subject *subject)
{
    struct fanout_params *const params = subject->params;
    int64_t least = params->linger_ms + params->request_timeout_ms;
    least = least < INT32_MAX ? least : INT32_MAX;
    if (params->delivery_timeout_ms >= least)
        return;
    if (is_given(subject, ROW_delivery_timeout_ms)) {
        diag_error(subject->diag, place_of(subject, ROW_delivery_timeout_ms),
                   "delivery.timeout.ms (%" PRId64 ") is below linger.ms + request.timeout.ms (%" PRId64 "); Kafka throws "
                   "a ConfigException",
                   params->delivery_timeout_ms, least);
        return;
    }
    diag_warning(subject->diag, place_of(subject, ROW_linger_ms),
                 "delivery.timeout.ms is raised to linger.ms + request.timeout.ms = %" PRId64 ", as Kafka does",
                 least);
    params->delivery_timeout_ms = least;
}

/* Rule 2: what idempotence needs. Without an explicit enable.idempotence the 3.9 client drops it silently. */
static void check_idempotence(const struct subject *subject)
{
    struct fanout_params *const params = subject->params;
    if (!params->idempotence)
        return;
    enum { ALL, MINUS_ONE, ONE };
    enum fanout_row row = ROW_COUNT;
    const char *need = NULL;
    if (params->retries == 0) {
        row = ROW_retries;
        need = "retries > 0";
    } else if (params->acks == ONE) {
        row = ROW_acks;
        need = "acks all";
    } else if (params->max_in_flight > 5) {
        row = ROW_max_in_flight;
        need = "max.in.flight.requests.per.connection of at most 5";
    }
    if (need == NULL)
        return;
    const bool insists = is_given(subject, ROW_idempotence) ||
                         (params->client == CLIENT_4_0 && row == ROW_max_in_flight);
    if (insists) {
        diag_error(subject->diag, place_of(subject, row),
                   "enable.idempotence needs %s; set enable.idempotence: false, or mend this (Kafka throws a "
                   "ConfigException)",
                   need);
        return;
    }
    diag_warning(subject->diag, place_of(subject, row),
                 "idempotence is off: it needs %s, and enable.idempotence is not set (so does the client)", need);
    params->idempotence = false;
}

/* Rule 4. */
static void check_backoff(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->retry_backoff_ms <= params->retry_backoff_max_ms)
        return;
    const enum fanout_row row =
        is_given(subject, ROW_retry_backoff_ms) ? ROW_retry_backoff_ms : ROW_retry_backoff_max_ms;
    diag_warning(subject->diag, place_of(subject, row),
                 "retry.backoff.ms (%" PRId64 ") is above retry.backoff.max.ms (%" PRId64
                 "): the backoff is constant, %" PRId64 " ms",
                 params->retry_backoff_ms, params->retry_backoff_max_ms, params->retry_backoff_max_ms);
}

static void check_memory(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    const int64_t slots = params->topics.partitions;
    const enum fanout_row row = is_given(subject, ROW_batch_size) ? ROW_batch_size : ROW_buffer_memory;
    if (params->batch_size > params->buffer_memory) {
        diag_error(subject->diag, place_of(subject, row),
                   "batch.size (%" PRId64 ") is above buffer.memory (%" PRId64 "): every send() would throw; raise "
                   "buffer.memory",
                   params->batch_size, params->buffer_memory);
        return;
    }
    const double open = (double)params->batch_size * (double)slots / (double)params->shards;
    if (open > (double)params->buffer_memory)
        diag_warning(subject->diag, place_of(subject, row),
                     "%" PRId64 " partitions x batch.size of %" PRId64 " B are more than buffer.memory (%" PRId64
                     " B): when every partition has an open batch, send() waits",
                     slots, params->batch_size, params->buffer_memory);
    if (params->batch_size > params->message_max_bytes)
        diag_warning(subject->diag, place_of(subject, row),
                     "batch.size is above message.max.bytes (%" PRId64 "): a full batch may be answered "
                     "MESSAGE_TOO_LARGE and split",
                     params->message_max_bytes);
}

static void check_compression(const struct subject *subject)
{
    struct fanout_params *const params = subject->params;
    const bool given = is_given(subject, ROW_ratio);
    if (params->codec == CODEC_NONE) {
        if (given)
            diag_warning(subject->diag, place_of(subject, ROW_ratio),
                         "costs.compression.ratio has no effect: compression.type is none");
        return;
    }
    if (!given && params->preset == PRESET_TYPICAL)
        params->ratio = ratio_curve_typical(subject->context->arena, (enum codec)params->codec);
    else if (!given)
        diag_error(subject->diag, place_of(subject, ROW_codec),
                   "a codec needs costs.compression.ratio, what it makes of a batch; a number, [[bytes, ratio], ..], or "
                   "costs.preset: typical");
}

static void check_faults(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    for (size_t i = 0; i < params->faults.count; i++) {
        const struct fault *const fault = &params->faults.items[i];
        if (fault->broker >= params->brokers)
            diag_error(subject->diag, fault->place,
                       "there is no broker %" PRId64 "; brokers.count is %" PRId64 ", and they count from 0", fault->broker,
                       params->brokers);
        if (fault->kind == FAULT_PAUSE && (fault->end - fault->at) / SIM_MS > params->request_timeout_ms)
            diag_warning(subject->diag, fault->place,
                         "the pause is longer than request.timeout.ms (%" PRId64
                         "): the client would close the connection and try again, which is not built yet; here its "
                         "requests wait",
                         params->request_timeout_ms);
    }
}

static int order(const void *left, const void *right)
{
    const sim_time a = *(const sim_time *)left;
    const sim_time b = *(const sim_time *)right;
    return (a > b) - (a < b);
}

static void check_checkpoints(const struct subject *subject)
{
    struct fanout_params *const params = subject->params;
    struct param_times *const at = &params->checkpoint_at;
    if (is_given(subject, ROW_checkpoint_at) && is_given(subject, ROW_checkpoint_interval))
        diag_error(subject->diag, place_of(subject, ROW_checkpoint_at),
                   "checkpoint `at` with `interval`; one or the other");
    if (at->count == 0)
        return;
    sim_time *const sorted = ARENA_ARRAY(subject->context->arena, sim_time, at->count);
    memcpy(sorted, at->at, at->count * sizeof *sorted);
    qsort(sorted, at->count, sizeof *sorted, order);
    at->at = sorted;
}

static void check_parallelism(const struct subject *subject)
{
    struct fanout_params *const params = subject->params;
    if (params->max_parallelism == 0)
        params->max_parallelism = key_groups_default_max((int32_t)params->parallelism);
    if (params->max_parallelism < params->parallelism)
        diag_error(subject->diag, place_of(subject, ROW_max_parallelism),
                   "max-parallelism (%" PRId64 ") is below parallelism (%" PRId64 "); raise it to at least that",
                   params->max_parallelism, params->parallelism);
}

/* A trace replaces the rest of `load`, has no warm-up and lasts until everything is acknowledged. */
static void check_trace(const struct subject *subject)
{
    static const enum fanout_row replaced[] = {ROW_rate,         ROW_arrivals,   ROW_emit,         ROW_value,
                                               ROW_header_count, ROW_header_key, ROW_header_value, ROW_keys};
    struct fanout_params *const params = subject->params;
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        if (is_given(subject, replaced[i]))
            diag_error(subject->diag, place_of(subject, replaced[i]),
                       "load.trace replaces %s; remove one of them", fanout_param_table.rows[replaced[i]].path);
    }
    if (is_given(subject, ROW_warm_up))
        diag_error(subject->diag, place_of(subject, ROW_warm_up), "a trace has no warm-up; remove run.warm-up");
    params->warm_up = 0;
    if (!is_given(subject, ROW_duration))
        params->duration = SIM_NEVER;
    if (subject->diag->errors == 0)
        trace_load(subject->context, &params->trace, &params->topics, (int32_t)params->parallelism,
                   (int32_t)params->max_parallelism, params->ignore_keys != 0);
}

static void check_load(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    const struct place nowhere = {.file = subject->given->places[ROW_topics].file};
    if (!is_given(subject, ROW_topics))
        diag_error(subject->diag, nowhere,
                   "no topics; topics: [{name: \"events.t%%02d\", count: 20, partitions: 12}]");
    else if (params->trace.path != NULL)
        check_trace(subject);
    else if (!is_given(subject, ROW_rate))
        diag_error(subject->diag, nowhere, "no load; load: {rate: 240k/s}, or load: {trace: arrivals.csv}");
    if (params->duration != SIM_NEVER && (double)params->duration + (double)params->warm_up > LATEST)
        diag_error(subject->diag, place_of(subject, ROW_duration), "a run may last 10^16 ns at most, 115 days");
}

static void note_preset(const struct subject *subject)
{
    if (subject->params->preset != PRESET_TYPICAL)
        return;
    diag_note(subject->diag, place_of(subject, ROW_preset),
              "preset typical charges mailbox, Sender, brokers and round trips; the network threads, replication and the CPU "
              "time of compression are not built yet and cost nothing");
}

bool relations_check(struct param_context *context, void *params, const struct param_given *given)
{
    const struct subject subject = {
        .context = context, .diag = context->diag, .params = params, .given = given};
    const int errors = context->diag->errors;
    check_delivery_timeout(&subject);
    check_idempotence(&subject);
    check_backoff(&subject);
    check_memory(&subject);
    check_compression(&subject);
    check_faults(&subject);
    check_checkpoints(&subject);
    check_parallelism(&subject);
    check_load(&subject);
    note_preset(&subject);
    return context->diag->errors == errors;
}

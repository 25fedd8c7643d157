/*
 * relations.c - one function per relation, each with the place of the value that breaks it.
 */
#include "models/relations.h"

#include <inttypes.h>

#include "models/flink/key_groups.h"

/* Each takes some hundred bytes, so a run of more would need gigabytes. */
#define QUEUES_MAX 20000000

/* CheckpointConfig.MINIMAL_CHECKPOINT_TIME */
#define INTERVAL_MIN (10 * SIM_MS)

/* One queue of 16 s with a load of 0.8 was refused in 5 of 20 cases, the mean of 4 in none. */
#define CHOICE_REPLICATIONS_MIN 4

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

static struct place place_of(const struct subject *subject, enum fanout_row row)
{
    return is_given(subject, row) ? subject->given->places[row] : subject->given->whole;
}

/* Of the first one given among those that share the blame; `rows` ends with ROW_COUNT. */
static struct place place_of_first(const struct subject *subject, const enum fanout_row *rows)
{
    while (*rows != ROW_COUNT && !is_given(subject, *rows))
        rows++;
    return *rows != ROW_COUNT ? place_of(subject, *rows) : subject->given->whole;
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
                   "delivery.timeout.ms (%" PRId64
                   ") is below linger.ms + request.timeout.ms (%" PRId64 "); Kafka throws "
                   "a ConfigException",
                   params->delivery_timeout_ms, least);
        return;
    }
    static const enum fanout_row rows[] = {ROW_linger_ms, ROW_request_timeout_ms, ROW_COUNT};
    diag_warning(subject->diag, place_of_first(subject, rows),
                 "delivery.timeout.ms is raised to linger.ms + request.timeout.ms = %" PRId64
                 ", as Kafka does",
                 least);
    params->delivery_timeout_ms = least;
}

static void miss(const struct subject *subject, enum fanout_row row, const char *need, bool insists)
{
    if (insists) {
        diag_error(
            subject->diag, place_of(subject, row),
            "enable.idempotence needs %s; set enable.idempotence: false, or mend this (Kafka "
            "throws a ConfigException)",
            need);
        return;
    }
    diag_warning(subject->diag, place_of(subject, row),
                 "idempotence is off: it needs %s, and enable.idempotence is not set (so does the "
                 "client)",
                 need);
    subject->params->idempotence = false;
}

/* Rule 2: what idempotence needs. Without an explicit enable.idempotence the client drops it
 * silently; since 4.0 not for too many requests in flight. */
static void check_idempotence(const struct subject *subject)
{
    enum { ALL, MINUS_ONE, ONE };
    const struct fanout_params *const params = subject->params;
    if (!params->idempotence)
        return;
    const bool insists = is_given(subject, ROW_idempotence);
    if (params->retries == 0)
        miss(subject, ROW_retries, "retries > 0", insists);
    if (params->acks == ONE)
        miss(subject, ROW_acks, "acks: all", insists);
    if (params->max_in_flight > 5)
        miss(subject, ROW_max_in_flight, "max.in.flight.requests.per.connection of at most 5",
             insists || params->client == CLIENT_4_0);
}

/* Rule 4. */
static void check_backoff(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->retry_backoff_ms <= params->retry_backoff_max_ms)
        return;
    static const enum fanout_row rows[] = {ROW_retry_backoff_ms, ROW_retry_backoff_max_ms,
                                           ROW_COUNT};
    diag_warning(subject->diag, place_of_first(subject, rows),
                 "retry.backoff.ms (%" PRId64 ") is above retry.backoff.max.ms (%" PRId64
                 "): the backoff is constant, %" PRId64 " ms",
                 params->retry_backoff_ms, params->retry_backoff_max_ms,
                 params->retry_backoff_max_ms);
}

static void check_memory(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    const int64_t slots = params->topics.partitions;
    static const enum fanout_row rows[] = {ROW_batch_size, ROW_buffer_memory, ROW_COUNT};
    static const enum fanout_row capped[] = {ROW_batch_size, ROW_message_max_bytes, ROW_COUNT};
    const struct place place = place_of_first(subject, rows);
    if (params->batch_size > params->buffer_memory) {
        diag_error(subject->diag, place,
                   "batch.size (%" PRId64 ") is above buffer.memory (%" PRId64
                   "): every send() would throw; raise "
                   "buffer.memory",
                   params->batch_size, params->buffer_memory);
        return;
    }
    const double open = (double)params->batch_size * (double)slots / (double)params->shards;
    if (open > (double)params->buffer_memory)
        diag_warning(subject->diag, place,
                     "%" PRId64 " partitions x batch.size of %" PRId64
                     " B are more than buffer.memory (%" PRId64
                     " B): when every partition has an open batch, send() waits",
                     slots, params->batch_size, params->buffer_memory);
    if (params->batch_size > params->message_max_bytes)
        diag_warning(subject->diag, place_of_first(subject, capped),
                     "batch.size is above message.max.bytes (%" PRId64
                     "): a full batch may be answered "
                     "MESSAGE_TOO_LARGE and split",
                     params->message_max_bytes);
}

/* Values of which not even the smallest may be sent. */
static void check_values(const struct subject *subject, const struct dist_spec *value,
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

static void check_record_size(const struct subject *subject)
{
    static const enum fanout_row rows[] = {ROW_value, ROW_max_request_size, ROW_buffer_memory,
                                           ROW_COUNT};
    const struct fanout_params *const params = subject->params;
    for (int32_t i = 0; i < params->topics.count; i++) {
        const struct topic *const topic = &params->topics.items[i];
        if (topic->has_value)
            check_values(subject, &topic->value, topic->place);
        else
            check_values(subject, &params->value, place_of_first(subject, rows));
    }
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
                   "a codec needs costs.compression.ratio, what it makes of a batch; a number, "
                   "[[bytes, ratio], ..], or "
                   "costs.preset: typical");
}

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

static void check_faults(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
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
        if (fault->kind == FAULT_PAUSE &&
            (fault->end - fault->at) / SIM_MS > params->request_timeout_ms)
            diag_warning(subject->diag, fault->place,
                         "the pause is longer than request.timeout.ms (%" PRId64
                         "): the client would close the connection and try again, which is not "
                         "built yet; here its "
                         "requests wait",
                         params->request_timeout_ms);
    }
}

static void check_checkpoints(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    if (is_given(subject, ROW_checkpoint_at) && is_given(subject, ROW_checkpoint_interval))
        diag_error(subject->diag, place_of(subject, ROW_checkpoint_at),
                   "checkpoint `at` with `interval`; one or the other");
    if (params->checkpoint_interval > 0 && params->checkpoint_interval < INTERVAL_MIN)
        diag_error(subject->diag, place_of(subject, ROW_checkpoint_interval),
                   "Flink takes no checkpoint interval below 10 ms; 0 is none");
}

static void check_parallelism(const struct subject *subject)
{
    struct fanout_params *const params = subject->params;
    if (params->max_parallelism == 0)
        params->max_parallelism = key_groups_default_max((int32_t)params->parallelism);
    if (params->max_parallelism < params->parallelism)
        diag_error(subject->diag, place_of(subject, ROW_max_parallelism),
                   "max-parallelism (%" PRId64 ") is below parallelism (%" PRId64
                   "); raise it to at least that",
                   params->max_parallelism, params->parallelism);
    const int64_t queues = params->parallelism * params->topics.partitions;
    if (queues > QUEUES_MAX)
        diag_error(subject->diag, place_of(subject, ROW_parallelism),
                   "%" PRId64 " subtasks with a queue for each of %d partitions are %" PRId64
                   " queues; at most %d fit into a run",
                   params->parallelism, (int)params->topics.partitions, queues, QUEUES_MAX);
}

/* A trace replaces the rest of `load`, has no warm-up and lasts until everything is acknowledged.
 */
static void check_trace(const struct subject *subject)
{
    static const enum fanout_row replaced[] = {ROW_rate,         ROW_arrivals,     ROW_emit,
                                               ROW_value,        ROW_header_count, ROW_header_key,
                                               ROW_header_value, ROW_keys};
    struct fanout_params *const params = subject->params;
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        if (is_given(subject, replaced[i]))
            diag_error(subject->diag, place_of(subject, replaced[i]),
                       "load.trace replaces %s; remove one of them",
                       fanout_param_table.rows[replaced[i]].path);
    }
    if (is_given(subject, ROW_warm_up))
        diag_error(subject->diag, place_of(subject, ROW_warm_up),
                   "a trace has no warm-up; remove run.warm-up");
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
    const struct place whole = subject->given->whole;
    if (!is_given(subject, ROW_topics))
        diag_error(subject->diag, whole,
                   "no topics; topics: [{name: \"events.t%%02d\", count: 20, partitions: 12}]");
    else if (params->trace.path != NULL)
        check_trace(subject);
    else if (!is_given(subject, ROW_rate))
        diag_error(subject->diag, whole,
                   "no load; load: {rate: 240k/s}, or load: {trace: arrivals.csv}");
    if (params->trace.path == NULL)
        check_record_size(subject);
}

/* What would begin after the run has ended. */
static void check_end(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->duration == SIM_NEVER)
        return;
    /* A warm-up that is chosen takes at most half of the duration. */
    const sim_time warm_up = params->warm_up == SIM_NEVER ? params->duration / 2 : params->warm_up;
    const sim_time end = warm_up + params->duration;
    for (size_t i = 0; i < params->faults.count; i++)
        if (params->faults.items[i].at >= end)
            diag_warning(subject->diag, params->faults.items[i].place,
                         "the fault begins when the run has ended (at %.10g s): it has no effect",
                         (double)end / (double)SIM_SECOND);
    const struct param_times *const at = &params->checkpoint_at;
    if (at->count > 0 && at->at[at->count - 1] >= end)
        diag_warning(subject->diag, place_of(subject, ROW_checkpoint_at),
                     "the last checkpoint is due when the run has ended (at %.10g s)",
                     (double)end / (double)SIM_SECOND);
}

static void check_replications(const struct subject *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->warm_up == SIM_NEVER && params->precision == 0 &&
        params->replications < CHOICE_REPLICATIONS_MIN)
        diag_warning(subject->diag, place_of(subject, ROW_warm_up),
                     "run.warm-up: auto looks at the mean over replications; with fewer than %d it "
                     "easily takes chance for a beginning",
                     CHOICE_REPLICATIONS_MIN);
    if (params->precision == 0 && is_given(subject, ROW_replications_max))
        diag_warning(subject->diag, place_of(subject, ROW_replications_max),
                     "run.max-replications has no effect without run.precision");
    if (params->precision == 0 || params->replications <= params->replications_max)
        return;
    static const enum fanout_row rows[] = {ROW_replications_max, ROW_replications, ROW_COUNT};
    diag_error(subject->diag, place_of_first(subject, rows),
               "run.replications (%" PRId64 ") is above run.max-replications (%" PRId64
               "); lower the one or raise the other",
               params->replications, params->replications_max);
}

static void note_preset(const struct subject *subject)
{
    if (subject->params->preset != PRESET_TYPICAL)
        return;
    diag_note(subject->diag, place_of(subject, ROW_preset),
              "preset typical charges mailbox, Sender, brokers and round trips; the network "
              "threads, replication and the CPU "
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
    check_end(&subject);
    check_replications(&subject);
    note_preset(&subject);
    return context->diag->errors == errors;
}

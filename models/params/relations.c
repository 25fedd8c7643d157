/*
 * relations.c - one function per relation, each with the place of the value that breaks it.
 */
#include "models/params/relations.h"

#include <inttypes.h>
#include <math.h>

#include "models/kafka/wire.h"
#include "models/params/relations_parts.h"

/* One queue of 16 s with a load of 0.8 was refused in 5 of 20 cases, the mean of 4 in none. */
#define CHOICE_REPLICATIONS_MIN 4

/* kafka-producer.md 11 rule 1: delivery.timeout.ms is an upper bound of waiting and asking. */
static void check_delivery_timeout(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    int64_t least = params->linger_ms + params->request_timeout_ms;
    least = least < INT32_MAX ? least : INT32_MAX;
    if (params->delivery_timeout_ms >= least)
        return;
    if (relations_is_given(subject, ROW_delivery_timeout_ms)) {
        diag_error(subject->diag, relations_place_of(subject, ROW_delivery_timeout_ms),
                   "delivery.timeout.ms (%" PRId64
                   ") is below linger.ms + request.timeout.ms (%" PRId64 "); Kafka throws "
                   "a ConfigException",
                   params->delivery_timeout_ms, least);
        return;
    }
    static const enum fanout_row rows[] = {ROW_linger_ms, ROW_request_timeout_ms, ROW_COUNT};
    diag_warning(subject->diag, relations_place_of_first(subject, rows),
                 "delivery.timeout.ms is raised to linger.ms + request.timeout.ms = %" PRId64
                 ", as Kafka does",
                 least);
    params->delivery_timeout_ms = least;
}

static void miss(const struct relations *subject, enum fanout_row row, const char *need,
                 bool insists)
{
    if (insists) {
        diag_error(
            subject->diag, relations_place_of(subject, row),
            "enable.idempotence needs %s; set enable.idempotence: false, or mend this (Kafka "
            "throws a ConfigException)",
            need);
        return;
    }
    diag_warning(subject->diag, relations_place_of(subject, row),
                 "idempotence is off: it needs %s, and enable.idempotence is not set (so does the "
                 "client)",
                 need);
    subject->params->idempotence = false;
}

/* kafka-producer.md 11 rule 2: what idempotence needs. Without an explicit enable.idempotence the
 * client drops it silently; since 4.0 not for too many requests in flight. Before 3.0, where it is
 * off by default and so is acks: all, it brings that; and so does a transaction. */
static void check_idempotence(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    bool insists = relations_is_given(subject, ROW_idempotence);
    if (params->delivery == DELIVERY_EXACTLY_ONCE && !insists && !params->idempotence)
        params->idempotence = insists = true;
    if (!params->idempotence)
        return;
    if (!relations_is_given(subject, ROW_acks))
        params->acks = ACKS_ALL;
    if (params->retries == 0)
        miss(subject, ROW_retries, "retries > 0", insists);
    if (params->acks >= ACKS_ONE)
        miss(subject, ROW_acks, "acks: all", insists);
    if (params->max_in_flight > 5)
        miss(subject, ROW_max_in_flight, "max.in.flight.requests.per.connection of at most 5",
             insists || client_version_has(params->client, CLIENT_insists_on_in_flight));
}

/* kafka-producer.md 11 rule 4. */
static void check_backoff(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->retry_backoff_ms <= params->retry_backoff_max_ms)
        return;
    static const enum fanout_row rows[] = {ROW_retry_backoff_ms, ROW_retry_backoff_max_ms,
                                           ROW_COUNT};
    diag_warning(subject->diag, relations_place_of_first(subject, rows),
                 "retry.backoff.ms (%" PRId64 ") is above retry.backoff.max.ms (%" PRId64
                 "): the backoff is constant, %" PRId64 " ms",
                 params->retry_backoff_ms, params->retry_backoff_max_ms,
                 params->retry_backoff_max_ms);
}

/* What a batch borrows at first. */
static int64_t least_borrowed(const struct fanout_params *params)
{
    return params->allocation == ALLOCATION_INCREMENTAL ? CLIENT_CHUNK_BYTES : params->batch_size;
}

/* The client does the same where only the first of the two is given. */
static void check_reconnect(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    if (relations_is_given(subject, ROW_reconnect_backoff_ms) &&
        !relations_is_given(subject, ROW_reconnect_backoff_max_ms))
        params->reconnect_backoff_max_ms = params->reconnect_backoff_ms;
}

/* Of the topic with the smallest; in a trace each record has its own. 0 means no batches anyway. */
static void check_batch(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    double least = dist_spec_mean(&params->value);
    for (int32_t t = 0; t < params->topics.count; t++)
        if (params->topics.items[t].has_value)
            least = fmin(least, dist_spec_mean(&params->topics.items[t].value));
    if (params->trace.path == NULL && params->batch_size > 0 &&
        least + WIRE_BATCH_OVERHEAD > (double)params->batch_size)
        diag_warning(subject->diag, relations_place_of(subject, ROW_batch_size),
                     "batch.size (%" PRId64 ") is smaller than a record alone in its batch, about "
                     "%.0f B: each record has a batch of its own",
                     params->batch_size, least + WIRE_BATCH_OVERHEAD);
}

static void check_memory(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const int64_t slots = params->topics.partitions;
    const int64_t borrowed = least_borrowed(params);
    static const enum fanout_row rows[] = {ROW_batch_size, ROW_buffer_memory, ROW_COUNT};
    static const enum fanout_row capped[] = {ROW_batch_size, ROW_message_max_bytes, ROW_COUNT};
    const struct place place = relations_place_of_first(subject, rows);
    const char *const what =
        params->allocation == ALLOCATION_INCREMENTAL ? "a chunk" : "batch.size";
    if (borrowed > params->buffer_memory) {
        diag_error(subject->diag, place,
                   "%s (%" PRId64 ") is above buffer.memory (%" PRId64
                   "): every send() would throw; raise "
                   "buffer.memory",
                   what, borrowed, params->buffer_memory);
        return;
    }
    const double open = (double)borrowed * (double)slots / (double)params->shards;
    if (open > (double)params->buffer_memory)
        diag_warning(subject->diag, place,
                     "%" PRId64 " partitions x %s of %" PRId64
                     " B are more than buffer.memory (%" PRId64
                     " B): when every partition has an open batch, send() waits",
                     slots, what, borrowed, params->buffer_memory);
    if (params->batch_size > params->message_max_bytes)
        diag_warning(subject->diag, relations_place_of_first(subject, capped),
                     "batch.size is above message.max.bytes (%" PRId64
                     "): a full batch may be answered "
                     "MESSAGE_TOO_LARGE and split",
                     params->message_max_bytes);
}

/* ns per byte of records; half of what a codec does natively on one core (flink-statefun.md 9.2).
 */
static struct dist_spec typical_compression(enum codec codec)
{
    static const double ns[] = {
        [CODEC_GZIP] = 10, [CODEC_SNAPPY] = 1.5, [CODEC_LZ4] = 1.3, [CODEC_ZSTD] = 2.5};
    return (struct dist_spec){.family = DIST_CONSTANT, .mean = ns[codec]};
}

static void check_compression(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    const bool given = relations_is_given(subject, ROW_ratio);
    const bool byte_given = relations_is_given(subject, ROW_compression_byte);
    if (params->codec == CODEC_NONE) {
        if (given)
            diag_warning(subject->diag, relations_place_of(subject, ROW_ratio),
                         "costs.compression.ratio has no effect: compression.type is none");
        if (byte_given)
            diag_warning(subject->diag, relations_place_of(subject, ROW_compression_byte),
                         "costs.compression.byte has no effect: compression.type is none");
        return;
    }
    if (!byte_given && params->preset == PRESET_TYPICAL)
        params->compression_byte = typical_compression((enum codec)params->codec);
    if (!given && params->preset == PRESET_TYPICAL)
        params->ratio = ratio_curve_typical(subject->context->arena, (enum codec)params->codec);
    else if (!given)
        diag_error(subject->diag, relations_place_of(subject, ROW_codec),
                   "a codec needs costs.compression.ratio, what it makes of a batch; a number, "
                   "[[bytes, ratio], ..], or "
                   "costs.preset: typical");
}

/* What would begin after the run has ended. */
static void check_end(const struct relations *subject)
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
        diag_warning(subject->diag, relations_place_of(subject, ROW_checkpoint_at),
                     "the last checkpoint is due when the run has ended (at %.10g s)",
                     (double)end / (double)SIM_SECOND);
}

static void check_replications(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->warm_up == SIM_NEVER && params->precision == 0 &&
        params->replications < CHOICE_REPLICATIONS_MIN)
        diag_warning(subject->diag, relations_place_of(subject, ROW_warm_up),
                     "run.warm-up: auto looks at the mean over replications; with fewer than %d it "
                     "easily takes chance for a beginning",
                     CHOICE_REPLICATIONS_MIN);
    if (params->precision == 0 && relations_is_given(subject, ROW_replications_max))
        diag_warning(subject->diag, relations_place_of(subject, ROW_replications_max),
                     "run.max-replications has no effect without run.precision");
    if (params->precision == 0 || params->replications <= params->replications_max)
        return;
    static const enum fanout_row rows[] = {ROW_replications_max, ROW_replications, ROW_COUNT};
    diag_error(subject->diag, relations_place_of_first(subject, rows),
               "run.replications (%" PRId64 ") is above run.max-replications (%" PRId64
               "); lower the one or raise the other",
               params->replications, params->replications_max);
}

bool relations_check(struct param_context *context, void *params, const struct param_given *given)
{
    const struct relations subject = {
        .context = context, .diag = context->diag, .params = params, .given = given};
    const int errors = context->diag->errors;
    relations_check_client(&subject);
    check_delivery_timeout(&subject);
    check_idempotence(&subject);
    check_backoff(&subject);
    check_reconnect(&subject);
    check_memory(&subject);
    check_batch(&subject);
    relations_check_idle(&subject);
    check_compression(&subject);
    relations_check_brokers(&subject);
    relations_check_job(&subject);
    relations_check_remote(&subject);
    relations_check_load(&subject);
    relations_check_trace(&subject);
    check_end(&subject);
    check_replications(&subject);
    return context->diag->errors == errors;
}

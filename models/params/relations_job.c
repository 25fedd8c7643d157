/*
 * relations_job.c - what the parameters of the job must agree on.
 */
#include <inttypes.h>

#include "models/load/key_groups.h"
#include "models/params/relations_parts.h"

/* Each takes some hundred bytes, so a run of more would need gigabytes. */
#define QUEUES_MAX 20000000

/* CheckpointConfig.MINIMAL_CHECKPOINT_TIME */
#define INTERVAL_MIN (10 * SIM_MS)

static void check_checkpoints(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (relations_is_given(subject, ROW_checkpoint_at) &&
        relations_is_given(subject, ROW_checkpoint_interval))
        diag_error(subject->diag, relations_place_of(subject, ROW_checkpoint_at),
                   "checkpoint `at` with `interval`; one or the other");
    if (params->checkpoint_interval > 0 && params->checkpoint_interval < INTERVAL_MIN)
        diag_error(subject->diag, relations_place_of(subject, ROW_checkpoint_interval),
                   "Flink takes no checkpoint interval below 10 ms; 0 is none");
}

static void check_parallelism(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    if (params->max_parallelism == 0)
        params->max_parallelism = key_groups_default_max((int32_t)params->parallelism);
    if (params->max_parallelism < params->parallelism)
        diag_error(subject->diag, relations_place_of(subject, ROW_max_parallelism),
                   "max-parallelism (%" PRId64 ") is below parallelism (%" PRId64
                   "); raise it to at least that",
                   params->max_parallelism, params->parallelism);
    const int64_t queues = params->parallelism * params->topics.partitions;
    if (queues > QUEUES_MAX)
        diag_error(subject->diag, relations_place_of(subject, ROW_parallelism),
                   "%" PRId64 " subtasks with a queue for each of %d partitions are %" PRId64
                   " queues; at most %d fit into a run",
                   params->parallelism, (int)params->topics.partitions, queues, QUEUES_MAX);
}

/* An egress per topic: K follows. */
static void check_shards(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    if (params->shard_by != SHARD_BY_DECLARATION || params->topics.count == 0)
        return;
    if (relations_is_given(subject, ROW_shards) && params->shards != params->topics.count)
        diag_error(subject->diag, relations_place_of(subject, ROW_shards),
                   "shard-by declaration has an egress for each of the %d topics; remove shards",
                   (int)params->topics.count);
    params->shards = params->topics.count;
}

static void check_managers(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->cores > 0 && params->taskmanagers == 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_cores),
                   "taskmanagers.cores without taskmanagers.count; say how many TaskManagers there "
                   "are");
    if (params->taskmanagers > params->parallelism)
        diag_error(subject->diag, relations_place_of(subject, ROW_taskmanagers),
                   "%" PRId64 " TaskManagers for %" PRId64 " subtasks; at most one for each",
                   params->taskmanagers, params->parallelism);
}

static void check_network(const struct relations *subject)
{
    static const enum fanout_row rows[] = {ROW_buffers_per_channel, ROW_floating_buffers,
                                           ROW_COUNT};
    if (subject->params->buffers_per_channel == 0 && subject->params->floating_buffers == 0)
        diag_error(subject->diag, relations_place_of_first(subject, rows),
                   "buffers-per-channel and floating-buffers-per-gate are both 0: a receiver "
                   "without memory gets no record; raise one of them");
}

static void check_transaction_timeout(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    static const enum fanout_row rows[] = {ROW_transaction_timeout_ms,
                                           ROW_transaction_max_timeout_ms, ROW_COUNT};
    const struct place place = relations_place_of_first(subject, rows);
    const int64_t timeout_ms = params->transaction_timeout_ms;
    const sim_time open = params->checkpoint_interval + params->checkpoint_timeout;
    if (timeout_ms > params->transaction_max_timeout_ms)
        diag_error(subject->diag, place,
                   "transaction.timeout.ms (%" PRId64 ") is above the brokers' "
                   "transaction.max.timeout.ms (%" PRId64 "): they answer "
                   "INVALID_TRANSACTION_TIMEOUT, and the job never starts",
                   timeout_ms, params->transaction_max_timeout_ms);
    else if (timeout_ms * SIM_MS < open)
        diag_warning(subject->diag, place,
                     "transaction.timeout.ms (%" PRId64 ") is below checkpoint interval + timeout "
                     "(%" PRId64 " ms): a transaction that is open for longer is aborted, its "
                     "writer is fenced, and the job fails",
                     timeout_ms, (int64_t)(open / SIM_MS));
}

/* kafka-producer.md 11 rule 3; and what the fork cannot build (flink-statefun.md 2.4). */
static void check_delivery(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->delivery != DELIVERY_EXACTLY_ONCE)
        return;
    const struct place place = relations_place_of(subject, ROW_delivery);
    if (!params->idempotence)
        diag_error(subject->diag, place,
                   "exactly-once needs enable.idempotence: true, acks: all and retries > 0 (Kafka "
                   "throws a ConfigException)");
    check_transaction_timeout(subject);
    if (params->checkpoint_interval == 0 && params->checkpoint_at.count == 0)
        diag_warning(subject->diag, place,
                     "exactly-once without checkpoints commits nothing; set "
                     "job.checkpoint.interval");
    if (params->runtime == RUNTIME_SINK_V2)
        diag_warning(
            subject->diag, place,
            "StateFun's egress sets no transactionalIdPrefix: Flink refuses to build it "
            "(KafkaSinkBuilder); this is the run of a job that has been patched to set one");
}

/* The sinks of StateFun 3.3 are functions of an operator that is chained; remote functions are
 * StateFun's. */
static void check_runtime(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->runtime == RUNTIME_STATEFUN_33 && params->chained == 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_chained),
                   "StateFun 3.3 chains functions and sinks; remove job.chained: false, or "
                   "job.runtime: statefun-3.3");
    if (params->runtime == RUNTIME_FLINK && params->remote_functions > 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_remote_functions),
                   "remote functions are StateFun's, and job.runtime is flink; sink-v2 and "
                   "statefun-3.3 have them");
}

/* StateFun's words are those of its StatefulFunctionsConfigValidator. */
static void check_unaligned(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->unaligned == 0)
        return;
    if (params->runtime != RUNTIME_FLINK)
        diag_error(subject->diag, relations_place_of(subject, ROW_unaligned),
                   "StateFun does not start with this: \"StateFun currently does not support "
                   "unaligned checkpointing.\"; remove job.checkpoint.unaligned, or set "
                   "job.runtime: flink");
    if (params->checkpoint_at.count > 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_unaligned),
                   "Flink has one unaligned checkpoint at a time, and those of job.checkpoint.at "
                   "may overlap; set job.checkpoint.interval instead");
}

void relations_check_job(const struct relations *subject)
{
    check_checkpoints(subject);
    check_shards(subject);
    check_parallelism(subject);
    check_runtime(subject);
    check_unaligned(subject);
    check_managers(subject);
    check_network(subject);
    check_delivery(subject);
}

void relations_check_trace(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    if (params->trace.path == NULL)
        return;
    if (params->chained == 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_chained),
                   "a trace holds the records of chained sinks; remove job.chained: false");
    if (params->shard_by == SHARD_BY_ENTITY && params->shards > 1 && params->trace.without_key > 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_shard_by),
                   "shard-by entity needs the keys of all records, and %zu rows of the trace have "
                   "none; add the column key, or shard by topic",
                   params->trace.without_key);
}

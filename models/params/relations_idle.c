/*
 * relations_idle.c - what is given and cannot act.
 */
#include <math.h>

#include "models/params/relations_parts.h"

enum need {
    NEED_SOURCES,
    NEED_FOLLOWERS,
    NEED_CHECKPOINTS,
    NEED_CHANNELS,
    NEED_UNALIGNED,
    NEED_TRANSACTIONS,
    NEED_VERSION_1,
    NEED_VERSION_2,
    NEED_REMOTE,
    NEED_NO_KEYS
};

static const struct idle {
    enum fanout_row row;
    const char *path;
    enum need need;
} idles[] = {
    {ROW_source_record, "costs.source.record", NEED_SOURCES},
    {ROW_source_byte, "costs.source.byte", NEED_SOURCES},
    {ROW_follower_request, "costs.follower.request", NEED_FOLLOWERS},
    {ROW_follower_batch, "costs.follower.batch", NEED_FOLLOWERS},
    {ROW_follower_byte, "costs.follower.byte", NEED_FOLLOWERS},
    {ROW_checkpoint_trigger, "costs.checkpoint.trigger", NEED_CHECKPOINTS},
    {ROW_checkpoint_flush, "costs.checkpoint.flush", NEED_CHECKPOINTS},
    {ROW_checkpoint_acknowledge, "costs.checkpoint.acknowledge", NEED_CHECKPOINTS},
    {ROW_unaligned, "job.checkpoint.unaligned", NEED_CHANNELS},
    {ROW_aligned_timeout, "job.checkpoint.aligned-checkpoint-timeout", NEED_UNALIGNED},
    {ROW_state_sync, "costs.state.sync", NEED_CHECKPOINTS},
    {ROW_state_memtable, "costs.state.memtable", NEED_CHECKPOINTS},
    {ROW_state_async, "costs.state.async", NEED_CHECKPOINTS},
    {ROW_state_upload, "costs.state.upload", NEED_CHECKPOINTS},
    {ROW_state_interference, "costs.state.interference", NEED_CHECKPOINTS},
    {ROW_transaction_init, "costs.transaction.init", NEED_TRANSACTIONS},
    {ROW_transaction_client, "costs.transaction.new-client", NEED_TRANSACTIONS},
    {ROW_transaction_add, "costs.transaction.add", NEED_VERSION_1},
    {ROW_transaction_produce, "costs.transaction.produce", NEED_VERSION_2},
    {ROW_transaction_commit, "costs.transaction.commit", NEED_TRANSACTIONS},
    {ROW_transaction_version, "transaction.version", NEED_TRANSACTIONS},
    {ROW_transaction_timeout_ms, "transaction.timeout.ms", NEED_TRANSACTIONS},
    {ROW_transaction_max_timeout_ms, "transaction.max.timeout.ms", NEED_TRANSACTIONS},
    {ROW_remote_latency, "job.remote.latency", NEED_REMOTE},
    {ROW_remote_per, "job.remote.per", NEED_REMOTE},
    {ROW_remote_batch_max, "job.remote.max-batch-requests", NEED_REMOTE},
    {ROW_remote_in_flight_max, "job.remote.async.max-per-task", NEED_REMOTE},
    {ROW_remote_pool, "job.remote.pool", NEED_REMOTE},
    {ROW_remote_timeout, "job.remote.timeout", NEED_REMOTE},
    {ROW_remote_connect, "job.remote.connect-timeout", NEED_REMOTE},
    {ROW_remote_failing, "job.remote.failing", NEED_REMOTE},
    {ROW_remote_round_trip, "costs.remote.round-trip", NEED_REMOTE},
    {ROW_remote_request, "costs.remote.request", NEED_REMOTE},
    {ROW_remote_invocation, "costs.remote.invocation", NEED_REMOTE},
    {ROW_adaptive, "partitioner.adaptive.partitioning.enable", NEED_NO_KEYS},
    {ROW_availability_timeout_ms, "partitioner.availability.timeout.ms", NEED_NO_KEYS},
};

static bool has(const struct fanout_params *params, enum need need)
{
    switch (need) {
    case NEED_SOURCES:
        return params->ingress_topics.count > 0;
    case NEED_FOLLOWERS:
        return params->replication_factor > 1 && params->brokers > 1;
    case NEED_CHECKPOINTS:
        return params->checkpoint_interval > 0 || params->checkpoint_at.count > 0;
    case NEED_CHANNELS:
        return params->ingress_topics.count > 0 || isinf(params->rate) || params->chained == 0;
    case NEED_UNALIGNED:
        return params->unaligned != 0;
    case NEED_TRANSACTIONS:
        return params->delivery == DELIVERY_EXACTLY_ONCE;
    case NEED_VERSION_1:
        return params->delivery == DELIVERY_EXACTLY_ONCE &&
               params->transaction_version == TRANSACTION_VERSION_1;
    case NEED_VERSION_2:
        return params->delivery == DELIVERY_EXACTLY_ONCE &&
               params->transaction_version == TRANSACTION_VERSION_2;
    case NEED_REMOTE:
        return params->remote_functions > 0;
    case NEED_NO_KEYS:
        break;
    }
    return params->keys.none || params->ignore_keys != 0 || params->trace.path != NULL;
}

static const char *const reasons[] = {
    [NEED_SOURCES] = "without job.ingress.topics there are no sources",
    [NEED_FOLLOWERS] = "without replicas there are no followers",
    [NEED_CHECKPOINTS] = "there are no checkpoints (job.checkpoint.interval)",
    [NEED_CHANNELS] = "between tasks there is nothing that barriers could overtake (job.ingress)",
    [NEED_UNALIGNED] = "checkpoints are aligned (job.checkpoint.unaligned)",
    [NEED_TRANSACTIONS] = "only egress.delivery: exactly-once has transactions",
    [NEED_VERSION_1] = "only exactly-once with transaction.version 1 has AddPartitionsToTxn",
    [NEED_VERSION_2] = ("only exactly-once with transaction.version 2 and a client from 4.0 on "
                        "leaves partitions to brokers"),
    [NEED_REMOTE] = "functions run in the job (job.remote.functions)",
    [NEED_NO_KEYS] = "every record has a key, which decides its partition (load.keys: none)",
};

void relations_check_idle(const struct relations *subject)
{
    for (const struct idle *idle = idles; idle < idles + sizeof idles / sizeof *idles; idle++)
        if (relations_is_given(subject, idle->row) && !has(subject->params, idle->need))
            diag_warning(subject->diag, relations_place_of(subject, idle->row),
                         "%s has no effect: %s", idle->path, reasons[idle->need]);
}

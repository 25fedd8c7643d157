/*
 * check_faults.c - time-outs against what goes wrong in the scenario, and how long.
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/check_parts.h"

static bool has_checkpoints(const struct fanout_params *params)
{
    return params->checkpoint_interval > 0 || params->checkpoint_at.count > 0;
}

/* Does it keep the broker's partitions from being written to for all of its time? Those of one that
 * is down get another leader, if they have replicas. */
static bool stops_writes(const struct fanout_params *params, const struct fault *fault)
{
    if (fault_is_down(fault))
        return params->replication_factor == 1 || params->brokers == 1;
    return fault->kind == FAULT_PAUSE ||
           (fault->kind == FAULT_ERROR && broker_error_retriable(fault->error));
}

static void check_delivery(struct check *check, const struct fault *fault, double ns)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double timeout = 1e6 * (double)params->delivery_timeout_ms;
    if (ns <= timeout)
        return;
    const double round = timeout + (double)params->restart_delay.initial;
    const char *const then =
        has_checkpoints(params)
            ? arena_format(arena, ", and the job starts again %s meanwhile, every %s",
                           words_count(arena, ceil(ns / round), "time"), words_time(arena, round))
            : " and are lost";
    check_say(check, RULE_FAULT_ABOVE_DELIVERY, fault->place,
              arena_format(arena, "%s > delivery.timeout.ms %s: records expire%s",
                           words_time(arena, ns), words_time(arena, timeout), then),
              arena_format(arena, "delivery.timeout.ms above %s",
                           words_time(arena, ns + 1e6 * (double)params->request_timeout_ms)));
}

static void check_block(struct check *check, const struct fault *fault, double ns)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    if (!check->facts.known)
        return;
    const double full = check_pool_ns(check, 1.0 / (double)params->brokers);
    const double most = full + 1e6 * (double)params->max_block_ms;
    if (ns <= most)
        return;
    check_say(check, RULE_FAULT_ABOVE_BLOCK, fault->place,
              arena_format(arena,
                           "%s > %s until the pool is full of what the broker does not take + "
                           "max.block.ms %s: send() throws",
                           words_time(arena, ns), words_time(arena, full),
                           words_ms(arena, params->max_block_ms)),
              arena_format(arena, "max.block.ms above %s", words_time(arena, ns - full)));
}

static void check_request(struct check *check, const struct fault *fault, double ns)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    if (fault->kind != FAULT_PAUSE || ns <= 1e6 * (double)params->request_timeout_ms)
        return;
    check_say(check, RULE_FAULT_ABOVE_REQUEST, fault->place,
              arena_format(arena, "%s > request.timeout.ms %s%s", words_time(arena, ns),
                           words_ms(arena, params->request_timeout_ms),
                           params->idempotence != 0
                               ? "; idempotence keeps it from being appended twice"
                               : "; without idempotence some of it is appended twice"),
              params->idempotence != 0 ? NULL : "enable.idempotence: true");
}

static void check_checkpoint(struct check *check, const struct fault *fault, double ns)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double timeout = (double)params->checkpoint_timeout;
    if (!has_checkpoints(params) || params->delivery == DELIVERY_NONE || ns <= timeout)
        return;
    const double failed = floor(ns / timeout);
    if (failed <= (double)params->tolerable_failed)
        return;
    check_say(check, RULE_FAULT_ABOVE_CHECKPOINT, fault->place,
              arena_format(arena,
                           "flushes wait for %s, job.checkpoint.timeout is %s: %s in a row, "
                           "where %" PRId64 " are tolerated",
                           words_time(arena, ns), words_time(arena, timeout),
                           words_count(arena, failed, "failed checkpoint"),
                           params->tolerable_failed),
              arena_format(arena, "a timeout above %s, or tolerable-failed-checkpoints %s",
                           words_time(arena, ns), words_figure(arena, failed)));
}

/* From the first record of a transaction to its commit after the longest outage. */
static void check_transaction(struct check *check, double outage)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double needed =
        (double)params->checkpoint_interval + outage + (double)params->restart_delay.initial;
    if (params->delivery != DELIVERY_EXACTLY_ONCE ||
        needed <= 1e6 * (double)params->transaction_timeout_ms)
        return;
    check_say(check, RULE_TRANSACTION_BELOW_OUTAGE, check_place(check, ROW_transaction_timeout_ms),
              arena_format(
                  arena,
                  "checkpoint interval %s + outage %s + restart-delay %s = %s > "
                  "transaction.timeout.ms %s: brokers abort what a checkpoint relies on",
                  words_time(arena, (double)params->checkpoint_interval), words_time(arena, outage),
                  words_time(arena, (double)params->restart_delay.initial),
                  words_time(arena, needed), words_ms(arena, params->transaction_timeout_ms)),
              arena_format(arena,
                           "transaction.timeout.ms above %s, which the brokers' "
                           "transaction.max.timeout.ms must allow",
                           words_time(arena, needed)));
}

void check_faults(struct check *check)
{
    const struct fault_list *const faults = &check->params->faults;
    double longest = 0;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *const fault = &faults->items[i];
        const double ns = (double)(fault->end - fault->at);
        if (!stops_writes(check->params, fault))
            continue;
        longest = fmax(longest, ns);
        check_delivery(check, fault, ns);
        check_block(check, fault, ns);
        check_request(check, fault, ns);
        check_checkpoint(check, fault, ns);
    }
    check_transaction(check, longest);
}

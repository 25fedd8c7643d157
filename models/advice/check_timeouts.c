/*
 * check_timeouts.c - time-outs of client and job against each other (kafka-producer.md 8.5, 11;
 * flink-statefun.md 3.1; runbook.md C22, C23).
 */
#include <inttypes.h>

#include "models/advice/check_parts.h"

static const enum fanout_row delivery_rows[] = {ROW_delivery_timeout_ms, ROW_max_block_ms,
                                                ROW_COUNT};

/* Whoever gives neither has not asked for more patience than Kafka's. */
static void check_block(struct check *check)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    if (!check->facts.known || (!check_is_given(check, ROW_delivery_timeout_ms) &&
                                !check_is_given(check, ROW_max_block_ms)))
        return;
    const double full_ns = check_pool_ns(check, check->facts.broker_share);
    const double ends_ns = full_ns + 1e6 * (double)params->max_block_ms;
    if (ends_ns >= 1e6 * (double)params->delivery_timeout_ms)
        return;
    check_say(check, RULE_BLOCK_BEFORE_DELIVERY, check_place_of_first(check, delivery_rows),
              arena_format(arena,
                           "the records for a broker that does not answer fill the pool within %s; "
                           "send() fails max.block.ms %s later, and the job with it: after %s, not "
                           "after delivery.timeout.ms %s",
                           words_time(arena, full_ns), words_ms(arena, params->max_block_ms),
                           words_time(arena, ends_ns),
                           words_ms(arena, params->delivery_timeout_ms)),
              arena_format(arena, "max.block.ms %" PRId64 " too, if the job shall wait so long",
                           params->delivery_timeout_ms));
}

static void check_checkpoint(struct check *check)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    static const enum fanout_row rows[] = {ROW_checkpoint_timeout, ROW_delivery_timeout_ms,
                                           ROW_COUNT};
    if ((params->checkpoint_interval == 0 && params->checkpoint_at.count == 0) ||
        params->delivery == DELIVERY_NONE ||
        params->delivery_timeout_ms * SIM_MS <= params->checkpoint_timeout)
        return;
    check_say(check, RULE_DELIVERY_ABOVE_CHECKPOINT, check_place_of_first(check, rows),
              arena_format(arena,
                           "delivery.timeout.ms %s > checkpoint timeout %s: the checkpoint whose "
                           "flush waits for a broker fails before the records do",
                           words_ms(arena, params->delivery_timeout_ms),
                           words_time(arena, (double)params->checkpoint_timeout)),
              arena_format(arena,
                           "job.checkpoint.timeout above %s, or a delivery.timeout.ms below it",
                           words_ms(arena, params->delivery_timeout_ms)));
}

void check_timeouts(struct check *check)
{
    check_block(check);
    check_checkpoint(check);
}

/*
 * check_checkpoints.c - how long a checkpoint takes, by its parts (flink-statefun.md 3.3, 8;
 * runbook.md C8, C72).
 */
#include "models/advice/check_parts.h"
#include "models/params/settings.h"

/* More of the time in calls of transactions is much. */
#define CALLS_MUCH 0.05

static double mean(const struct dist_spec *spec)
{
    return dist_spec_mean(spec);
}

struct parts { /* of the checkpoint of a subtask, ns */
    double flush, sync, async, all;
};

/* Begin and commit: a round trip and more each. Whoever does not know the coordinator of its next
 * transaction, in (N-1)/N of them, has two more and sleeps for retry.backoff.ms; a new client
 * always does, and has three (flink-statefun.md 2.4, 15). */
static double begin_ns(const struct fanout_params *params)
{
    const double rtt = mean(&params->rtt);
    const double sleep = 1e6 * (double)params->retry_backoff_ms;
    const double elsewhere = 1 - 1 / (double)params->brokers;
    const double unknown =
        params->runtime == RUNTIME_STATEFUN_33 ? sleep + 3 * rtt : elsewhere * (sleep + 2 * rtt);
    return mean(&params->transaction_init) + rtt + unknown;
}

static double calls_ns(const struct fanout_params *params)
{
    const int trips = params->runtime == RUNTIME_STATEFUN_33 ? 2 : 1;
    return begin_ns(params) + mean(&params->transaction_commit) + trips * mean(&params->rtt);
}

/* Means, without alignment; a flush waits for what is under way (runbook.md C16). */
static struct parts find_parts(const struct check *check)
{
    const struct fanout_params *const params = check->params;
    const struct state_config config = settings_state(params);
    const struct state_model state = state_model_new(check->arena, &config);
    const sim_time since = params->checkpoint_interval;
    struct parts parts = {.flush = 0};
    if (params->delivery != DELIVERY_NONE)
        parts.flush = check->facts.waves.latency_ns;
    if (params->state_bytes > 0) {
        parts.sync = mean(config.sync) + mean(config.memtable) * state_flushed_bytes(&state, since);
        parts.async =
            mean(config.async) + mean(config.upload) * state_uploaded_bytes(&state, since);
    }
    if (params->delivery == DELIVERY_EXACTLY_ONCE)
        parts.sync += (double)params->shards * begin_ns(params);
    parts.all = parts.flush + parts.sync + parts.async;
    return parts;
}

static const char *sum(const struct check *check, const struct parts *parts)
{
    struct arena *const arena = check->arena;
    return arena_format(arena, "flush %s + sync %s + async %s = %s",
                        words_time(arena, parts->flush), words_time(arena, parts->sync),
                        words_time(arena, parts->async), words_time(arena, parts->all));
}

static void check_duration(struct check *check, const struct parts *parts)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double timeout = (double)params->checkpoint_timeout;
    const double interval = (double)params->checkpoint_interval;
    const double pause = (double)params->checkpoint_min_pause;
    static const enum fanout_row rows[] = {ROW_checkpoint_interval, ROW_checkpoint_min_pause,
                                           ROW_COUNT};
    const char *const pause_text =
        pause > 0 ? arena_format(arena, ", + min-pause %s", words_time(arena, pause)) : "";
    if (parts->all > timeout)
        check_say(check, RULE_CHECKPOINT_TIMEOUT, check_place(check, ROW_checkpoint_timeout),
                  arena_format(arena, "%s > job.checkpoint.timeout %s: every checkpoint fails",
                               sum(check, parts), words_time(arena, timeout)),
                  arena_format(arena,
                               "a timeout above %s, job.state.incremental: true, or a higher "
                               "parallelism",
                               words_time(arena, parts->all)));
    else if (parts->all + pause > interval)
        check_say(check, RULE_CHECKPOINT_OVERRUN, check_place_of_first(check, rows),
                  arena_format(arena, "%s%s > interval %s: checkpoints come every %s",
                               sum(check, parts), pause_text, words_time(arena, interval),
                               words_time(arena, parts->all + pause)),
                  arena_format(arena, "an interval above %s%s",
                               words_time(arena, parts->all + pause),
                               pause > parts->all               ? ", or a shorter min-pause"
                               : params->state_incremental == 0 ? ", or job.state.incremental: true"
                                                                : ", or a higher parallelism"));
}

/* They are calls in the one mailbox, of one writer after the other. */
static void check_calls(struct check *check)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double calls = calls_ns(params);
    const double all = (double)params->shards * calls;
    const double share = all / (double)params->checkpoint_interval;
    if (params->delivery != DELIVERY_EXACTLY_ONCE || share < CALLS_MUCH)
        return;
    check_say(check, RULE_TRANSACTION_COST, check_place(check, ROW_checkpoint_interval),
              arena_format(
                  arena, "%s to begin and commit x %s = %s of every %s: %s of the mailbox's time",
                  words_time(arena, calls), words_count(arena, (double)params->shards, "writer"),
                  words_time(arena, all), words_time(arena, (double)params->checkpoint_interval),
                  words_share(arena, share)),
              arena_format(arena, "an interval above %s", words_time(arena, all / CALLS_MUCH)));
}

void check_checkpoints(struct check *check)
{
    const struct fanout_params *const params = check->params;
    if (params->checkpoint_interval > 0) {
        const struct parts parts = find_parts(check);
        check_duration(check, &parts);
        check_calls(check);
    } else if (params->checkpoint_at.count == 0 && check_is_given(check, ROW_delivery) &&
               params->delivery == DELIVERY_AT_LEAST_ONCE) {
        check_say(check, RULE_CHECKPOINT_NONE, check_place(check, ROW_delivery),
                  "at-least-once, and no job.checkpoint.interval: nothing is flushed, and Flink "
                  "starts no failed job again",
                  "job.checkpoint.interval: 30s, or egress.delivery: none");
    }
}

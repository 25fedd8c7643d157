/*
 * check_subtasks.c - how evenly keys and partitions lie on subtasks (flink-statefun.md 4, 5.1;
 * runbook.md C31 to C36, C68).
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/check_parts.h"
#include "models/load/key_groups.h"
#include "models/load/splits.h"

/* The fullest may have so many times the mean. */
#define GROUPS_UNEVEN 1.1
#define KEYS_UNEVEN   1.5
#define SPLITS_UNEVEN 1.25

/* Flink's default where parallelism does not ask for more. */
#define GROUPS_USUAL 128

/* The fullest subtask's key groups over the mean. */
static double groups_waste(const struct fanout_params *params, int64_t parallelism)
{
    const int64_t most = (params->max_parallelism + parallelism - 1) / parallelism;
    return (double)(most * parallelism) / (double)params->max_parallelism;
}

static int64_t even_parallelism(const struct fanout_params *params)
{
    for (int64_t more = 1; more < params->parallelism; more++) {
        const int64_t up = params->parallelism + more;
        const int64_t down = params->parallelism - more;
        if (up <= params->max_parallelism && groups_waste(params, up) < GROUPS_UNEVEN)
            return up;
        if (groups_waste(params, down) < GROUPS_UNEVEN)
            return down;
    }
    return 1;
}

static void check_groups(struct check *check)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    static const enum fanout_row rows[] = {ROW_max_parallelism, ROW_parallelism, ROW_COUNT};
    const int64_t parallelism = params->parallelism;
    const int64_t groups = params->max_parallelism;
    const double waste = groups_waste(params, parallelism);
    if (waste < GROUPS_UNEVEN || params->keys.none || params->trace.path != NULL)
        return;
    const int64_t most = (groups + parallelism - 1) / parallelism;
    check_say(check, RULE_KEY_GROUPS, check_place_of_first(check, rows),
              arena_format(arena,
                           "%" PRId64 " key groups on %" PRId64 " subtasks: some have %" PRId64
                           ", the mean is %s, so that the job is as fast as %s even ones",
                           groups, parallelism, most,
                           words_figure(arena, (double)groups / (double)parallelism),
                           words_figure(arena, (double)groups / (double)most)),
              arena_format(arena,
                           "max-parallelism %" PRId64 " (state that was written with another one "
                           "cannot be restored), or parallelism %" PRId64,
                           parallelism * most, even_parallelism(params)));
}

static void check_keys(struct check *check)
{
    const struct fanout_params *const params = check->params;
    const struct facts *const facts = &check->facts;
    struct arena *const arena = check->arena;
    const double uneven = facts->share * (double)params->parallelism;
    if (params->trace.path != NULL || params->keys.none || uneven < KEYS_UNEVEN ||
        uneven < SPLITS_UNEVEN * groups_waste(params, params->parallelism))
        return;
    check_say(check, RULE_KEY_SKEW, check_place(check, ROW_keys),
              arena_format(arena,
                           "subtask %" PRId32 " has %s of the input, %s times the mean of %" PRId64
                           " subtasks; the most frequent key alone has %s",
                           facts->fullest, words_share(arena, facts->share),
                           words_figure(arena, uneven), params->parallelism,
                           words_share(arena, facts->hottest_key)),
              "keys that divide the load; a hot key caps the job at any parallelism");
}

/* Of a job with that parallelism: its fullest source, and those that have nothing. */
static int32_t count_splits(const struct topic_list *topics, int32_t parallelism,
                            struct arena *arena, int32_t *idle)
{
    int32_t *const counts = ARENA_ARRAY(arena, int32_t, parallelism);
    int32_t most = 0;
    *idle = parallelism;
    for (int32_t t = 0; t < topics->count; t++) {
        for (int32_t p = 0; p < topics->items[t].partitions; p++) {
            int32_t *const its = &counts[splits_owner(topics->items[t].name, p, parallelism)];
            *idle -= *its == 0;
            most = ++*its > most ? *its : most;
        }
    }
    return most;
}

static double uneven_splits(const struct topic_list *topics, int32_t parallelism,
                            struct arena *arena)
{
    int32_t idle;
    const int32_t most = count_splits(topics, parallelism, arena, &idle);
    return (double)most * parallelism / topics->partitions;
}

/* The nearest parallelism that is even, at most twice as large; 0: there is none. */
static int32_t even_splits(const struct topic_list *topics, int32_t parallelism,
                           struct arena *arena)
{
    for (int32_t more = 1; more <= parallelism; more++) {
        if (uneven_splits(topics, parallelism + more, arena) < SPLITS_UNEVEN)
            return parallelism + more;
        if (more < parallelism && uneven_splits(topics, parallelism - more, arena) < SPLITS_UNEVEN)
            return parallelism - more;
    }
    return 0;
}

static void check_splits(struct check *check)
{
    const struct topic_list *const topics = &check->params->ingress_topics;
    const int32_t parallelism = (int32_t)check->params->parallelism;
    struct arena *const arena = check->arena;
    if (topics->count == 0)
        return;
    struct arena scratch;
    arena_init(&scratch);
    int32_t idle;
    const int32_t most = count_splits(topics, parallelism, &scratch, &idle);
    const double mean = (double)topics->partitions / parallelism;
    if (most >= SPLITS_UNEVEN * mean) {
        const int32_t even = even_splits(topics, parallelism, &scratch);
        check_say(
            check, RULE_SPLITS, check_place(check, ROW_parallelism),
            arena_format(arena,
                         "%" PRId32 " partitions on %" PRId32 " sources: the fullest has %" PRId32
                         ", the mean is %s, %" PRId32 " have no partition",
                         topics->partitions, parallelism, most, words_figure(arena, mean), idle),
            even > 0 ? arena_format(arena, "parallelism %" PRId32, even)
                     : "topics of other names, or with more partitions");
    }
    arena_free(&scratch);
}

static void check_default(struct check *check)
{
    const struct fanout_params *const params = check->params;
    if (check_is_given(check, ROW_max_parallelism) || params->max_parallelism <= GROUPS_USUAL)
        return;
    check_say(check, RULE_MAX_PARALLELISM_DEFAULT, check_place(check, ROW_parallelism),
              arena_format(check->arena,
                           "parallelism %" PRId64 " without max-parallelism makes %" PRId64
                           " key groups, one of up to 85 made %d",
                           params->parallelism, params->max_parallelism, GROUPS_USUAL),
              "job.max-parallelism, chosen once and for all");
}

void check_subtasks(struct check *check)
{
    check_groups(check);
    check_keys(check);
    check_default(check);
    check_splits(check);
}

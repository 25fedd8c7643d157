/*
 * restart_part.c - a strategy is its delay; when it gives up is not simulated.
 */
#include "models/import/restart_part.h"

#include <stdlib.h>
#include <string.h>

#include "models/import/flink_units.h"
#include "sim/core/text.h"

#define FAMILY "restart-strategy"
#define PATH   "job.restart-delay"

enum strategy { FIXED, FAILURE_RATE, EXPONENTIAL, STRATEGIES };

static const struct {
    const char *words, *prefix;
} strategies[] = {
    [FIXED] = {"fixed-delay|fixeddelay", FAMILY ".fixed-delay."},
    [FAILURE_RATE] = {"failure-rate|failurerate", FAMILY ".failure-rate."},
    [EXPONENTIAL] = {"exponential-delay|exponentialdelay", FAMILY ".exponential-delay."},
};

/* What a strategy has beside its delay, its defaults, and why another value is left out. */
static const struct {
    const char *key, *defaults, *why;
} others[] = {
    {"attempts", "", "a job restarts as often as it must here"},
    {"max-failures-per-interval", "", "a job restarts as often as it must here"},
    {"failure-rate-interval", "", "a job restarts as often as it must here"},
    {"attempts-before-reset-backoff", "infinite", "a job restarts as often as it must here"},
    {"jitter-factor", "0.1", "it is 0.1 here"},
    {"reset-backoff-threshold", "1h|1 h|60min|60 min|3600s|3600 s", "it is 1 h here"},
};

bool restart_part_reads(const char *key)
{
    return strncmp(key, FAMILY, sizeof FAMILY - 1) == 0;
}

struct restart {
    struct draft *draft;
    const struct pairs *conf;
    enum strategy strategy;
    bool good;
};

static const struct pair *find(const struct restart *restart, const char *key)
{
    return pairs_find(restart->conf, arena_format(restart->draft->arena, "%s%s",
                                                  strategies[restart->strategy].prefix, key));
}

/* The time that is given, or the default. */
static const struct node *time_of(struct restart *restart, const char *key, struct place place,
                                  const char *otherwise)
{
    struct arena *const arena = restart->draft->arena;
    const struct pair *const pair = find(restart, key);
    int64_t ns;
    if (pair == NULL)
        return tree_new_scalar(arena, place, otherwise);
    if (flink_units_duration(pair->text, &ns))
        return tree_new_scalar(arena, pair->place, flink_units_duration_text(arena, ns));
    diag_error(restart->draft->diag, pair->place, "%s: %s; write " FLINK_UNITS_DURATION, pair->key,
               diag_shown(restart->draft->diag, pair->text));
    restart->good = false;
    return tree_new_scalar(arena, place, otherwise);
}

static const struct node *factor_of(struct restart *restart, struct place place,
                                    const char *otherwise)
{
    struct arena *const arena = restart->draft->arena;
    const struct pair *const pair = find(restart, "backoff-multiplier");
    char *end;
    if (pair == NULL)
        return tree_new_scalar(arena, place, otherwise);
    const double factor = strtod(pair->text, &end);
    if (end != pair->text && *end == '\0' && factor >= 1)
        return tree_new_scalar(arena, pair->place, pair->text);
    diag_error(restart->draft->diag, pair->place, "%s: %s; write a number from 1 on: 1.5",
               pair->key, diag_shown(restart->draft->diag, pair->text));
    restart->good = false;
    return tree_new_scalar(arena, place, otherwise);
}

/* Flink 1.16 doubles the delay, up to 5 min; from 1.19 on it is half as much again, up to 1 min. */
static void put_exponential(struct restart *restart, struct place place, bool flink_1_16)
{
    struct node *const map = tree_new(restart->draft->arena, NODE_MAP, place);
    const struct node_entry entries[] = {
        {.key = "initial", .value = time_of(restart, "initial-backoff", place, "1s")},
        {.key = "factor", .value = factor_of(restart, place, flink_1_16 ? "2" : "1.5")},
        {.key = "max",
         .value = time_of(restart, "max-backoff", place, flink_1_16 ? "5min" : "1min")}};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        tree_add_entry(restart->draft->arena, map, entries[i]);
    draft_put_node(restart->draft, PATH, map);
}

/* Of the strategy that holds, what is not its delay; keys of the others have no effect. */
static void leave_others(const struct restart *restart)
{
    const char *const prefix = strategies[restart->strategy].prefix;
    for (size_t i = 0; i < restart->conf->count; i++) {
        const struct pair *const pair = &restart->conf->items[i];
        const bool mine = strncmp(pair->key, prefix, strlen(prefix)) == 0;
        if (!mine && restart_part_reads(pair->key) && strcmp(pair->key, FAMILY) != 0 &&
            strcmp(pair->key, FAMILY ".type") != 0)
            draft_pass_over(restart->draft, pair->place, pair->key, "another strategy holds");
        for (size_t k = 0; mine && k < sizeof others / sizeof *others; k++)
            if (strcmp(pair->key + strlen(prefix), others[k].key) == 0 &&
                text_find_word(others[k].defaults, pair->text) < 0)
                draft_leave_out(restart->draft, pair->place, pair->key, others[k].why);
    }
}

/* Flink 1.16 restarts for ever, after 1 s; newer ones do what is the default here. */
static void assume(struct draft *draft, bool flink_1_16)
{
    if (flink_1_16)
        draft_assume(draft, PATH, "1s",
                     "no restart-strategy: Flink 1.16 restarts as often as it must, after 1 s");
    else
        draft_assume(draft, PATH, NULL,
                     "no restart-strategy: exponential-delay, as Flink 2 has it");
}

bool restart_part_put(struct draft *draft, const struct pairs *conf, enum module_runtime runtime)
{
    struct restart restart = {.draft = draft, .conf = conf, .good = true};
    const bool flink_1_16 = runtime == MODULE_STATEFUN_3_3;
    const struct pair *strategy = pairs_find(conf, FAMILY ".type");
    if (strategy == NULL)
        strategy = pairs_find(conf, FAMILY);
    if (strategy == NULL) {
        assume(draft, flink_1_16);
        return true;
    }
    while (restart.strategy < STRATEGIES &&
           text_find_word(strategies[restart.strategy].words, strategy->text) < 0)
        restart.strategy++;
    if (restart.strategy == STRATEGIES) {
        draft_leave_out(draft, strategy->place, FAMILY,
                        "a job that does not restart is not simulated");
        return true;
    }
    if (restart.strategy == EXPONENTIAL)
        put_exponential(&restart, strategy->place, flink_1_16);
    else
        draft_put_node(draft, PATH, time_of(&restart, "delay", strategy->place, "1s"));
    leave_others(&restart);
    return restart.good;
}

/*
 * check_parts.h - what the files of check share.
 */
#ifndef MODELS_ADVICE_CHECK_PARTS_H
#define MODELS_ADVICE_CHECK_PARTS_H

#include "models/advice/facts.h"
#include "models/advice/findings.h"
#include "models/advice/words.h"
#include "sim/study/scenario.h"

/* A scenario under check. */
struct check {
    struct arena *arena;
    const struct scenario *scenario;
    const struct fanout_params *params;
    struct param_given given;
    struct facts facts;
    struct findings findings;
};

bool check_is_given(const struct check *check, enum fanout_row row);

/* Of the value; of what brought its default (costs.preset, client); of the scenario. */
struct place check_place(const struct check *check, enum fanout_row row);

/* Of the first one given among those that share the blame, else as of the first; `rows` ends with
 * ROW_COUNT. */
struct place check_place_of_first(const struct check *check, const enum fanout_row *rows);

/* figures and right are from the arena; right: NULL if the figures say it. */
void check_say(struct check *check, enum rule rule, struct place place, const char *figures,
               const char *right);

/* Each looks at its rules, in the order of rules.def. */
void check_unmodelled(struct check *check);
void check_memory(struct check *check);
void check_batches(struct check *check);
void check_sizes(struct check *check);
void check_timeouts(struct check *check);
void check_faults(struct check *check);
void check_subtasks(struct check *check);
void check_shards(struct check *check);
void check_checkpoints(struct check *check);
void check_capacity(struct check *check);

/* From nothing under way until a pool is full, if so much of a producer's load is not sent, ns. */
double check_pool_ns(const struct check *check, double share);

#endif

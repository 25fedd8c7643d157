/*
 * diagnosis.h - a job, what was changed in it and what that did.
 *
 * A change is tried by paired runs on a window that is as short as the job lets it be, and believed
 * once a run of full length has confirmed it. What is run depends on the scenario, the seed and the
 * budget alone.
 */
#ifndef MODELS_ADVICE_DIAGNOSIS_H
#define MODELS_ADVICE_DIAGNOSIS_H

#include "models/advice/remedies.h"
#include "models/report/columns.h"
#include "sim/command/study.h"
#include "sim/study/progress.h"
#include "sim/study/trial.h"

#define DIAGNOSIS_NONE SIZE_MAX

struct stall;

enum effect {
    EFFECT_NONE,
    EFFECT_WORSE,
    EFFECT_HELPS,
    EFFECT_REMOVES, /* everything that is offered gets through then */
    EFFECT_UNKNOWN  /* it cannot be run so */
};

#define PARTS_MAX 6

struct part {
    size_t remedy;
    int times; /* one after the other: TIMES 2, and TIMES 2 again */
    struct remedy_words words;
};

struct change {
    const char *name;
    struct part parts[PARTS_MAX]; /* none: of a parameter that no remedy is about */
    size_t part_count;
    const char **sets; /* KEY=VALUE */
    size_t set_count;
    double price; /* of all of its parts */
    size_t trial; /* on the window */
    size_t whole; /* at full length; DIAGNOSIS_NONE: not run so */
    enum effect effect;
    struct interval gain; /* on the window: of throughput, as a share of what it is without */
};

/* What a change is tried on. */
struct window {
    bool whole;   /* nothing shorter shows what the whole shows, or may be cut */
    bool cramped; /* what would show it costs more than the budget */
    sim_time warm_up, duration;
    const char *sets[2];
};

struct diagnosis {
    const struct study *study;
    struct arena *arena;
    const struct fanout_params *params; /* of the scenario as it stands */
    struct trials trials;
    struct progress progress;
    const char *doing;
    size_t replications; /* of the scenario */
    double budget;       /* see diagnosis_cost() */
    double spent;        /* of it, on the window */
    size_t whole;        /* trial: the scenario at full length */
    size_t base;         /* on the window */
    struct window window;
    size_t tries; /* replications of a change on the window */
    struct change *changes;
    size_t count, room;
    struct change *chosen;             /* confirmed; NULL: none */
    const struct fragility *fragility; /* of that; NULL: not tried */
    const struct stall *stall;         /* NULL: none was looked for */
    int64_t stall_memory;              /* the smallest buffer.memory without it; 0: there is none */
    int64_t stall_batch;               /* the largest batch.size */
};

/* False after messages. */
bool diagnosis_begin(struct diagnosis *diagnosis, const struct study *study, double budget,
                     struct arena *arena);

/* Adds KEY=VALUE to the scenario, at full length or on the window. */
size_t diagnosis_add(struct diagnosis *diagnosis, const char *const *sets, size_t count,
                     bool whole);

/* Runs them until they have so many replications. A signal to stop ends the program. */
void diagnosis_run(struct diagnosis *diagnosis, const char *doing, const size_t *numbers,
                   size_t count, size_t replications);

/* Records, batches and requests that a replication of that length simulates, about, a request for
 * several: what a budget counts. */
double diagnosis_cost(const struct diagnosis *diagnosis, sim_time length);

static inline const struct interval *diagnosis_columns(const struct diagnosis *diagnosis,
                                                       size_t trial)
{
    return trials_estimates(&diagnosis->trials, trial)->columns;
}

/* Is there anything to remove? Something else than the load limits the job, or something holds it
 * up for a while. Of a recording everything gets through in the end: there it is waits for memory.
 */
bool diagnosis_is_limited(const struct diagnosis *diagnosis, const struct interval *columns);

/* How far the trial's throughput is above the base's, as a share of it, replication by replication;
 * the half-width is NaN where there is one. */
struct interval diagnosis_gain(const struct diagnosis *diagnosis, size_t trial, size_t base);

/* What it does, against the same without it; both on the window or both at full length. */
enum effect diagnosis_effect(const struct diagnosis *diagnosis, size_t trial, size_t base);

/* The window on which so many changes are tried with that budget. */
void window_choose(struct diagnosis *diagnosis, size_t changes, double budget);

/* All of the run is, if the budget is enough for so many runs; else false. */
bool window_is_whole(struct diagnosis *diagnosis, size_t runs);

/* The number of a change of one parameter, which holds whole numbers; not run yet. */
size_t changes_set(struct diagnosis *diagnosis, enum fanout_row row, int64_t value);

/* Runs those from `first` on until they have so many replications, and says what they do. */
void changes_run(struct diagnosis *diagnosis, size_t first, size_t tries, const char *doing);

/* Runs the remedies one at a time. */
void changes_screen(struct diagnosis *diagnosis);

/* Runs a change together with each other remedy, or with more of its own, as far as the budget
 * goes; what is new stands behind what there was. */
void changes_extend(struct diagnosis *diagnosis, size_t number);

/* The change without one of its parts, run; DIAGNOSIS_NONE if that cannot be. */
size_t changes_without(struct diagnosis *diagnosis, size_t number, size_t part);

/* The same job and change on other machines. */
struct fragility {
    bool fragile;
    double least, most; /* gain, over all that was tried */
    const char *where;  /* the least is */
};

/* Tries what is chosen with the costs of wake-ups and looks halved and doubled, and brokers a fifth
 * nearer and further away: fragile is what then gains less than half, or does not remove the limit
 * any more. */
void fragility_find(struct diagnosis *diagnosis);

/* Looks for the longest stall, and for what would avoid it; what is tried for that is among the
 * changes if nothing else is. */
void bounds_find(struct diagnosis *diagnosis);

/* Of the two the one that takes no more memory, if it is confirmed; of a diagnosis that is about a
 * stall alone. */
void bounds_choose(struct diagnosis *diagnosis);

/* A run of full length; what the window said is forgotten. */
enum effect changes_confirm(struct diagnosis *diagnosis, size_t number);

/* The smallest change that removes the limit, or else the one that does most; confirmed, or none.
 */
void changes_choose(struct diagnosis *diagnosis);

#endif

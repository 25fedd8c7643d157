/*
 * diagnosis_bounds.c - how much memory, or how small batches, a stall would need not to be.
 *
 * What avoids it lies between two values of which one stalls and the other does not; both are moved
 * together until a buffer, or half a per cent, is left between them.
 */
#include <math.h>
#include <stdlib.h>

#include "models/advice/diagnosis.h"
#include "models/advice/stall.h"

/* Waits that a summary shows as 0.0 % of the time. */
#define UNSEEN 0.0005

/* The most memory that is tried, as a multiple. */
#define MEMORY_MOST 1024

/* The smallest batch, and what batches are counted in. */
#define BATCH_LEAST 1024
#define BATCH_UNIT  1024

#define POINTS  3 /* at once */
#define NEARLY  200
#define ROUNDS  16
#define CHANGES 24 /* about as many are run */
#define PATIENT 4  /* so many times the run is watched for the end */

struct bound {
    struct diagnosis *diagnosis;
    enum fanout_row row;
    int64_t unit;
    int64_t stalls, avoids; /* so far */
};

/* Memory that an overload has not filled yet avoids nothing. */
static bool avoids(const struct diagnosis *diagnosis, size_t trial)
{
    if (!trials_has_run(&diagnosis->trials, trial))
        return false;
    const struct interval *const columns = diagnosis_columns(diagnosis, trial);
    return columns[COLUMN_blocked_ratio_max].value <= UNSEEN &&
           !diagnosis_is_limited(diagnosis, columns);
}

/* Tries a change, and says whether it avoids the stall rather than what it gains. */
static void try(struct diagnosis *diagnosis, const size_t *numbers, size_t count)
{
    size_t trials[POINTS] = {0};
    for (size_t i = 0; i < count; i++)
        trials[i] = diagnosis->changes[numbers[i]].trial;
    diagnosis_run(diagnosis, "without the stall", trials, count, diagnosis->replications);
    for (size_t i = 0; i < count; i++) {
        struct change *const change = &diagnosis->changes[numbers[i]];
        if (!trials_has_run(&diagnosis->trials, change->trial)) {
            change->effect = EFFECT_UNKNOWN;
            continue;
        }
        change->gain = diagnosis_gain(diagnosis, change->trial, diagnosis->base);
        change->effect = avoids(diagnosis, change->trial) ? EFFECT_REMOVES : EFFECT_NONE;
    }
}

static bool is_good(struct diagnosis *diagnosis, enum fanout_row row, int64_t value)
{
    const size_t number = changes_set(diagnosis, row, value);
    try(diagnosis, &number, 1);
    return diagnosis->changes[number].effect == EFFECT_REMOVES;
}

static bool is_narrow(const struct bound *bound)
{
    const int64_t apart = llabs(bound->avoids - bound->stalls);
    return apart <= bound->unit || apart <= bound->avoids / NEARLY;
}

/* The values between, from the one that stalls on: the first of them that does not is the new
 * bound, and the one before it stalls. */
static void narrow(struct bound *bound)
{
    const int64_t from = bound->stalls;
    const double apart = (double)(bound->avoids - from);
    size_t numbers[POINTS];
    int64_t values[POINTS] = {0};
    size_t count = 0;
    for (int i = 1; i <= POINTS; i++) {
        const int64_t value =
            (from + (int64_t)(apart * i / (POINTS + 1))) / bound->unit * bound->unit;
        if (value == bound->stalls || value == bound->avoids ||
            (count > 0 && value == values[count - 1]))
            continue;
        values[count] = value;
        numbers[count++] = changes_set(bound->diagnosis, bound->row, value);
    }
    try(bound->diagnosis, numbers, count);
    for (size_t i = 0; i < count; i++) {
        if (bound->diagnosis->changes[numbers[i]].effect == EFFECT_REMOVES) {
            bound->avoids = values[i];
            return;
        }
        bound->stalls = values[i];
    }
}

static int64_t find(struct bound *bound)
{
    for (int i = 0; i < ROUNDS && !is_narrow(bound); i++)
        narrow(bound);
    return bound->avoids;
}

/* Where nobody waits the pool is as good as endless: what is lent at most is enough. */
static int64_t find_memory(struct diagnosis *diagnosis)
{
    const struct fanout_params *const params = diagnosis->params;
    const bool chunks = params->allocation == ALLOCATION_INCREMENTAL || params->batch_size == 0;
    const int64_t unit = chunks ? CLIENT_CHUNK_BYTES : params->batch_size;
    const int64_t most = MEMORY_MOST * params->buffer_memory;
    struct bound bound = {.diagnosis = diagnosis,
                          .row = ROW_buffer_memory,
                          .unit = unit,
                          .stalls = params->buffer_memory,
                          .avoids = most};
    if (!is_good(diagnosis, ROW_buffer_memory, most))
        return 0;
    const size_t number = changes_set(diagnosis, ROW_buffer_memory, most);
    const double lent =
        diagnosis_columns(diagnosis, diagnosis->changes[number].trial)[COLUMN_pinned_bytes_max]
            .value;
    const int64_t enough = ((int64_t)lent + unit - 1) / unit * unit;
    if (enough > params->buffer_memory && is_good(diagnosis, ROW_buffer_memory, enough))
        bound.avoids = enough;
    return find(&bound);
}

static int64_t find_batch(struct diagnosis *diagnosis)
{
    struct bound bound = {.diagnosis = diagnosis,
                          .row = ROW_batch_size,
                          .unit = BATCH_UNIT,
                          .stalls = diagnosis->params->batch_size,
                          .avoids = BATCH_LEAST};
    if (bound.stalls <= bound.avoids || !is_good(diagnosis, ROW_batch_size, bound.avoids))
        return 0;
    return find(&bound);
}

/* The end of the run, and how long to wait for the end of a stall: as long as a half of the budget
 * lasts. */
static sim_time horizon_of(const struct diagnosis *diagnosis, sim_time *patience)
{
    const struct model_span *const span = &diagnosis->trials.list[diagnosis->whole].point.span;
    *patience = SIM_NEVER;
    if (span->duration == SIM_NEVER)
        return SIM_NEVER;
    const sim_time horizon = span->warm_up + span->duration;
    const double second = diagnosis_cost(diagnosis, 1000 * SIM_MS);
    const double paid = diagnosis->budget / 2 / fmax(second, 1) * 1e9;
    *patience = horizon + (sim_time)fmin(paid, (double)(PATIENT - 1) * (double)horizon);
    return horizon;
}

void bounds_find(struct diagnosis *diagnosis)
{
    struct stall *const stall = ARENA_NEW(diagnosis->arena, struct stall);
    sim_time patience;
    const sim_time horizon = horizon_of(diagnosis, &patience);
    stall_find(stall, diagnosis->params, horizon, patience, diagnosis->arena);
    diagnosis->stall = stall;
    if (!stall->found)
        return;
    const struct diagnosis before = *diagnosis;
    const bool alone = diagnosis->count == 0;
    diagnosis->changes = NULL;
    diagnosis->count = diagnosis->room = 0;
    if (!window_is_whole(diagnosis, CHANGES) && alone)
        window_choose(diagnosis, CHANGES, diagnosis->budget);
    diagnosis->stall_batch = find_batch(diagnosis);
    diagnosis->stall_memory = find_memory(diagnosis);
    if (alone)
        return;
    diagnosis->changes = before.changes;
    diagnosis->count = before.count;
    diagnosis->room = before.room;
    diagnosis->window = before.window;
    diagnosis->base = before.base;
}

/* At full length, with what a window may not have shown. */
static bool choose(struct diagnosis *diagnosis, enum fanout_row row, int64_t value)
{
    if (value == 0)
        return false;
    const size_t number = changes_set(diagnosis, row, value);
    try(diagnosis, &number, 1);
    changes_confirm(diagnosis, number);
    struct change *const change = &diagnosis->changes[number];
    change->effect = avoids(diagnosis, change->whole) ? EFFECT_REMOVES : EFFECT_NONE;
    if (change->effect == EFFECT_REMOVES)
        diagnosis->chosen = change;
    return change->effect == EFFECT_REMOVES;
}

void bounds_choose(struct diagnosis *diagnosis)
{
    if (!choose(diagnosis, ROW_batch_size, diagnosis->stall_batch))
        choose(diagnosis, ROW_buffer_memory, diagnosis->stall_memory);
}

/*
 * pilot.c - series of a model's sums, their average, and where it has settled.
 */
#include "sim/study/pilot.h"

#include <math.h>

#include "sim/core/check.h"
#include "sim/study/mser.h"

static size_t count_watched(const struct model *model)
{
    size_t count = 0;
    while (model->watched[count] != NULL)
        count++;
    CHECK(count <= MODEL_WATCHED_MAX);
    return count;
}

size_t pilot_values(const struct model *model)
{
    return count_watched(model) * PILOT_INTERVALS;
}

double *pilot_place(const struct pilot *pilot, const struct model *model, size_t replication)
{
    return pilot->series + replication * pilot_values(model);
}

bool pilot_is_wanted(const struct plan_point *point)
{
    return point->span.warm_up == SIM_NEVER;
}

void pilot_begin(struct pilot *pilot, const struct model *model, size_t replications)
{
    CHECK(model->watch != NULL);
    *pilot = (struct pilot){.replications = replications};
    arena_init(&pilot->arena);
    pilot->series = ARENA_ARRAY(&pilot->arena, double, replications *pilot_values(model));
}

static sim_time interval_end(sim_time duration, size_t interval)
{
    const sim_time whole = duration / PILOT_INTERVALS;
    const sim_time rest = duration % PILOT_INTERVALS;
    const sim_time intervals = (sim_time)interval + 1;
    return whole * intervals + rest * intervals / PILOT_INTERVALS;
}

/* A world that ends early has no values from then on. */
void pilot_run(const struct model *model, const struct plan_point *point, struct keep *keep,
               size_t replication, double *values)
{
    CHECK(point->span.duration < SIM_NEVER);
    const size_t watched = count_watched(model);
    struct arena arena;
    arena_init(&arena);
    keep_begin(keep);
    arena.keep = keep;
    void *const world = model->build(
        &arena, point->params,
        (struct rng_seed){.seed = point->span.seed, .replication = replication}, false);
    arena_seal(&arena);
    struct model_watch before[MODEL_WATCHED_MAX] = {{0}};
    sim_time now = 0;
    bool alive = true;
    for (size_t i = 0; i < PILOT_INTERVALS; i++) {
        struct model_watch after[MODEL_WATCHED_MAX];
        const sim_time end = interval_end(point->span.duration, i);
        if (alive && now < end)
            now = model->advance(world, end);
        alive = now >= end;
        for (size_t w = 0; w < watched; w++)
            after[w] = (struct model_watch){column_unfilled(), column_unfilled()};
        model->watch(world, after);
        for (size_t w = 0; w < watched; w++) {
            CHECK(!column_is_unfilled(after[w].sum) && !column_is_unfilled(after[w].weight));
            values[w * PILOT_INTERVALS + i] =
                (after[w].sum - before[w].sum) / (after[w].weight - before[w].weight);
            before[w] = after[w];
        }
    }
    if (model->release != NULL)
        model->release(world);
    arena_free(&arena);
}

/* Of the replications that have a value; NaN: none has. */
static double average_at(const struct pilot *pilot, const struct model *model, size_t which,
                         size_t interval)
{
    double sum = 0;
    size_t count = 0;
    for (size_t r = 0; r < pilot->replications; r++) {
        const double value = pilot_place(pilot, model, r)[which * PILOT_INTERVALS + interval];
        if (isfinite(value)) {
            sum += value;
            count++;
        }
    }
    return sum / (double)count;
}

/* An interval without a value has that of the interval before; what comes before the first value
 * has that. False: there is no value at all. */
static bool average(const struct pilot *pilot, const struct model *model, size_t which,
                    double mean[PILOT_INTERVALS])
{
    size_t first = PILOT_INTERVALS;
    for (size_t i = 0; i < PILOT_INTERVALS; i++) {
        mean[i] = average_at(pilot, model, which, i);
        if (isnan(mean[i]))
            mean[i] = i > 0 ? mean[i - 1] : NAN;
        else if (first == PILOT_INTERVALS)
            first = i;
    }
    if (first == PILOT_INTERVALS)
        return false;
    for (size_t i = 0; i < first; i++)
        mean[i] = mean[first];
    return true;
}

void pilot_choose(struct pilot *pilot, const struct model *model, const struct plan_point *point)
{
    const size_t watched = count_watched(model);
    const sim_time duration = point->span.duration;
    for (size_t w = 0; w < watched; w++) {
        double mean[PILOT_INTERVALS];
        if (!average(pilot, model, w, mean))
            continue;
        const size_t discard = mser_discard(mean, PILOT_INTERVALS);
        const sim_time settled = discard > 0 ? interval_end(duration, discard - 1) : 0;
        if (pilot->slowest == NULL || settled > pilot->settled) {
            pilot->slowest = model->watched[w];
            pilot->settled = settled;
        }
    }
    pilot->refused = pilot->settled > duration / 2;
    arena_free(&pilot->arena);
    pilot->series = NULL;
}

/*
 * row.c - a row builds its world and runs it.
 */
#include "sim/study/row.h"

#include <inttypes.h>

#include "sim/core/check.h"
#include "sim/study/granted.h"
#include "sim/study/pilot.h"

#define SMALL_BYTES (64.0 * (1 << 20)) /* as much as there is anywhere */

struct journey { /* of one world through time */
    const struct model *model;
    void *world;
    sim_time now;
    FILE *series;        /* or NULL */
    sim_time step, next; /* of the series */
    const struct row *row;
    row_beat_fn *beat; /* or NULL */
    void *beat_context;
    sim_time beat_due;
};

/* False if the world ends before. */
static bool reach(struct journey *journey, sim_time until)
{
    while (journey->now < until) {
        if (journey->beat != NULL && journey->now >= journey->beat_due)
            journey->beat_due = journey->beat(journey->beat_context, journey->row, journey->now);
        const sim_time next = journey->beat != NULL ? sim_earlier(until, journey->beat_due) : until;
        journey->now = journey->model->advance(journey->world, next);
        if (journey->now < next)
            return false;
    }
    return true;
}

/* With the series' rows on the way, `until` included. */
static bool travel(struct journey *journey, sim_time until)
{
    while (journey->series != NULL && journey->next <= until) {
        if (!reach(journey, journey->next))
            return false;
        journey->model->write_series(journey->world, journey->series);
        journey->next += journey->step;
    }
    return reach(journey, until);
}

/* What happens at the very end of the warm-up is measured, what would happen at the end is not:
 * advance() stops before the instant that it is given. */
static void run_world(struct journey *journey, const struct plan_point *point, double *columns,
                      FILE *const *logs)
{
    const struct model *const model = journey->model;
    const sim_time warm_up = point->span.warm_up;
    bool alive = true;
    if (warm_up > 0) {
        alive = travel(journey, warm_up);
        model->forget(journey->world);
    }
    if (alive)
        travel(journey, plan_end(point));
    columns_clear(columns, model->column_count);
    model->observe(journey->world, columns);
    columns_check(model->columns, columns, model->column_count);
    for (size_t i = 0; logs != NULL && model->log_names[i] != NULL; i++)
        model->write_log(journey->world, i, logs[i]);
}

static void write_parts(const struct row_traces *traces, void *world, const void *params)
{
    const struct model_dimension *const dimension = traces->dimension;
    const size_t count = dimension->count(params) * dimension->column_count;
    struct arena arena;
    arena_init(&arena);
    double *const values = ARENA_ARRAY(&arena, double, count);
    for (size_t i = 0; i < count; i++)
        values[i] = column_unfilled();
    dimension->observe(world, values);
    for (size_t i = 0; i < count; i++)
        CHECK(!column_is_unfilled(values[i]));
    fwrite(values, sizeof *values, count, traces->parts);
    arena_free(&arena);
}

static void measure(const struct model *model, const struct plan_point *point,
                    const struct row *row, const struct row_traces *traces, struct keep *keep,
                    double *columns)
{
    const bool traced = row_is_traced(traces, row);
    struct arena arena;
    arena_init(&arena);
    keep_begin(keep);
    arena.keep = keep;
    void *const world = model->build(&arena, point->params, plan_seed(point, row->replication),
                                     traced && traces->logs != NULL);
    arena_seal(&arena);

    struct journey journey = {.model = model,
                              .world = world,
                              .series = traced ? traces->series : NULL,
                              .step = point->span.sample,
                              .row = row,
                              .beat = traces->beat,
                              .beat_context = traces->beat_context};
    if (journey.series != NULL) {
        CHECK(journey.step > 0);
        fprintf(journey.series, "%s\n", model->series_header);
    }
    run_world(&journey, point, columns, traced ? traces->logs : NULL);
    if (traced && traces->parts != NULL)
        write_parts(traces, world, point->params);
    if (model->release != NULL)
        model->release(world);
    arena_free(&arena);
}

static const char *gibibytes(char text[32], double bytes)
{
    snprintf(text, 32, "%.3g GiB", bytes / (double)(1 << 30));
    return text;
}

void row_check_memory(const struct plan *plan, const struct plan_point *point)
{
    const double need = plan->model->need != NULL ? plan->model->need(point->params) : 0;
    if (need < SMALL_BYTES)
        return;
    char needed[32], granted[32];
    const struct granted_memory memory = granted_memory();
    const double addresses = (double)granted_address_bytes();
    if (need > (double)memory.bytes)
        check_stop("the run needs about %s of memory, and %s has %s", gibibytes(needed, need),
                   memory.of, gibibytes(granted, (double)memory.bytes));
    if (need > addresses)
        check_stop("the run needs about %s of memory, and the limit of addresses (ulimit -v) "
                   "leaves %s",
                   gibibytes(needed, need), gibibytes(granted, addresses));
}

size_t row_values(const struct plan *plan, const struct row *row)
{
    return row->warm_up == SIM_NEVER ? pilot_values(plan->model) : plan->model->column_count;
}

bool row_is_traced(const struct row_traces *traces, const struct row *row)
{
    return (traces->series != NULL || traces->logs != NULL || traces->parts != NULL) &&
           row->warm_up != SIM_NEVER && row->at == traces->at &&
           row->replication == traces->replication;
}

const char *row_replay(const struct plan *plan, const struct row *row, struct arena *arena)
{
    const struct plan_point *const point = &plan->points[row->at];
    const size_t from = row->warm_up == SIM_NEVER ? 0 : point->first_replication;
    const size_t replication = from + row->replication;
    /* The seed is said where the command alone decides it; it may be swept. */
    const char *const which = point->command != NULL ? point->command : plan->command;
    const char *const command =
        plan->swept_count > 0 ? which
                              : arena_format(arena, "%s --seed %" PRIu64, which, point->span.seed);
    if ((plan->total == 1 || point->command != NULL) && replication == 0)
        return command;
    return arena_format(arena, "%s --only %zu/%zu", command, point->index, replication);
}

void row_run(const struct plan *plan, const struct row_traces *traces, struct keep *keep,
             const struct row *row, double *values)
{
    struct plan_point point = plan->points[row->at];
    struct arena arena;
    arena_init(&arena);
    check_replay(row_replay(plan, row, &arena));
    row_check_memory(plan, &point);
    if (row->warm_up == SIM_NEVER) {
        pilot_run(plan->model, &point, keep, row->replication, values);
    } else {
        point.span.warm_up = row->warm_up;
        measure(plan->model, &point, row, traces, keep, values);
    }
    check_replay(NULL);
    arena_free(&arena);
}

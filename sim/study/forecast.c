/*
 * forecast.c - lists points, and times a piece of the first.
 */
#include "sim/study/forecast.h"

#include <inttypes.h>
#include <time.h>

#include "sim/core/check.h"
#include "sim/study/pilot.h"
#include "sim/study/progress.h"
#include "sim/study/row.h"

#define PIECE_S 0.3  /* of real time */
#define PIECES  1000 /* of a run, at least */

static void say_seconds(FILE *out, const char *before, sim_time time, const char *after)
{
    fprintf(out, "%s%.10g s%s", before, (double)time / (double)SIM_SECOND, after);
}

void forecast_run(const struct plan *plan, FILE *out)
{
    const struct plan_point *const point = &plan->points[0];
    fprintf(out, "%s: %zu %s with seed %" PRIu64 ", simulated time ", plan->scenario,
            point->span.replications, point->span.replications == 1 ? "run" : "runs",
            point->span.seed);
    if (pilot_is_wanted(point))
        say_seconds(out, "", point->span.duration,
                    " after a warm-up that as long pilot runs choose");
    else if (plan_end(point) == SIM_NEVER)
        fputs("until nothing is left to do", out);
    else
        say_seconds(out, "", plan_end(point), "");
    if (point->span.warm_up > 0 && !pilot_is_wanted(point))
        say_seconds(out, ", the first ", point->span.warm_up, " as warm-up");
    putc('\n', out);
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of work per simulated ns. */
static double measure(const struct plan *plan)
{
    const struct model *const model = plan->model;
    const struct plan_point *const point = &plan->points[0];
    const sim_time end = plan_work(point);
    check_replay(plan->command);
    row_check_memory(plan, point);
    struct arena arena;
    arena_init(&arena);
    void *const world = model->build(&arena, point->params, plan_seed(point, 0), NULL);
    arena_seal(&arena);
    const double start = cpu_s();
    double spent = 0;
    sim_time now = 0;
    while (now < end && spent < PIECE_S) {
        const sim_time until = now + (end / PIECES > 0 ? end / PIECES : 1);
        now = model->advance(world, until < end ? until : end);
        spent = cpu_s() - start;
        if (now < until)
            break;
    }
    if (model->release != NULL)
        model->release(world);
    arena_free(&arena);
    return now > 0 ? spent / (double)now : 0;
}

static void say_points(const struct plan *plan, FILE *out)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_point *const point = &plan->points[i];
        fprintf(out, "point %zu:", point->index);
        for (size_t v = 0; v < plan->swept_count; v++)
            fprintf(out, "%s %s %s", v > 0 ? "," : "", plan->swept[v], point->values[v]);
        fprintf(out, "; %zu %s\n", point->span.replications,
                point->span.replications == 1 ? "run" : "runs");
    }
}

void forecast_sweep(const struct plan *plan, unsigned jobs, FILE *out)
{
    double simulated = 0;
    size_t runs = 0;
    bool endless = false;
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_point *const point = &plan->points[i];
        const sim_time end = plan_work(point);
        endless = endless || end == SIM_NEVER;
        simulated += (double)end * (double)point->span.replications;
        runs += point->span.replications;
    }
    say_points(plan, out);
    fprintf(out, "%s: %zu points", plan->scenario, plan->count);
    if (plan->count < plan->total)
        fprintf(out, " of %zu", plan->total);
    fprintf(out, ", %zu runs%s", runs,
            plan->seeks_precision ? ", and more where run.precision needs them" : "");
    if (endless) {
        fputs("; how long they take is not known beforehand: they end when nothing is left to do\n",
              out);
        return;
    }
    if (runs == 0) {
        fputs("; nothing to do\n", out);
        return;
    }
    char text[32];
    jobs = runs < jobs ? (unsigned)runs : jobs;
    fprintf(out, "; about %s on %u %s, were every run as fast as the first begins\n",
            progress_time(text, measure(plan) * simulated / (double)jobs), jobs,
            jobs == 1 ? "process" : "processes");
}

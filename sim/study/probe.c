/*
 * probe.c - the time of the thread, before and after.
 */
#include "sim/study/probe.h"

#include <math.h>
#include <time.h>

#include "sim/core/check.h"
#include "sim/study/row.h"

#define FIRST_PIECE SIM_MS
#define BEGINNING   0.4  /* of the moment: told apart from what goes on */
#define PIECE       0.05 /* of the moment, at most about */

double probe_cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

struct piece { /* of a world's time */
    struct arena arena;
    void *world;
};

/* Returns what that took. */
static double begin(struct piece *piece, const struct plan *plan, const struct plan_point *point,
                    struct keep *keep)
{
    const double start = probe_cpu_s();
    arena_init(&piece->arena);
    keep_begin(keep);
    piece->arena.keep = keep;
    piece->world = plan->model->build(&piece->arena, point->params, plan_seed(point, 0), NULL);
    arena_seal(&piece->arena);
    return probe_cpu_s() - start;
}

static void end(struct piece *piece, const struct model *model)
{
    if (model->release != NULL)
        model->release(piece->world);
    arena_free(&piece->arena);
}

/* Of a world that has gone on until `now` in `spent` seconds, in `begun` of them to `early`. */
static void tell_apart(struct probe *probe, sim_time now, double spent, sim_time early,
                       double begun)
{
    const double second = (double)SIM_SECOND;
    if (now > early) {
        probe->per_second_s = (spent - begun) / (double)(now - early) * second;
        probe->fixed_s += begun - probe->per_second_s * (double)early / second;
    } else if (now > 0) {
        probe->per_second_s = spent / (double)now * second;
    }
    probe->fixed_s = fmax(probe->fixed_s, 0);
}

static void go_on(struct probe *probe, const struct model *model, void *world, sim_time last,
                  double seconds)
{
    const double start = probe_cpu_s();
    double spent = 0, begun = 0;
    sim_time now = 0, early = 0, stride = FIRST_PIECE;
    while (now < last && spent < seconds) {
        const sim_time until = now < last - stride ? now + stride : last;
        const double before = spent;
        now = model->advance(world, until);
        spent = probe_cpu_s() - start;
        if (spent < BEGINNING * seconds) {
            early = now;
            begun = spent;
        }
        if (now < until)
            break;
        if (spent - before < PIECE / 2 * seconds && stride < last / 2)
            stride *= 2;
        else if (spent - before > PIECE * seconds && stride > 1)
            stride /= 2;
    }
    tell_apart(probe, now, spent, early, begun);
}

struct probe probe_point(const struct plan *plan, const struct plan_point *point, struct keep *keep,
                         double seconds, double *columns)
{
    const struct model *const model = plan->model;
    struct probe probe = {.per_second_s = 0};
    struct piece piece;
    check_replay(plan->command);
    row_check_memory(plan, point);
    probe.shared_s = begin(&piece, plan, point, keep);
    end(&piece, model);
    probe.fixed_s = begin(&piece, plan, point, keep);
    probe.shared_s = fmax(probe.shared_s - probe.fixed_s, 0);
    go_on(&probe, model, piece.world, plan_work(point), seconds);
    if (columns != NULL)
        model->observe(piece.world, columns);
    end(&piece, model);
    check_replay(NULL);
    return probe;
}

double probe_run_s(const struct probe *probe, sim_time simulated)
{
    return probe->fixed_s + probe->per_second_s * (double)simulated / (double)SIM_SECOND;
}

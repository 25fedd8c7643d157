/*
 * forecast.c - lists points, and adds up what their runs take.
 */
#include "sim/study/forecast.h"

#include <inttypes.h>
#include <math.h>

#include "sim/study/alternatives.h"
#include "sim/study/pilot.h"
#include "sim/study/probe.h"
#include "sim/study/progress.h"
#include "sim/study/runner.h"

#define PROBES_S      1.0  /* of all points */
#define PROBE_S       0.25 /* of one, at most */
#define PROBE_LEAST_S 0.02
#define SHOWN_LEAST_S 0.1

#define GOLDEN_RATIO 0.6180339887498949 /* its multiples, modulo 1, lie everywhere evenly */
#define MANY_ROWS    100 /* of a process: then it hardly matters which process gets the last one */

struct forecast {
    const struct plan *plan;
    const struct results *results; /* whose complete points are left out; NULL: none is */
    unsigned jobs;
    struct probe *probes; /* by point */
    bool *probed;
    size_t probed_count;
    struct probe usual; /* for those that are not */
};

struct schedule { /* rows on processes, each to the first that is free */
    unsigned jobs;
    size_t rows;
    double all_s, *busy_s; /* by process */
};

static void say_seconds(FILE *out, const char *before, sim_time time, const char *after)
{
    fprintf(out, "%s%.10g s%s", before, (double)time / (double)SIM_SECOND, after);
}

static bool is_left(const struct forecast *forecast, size_t at)
{
    return forecast->results == NULL || !forecast->results->points[at].complete;
}

static void probe(struct forecast *forecast, size_t at, struct keep *keep, double seconds,
                  double *columns)
{
    const struct plan *const plan = forecast->plan;
    struct probe *const its = &forecast->probes[at];
    *its = probe_point(plan, &plan->points[at], keep, seconds, columns);
    forecast->probed[at] = true;
    forecast->usual.fixed_s += its->fixed_s;
    forecast->usual.per_second_s += its->per_second_s;
    if (forecast->probed_count++ > 0) /* the first has found nothing of what many share */
        forecast->usual.shared_s += its->shared_s;
}

/* Every point, or points from everywhere until the time is up. */
static void probe_all(struct forecast *forecast, double *columns)
{
    const size_t count = forecast->plan->count;
    const double start = probe_cpu_s();
    const double share = PROBES_S / (double)count;
    const double seconds = fmin(fmax(share, PROBE_LEAST_S), PROBE_S);
    struct keep keep;
    keep_init(&keep);
    for (size_t i = 0; i < 2 * count; i++) {
        const double turn = ((double)i + 0.5) * GOLDEN_RATIO;
        const size_t at = (size_t)((turn - floor(turn)) * (double)count);
        if (forecast->probed_count > 0 && probe_cpu_s() - start > PROBES_S)
            break;
        if (is_left(forecast, at) && !forecast->probed[at])
            probe(forecast, at, &keep, seconds, columns);
    }
    keep_free(&keep);
    struct probe *const usual = &forecast->usual;
    usual->fixed_s /= fmax(1, (double)forecast->probed_count);
    usual->per_second_s /= fmax(1, (double)forecast->probed_count);
    usual->shared_s /= fmax(1, (double)forecast->probed_count - 1);
}

static void schedule_init(struct schedule *schedule, unsigned jobs, struct arena *arena)
{
    *schedule = (struct schedule){.jobs = jobs, .busy_s = ARENA_ARRAY(arena, double, jobs)};
}

static void add_rows(struct schedule *schedule, double seconds, size_t count)
{
    schedule->all_s += (double)count * seconds;
    schedule->rows += count;
    if (schedule->rows > MANY_ROWS * (size_t)schedule->jobs)
        return;
    for (size_t i = 0; i < count; i++) {
        double *first = schedule->busy_s;
        for (unsigned j = 1; j < schedule->jobs; j++)
            if (schedule->busy_s[j] < *first)
                first = &schedule->busy_s[j];
        *first += seconds;
    }
}

static double schedule_end(const struct schedule *schedule)
{
    double last = 0;
    if (schedule->rows > MANY_ROWS * (size_t)schedule->jobs)
        return schedule->all_s / schedule->jobs;
    for (unsigned j = 0; j < schedule->jobs; j++)
        last = fmax(last, schedule->busy_s[j]);
    return last;
}

/* A warm-up that is chosen may take up to half of the duration. */
static sim_time run_time(const struct plan_point *point)
{
    return pilot_is_wanted(point) ? point->span.duration + point->span.duration / 4
                                  : plan_end(point);
}

static size_t runs_of(const struct plan_point *point, bool most)
{
    return most && point->span.precision > 0 ? point->span.replications_max
                                             : point->span.replications;
}

static void add_point(struct schedule *schedule, const struct forecast *forecast, size_t at,
                      bool most)
{
    const struct plan_point *const point = &forecast->plan->points[at];
    const struct probe *const its = forecast->probed[at] ? &forecast->probes[at] : &forecast->usual;
    const double run_s = probe_run_s(its, run_time(point));
    const size_t runs = runs_of(point, most);
    const size_t first = runs < schedule->jobs ? runs : schedule->jobs;
    if (pilot_is_wanted(point))
        add_rows(schedule, probe_run_s(its, point->span.duration), point->pilots);
    add_rows(schedule, run_s + its->shared_s, first);
    add_rows(schedule, run_s, runs - first);
}

/* On how many processes, in the end. */
static double add_up(const struct forecast *forecast, bool most, unsigned *jobs)
{
    struct arena arena;
    struct schedule schedule;
    arena_init(&arena);
    schedule_init(&schedule, forecast->jobs, &arena);
    for (size_t at = 0; at < forecast->plan->count; at++)
        if (is_left(forecast, at))
            add_point(&schedule, forecast, at, most);
    const double end = schedule_end(&schedule);
    *jobs = schedule.rows < schedule.jobs ? (unsigned)schedule.rows : schedule.jobs;
    arena_free(&arena);
    return end;
}

/* besides_s: that comes after all runs. */
static void say_time(const struct forecast *forecast, double besides_s, FILE *out)
{
    char text[32];
    unsigned jobs;
    const double least = add_up(forecast, false, &jobs) + besides_s;
    fprintf(out, "; about %s", progress_time(text, fmax(least, SHOWN_LEAST_S)));
    if (forecast->plan->seeks_precision) {
        const double most = add_up(forecast, true, &jobs) + besides_s;
        fprintf(out, " to %s", progress_time(text, fmax(most, SHOWN_LEAST_S)));
    }
    fprintf(out, " on %u %s", jobs, jobs == 1 ? "process" : "processes");
}

static void forecast_init(struct forecast *forecast, const struct plan *plan, unsigned jobs,
                          struct arena *arena)
{
    *forecast = (struct forecast){.plan = plan,
                                  .jobs = jobs,
                                  .probes = ARENA_ARRAY(arena, struct probe, plan->count),
                                  .probed = ARENA_ARRAY(arena, bool, plan->count)};
}

/* What is run beside a run that looks as this one does at the end of its piece. */
static double alternatives_s(const struct forecast *forecast, double *columns, struct arena *arena)
{
    const struct model *const model = forecast->plan->model;
    const struct plan_point *const point = &forecast->plan->points[0];
    const struct estimates *const estimates =
        estimate_columns(arena, model->columns, model->column_count, &columns, 1);
    const size_t runs = runs_of(point, false);
    struct schedule schedule;
    schedule_init(&schedule, forecast->jobs, arena);
    add_rows(&schedule, probe_run_s(&forecast->probes[0], run_time(point)),
             alternatives_count(forecast->plan, estimates, arena) *
                 (runs < ALTERNATIVES_REPLICATIONS_MAX ? runs : ALTERNATIVES_REPLICATIONS_MAX));
    return schedule_end(&schedule);
}

static void say_time_of_run(const struct plan *plan, unsigned jobs, bool summed_up, FILE *out)
{
    struct arena arena;
    struct forecast forecast;
    arena_init(&arena);
    double *const columns = ARENA_ARRAY(&arena, double, plan->model->column_count);
    forecast_init(&forecast, plan, jobs, &arena);
    probe_all(&forecast, columns);
    say_time(&forecast, summed_up ? alternatives_s(&forecast, columns, &arena) : 0, out);
    arena_free(&arena);
}

void forecast_run(const struct plan *plan, unsigned jobs, bool summed_up, FILE *out)
{
    const struct plan_point *const point = &plan->points[0];
    const bool endless = plan_work(point) == SIM_NEVER;
    fprintf(out, "%s: %zu %s with seed %" PRIu64 ", simulated time ", plan->scenario,
            point->span.replications, point->span.replications == 1 ? "run" : "runs",
            point->span.seed);
    if (pilot_is_wanted(point))
        say_seconds(out, "", point->span.duration,
                    " after a warm-up that as long pilot runs choose");
    else if (endless)
        fputs("until nothing is left to do", out);
    else
        say_seconds(out, "", plan_end(point), "");
    if (point->span.warm_up > 0 && !pilot_is_wanted(point))
        say_seconds(out, ", the first ", point->span.warm_up, " as warm-up");
    if (!endless)
        say_time_of_run(plan, jobs, summed_up, out);
    putc('\n', out);
}

static void say_points(const struct forecast *forecast, FILE *out)
{
    const struct plan *const plan = forecast->plan;
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_point *const point = &plan->points[i];
        fprintf(out, "point %zu:", point->index);
        for (size_t v = 0; v < plan->swept_count; v++)
            fprintf(out, "%s %s %s", v > 0 ? "," : "", plan->swept[v], point->values[v]);
        if (is_left(forecast, i))
            fprintf(out, "; %zu %s\n", point->span.replications,
                    point->span.replications == 1 ? "run" : "runs");
        else
            fputs("; done\n", out);
    }
}

static void say_time_of_sweep(struct forecast *forecast, size_t left, FILE *out)
{
    probe_all(forecast, NULL);
    say_time(forecast, 0, out);
    if (forecast->probed_count == left)
        fputs(", by a short piece of each point\n", out);
    else
        fprintf(out, ", by short pieces of %zu points\n", forecast->probed_count);
}

void forecast_sweep(const struct results *results, unsigned jobs, FILE *out)
{
    const struct plan *const plan = results->plan;
    size_t runs = 0, left = 0;
    bool endless = false;
    struct arena arena;
    struct forecast forecast;
    arena_init(&arena);
    forecast_init(&forecast, plan, jobs, &arena);
    forecast.results = results;
    for (size_t i = 0; i < plan->count; i++) {
        if (!is_left(&forecast, i))
            continue;
        endless = endless || plan_work(&plan->points[i]) == SIM_NEVER;
        runs += plan->points[i].span.replications;
        left++;
    }
    say_points(&forecast, out);
    fprintf(out, "%s: %zu points", plan->scenario, plan->count);
    if (plan->count < plan->total)
        fprintf(out, " of %zu", plan->total);
    fprintf(out, ", %zu runs%s", runs,
            plan->seeks_precision ? ", and more where run.precision needs them" : "");
    if (endless)
        fputs("; how long they take is not known beforehand: they end when nothing is left to do\n",
              out);
    else if (runs == 0)
        fputs("; nothing to do\n", out);
    else
        say_time_of_sweep(&forecast, left, out);
    arena_free(&arena);
}

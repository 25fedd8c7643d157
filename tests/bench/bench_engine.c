/*
 * bench_engine.c - how fast the kernel is: `name value unit`, one line per figure.
 *
 * CPU time of one core, the median of REPETITIONS. Run by hand; quote ratios rather than digits,
 * since machines drift. M/M/1 stands beside a bare loop that makes the same draws and keeps the
 * same statistics by Lindley's recursion, without an engine.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/core/arena.h"
#include "sim/core/calendar.h"
#include "sim/core/dist.h"
#include "sim/core/rng.h"
#include "sim/core/tally.h"
#include "tests/bench/bench.h"

#define REPETITIONS   5
#define CUSTOMERS     4000000
#define HOLDS         10000000
#define DRAWS         10000000
#define MEAN_GAP      1250.0 /* ns; the server is busy 80 % of the time */
#define MEAN_SERVICE  1000.0
#define QUEUE_LENGTHS 65536 /* a power of two, longer than any queue here grows */

enum queue_way { BY_ARMING, BY_SKIPPING };

struct queue {
    struct timer arrival, service;
    struct rng gaps, services;
    int64_t arrived, served;
    enum queue_way way;
    sim_time since[QUEUE_LENGTHS]; /* when customer i % QUEUE_LENGTHS arrived */
    struct tally waits;
};

/* One stream for all, at an address that does not depend on which timer fires, as in the published
 * measurements that this one is compared with. */
static struct rng hold_rng;

static volatile double sink; /* so that no loop is optimised away */

static sim_time draw_time(struct rng *rng, double mean)
{
    return (sim_time)(mean * rng_exponential(rng) + 0.5);
}

static void serve(struct queue *queue, struct calendar *cal)
{
    const sim_time since = queue->since[queue->served % QUEUE_LENGTHS];
    tally_add(&queue->waits, (double)(cal->now - since));
    calendar_arm(cal, &queue->service, cal->now + draw_time(&queue->services, MEAN_SERVICE));
}

static void on_arrival(struct calendar *cal, struct timer *timer)
{
    struct queue *const queue = TIMER_OWNER(timer, struct queue, arrival);
    for (;;) {
        queue->since[queue->arrived % QUEUE_LENGTHS] = cal->now;
        queue->arrived++;
        if (queue->arrived - queue->served == 1)
            serve(queue, cal);
        if (queue->arrived == CUSTOMERS)
            return;
        const sim_time next = cal->now + draw_time(&queue->gaps, MEAN_GAP);
        if (queue->way == BY_ARMING || !calendar_skip_to(cal, timer, next)) {
            calendar_arm(cal, timer, next);
            return;
        }
    }
}

static void on_service(struct calendar *cal, struct timer *timer)
{
    struct queue *const queue = TIMER_OWNER(timer, struct queue, service);
    queue->served++;
    CHECK(queue->arrived - queue->served < QUEUE_LENGTHS);
    if (queue->arrived > queue->served)
        serve(queue, cal);
}

static double run_queue(enum queue_way way)
{
    struct arena arena;
    arena_init(&arena);
    struct calendar cal;
    calendar_init(&cal, &arena, 2);
    struct queue *const queue = ARENA_NEW(&arena, struct queue);
    queue->way = way;
    const struct rng_seed seed = {1, 0};
    rng_init(&queue->gaps, seed, 0, 0, 0);
    rng_init(&queue->services, seed, 1, 0, 0);
    calendar_add(&cal, &queue->arrival, on_arrival);
    calendar_add(&cal, &queue->service, on_service);
    calendar_arm(&cal, &queue->arrival, draw_time(&queue->gaps, MEAN_GAP));

    const double start = bench_cpu_seconds();
    calendar_run(&cal, SIM_NEVER);
    const double seconds = bench_cpu_seconds() - start;

    sink = tally_mean(&queue->waits);
    const double rate = (double)cal.fired / seconds;
    arena_free(&arena);
    return 1e-6 * rate;
}

static double mm1_armed(int argument)
{
    (void)argument;
    return run_queue(BY_ARMING);
}

static double mm1_skipping(int argument)
{
    (void)argument;
    return run_queue(BY_SKIPPING);
}

static double mm1_bare(int argument)
{
    (void)argument;
    const struct rng_seed seed = {1, 0};
    struct rng gaps;
    struct rng services;
    rng_init(&gaps, seed, 0, 0, 0);
    rng_init(&services, seed, 1, 0, 0);

    const double start = bench_cpu_seconds();
    struct tally waits = {0};
    sim_time now = 0;
    sim_time free = 0;
    for (int i = 0; i < CUSTOMERS; i++) {
        now += draw_time(&gaps, MEAN_GAP);
        const sim_time begin = free > now ? free : now;
        tally_add(&waits, (double)(begin - now));
        free = begin + draw_time(&services, MEAN_SERVICE);
    }
    const double seconds = bench_cpu_seconds() - start;
    sink = tally_mean(&waits);
    return 1e-6 * 2 * CUSTOMERS / seconds;
}

static void on_hold(struct calendar *cal, struct timer *timer)
{
    calendar_arm(cal, timer, cal->now + draw_time(&hold_rng, 1e6));
}

/* Every timer that fires is armed again: the classic measure of an event queue. */
static double hold(int timers)
{
    struct arena arena;
    arena_init(&arena);
    struct calendar cal;
    calendar_init(&cal, &arena, (uint32_t)timers);
    rng_init(&hold_rng, (struct rng_seed){2, 0}, 0, 0, 0);
    struct timer *const held = ARENA_ARRAY(&arena, struct timer, timers);
    for (int i = 0; i < timers; i++) {
        calendar_add(&cal, &held[i], on_hold);
        calendar_arm(&cal, &held[i], draw_time(&hold_rng, 1e6));
    }
    const double start = bench_cpu_seconds();
    calendar_run(&cal, (sim_time)(1e6 * HOLDS / timers));
    const double seconds = bench_cpu_seconds() - start;
    const double each = 1e9 * seconds / (double)cal.fired;
    arena_free(&arena);
    return each;
}

static double draw_exponential(int argument)
{
    (void)argument;
    struct rng rng;
    rng_init(&rng, (struct rng_seed){3, 0}, 0, 0, 0);
    double sum = 0;
    const double start = bench_cpu_seconds();
    for (int i = 0; i < DRAWS; i++)
        sum += rng_exponential(&rng);
    const double seconds = bench_cpu_seconds() - start;
    sink = sum;
    return 1e9 * seconds / DRAWS;
}

/* The state where models keep it: in an object that the loop cannot keep in registers. */
static double draw_exponential_object(int argument)
{
    (void)argument;
    struct arena arena;
    arena_init(&arena);
    struct rng *const rng = ARENA_NEW(&arena, struct rng);
    rng_init(rng, (struct rng_seed){3, 0}, 0, 0, 0);
    const double start = bench_cpu_seconds();
    for (int i = 0; i < DRAWS; i++)
        sink = rng_exponential(rng);
    const double seconds = bench_cpu_seconds() - start;
    arena_free(&arena);
    return 1e9 * seconds / DRAWS;
}

static double draw_alias(int count)
{
    struct arena arena;
    arena_init(&arena);
    double *const weights = ARENA_ARRAY(&arena, double, count);
    for (int i = 0; i < count; i++)
        weights[i] = 1.0 / (i + 1);
    struct alias alias;
    alias_init(&alias, &arena, weights, (size_t)count);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){4, 0}, 0, 0, 0);
    uint64_t sum = 0;
    const double start = bench_cpu_seconds();
    for (int i = 0; i < DRAWS; i++)
        sum += alias_draw(&alias, &rng);
    const double seconds = bench_cpu_seconds() - start;
    sink = (double)sum;
    arena_free(&arena);
    return 1e9 * seconds / DRAWS;
}

static double draw_dist(int family)
{
    struct arena arena;
    arena_init(&arena);
    const struct dist_spec spec = {.family = (enum dist_family)family, .mean = 500, .cv = 1.2};
    const struct dist *const dist = dist_new(&arena, &spec);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){5, 0}, 0, 0, 0);
    int64_t sum = 0;
    const double start = bench_cpu_seconds();
    for (int i = 0; i < DRAWS; i++)
        sum += dist_draw_whole(dist, &rng);
    const double seconds = bench_cpu_seconds() - start;
    sink = (double)sum;
    arena_free(&arena);
    return 1e9 * seconds / DRAWS;
}

static double build_dist(int family)
{
    struct arena arena;
    arena_init(&arena);
    const struct dist_spec spec = {.family = (enum dist_family)family, .mean = 500, .cv = 1.2};
    const double start = bench_cpu_seconds();
    dist_new(&arena, &spec);
    const double seconds = bench_cpu_seconds() - start;
    arena_free(&arena);
    return 1e6 * seconds;
}

static const struct figure {
    const char *name;
    double (*measure)(int argument);
    int argument;
    const char *unit;
} figures[] = {
    {"mm1", mm1_armed, 0, "M-events/s"},
    {"mm1-skipping", mm1_skipping, 0, "M-events/s"},
    {"mm1-bare-loop", mm1_bare, 0, "M-events/s"},
    {"hold-2", hold, 2, "ns"},
    {"hold-16", hold, 16, "ns"},
    {"hold-64", hold, 64, "ns"},
    {"hold-256", hold, 256, "ns"},
    {"hold-1024", hold, 1024, "ns"},
    {"draw-exponential", draw_exponential, 0, "ns"},
    {"draw-exponential-object", draw_exponential_object, 0, "ns"},
    {"draw-alias-240", draw_alias, 240, "ns"},
    {"draw-constant", draw_dist, DIST_CONSTANT, "ns"},
    {"draw-lognormal", draw_dist, DIST_LOGNORMAL, "ns"},
    {"draw-gamma", draw_dist, DIST_GAMMA, "ns"},
    {"build-lognormal", build_dist, DIST_LOGNORMAL, "us"},
    {"build-gamma", build_dist, DIST_GAMMA, "us"},
};

int main(void)
{
    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
        double values[REPETITIONS];
        for (int j = 0; j < REPETITIONS; j++)
            values[j] = figures[i].measure(figures[i].argument);
        printf("%s %.3g %s\n", figures[i].name, bench_median(values, REPETITIONS), figures[i].unit);
        fflush(stdout);
    }
    return 0;
}

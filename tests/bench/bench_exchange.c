/*
 * bench_exchange.c - what a record costs from the source over the keyed exchange into the hands of
 * its function: `name value unit`, one line per figure.
 *
 * CPU time of one core, the median of REPETITIONS. Run by hand; quote ratios rather than digits,
 * since machines drift.
 */
#include <stdio.h>
#include <sys/resource.h>

#include "models/params/settings.h"
#include "tests/bench/bench.h"
#include "tests/models/flink/job.h"

#define REPETITIONS 5
#define RECORDS     5000000

static volatile int64_t sink; /* so that no loop is optimised away */

/* The draws alone. */
static double draw(int32_t parallelism)
{
    struct job job;
    job_begin(&job, parallelism);
    const struct load *const load =
        load_new(&job.arena, settings_load(&job.arena, &job.params), false);
    struct source *const source = source_new(&job.arena, load, (struct rng_seed){1, 0}, 0);
    int64_t sum = 0;
    const double start = bench_cpu_seconds();
    for (int64_t i = 0; i < RECORDS; i++) {
        int64_t emit;
        sum += source_next(source, &emit) + source->class->owner;
        source_pass(source);
    }
    const double seconds = bench_cpu_seconds() - start;
    sink = sum;
    job_end(&job);
    return 1e9 * seconds / RECORDS;
}

/* `source` and `function`: ns that a record takes there; the slower side decides. */
static double pass(int32_t parallelism, double source, sim_time function)
{
    struct job job;
    job_begin(&job, parallelism);
    job.model.record = job_cost(source);
    job_start(&job, function);
    const double slower = source > (double)function ? source : (double)function;
    const double start = bench_cpu_seconds();
    calendar_run(&job.cal, (sim_time)(slower * RECORDS / parallelism));
    const double seconds = bench_cpu_seconds() - start;
    const double records = (double)job_read(&job);
    job_end(&job);
    return 1e9 * seconds / records;
}

static void report(const char *name, double (*measure)(void))
{
    double figures[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++)
        figures[i] = measure();
    printf("%s %.2f ns/record\n", name, bench_median(figures, REPETITIONS));
}

static double draws(void)
{
    return draw(24);
}

/* 40,000 records/s of the job: buffers leave with 7 records, at the flush. */
static double quiet(void)
{
    return pass(24, 24 * 25e3, 0);
}

/* The sources are the bottleneck, buffers are full. */
static double fast(void)
{
    return pass(24, 1e3, 0);
}

/* The functions are, and all channels are full. */
static double backpressured(void)
{
    return pass(24, 1e3, 25000);
}

static double wide(void)
{
    return pass(240, 10e3, 0);
}

int main(void)
{
    report("source-draws-24", draws);
    report("exchange-24-partial-buffers", quiet);
    report("exchange-24-full-buffers", fast);
    report("exchange-24-backpressured", backpressured);
    report("exchange-240-full-buffers", wide);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("exchange-resident-max %ld KiB\n", usage.ru_maxrss);
    return 0;
}

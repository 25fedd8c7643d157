/*
 * fanout.c - the model as a study sees it.
 */
#include "models/fanout.h"

#include "models/commands.h"
#include "models/import/layers.h"
#include "models/params/relations.h"
#include "models/report/by.h"
#include "models/report/machine.h"
#include "models/report/observe.h"
#include "models/report/results_version.h"
#include "models/report/summary.h"
#include "sim/core/check.h"

/* A trace has no warm-up and lasts until everything is acknowledged; only an explicit duration cuts
 * it short, which relations_check() has settled. */
static struct model_span span(const void *params)
{
    const struct fanout_params *const p = params;
    return (struct model_span){.warm_up = p->warm_up,
                               .duration = p->duration,
                               .sample = p->sample,
                               .seed = (uint64_t)p->seed,
                               .replications = (size_t)p->replications,
                               .precision = p->precision,
                               .replications_max = (size_t)p->replications_max};
}

static void *build(struct arena *arena, const void *params, struct rng_seed seed, const char *logs)
{
    struct world *const world = world_new(arena, params, seed, logs != NULL, false);
    if (logs != NULL)
        log_init(world->log, logs);
    return world;
}

static double need(const void *params)
{
    return world_bytes(params);
}

static sim_time advance(void *world, sim_time until)
{
    return world_advance(world, until);
}

static void forget(void *world)
{
    world_forget(world);
}

static void observe(void *world, double *columns)
{
    observe_columns(world, columns);
}

static void release(void *world)
{
    world_release(world);
}

static void watch(void *world, struct model_watch *watched)
{
    observe_watched(world, watched);
}

enum fanout_log {
    LOG_BATCHES,
    LOG_STALLS,
    LOG_FLUSHES,
    LOG_METRICS,
    LOG_CHECKPOINTS,
    LOG_BROKERS,
    LOG_FAILURES,
    LOG_TIMELINE,
    LOG_COUNT
};

static const char *const log_names[] = {
    [LOG_BATCHES] = "batches.csv",
    [LOG_STALLS] = "stalls.csv",
    [LOG_FLUSHES] = "flushes.csv",
    [LOG_METRICS] = "metrics.csv",
    [LOG_CHECKPOINTS] = "checkpoints.csv",
    [LOG_BROKERS] = "brokers.csv",
    [LOG_FAILURES] = "failures.csv",
    [LOG_TIMELINE] = "timeline.csv",
    [LOG_COUNT] = NULL,
};

static void write_log(void *opaque, size_t index, FILE *out)
{
    struct world *const world = opaque;
    switch ((enum fanout_log)index) {
    case LOG_BATCHES:
        log_write_batches(world->log, &world->params->topics, out);
        break;
    case LOG_STALLS:
        log_write_stalls(world->log, out);
        break;
    case LOG_FLUSHES:
        log_write_flushes(world->log, out);
        break;
    case LOG_METRICS:
        observe_write_metrics(world, out);
        break;
    case LOG_CHECKPOINTS:
        log_write_checkpoints(world->log, out);
        break;
    case LOG_BROKERS:
        observe_write_brokers(world, out);
        break;
    case LOG_FAILURES:
        log_write_failures(world->log, &world->params->topics, out);
        break;
    case LOG_TIMELINE:
        log_write_timeline(world->log, &world->params->topics, out);
        break;
    case LOG_COUNT:
        CHECK(false);
    }
}

static void write_series(void *world, FILE *out)
{
    observe_write_series(world, out);
}

static const struct model_manual manual = {
    .date = FANOUT_SIM_DATE,
    .summary = "simulates the Kafka producers of a Flink job",
    .about = "Simulates the Kafka producers of a Flink or StateFun job, batch for batch as the "
             "real Java client behaves, and the\n"
             "job around them: sources, exchanges, checkpoints, brokers, failover. So batch.size, "
             "linger.ms, buffer.memory,\n"
             "parallelism and the number of producers can be tuned offline.\n"
             "\n"
             "A scenario says what the job and its load are. A run ends with a screen that says "
             "what limits it and the figures\n"
             "that say so; a sweep varies parameters and writes a CSV with a row for each point. "
             "Results depend on scenario,\n"
             "seed and version alone.\n",
    .example = "topics:\n"
               "  - {name: \"events.t%02d\", count: 20, partitions: 12}\n"
               "load: {rate: 240k/s}\n"
               "job: {parallelism: 24}\n"
               "producer: {batch.size: 131072, linger.ms: 30, compression.type: lz4}\n"
               "costs: {preset: typical}\n"
               "sweep:\n"
               "  linger.ms: [5, 30, 100]",
};

static const struct command_words words = {
    .scenario = "20x12", .set = "duration=2s", .sweep = "linger.ms=5,30,100"};

static const char *const headlines[] = {
    "bottleneck",       "request-rate",    "records-per-batch-avg",   "latency-p50",
    "pinned-bytes-max", "next-limit-used", "mailbox-utilisation-max", NULL};

const struct model fanout_model = {
    .name = "fanout-sim",
    .version = FANOUT_SIM_VERSION,
    .results_version = RESULTS_VERSION,
    .params_bytes = sizeof(struct fanout_params),
    .params = &fanout_param_table,
    .columns = fanout_columns,
    .column_count = COLUMN_COUNT,
    .commands = fanout_commands,
    .command_count = FANOUT_COMMANDS,
    .options = fanout_options,
    .option_count = FANOUT_OPTIONS,
    .headlines = headlines,
    .dimensions = by_dimensions,
    .dimension_count = BY_DIMENSIONS,
    .words = &words,
    .manual = &manual,
    .foreign = layers_foreign,
    .beneath = layers_beneath,
    .overlay = layers_overlay,
    .check = relations_check,
    .span = span,
    .need = need,
    .build = build,
    .advance = advance,
    .forget = forget,
    .observe = observe,
    .release = release,
    .watched = observe_watched_names,
    .watch = watch,
    .log_names = log_names,
    .write_log = write_log,
    .series_header = OBSERVE_SERIES_HEADER,
    .write_series = write_series,
    .alternative = machine_alternative,
    .summarize = summary_print,
};

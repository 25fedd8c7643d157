/*
 * figures.c - a table of the metrics that a run has too.
 */
#include "models/calibrate/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/calibrate/figures_flink.h"

/* What a model that is good may be off by. */
#define OFF_SHARE  0.05 /* of a figure */
#define OFF_LINEAR 0.03 /* of a share of time that may be 0 */
#define LEAST_MS   0.05

/* A client's windows are full after so long. */
#define WINDOW_S 60.0

enum row_kind {
    ROW_AVERAGE, /* over all samples */
    ROW_RATE,    /* a total per second */
    ROW_SHARE    /* ns of a total per ns and producer */
};

static const struct row {
    const char *metric; /* without -total */
    enum row_kind kind;
    enum fanout_column column;
    const char *gauge; /* the client's own, over windows */
    enum figure_scale scale;
    double rounded; /* the metric is a multiple of this, and may be off by half of it */
    bool shown;     /* only */
} rows[] = {
    {"record-send", ROW_RATE, COLUMN_record_send_rate, "record-send-rate", FIGURE_LOG, 0, false},
    {"request", ROW_RATE, COLUMN_request_rate, "request-rate", FIGURE_LOG, 0, false},
    {"batch-size-avg", ROW_AVERAGE, COLUMN_batch_size_avg, NULL, FIGURE_LOG, 0, false},
    {"records-per-request-avg", ROW_AVERAGE, COLUMN_records_per_request_avg, NULL, FIGURE_LOG, 0,
     false},
    {"record-queue-time-avg", ROW_AVERAGE, COLUMN_record_queue_time_avg, NULL, FIGURE_LOG, 0,
     false},
    {"request-latency-avg", ROW_AVERAGE, COLUMN_request_latency_avg, NULL, FIGURE_LOG, 0, false},
    {"bufferpool-wait-time-ns", ROW_SHARE, COLUMN_blocked_ratio, "bufferpool-wait-ratio",
     FIGURE_LINEAR, 0, false},
    {"io-wait-time-ns", ROW_SHARE, COLUMN_io_wait_ratio, "io-wait-ratio", FIGURE_REST_LOG, 0,
     false},
    {"latency-p50", ROW_AVERAGE, COLUMN_latency_p50, NULL, FIGURE_LOG, 1, false},
    /* The first second of a Java program is in all of these. */
    {"latency-avg", ROW_AVERAGE, COLUMN_latency_avg, NULL, FIGURE_LOG, 0, true},
    {"latency-p95", ROW_AVERAGE, COLUMN_latency_p95, NULL, FIGURE_LOG, 1, true},
    {"latency-p99", ROW_AVERAGE, COLUMN_latency_p99, NULL, FIGURE_LOG, 1, true},
    {"latency-p999", ROW_AVERAGE, COLUMN_latency_p999, NULL, FIGURE_LOG, 1, true},
    {"compression-rate-avg", ROW_AVERAGE, COLUMN_compression_rate_avg, NULL, FIGURE_LOG, 0, true},
};

/* Of the client's metrics those that producer-node-metrics has too. Flink has one gauge for both:
 * which one it shows hangs on the order of a hash map and on the bootstrap connection. An average
 * of node -1 has no value, so that one can be seen. */
static const char *const twice[] = {"request",          "request-rate",      "request-latency-max",
                                    "request-size-avg", "request-size-max",  "response",
                                    "response-rate",    "incoming-byte",     "incoming-byte-rate",
                                    "outgoing-byte",    "outgoing-byte-rate"};

struct search {
    struct figures *figures;
    struct diag *diag;
    const struct metrics *metrics, *before;
    double elapsed_s;
    double age_s; /* of the client at most, as its totals and rates say; NaN: they do not */
    enum metric_group group; /* whose metrics count */
};

static bool is_twice(const char *name)
{
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
        if (strcmp(name, twice[i]) == 0)
            return true;
    return false;
}

static bool is_usable(const struct search *search, const struct metric *metric, const char *name)
{
    return metric->group == search->group && strcmp(metric->name, name) == 0 &&
           !(metric->group == METRIC_FLINK && is_twice(name));
}

/* The first of that name that counts; NULL: there is none. */
static const struct metric *find(const struct search *search, const char *name)
{
    for (size_t i = 0; i < search->metrics->count; i++)
        if (is_usable(search, &search->metrics->list[i], name))
            return &search->metrics->list[i];
    return NULL;
}

static double sum_in(const struct search *search, const struct metrics *metrics, const char *name)
{
    double sum = 0;
    for (size_t i = 0; metrics != NULL && i < metrics->count; i++)
        if (is_usable(search, &metrics->list[i], name))
            sum += metrics->list[i].value;
    return sum;
}

/* What its owner has sent; 1 where nobody says. */
static double weight_of(const struct search *search, const struct metric *metric)
{
    for (size_t i = 0; i < search->metrics->count; i++) {
        const struct metric *const other = &search->metrics->list[i];
        if (is_usable(search, other, "record-send") && strcmp(other->owner, metric->owner) == 0)
            return other->value;
    }
    return 1;
}

/* Over all owners, by what each has sent. */
static double average_of(const struct search *search, const char *name)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < search->metrics->count; i++) {
        const struct metric *const metric = &search->metrics->list[i];
        if (!is_usable(search, metric, name))
            continue;
        const double weight = weight_of(search, metric);
        sum += weight * metric->value;
        weights += weight;
    }
    return sum / weights;
}

static double off_of(const struct row *row, double measured)
{
    if (row->scale == FIGURE_LINEAR)
        return OFF_LINEAR;
    return hypot(OFF_SHARE, row->rounded > 0 ? row->rounded / (2 * measured + row->rounded) : 0);
}

static void add(struct search *search, const struct row *row, const char *name, double measured)
{
    const bool is_time = strcmp(fanout_columns[row->column].unit, "ms") == 0;
    const double least = is_time ? fmax(LEAST_MS, row->rounded / 2) : 1e-3;
    for (size_t i = 0; i < search->figures->count; i++)
        if (search->figures->list[i].column == row->column)
            return;
    search->figures->list[search->figures->count++] = (struct figure){
        .column = row->column,
        .name = name,
        .measured = measured,
        .scale = row->scale,
        .least = row->scale == FIGURE_LINEAR ? 0 : least,
        .off = off_of(row, measured),
        .fitted = !row->shown,
    };
}

/* From a total: true if there is one that can be used. */
static bool take_total(struct search *search, const struct row *row)
{
    const struct metric *const metric = find(search, row->metric);
    if (metric == NULL || isnan(search->elapsed_s))
        return false;
    const double total =
        sum_in(search, search->metrics, row->metric) - sum_in(search, search->before, row->metric);
    const double share = 1e-9 / (double)search->figures->owners;
    add(search, row, metric->written,
        total / search->elapsed_s * (row->kind == ROW_SHARE ? share : 1));
    return true;
}

static void take_gauge(struct search *search, const struct row *row)
{
    const struct metric *const metric = find(search, row->gauge);
    const double share = 1 / (double)search->figures->owners;
    if (metric == NULL)
        return;
    if (search->age_s < WINDOW_S) {
        diag_note(search->diag, metric->place,
                  "%s is not used: the client is younger than its window of a minute, so this is "
                  "too low; elapsed=TIME behind the file says over how long the totals count",
                  metric->written);
        return;
    }
    add(search, row, metric->written,
        sum_in(search, search->metrics, row->gauge) * (row->kind == ROW_SHARE ? share : 1));
}

static void take_row(struct search *search, const struct row *row)
{
    if (row->kind != ROW_AVERAGE) {
        if (!take_total(search, row))
            take_gauge(search, row);
        return;
    }
    const struct metric *const metric = find(search, row->metric);
    if (metric != NULL)
        add(search, row, metric->written, average_of(search, row->metric));
}

static void refuse_twice(const struct search *search)
{
    for (size_t i = 0; i < search->metrics->count; i++) {
        const struct metric *const metric = &search->metrics->list[i];
        if (metric->group == METRIC_FLINK && is_twice(metric->name))
            diag_note(search->diag, metric->place,
                      "%s is not used: the client has this name twice, for itself and for each "
                      "node, and which of them Flink shows is chance",
                      metric->written);
    }
}

/* Names of our own, as in a CSV of results. */
static void take_columns(struct search *search)
{
    for (size_t i = 0; i < search->metrics->count; i++) {
        const struct metric *const metric = &search->metrics->list[i];
        if (metric->group != METRIC_PLAIN || metric->total)
            continue;
        for (int c = 0; c < COLUMN_COUNT; c++) {
            const struct column *const column = &fanout_columns[c];
            const bool is_mean = column->words == NULL &&
                                 (column->kind == COLUMN_MEAN || column->kind == COLUMN_QUANTILE);
            const bool is_share = strstr(column->name, "-ratio") != NULL;
            if (strcasecmp(metric->name, column->name) != 0 || !is_mean)
                continue;
            const struct row row = {.column = (enum fanout_column)c,
                                    .scale = is_share ? FIGURE_LINEAR : FIGURE_LOG};
            add(search, &row, metric->written, metric->value);
        }
    }
}

/* The client's own group rather than what stands beside it. */
static enum metric_group best_group(const struct metrics *metrics)
{
    enum metric_group best = METRIC_PLAIN;
    for (size_t i = 0; i < metrics->count; i++) {
        const enum metric_group group = metrics->list[i].group;
        if (group == METRIC_PRODUCER || (group == METRIC_FLINK && best == METRIC_PLAIN))
            best = group;
    }
    return best;
}

/* Those that have sent something, or whatever else is first. */
static size_t count_owners(const struct search *search)
{
    size_t count = 0;
    for (size_t i = 0; i < search->metrics->count; i++)
        count += is_usable(search, &search->metrics->list[i], "record-send");
    return count > 0 ? count : 1;
}

static int by_column(const void *a, const void *b)
{
    const struct figure *const one = a, *const other = b;
    return (one->column > other->column) - (one->column < other->column);
}

bool figures_find(struct figures *figures, struct arena *arena, struct diag *diag,
                  const struct metrics *metrics, const struct metrics *before, double elapsed_s)
{
    struct search search = {.figures = figures,
                            .diag = diag,
                            .metrics = metrics,
                            .before = before,
                            .elapsed_s = elapsed_s,
                            .group = best_group(metrics)};
    *figures = (struct figures){.list = ARENA_ARRAY(arena, struct figure, COLUMN_COUNT)};
    figures->owners = count_owners(&search);
    search.age_s = find(&search, "record-send-rate") == NULL || find(&search, "record-send") == NULL
                       ? NAN
                       : sum_in(&search, metrics, "record-send") /
                             sum_in(&search, metrics, "record-send-rate");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        take_row(&search, &rows[i]);
    refuse_twice(&search);
    search.group = METRIC_PLAIN;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        take_row(&search, &rows[i]);
    figures_flink(figures, diag, metrics, before, elapsed_s);
    take_columns(&search);
    qsort(figures->list, figures->count, sizeof(*figures->list), by_column);
    if (figures->count == 0)
        diag_error(diag, (struct place){.file = metrics->path},
                   "no metric that a run has too; fanout-sim columns lists those");
    return figures->count > 0;
}

static double on_scale(const struct figure *figure, double value)
{
    switch (figure->scale) {
    case FIGURE_LOG:
        return log(value + figure->least);
    case FIGURE_REST_LOG:
        return -log(1 - value + figure->least);
    case FIGURE_LINEAR:
        break;
    }
    return value;
}

double figure_residual(const struct figure *figure, double value)
{
    return (on_scale(figure, value) - on_scale(figure, figure->measured)) / figure->off;
}

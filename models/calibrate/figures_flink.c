/*
 * figures_flink.c - three kinds of tasks, three ways to spend a second.
 */
#include "models/calibrate/figures_flink.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ms of a second: about what a mean over tasks is off by. */
#define OFF_MS 30.0

enum vertex { SOURCE, FUNCTION, SINK, VERTICES };

static const struct {
    const char *accumulated, *gauge; /* as metrics_name() has them */
    enum fanout_column columns[VERTICES];
} ways[] = {
    {"accumulatebusytimems",
     "busytimemspersecond",
     {COLUMN_source_busy_avg, COLUMN_function_busy_avg, COLUMN_sink_busy_avg}},
    {"accumulatebackpressuredtimems",
     "backpressuredtimemspersecond",
     {COLUMN_source_backpressured_avg, COLUMN_function_backpressured_avg,
      COLUMN_sink_backpressured_avg}},
    {"accumulateidletimems",
     "idletimemspersecond",
     {COLUMN_source_idle_avg, COLUMN_function_idle_avg, COLUMN_sink_idle_avg}},
};

static bool begins(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

static enum vertex vertex_of(const struct metric *metric)
{
    static const char label[] = "task_name=\"";
    const char *const found = strstr(metric->owner, label);
    const char *const name = found != NULL ? found + sizeof label - 1 : metric->name;
    if (begins(name, "source"))
        return SOURCE;
    return begins(name, "sink") || begins(name, "writer") ? SINK : FUNCTION;
}

/* The name ends with it, behind whatever prefix. */
static bool is_called(const struct metric *metric, const char *name)
{
    const size_t length = strlen(metric->name), ending = strlen(name);
    const char *const rest = metric->name + (length >= ending ? length - ending : 0);
    return strcmp(rest, name) == 0 && (rest == metric->name || rest[-1] == '-');
}

struct sum {
    double sum;
    size_t count;
    const struct metric *first;
};

static struct sum sum_of(const struct metrics *metrics, const char *name, enum vertex vertex)
{
    struct sum sum = {.sum = 0};
    for (size_t i = 0; metrics != NULL && i < metrics->count; i++) {
        const struct metric *const metric = &metrics->list[i];
        if (!is_called(metric, name) || vertex_of(metric) != vertex)
            continue;
        sum.sum += metric->value;
        if (sum.count++ == 0)
            sum.first = metric;
    }
    return sum;
}

static void add(struct figures *figures, enum fanout_column column, const struct metric *metric,
                double measured)
{
    figures->list[figures->count++] = (struct figure){.column = column,
                                                      .name = metric->written,
                                                      .measured = measured,
                                                      .scale = FIGURE_LINEAR,
                                                      .off = OFF_MS,
                                                      .fitted = true};
}

void figures_flink(struct figures *figures, struct diag *diag, const struct metrics *metrics,
                   const struct metrics *before, double elapsed_s)
{
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        for (int v = 0; v < VERTICES; v++) {
            const enum vertex vertex = (enum vertex)v;
            const struct sum total = sum_of(metrics, ways[w].accumulated, vertex);
            const struct sum gauge = sum_of(metrics, ways[w].gauge, vertex);
            const double earlier = sum_of(before, ways[w].accumulated, vertex).sum;
            if (total.count > 0 && !isnan(elapsed_s))
                add(figures, ways[w].columns[v], total.first,
                    (total.sum - earlier) / elapsed_s / (double)total.count);
            else if (gauge.count > 0)
                add(figures, ways[w].columns[v], gauge.first, gauge.sum / (double)gauge.count);
            if (total.count > 0 && isnan(elapsed_s))
                diag_note(diag, total.first->place,
                          "%s is not used: nothing says over how long; elapsed=TIME behind the "
                          "file does",
                          total.first->written);
        }
    }
}

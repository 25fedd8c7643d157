/*
 * test_by.c - the parts of a run add up to the whole, and the fullest of them is the column's.
 *
 * guards: models/report/by
 */
#include <string.h>

#include "models/report/by.h"
#include "tests/run.h"

#define SUBTASKS 4
#define TOPICS   3
#define BROKERS  3

static const char *const text = "run: {duration: 5s, warm-up: 1s}\n"
                                "topics:\n"
                                "  - {name: a, partitions: 5, weight: 1}\n"
                                "  - {name: b, partitions: 1, weight: 7}\n"
                                "  - {name: c, partitions: 4, weight: 2}\n"
                                "load: {rate: 20k/s, keys: {name: \"k-%d\", count: 100, zipf: 1}}\n"
                                "job: {parallelism: 4, checkpoint: {interval: 2s}}\n"
                                "egress: {shards: 2}\n"
                                "producer: {batch.size: 16384, buffer.memory: 200kB}\n"
                                "costs: {preset: typical}\n";

static double *parts_of(struct run *run, const char *name, size_t *count, size_t *columns)
{
    const struct model_dimension *dimension = NULL;
    for (size_t i = 0; i < BY_DIMENSIONS; i++)
        if (strcmp(by_dimensions[i].name, name) == 0)
            dimension = &by_dimensions[i];
    cr_assert_not_null(dimension);
    *count = dimension->count(&run->params);
    *columns = dimension->column_count;
    double *const values = malloc(*count * *columns * sizeof *values);
    dimension->observe(run->world, values);
    return values;
}

static size_t place_of(const char *name, const char *column)
{
    for (size_t i = 0; i < BY_DIMENSIONS; i++)
        for (size_t c = 0; c < by_dimensions[i].column_count; c++)
            if (strcmp(by_dimensions[i].name, name) == 0 &&
                strcmp(by_dimensions[i].columns[c].name, column) == 0)
                return c;
    cr_assert_fail("%s has no %s", name, column);
    return 0;
}

struct found {
    double sum, most, least;
};

static struct found find(struct run *run, const char *name, const char *column)
{
    size_t count;
    size_t columns;
    const size_t at = place_of(name, column);
    double *const values = parts_of(run, name, &count, &columns);
    struct found found = {.most = values[at], .least = values[at]};
    for (size_t i = 0; i < count; i++) {
        const double value = values[i * columns + at];
        found.sum += value;
        found.most = fmax(found.most, value);
        found.least = fmin(found.least, value);
    }
    free(values);
    return found;
}

Test(by, parts_and_whole)
{
    double columns[COLUMN_COUNT];
    struct run run;
    run_read_text(&run, text);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    cr_assert_gt(columns[COLUMN_blocked_ratio_max], 0.01, "nobody waits");
    const struct {
        const char *part, *column;
        double sum, most; /* NaN: nobody says */
    } wholes[] = {
        {"subtask", "throughput", columns[COLUMN_throughput], NAN},
        {"subtask", "request-rate", columns[COLUMN_request_rate], NAN},
        {"subtask", "blocked-ratio", SUBTASKS * columns[COLUMN_blocked_ratio],
         columns[COLUMN_blocked_ratio_max]},
        {"subtask", "mailbox-utilisation", SUBTASKS * columns[COLUMN_mailbox_utilisation_avg],
         columns[COLUMN_mailbox_utilisation_max]},
        {"subtask", "busyTimeMsPerSecond", SUBTASKS * columns[COLUMN_function_busy_avg],
         columns[COLUMN_function_busy_max]},
        {"subtask", "sender-utilisation", NAN, columns[COLUMN_sender_utilisation_max]},
        {"subtask", "pinned-bytes-max", NAN, columns[COLUMN_pinned_bytes_max]},
        {"subtask", "open-slots-avg", SUBTASKS * 2 * columns[COLUMN_open_slots_avg], NAN},
        {"topic", "record-send-rate", columns[COLUMN_record_send_rate], NAN},
        {"topic", "byte-rate", columns[COLUMN_byte_rate], NAN},
        {"topic", "batch-rate", columns[COLUMN_batch_rate], NAN},
        {"partition", "record-send-rate", columns[COLUMN_record_send_rate], NAN},
        {"partition", "byte-rate", columns[COLUMN_byte_rate], NAN},
        {"partition", "batch-rate", columns[COLUMN_batch_rate], NAN},
        {"broker", "BytesInPerSec", BROKERS * columns[COLUMN_broker_bytes_in_avg],
         columns[COLUMN_broker_bytes_in_max]},
        {"broker", "request-time-avg", NAN, columns[COLUMN_broker_stay_max]},
        {"broker", "connection-utilisation-max", NAN, columns[COLUMN_connection_utilisation_max]},
    };
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
        const struct found found = find(&run, wholes[i].part, wholes[i].column);
        if (!isnan(wholes[i].sum))
            cr_expect_float_eq(found.sum, wholes[i].sum, 1e-9 * wholes[i].sum, "%s %s: %g, not %g",
                               wholes[i].part, wholes[i].column, found.sum, wholes[i].sum);
        if (!isnan(wholes[i].most))
            cr_expect_float_eq(found.most, wholes[i].most, 1e-9 * wholes[i].most,
                               "%s %s: at most %g, not %g", wholes[i].part, wholes[i].column,
                               found.most, wholes[i].most);
    }
    const struct found idle = find(&run, "broker", "RequestHandlerAvgIdlePercent");
    cr_expect_float_eq(idle.least, columns[COLUMN_broker_handler_idle_min], 1e-12);
    run_end(&run);
    run_free(&run);
}

/* Seven of ten records go to the topic b, which has one partition. */
Test(by, names_and_shares)
{
    struct run run;
    double columns[COLUMN_COUNT];
    char label[MODEL_LABEL_BYTES];
    size_t count;
    size_t width;
    run_read_text(&run, text);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    double *const topics = parts_of(&run, "topic", &count, &width);
    cr_expect_eq(count, TOPICS);
    cr_expect_float_eq(topics[width] / columns[COLUMN_record_send_rate], 0.7, 0.01);
    double *const partitions = parts_of(&run, "partition", &count, &width);
    cr_expect_eq(count, 10);
    for (size_t c = 0; c < width; c++)
        cr_expect_eq(partitions[5 * width + c], topics[width + c], "column %zu", c);
    by_dimensions[1].label(&run.params, 1, label);
    cr_expect_str_eq(label, "b");
    by_dimensions[2].label(&run.params, 5, label);
    cr_expect_str_eq(label, "b-0");
    by_dimensions[2].label(&run.params, 9, label);
    cr_expect_str_eq(label, "c-3");
    free(topics);
    free(partitions);
    run_end(&run);
    run_free(&run);
}

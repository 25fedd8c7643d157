/*
 * metrics.c - line by line; a first look says whose lines they are.
 */
#include "models/import/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/metrics_name.h"
#include "sim/input/csv.h"
#include "sim/input/file.h"

struct reader {
    struct metrics *metrics;
    struct arena *arena;
    struct diag *diag;
    struct place place; /* of the line */
};

/* Returns it, to be named and owned. */
static struct metric *add(struct reader *reader, double value)
{
    struct metrics *const metrics = reader->metrics;
    if (metrics->count == metrics->room) {
        const size_t room = metrics->room == 0 ? 64 : 2 * metrics->room;
        struct metric *const list = ARENA_ARRAY(reader->arena, struct metric, room);
        if (metrics->count > 0)
            memcpy(list, metrics->list, metrics->count * sizeof(*list));
        metrics->list = list;
        metrics->room = room;
    }
    struct metric *const metric = &metrics->list[metrics->count++];
    *metric = (struct metric){.owner = "", .value = value, .place = reader->place};
    return metric;
}

static void add_named(struct reader *reader, const char *written, const char *owner, double value)
{
    if (isnan(value))
        return;
    struct metric *const metric = add(reader, value);
    metric->written = written;
    metric->owner = owner;
    metrics_name(metric, reader->arena);
}

/* A number, and behind it nothing or what may follow it; false: it is none. */
static bool read_number(const char *text, bool may_follow, double *value)
{
    char *end;
    text += strspn(text, " \t");
    *value = strtod(text, &end);
    return end != text && (may_follow ? strchr(" \t\r\n", *end) != NULL || *end == '\0'
                                      : end[strspn(end, " \t\r")] == '\0');
}

static const char *trimmed(struct arena *arena, const char *from, size_t bytes)
{
    while (bytes > 0 && strchr(" \t", from[bytes - 1]) != NULL)
        bytes--;
    return arena_format(arena, "%.*s", (int)bytes, from);
}

/* The value of client-id=.. or client_id=".." among the labels; all of them where there is none. */
static const char *owner_of(struct arena *arena, const char *labels)
{
    static const char *const keys[] = {"client-id=", "client_id=\""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *const at = strstr(labels, keys[i]);
        if (at != NULL)
            return trimmed(arena, at + strlen(keys[i]), strcspn(at + strlen(keys[i]), ",}\""));
    }
    return trimmed(arena, labels, strcspn(labels, "}"));
}

/* "600000 records sent, 29994.0 records/sec (14.30 MB/sec), 5.29 ms avg latency, 216.00 ms max
 * latency, 5 ms 50th, ..": those in between have no percentiles. */
static void read_summary(struct reader *reader, const char *line)
{
    static const struct {
        const char *text, *name;
    } latencies[] = {{"avg", "latency-avg"},
                     {"50th", "latency-p50"},
                     {"95th", "latency-p95"},
                     {"99th", "latency-p99"},
                     {"99.9th", "latency-p999"}};
    const char *const comma = strchr(line, ',');
    double records, rate;
    if (strstr(line, "ms 50th") == NULL || comma == NULL || !read_number(line, true, &records) ||
        !read_number(comma + 1, true, &rate))
        return;
    if (rate > 0)
        reader->metrics->elapsed_s = records / rate;
    add_named(reader, "record-send-total", "", records);
    for (const char *at = strchr(line, ')'); at != NULL; at = strchr(at + 1, ',')) {
        double value;
        const char *const unit = strstr(at, " ms ");
        at += *at == ')' && at[1] == ',';
        if (unit == NULL || !read_number(at + 1, true, &value))
            continue;
        const char *const what = unit + strlen(" ms ");
        const size_t bytes = strcspn(what, ", ");
        for (size_t i = 0; i < sizeof latencies / sizeof *latencies; i++)
            if (strncmp(what, latencies[i].text, strlen(latencies[i].text)) == 0 &&
                (bytes == strlen(latencies[i].text) || what[bytes - 1] == '.'))
                add_named(reader, latencies[i].name, "", value);
    }
}

/* producer-metrics:batch-size-avg:{client-id=perf-producer-client}      : 74721.520 */
static void read_perf_test(struct reader *reader, const char *line)
{
    const char *const colon = strrchr(line, ':'), *const brace = strchr(line, '{');
    double value;
    if (strstr(line, " records sent, ") != NULL)
        read_summary(reader, line);
    else if (colon != NULL && brace != NULL && brace < colon &&
             read_number(colon + 1, false, &value))
        add_named(reader, trimmed(reader->arena, line, (size_t)(brace - line) - 1),
                  owner_of(reader->arena, brace + 1), value);
}

/* name{label="value",..} 12.5 [ms since 1970] */
static void read_prometheus(struct reader *reader, const char *line)
{
    const size_t name = strcspn(line, "{ \t");
    double value;
    if (*line == '#')
        return;
    const bool labelled = line[name] == '{';
    const char *const end = labelled ? strrchr(line, '}') : line + name;
    if (end == NULL || !read_number(end + labelled, true, &value))
        diag_error(reader->diag, reader->place, "no metric of a Prometheus scrape: %s",
                   diag_shown(reader->diag, line));
    else
        add_named(reader, trimmed(reader->arena, line, name),
                  labelled ? owner_of(reader->arena, line + name + 1) : "", value);
}

/* owners: fields before the metric, which say whose it is. No value: no samples. */
static void read_fields(struct reader *reader, const char *line, int owners)
{
    const char *at = line, *owner = "";
    double value;
    for (int i = 0; i < owners && at != NULL; i++)
        owner = arena_format(reader->arena, "%s %s", owner, csv_read_field(reader->arena, &at));
    const char *const name = at != NULL ? csv_read_field(reader->arena, &at) : "";
    const char *const text = at != NULL ? csv_read_field(reader->arena, &at) : NULL;
    if (text != NULL && *text == '\0')
        return;
    if (*name == '\0' || text == NULL || at != NULL || !read_number(text, false, &value))
        diag_error(reader->diag, reader->place, "expected %smetric,value, not %s",
                   owners > 0 ? "subtask,shard," : "", diag_shown(reader->diag, line));
    else
        add_named(reader, name, owner, value);
}

static void read_line(struct reader *reader, const char *line)
{
    if (*line == '\0')
        return;
    switch (reader->metrics->kind) {
    case METRICS_PERF_TEST:
        read_perf_test(reader, line);
        break;
    case METRICS_PROMETHEUS:
        read_prometheus(reader, line);
        break;
    case METRICS_LOG:
        read_fields(reader, line, 2);
        break;
    case METRICS_CSV:
        read_fields(reader, line, 0);
        break;
    }
}

/* The first line that is no comment. */
static const char *first_line(const char *text)
{
    while (*text == '#' || *text == '\n') {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* Of a scrape: a name of Prometheus, perhaps with labels, and a number. */
static bool is_scrape(const char *line)
{
    const size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_:");
    const char *const brace = line[name] == '{' ? strchr(line, '}') : NULL;
    double value;
    return name > 0 && (brace != NULL || line[name] == ' ') &&
           read_number(brace != NULL ? brace + 1 : line + name, true, &value);
}

/* False: nobody's. *skipped: headings. */
static bool recognise(const char *text, enum metrics_kind *kind, int *skipped)
{
    static const char log[] = "subtask,shard,metric,value", csv[] = "metric,value";
    *skipped = 1;
    if (strncmp(text, log, sizeof log - 1) == 0) {
        *kind = METRICS_LOG;
        return true;
    }
    if (strncmp(text, csv, sizeof csv - 1) == 0) {
        *kind = METRICS_CSV;
        return true;
    }
    *skipped = 0;
    *kind = METRICS_PERF_TEST;
    if (strstr(text, " records sent, ") != NULL || strstr(text, "producer-metrics:") != NULL)
        return true;
    *kind = METRICS_PROMETHEUS;
    return is_scrape(first_line(text));
}

bool metrics_read(struct metrics *metrics, struct arena *arena, struct diag *diag, const char *path)
{
    const int errors = diag->errors;
    int skipped;
    size_t length;
    *metrics = (struct metrics){.path = path, .elapsed_s = NAN};
    struct reader reader = {metrics, arena, diag, .place = {.file = path}};
    const char *const text = file_read(arena, diag, reader.place, path, &length);
    if (text == NULL)
        return false;
    if (!recognise(text, &metrics->kind, &skipped)) {
        diag_error(diag, reader.place,
                   "no metrics; expected what kafka-producer-perf-test --print-metrics prints, a "
                   "Prometheus scrape, metrics.csv of --logs, or a CSV that begins with "
                   "metric,value");
        return false;
    }
    for (const char *at = text; *at != '\0'; at += *at == '\n') {
        size_t bytes = strcspn(at, "\n");
        reader.place.line++;
        reader.place.column = 1;
        const char *const line = arena_format(
            arena, "%.*s", (int)(bytes > 0 && at[bytes - 1] == '\r' ? bytes - 1 : bytes), at);
        if (reader.place.line > skipped)
            read_line(&reader, line);
        at += bytes;
    }
    if (diag->errors == errors && metrics->count == 0)
        diag_error(diag, (struct place){.file = path}, "no metric has a value");
    return diag->errors == errors;
}

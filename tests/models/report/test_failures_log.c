/*
 * test_failures_log.c - failures.csv has every record that failed for good, once, with its error,
 * whether its batch was ever sent or not.
 *
 * guards: models/log/log, models/producer/sender; scenario.md 3
 */
#include <inttypes.h>

#include "tests/run.h"

enum { RECORDS = 4, RETRIES = 5, CREATED = 6, FAILED = 7, ERROR = 8, FIELDS = 9 };

/* Splits a line of the text in place; the next one. */
static char *fields_of(char *line, char *fields[FIELDS])
{
    char *const end = strchr(line, '\n');
    *end = '\0';
    for (int f = 0; f < FIELDS; f++) {
        fields[f] = line;
        line = strchr(line, ',');
        if (line != NULL)
            *line++ = '\0';
        cr_assert_eq(line == NULL, f == FIELDS - 1);
    }
    return end + 1;
}

/* Each row as `error` says, created at least `least` before it failed; how many records. */
static int64_t add_rows(char *text, const char *error, sim_time least)
{
    char *fields[FIELDS];
    int64_t records = 0;
    for (char *line = fields_of(text, fields); *line != '\0';) {
        line = fields_of(line, fields);
        records += strtoll(fields[RECORDS], NULL, 10);
        cr_expect_str_eq(fields[ERROR], error);
        cr_expect_geq(strtoll(fields[FAILED], NULL, 10) - strtoll(fields[CREATED], NULL, 10),
                      least);
    }
    return records;
}

static void expect_all(const char *scenario, const char *error, sim_time least)
{
    double columns[COLUMN_COUNT];
    char *text = NULL;
    size_t bytes = 0;
    struct run run;
    run_read_text(&run, scenario);
    run_begin(&run, 0, true, false);
    run_window(&run, columns);
    FILE *const out = open_memstream(&text, &bytes);
    log_write_failures(run.world->log, &run.params.topics, out);
    fclose(out);
    cr_expect_gt(columns[COLUMN_records_lost], 100);
    cr_expect_eq((double)add_rows(text, error, least), columns[COLUMN_records_lost]);
    free(text);
    run_end(&run);
    run_free(&run);
}

#define START                                                                                      \
    "run: {duration: 10s, warm-up: 0s}\ntopics: [{name: t, partitions: 2}]\n"                      \
    "load: {rate: 2k/s, record: {value: 1000B}, keys: none}\n"

Test(failures_log, holds_what_expired_unsent)
{
    expect_all(START
               "producer: {batch.size: 4200, request.timeout.ms: 1000, delivery.timeout.ms: 2000}\n"
               "costs: {preset: typical, broker: {replication: 20ms}}\n",
               "REQUEST_TIMED_OUT", 2 * SIM_SECOND);
}

Test(failures_log, holds_what_was_refused)
{
    expect_all(START "brokers: {faults: [{kind: error, broker: 1, at: 2s, for: 2s, error: "
                     "INVALID_RECORD}]}\n",
               "INVALID_RECORD", 0);
}

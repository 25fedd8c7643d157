/*
 * claims.h - for tests of what the runbook claims (runbook.md 2): its job as a scenario, the
 * columns of small scenarios with something changed, and what two of them have to do with each
 * other.
 *
 * RUNBOOK_JOB is the job without what only blurs an arithmetic: costs are free, sizes constant,
 * nothing is compressed, keys are equally likely, sockets carry all. Its record takes 514 bytes of
 * a batch: length 2, attributes 1, a byte each of timestamp and offset, key 1 + 5, value 2 + 500,
 * header count 1.
 */
#ifndef TESTS_CLAIMS_H
#define TESTS_CLAIMS_H

#include <stdarg.h>

#include "tests/run.h"

#define RUNBOOK_JOB                                                                                \
    "run: {duration: 4s, warm-up: 1s}\n"                                                           \
    "topics: [{name: \"events.t%02d\", count: 20, partitions: 12}]\n"                              \
    "load: {rate: 240k/s, keys: {name: \"%05d\", count: 100000}}\n"                                \
    "job: {parallelism: 24}\n"                                                                     \
    "producer: {batch.size: 131072, linger.ms: 30, buffer.memory: 134217728,\n"                    \
    "           max.request.size: 4194304, send.buffer.bytes: 1GiB}\n"                             \
    "brokers: {rtt: 6ms, socket.receive.buffer.bytes: 1GiB}\n"

/* That job behind sources which read 20 topics of 12 partitions. Small buffers between tasks, so
 * that what is under way is soon what it will always be. */
#define RUNBOOK_SOURCES                                                                            \
    "run: {duration: 4s, warm-up: 1s}\n"                                                           \
    "topics: [{name: \"events.t%02d\", count: 20, partitions: 12}]\n"                              \
    "load: {rate: 240k/s, keys: {name: \"entity-%d\", count: 100000}}\n"                           \
    "job:\n"                                                                                       \
    "  parallelism: 24\n"                                                                          \
    "  ingress: {topics: [{name: \"events.t%02d\", count: 20, partitions: 12}]}\n"                 \
    "  network: {segment-size: 4KiB}\n"                                                            \
    "producer: {batch.size: 131072, linger.ms: 30, buffer.memory: 134217728,\n"                    \
    "           max.request.size: 4194304, send.buffer.bytes: 1GiB}\n"                             \
    "brokers: {rtt: {gamma: {mean: 600us, cv: 0.3}}, socket.receive.buffer.bytes: 1GiB}\n"

#define RUNBOOK_RECORD_BYTES 514
#define RUNBOOK_BATCH_BYTES  61 /* of a batch without records */

/* The scenario after `sets`: "KEY=VALUE; KEY=VALUE", in printf's form. */
static inline void claim_read(struct run *run, const char *scenario, const char *sets,
                              va_list arguments)
{
    char buffer[1024];
    const char *list[16];
    size_t count = 0;
    vsnprintf(buffer, sizeof buffer, sets, arguments);
    char *rest = NULL;
    for (char *set = strtok_r(buffer, ";", &rest); set != NULL; set = strtok_r(NULL, ";", &rest))
        list[count++] = set + strspn(set, " ");
    run_read_text_with(run, scenario, list, count);
}

/* A world at time 0, to be ended by claim_end(). */
static inline struct world *claim_begin(struct run *run, bool logs, const char *scenario,
                                        const char *sets, ...)
    __attribute__((format(printf, 4, 5)));
static inline struct world *claim_begin(struct run *run, bool logs, const char *scenario,
                                        const char *sets, ...)
{
    va_list arguments;
    va_start(arguments, sets);
    claim_read(run, scenario, sets, arguments);
    va_end(arguments);
    return run_begin(run, 0, logs, false);
}

static inline void claim_end(struct run *run)
{
    run_end(run);
    run_free(run);
}

/* The columns of one run. */
static inline void claim_run(double columns[COLUMN_COUNT], const char *scenario, const char *sets,
                             ...) __attribute__((format(printf, 3, 4)));
static inline void claim_run(double columns[COLUMN_COUNT], const char *scenario, const char *sets,
                             ...)
{
    struct run run;
    va_list arguments;
    va_start(arguments, sets);
    claim_read(&run, scenario, sets, arguments);
    va_end(arguments);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    claim_end(&run);
}

/* One of them. */
static inline double claim_column(const char *scenario, const char *sets, size_t column)
{
    double columns[COLUMN_COUNT];
    claim_run(columns, scenario, "%s", sets);
    return columns[column];
}

/* Within a share of what is expected; --verbose shows the figures. */
#define claim_near(what, found, expected, share)                                                   \
    do {                                                                                           \
        const double its_found = (found);                                                          \
        const double its_expected = (expected);                                                    \
        cr_log_info("%s: %.6g, expected %.6g: %+.2f %%\n", what, its_found, its_expected,          \
                    100 * (its_found / its_expected - 1));                                         \
        cr_expect_leq(fabs(its_found - its_expected), (share)*fabs(its_expected),                  \
                      "%s: %g, not %g within %g %%", what, its_found, its_expected,                \
                      100.0 * (share));                                                            \
    } while (0)

static inline void claim_expect_between(const char *what, double found, double low, double high)
{
    cr_log_info("%s: %.6g, expected %.6g to %.6g\n", what, found, low, high);
    cr_expect(found >= low && found <= high, "%s: %g, not from %g to %g", what, found, low, high);
}

#endif

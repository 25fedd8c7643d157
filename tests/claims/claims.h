/*
 * claims.h - for tests of the runbook's claims (runbook.md 2): the columns of small scenarios, and
 * what two of them have to do with each other.
 */
#ifndef TESTS_CLAIMS_H
#define TESTS_CLAIMS_H

#include <string.h>

#include "tests/run.h"

#define CLAIM_SETS_MAX 8

/* The columns of one run of the scenario, changed as --set does: "shards=2 linger.ms=30". */
static inline void claim_run(double columns[COLUMN_COUNT], const char *text, const char *changes)
{
    char copy[512];
    const char *sets[CLAIM_SETS_MAX];
    size_t count = 0;
    char *rest = NULL;
    snprintf(copy, sizeof copy, "%s", changes);
    for (char *set = strtok_r(copy, " ", &rest); set != NULL; set = strtok_r(NULL, " ", &rest)) {
        cr_assert_lt(count, CLAIM_SETS_MAX);
        sets[count++] = set;
    }
    struct run run;
    run_read_text_with(&run, text, sets, count);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    run_free(&run);
}

/* One of them. */
static inline double claim_column(const char *text, const char *changes, size_t column)
{
    double columns[COLUMN_COUNT];
    claim_run(columns, text, changes);
    return columns[column];
}

/* Within so many per cent; --verbose shows the figures. */
static inline void claim_expect(const char *what, double found, double expected, double percent)
{
    cr_log_info("%s: %.6g, expected %.6g: %+.2f %%\n", what, found, expected,
                100 * (found / expected - 1));
    cr_expect_leq(fabs(found - expected), percent / 100 * fabs(expected), "%s: %g, not %g", what,
                  found, expected);
}

static inline void claim_expect_between(const char *what, double found, double low, double high)
{
    cr_log_info("%s: %.6g, expected %.6g to %.6g\n", what, found, low, high);
    cr_expect(found >= low && found <= high, "%s: %g, not from %g to %g", what, found, low, high);
}

#endif

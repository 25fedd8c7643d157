/*
 * real_clock.h - for tests: what clients were measured to do on a real clock, against the medians
 * of a few seeds.
 *
 * One set of costs per machine: those of `preset: typical`, which are time stamps inside a released
 * client, and what was fitted to that machine by hand. A stall changes its regime by the second: of
 * two runs of the same the figures are up to 2.5 times apart, and what lies between them is as good
 * as what is near one. --verbose shows all figures.
 */
#ifndef TESTS_REAL_CLOCK_H
#define TESTS_REAL_CLOCK_H

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <string.h>

#include "tests/run.h"

#define REAL_CLOCK_SEEDS_MAX 25
#define REAL_CLOCK_SETS_MAX  8

enum real_clock_figure { RECORDS, REQUESTS, PER_REQUEST, QUEUE, BLOCKED, FIGURES };

/* Bits of `unmet`. */
#define UNMET(figure) (1u << (figure))

static const struct {
    const char *name;
    enum fanout_column column;
} real_clock_figures[FIGURES] = {
    {"records/s", COLUMN_record_send_rate},
    {"requests/s", COLUMN_request_rate},
    {"records/request", COLUMN_records_per_request_avg},
    {"queue ms", COLUMN_record_queue_time_avg},
    {"blocked", COLUMN_blocked_ratio},
};

struct real_clock_row {
    const char *name;
    const char *sets;         /* as --set has them, with "; " between */
    double measured[FIGURES]; /* 0: it was not */
    double again[FIGURES];    /* a second run */
    unsigned unmet;           /* what the model does not meet, and is only shown */
};

/* From the least that was measured x low to the most x high. */
struct real_clock_bounds {
    double low, high;
};

struct real_clock_block {
    const char *scenario, *costs;
    struct real_clock_bounds bounds[FIGURES]; /* 0: only shown */
    const struct real_clock_row *rows;
    size_t count;
    size_t seeds;
};

#define REAL_CLOCK_NEAR                                                                            \
    {                                                                                              \
        {0.85, 1.15}, {0.85, 1.15}, {0.7, 1.3},                                                    \
        {                                                                                          \
            0.7, 1.3                                                                               \
        }                                                                                          \
    }

static inline void real_clock_run(const struct real_clock_block *block, const char *sets,
                                  double (*results)[COLUMN_COUNT])
{
    char copy[512];
    const char *words[REAL_CLOCK_SETS_MAX];
    size_t count = 0;
    char *rest = NULL;
    snprintf(copy, sizeof copy, "%s", sets);
    for (char *set = strtok_r(copy, ";", &rest); set != NULL; set = strtok_r(NULL, ";", &rest)) {
        cr_assert_lt(count, REAL_CLOCK_SETS_MAX);
        words[count++] = set + strspn(set, " ");
    }
    char text[4096];
    struct run run;
    snprintf(text, sizeof text, "%s%s", block->scenario, block->costs);
    run_read_text_with(&run, text, words, count);
    run_replications(&run, block->seeds, results);
    run_free(&run);
}

static inline double real_clock_median(double (*results)[COLUMN_COUNT], size_t count,
                                       enum fanout_column column)
{
    double values[REAL_CLOCK_SEEDS_MAX];
    for (size_t i = 0; i < count; i++)
        values[i] = results[i][column];
    gsl_sort(values, 1, count);
    return gsl_stats_median_from_sorted_data(values, 1, count);
}

static inline void real_clock_compare(const struct real_clock_row *row, enum real_clock_figure f,
                                      struct real_clock_bounds bounds, double found)
{
    const double one = row->measured[f];
    const double other = row->again[f] > 0 ? row->again[f] : one;
    const double least = bounds.low * fmin(one, other), most = bounds.high * fmax(one, other);
    const bool asked = bounds.high > 0;
    const bool met = found >= least && found <= most;
    const char *const name = real_clock_figures[f].name;
    if (one <= 0)
        return;
    cr_log_info("%s: %s %.4g, measured %.4g: %.2f%s\n", row->name, name, found, one, found / one,
                asked && !met ? ", unmet" : "");
    if (asked && (row->unmet & UNMET(f)) == 0)
        cr_expect(met, "%s: %s %g, not from %g to %g", row->name, name, found, least, most);
}

static inline void real_clock_expect(const struct real_clock_block *block)
{
    cr_assert_leq(block->seeds, REAL_CLOCK_SEEDS_MAX);
    static double results[REAL_CLOCK_SEEDS_MAX][COLUMN_COUNT];
    for (size_t i = 0; i < block->count; i++) {
        real_clock_run(block, block->rows[i].sets, results);
        for (int f = 0; f < FIGURES; f++)
            real_clock_compare(
                &block->rows[i], (enum real_clock_figure)f, block->bounds[f],
                real_clock_median(results, block->seeds, real_clock_figures[f].column));
    }
}

#endif

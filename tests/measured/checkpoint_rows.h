/*
 * checkpoint_rows.h - for tests: the parts of a checkpoint, measured and in the model.
 *
 * Measured is a range over the steady checkpoints of a run; the model's mean is in it, or within
 * 5 ms or 10 % of it.
 */
#ifndef TESTS_CHECKPOINT_ROWS_H
#define TESTS_CHECKPOINT_ROWS_H

#include "tests/run.h"

#define ROWS_REPLICATIONS 2
#define ROWS_SETS         5

enum part { START, ALIGNMENT, FLUSH, SYNC, ASYNC, DURATION, SINK_START, COMMITTER_START, PARTS };

static const struct {
    const char *name;
    enum fanout_column column;
} parts[PARTS] = {
    {"start delay", COLUMN_checkpoint_start_delay_avg},
    {"alignment", COLUMN_checkpoint_alignment_avg},
    {"flush", COLUMN_checkpoint_flush_avg},
    {"sync", COLUMN_checkpoint_sync_avg},
    {"async", COLUMN_checkpoint_async_avg},
    {"duration", COLUMN_checkpoint_duration_avg},
    {"sink's start delay", COLUMN_checkpoint_sink_delay_avg},
    {"Committer's start delay", COLUMN_checkpoint_committer_delay_avg},
};

struct row {
    const char *name;
    const char *sets[ROWS_SETS];
    struct {
        double low, high; /* ms; both 0: not measured */
    } measured[PARTS];
};

static inline void expect_part(const struct row *row, enum part part, double found)
{
    const double low = row->measured[part].low;
    const double high = row->measured[part].high;
    if (!(high > 0))
        return;
    cr_log_info("%-22s %-11s %6.1f, measured %g .. %g\n", row->name, parts[part].name, found, low,
                high);
    cr_expect(found >= fmin(low - 5, 0.9 * low) && found <= fmax(high + 5, 1.1 * high),
              "%s: %s %.1f, measured %g .. %g", row->name, parts[part].name, found, low, high);
}

static inline void expect_rows(const char *scenario, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        static double results[ROWS_REPLICATIONS][COLUMN_COUNT];
        struct run run;
        size_t sets = 0;
        while (sets < ROWS_SETS && rows[i].sets[sets] != NULL)
            sets++;
        run_read_text_with(&run, scenario, rows[i].sets, sets);
        run_replications(&run, ROWS_REPLICATIONS, results);
        for (enum part part = 0; part < PARTS; part++) {
            double sum = 0;
            for (int r = 0; r < ROWS_REPLICATIONS; r++)
                sum += results[r][parts[part].column];
            expect_part(&rows[i], part, sum / ROWS_REPLICATIONS);
        }
        run_free(&run);
    }
}

#endif

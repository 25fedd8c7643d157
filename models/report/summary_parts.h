/*
 * summary_parts.h - what the files of summary share.
 */
#ifndef MODELS_REPORT_SUMMARY_PARTS_H
#define MODELS_REPORT_SUMMARY_PARTS_H

#include "models/params/params.h"
#include "models/report/columns.h"
#include "sim/core/figure.h"
#include "sim/study/estimate.h"
#include "sim/study/screen.h"

#define SUMMARY_LINE_BYTES 384 /* of some figures, and words */

/* What is printed, and where. */
struct summary {
    const struct fanout_params *params;
    const struct estimates *estimates;
    double columns[COLUMN_COUNT]; /* their values */
    const struct screen *screen;
};

/* "36.4 +- 0.2 ms" where an interval is claimed; with the proper sign. */
const char *summary_estimate(char text[SUMMARY_LINE_BYTES], const struct summary *summary,
                             enum fanout_column column, figure_fn *format);

/* A paragraph (screen_say()). */
void summary_say(const struct screen *screen, enum screen_colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One broker holds up the others' records too. */
#define SUMMARY_SLOWER 1.5

/* Is there a broker whose requests take longer than those of others? */
bool summary_is_slower(const struct fanout_params *params, const double *columns);

/* "the busiest Sender", of what may be a next limit. */
const char *summary_resource(enum bottleneck bottleneck);

/* What limits the run, in words; "" for what does not apply. */
struct summary_verdict {
    bool healthy; /* the load does, and all of it gets through */
    char limited_by[2 * SUMMARY_LINE_BYTES];
    char not_steady[SUMMARY_LINE_BYTES];
    char next_limit[SUMMARY_LINE_BYTES]; /* of a healthy run */
    char swing[SUMMARY_LINE_BYTES];      /* and what is owed at the end of its window */
};
struct summary_verdict summary_verdict(const struct fanout_params *params, const double *columns);
void summary_print_limit(const struct summary *summary);

/* Each resource: how much of it is used, who is fullest, and the load at which it would be full. */
void summary_print_resources(const struct summary *summary);

/* Batches, requests, latencies, and what went wrong. */
void summary_print_figures(const struct summary *summary);

/* All the figures, by the names of their columns. */
void summary_print_details(const struct summary *summary);

/* The longest parts of latency-avg, or with --verbose all of them and those of the records around
 * p99, without what is nothing in both; and the story of the slowest record. Nothing if no record
 * was acknowledged (latency.md). */
void summary_print_latency(const struct summary *summary);

/* In what the run is simpler than the world, where that matters. */
void summary_print_cautions(const struct summary *summary);

#endif

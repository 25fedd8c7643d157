/*
 * summary_parts.h - what the files of summary share.
 */
#ifndef MODELS_REPORT_SUMMARY_PARTS_H
#define MODELS_REPORT_SUMMARY_PARTS_H

#include "models/params/params.h"
#include "models/report/columns.h"
#include "sim/study/estimate.h"
#include "sim/study/screen.h"

#define SUMMARY_TEXT_BYTES 48  /* of a figure */
#define SUMMARY_LINE_BYTES 384 /* of some */

/* What is printed, and where. */
struct summary {
    const struct fanout_params *params;
    const struct estimates *estimates;
    double columns[COLUMN_COUNT]; /* their values */
    const struct screen *screen;
};

/* NaN is a dash. They return `text`. */
typedef const char *summary_format_fn(char text[SUMMARY_TEXT_BYTES], double value);
summary_format_fn summary_figure;    /* 12,345 or 1.23 */
summary_format_fn summary_rounded;   /* three digits: 12,300 or 1.23 */
summary_format_fn summary_bytes;     /* 1.5 MiB */
summary_format_fn summary_byte_rate; /* 1.5 MB/s */
summary_format_fn summary_time;      /* of ms: 0 ms, 0.08 ms, 36.4 ms, 5.83 s */
summary_format_fn summary_per_cent;

/* "36.4 +- 0.2 ms" where an interval is claimed; with the proper sign. */
const char *summary_estimate(char text[SUMMARY_LINE_BYTES], const struct summary *summary,
                             enum fanout_column column, summary_format_fn *format);

/* A paragraph (screen_say()). */
void summary_say(const struct screen *screen, enum screen_colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One broker holds up the others' records too. */
#define SUMMARY_SLOWER 1.5

/* Is there a broker whose requests take longer than those of others? */
bool summary_is_slower(const struct fanout_params *params, const double *columns);

/* What limits the run, or what would next. */
void summary_print_limit(const struct summary *summary);

/* Each resource: how much of it is used, who is fullest, and the load at which it would be full. */
void summary_print_resources(const struct summary *summary);

/* Batches, requests, latencies, and what went wrong. */
void summary_print_figures(const struct summary *summary);

/* All the figures, by the names of their columns. */
void summary_print_details(const struct summary *summary);

/* In what the run is simpler than the world, where that matters. */
void summary_print_cautions(const struct summary *summary);

#endif

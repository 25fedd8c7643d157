/*
 * summary_parts.h - what the files of summary share.
 */
#ifndef MODELS_REPORT_SUMMARY_PARTS_H
#define MODELS_REPORT_SUMMARY_PARTS_H

#include <stdio.h>

#include "models/params/params.h"

#define SUMMARY_TEXT_BYTES 48

/* NaN is a dash. They return `text`. */
const char *summary_figure(char text[SUMMARY_TEXT_BYTES], double value);
const char *summary_bytes(char text[SUMMARY_TEXT_BYTES], double value);
const char *summary_per_cent(char text[SUMMARY_TEXT_BYTES], double value);

/* One broker holds up the others' records too. */
#define SUMMARY_SLOWER 1.5

/* Is there a broker whose requests take longer than those of others? */
bool summary_is_slower(const struct fanout_params *params, const double *columns);

/* What limits the run, or what would next. `columns` as in columns.h, here and below. */
void summary_print_limit(const struct fanout_params *params, const double *columns, FILE *out);

/* The parts of latency-avg and of the records around p99, without those that are nothing in both,
 * and the story of the slowest record; nothing if no record was acknowledged (latency.md). */
void summary_print_latency(const struct fanout_params *params, const double *columns, FILE *out);

/* In what the run is simpler than the world, where that matters. */
void summary_print_cautions(const struct fanout_params *params, const double *columns, FILE *out);

#endif

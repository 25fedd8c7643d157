/*
 * metrics_name.h - what a metric is, whatever its exporter calls it.
 */
#ifndef MODELS_IMPORT_METRICS_NAME_H
#define MODELS_IMPORT_METRICS_NAME_H

#include "models/import/metrics.h"

/* Sets name, group and total from what is written. */
void metrics_name(struct metric *metric, struct arena *arena);

#endif

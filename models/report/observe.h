/*
 * observe.h - a world in figures: the columns, the metrics of each producer, the levels at an
 * instant.
 */
#ifndef MODELS_REPORT_OBSERVE_H
#define MODELS_REPORT_OBSERVE_H

#include <stdio.h>

#include "models/job/world.h"
#include "models/report/columns.h"
#include "sim/study/model.h"

/* Over the measured window; NaN: no value. */
void observe_columns(struct world *world, double columns[COLUMN_COUNT]);

/* What a warm-up must settle: throughput and queue time, as the sums of struct model's watch(). */
enum observe_watched { WATCHED_THROUGHPUT, WATCHED_QUEUE_TIME, WATCHED_COUNT };
extern const char *const observe_watched_names[];
void observe_watched(const struct world *world, struct model_watch watched[WATCHED_COUNT]);

/* metrics.csv: each producer's own metrics over the whole run. */
void observe_write_metrics(const struct world *world, FILE *out);

/* The figures of a broker over the measured window. */
#define OBSERVE_BROKER_COLUMNS 7
extern const struct column observe_broker_columns[OBSERVE_BROKER_COLUMNS];
void observe_broker(const struct world *world, int32_t broker,
                    double values[OBSERVE_BROKER_COLUMNS]);

/* brokers.csv: those of each. */
void observe_write_brokers(const struct world *world, FILE *out);

/* --series: the levels now, a row per producer. */
#define OBSERVE_SERIES_HEADER                                                                      \
    "time_ns,subtask,shard,pool_used_bytes,pool_waiting_bytes,open_batches,queued_batches,"        \
    "in_flight_requests,in_flight_bytes,mailbox,lag_records,acked_records"
void observe_write_series(struct world *world, FILE *out);

#endif

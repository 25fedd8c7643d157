/*
 * metrics.h - figures of a producer, as tools print them.
 *
 * Known by their content: what kafka-producer-perf-test prints, with --print-metrics or without;
 * the text of the Prometheus JMX exporter, and of Flink's Prometheus reporter; metrics.csv of
 * --logs; a CSV `metric,value`.
 *
 * A name is in small letters and with dashes, without its group and without `-total`, which some
 * exporters leave out: kafka_producer_producer_metrics_record_send_total is record-send.
 */
#ifndef MODELS_IMPORT_METRICS_H
#define MODELS_IMPORT_METRICS_H

#include "sim/input/diag.h"

enum metrics_kind { METRICS_PERF_TEST, METRICS_PROMETHEUS, METRICS_LOG, METRICS_CSV };

enum metric_group {
    METRIC_PLAIN,    /* of no group, or none that is known */
    METRIC_PRODUCER, /* producer-metrics */
    METRIC_NODE,     /* producer-node-metrics */
    METRIC_TOPIC,    /* producer-topic-metrics */
    METRIC_FLINK     /* the KafkaProducer group of a Flink operator: one gauge per name */
};

struct metric {
    const char *name;
    const char *written; /* as it stands in the file, with its group */
    enum metric_group group;
    bool total;        /* says so itself */
    const char *owner; /* whose it is, of several: the client, the subtask, all labels; "" */
    double value;      /* no NaN */
    struct place place;
};

struct metrics {
    enum metrics_kind kind;
    const char *path;
    struct metric *list; /* in the order of the file */
    size_t count, room;
    double elapsed_s; /* over which totals have been counted; NaN: the file does not say */
};

/* False after errors in diag. Of summaries of perf-test it has record-send (a total), and
 * latency-avg, -p50, -p95, -p99 and -p999 in ms. */
bool metrics_read(struct metrics *metrics, struct arena *arena, struct diag *diag,
                  const char *path);

#endif

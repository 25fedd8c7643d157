/*
 * source.h - a file that somebody has: what it is, by what is in it.
 */
#ifndef MODELS_IMPORT_SOURCE_H
#define MODELS_IMPORT_SOURCE_H

#include "models/import/pairs.h"

enum source_kind {
    SOURCE_MODULE,   /* of StateFun; documents */
    SOURCE_PRODUCER, /* properties, under whatever prefixes; pairs */
    SOURCE_JOB,      /* Flink's configuration; pairs */
    SOURCE_BROKER,   /* server.properties; pairs */
    SOURCE_TOPICS,   /* kafka-topics.sh --describe; text */
    SOURCE_RATES,    /* a CSV; text */
    SOURCE_SCRAPE,   /* of Prometheus; text */
};

struct source {
    enum source_kind kind;
    const char *name; /* as messages call it */
    const char *text; /* without a byte order mark */
    struct node documents;
    struct pairs pairs;
};

#define SOURCE_KINDS                                                                               \
    "a StateFun module.yaml, producer.properties, flink-conf.yaml or config.yaml, "                \
    "server.properties, the output of kafka-topics.sh --describe, a CSV topic,rate[,bytes] or a "  \
    "scrape of Prometheus"

/* False after errors: it cannot be read, or is nothing of the kind. */
bool source_read(struct source *source, struct arena *arena, struct diag *diag, const char *path);

/* The same of a text that has been read. */
bool source_read_text(struct source *source, struct arena *arena, struct diag *diag,
                      const char *name, const char *text, size_t length);

/* Is the text a module's, as far as one can see without reading it? */
bool source_is_module(const char *text);

#endif

/*
 * remedies.h - what people try where a job is too slow, as words of --set.
 */
#ifndef MODELS_ADVICE_REMEDIES_H
#define MODELS_ADVICE_REMEDIES_H

#include "models/params/params.h"

#define REMEDY_WORDS_MAX 2

struct remedy {
    enum fanout_row row, also; /* ROW_COUNT: no other */
    const char *name;
    enum remedy_how { REMEDY_SET, REMEDY_TIMES, REMEDY_MORE, REMEDY_MULTIPLE } how;
    double amount;
    double price; /* the smaller the change, the less */
    enum remedy_when {
        REMEDY_ALWAYS,
        REMEDY_UNORDERED, /* without idempotence, which a client gives up for more than 5 */
        REMEDY_INGRESS,
        REMEDY_EXCHANGE,
        REMEDY_SOCKETS,
        REMEDY_CHECKPOINTS,
        REMEDY_STATE,
        REMEDY_CORES,
        REMEDY_TOPICS
    } when;
};

extern const struct remedy remedies[];
extern const size_t remedy_count;

/* A remedy of a job with these parameters. */
struct remedy_words {
    const char *change; /* "batch.size 16KiB" */
    const char *sets[REMEDY_WORDS_MAX];
    size_t count; /* 0: the job has nothing of the kind, or is so already */
};

/* Whether Kafka and Flink allow it is for the scenario to say. */
struct remedy_words remedy_words(const struct remedy *remedy, const struct fanout_params *params,
                                 struct arena *arena);

/* KEY=VALUE of a row that holds whole numbers: its shortest name, and the value with its unit. */
const char *remedy_word(enum fanout_row row, int64_t value, struct arena *arena);
const char *remedy_value(enum fanout_row row, int64_t value, struct arena *arena);

#endif

/*
 * trace.h - recorded arrivals: a CSV with the header
 * time_ns,topic,partition,key_bytes,value_bytes[,key][,subtask] (scenario.md 4).
 */
#ifndef MODELS_LOAD_TRACE_H
#define MODELS_LOAD_TRACE_H

#include "models/kafka/topics.h"

#define TRACE_TIME_MAX     1000000000000000 /* as long as a run may last */
#define TRACE_ERRORS_SHOWN 20

struct trace_row {
    sim_time at;
    int32_t topic;
    int32_t partition; /* -1: the sticky partitioner decides */
    int32_t key_bytes; /* -1: no key */
    int32_t value_bytes;
    int32_t subtask;
    int32_t key_hash; /* keys_java_hash() of the key; 0 without its text */
};

struct trace_file {
    const char *path; /* NULL: no trace */
    struct place place;
    const char *directory;        /* of the scenario */
    const struct trace_row *rows; /* after trace_load() */
    size_t count;
    size_t without_key; /* rows without the text of a key */
};

/* Reads the path only. */
bool trace_file_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape trace_file_shape;

/* Reads the file: rows in the order of the file, topics resolved, keys hashed to partition and
 * subtask. Errors name line and column of the field. Needs topics, parallelism and max-parallelism
 * (key groups; 0: Flink's default). With ignore_keys only a partition that is given is used.
 * Nothing to do without a trace. */
bool trace_load(struct param_context *context, struct trace_file *trace,
                const struct topic_list *topics, int32_t parallelism, int32_t max_parallelism,
                bool ignore_keys);

#endif

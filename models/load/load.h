/*
 * load.h - what all units of a run's load share: tables made once, read by every source.
 *
 * The load comes in units: each has an arrival process and random streams of its own. A unit draws
 * the keys of its input records from those that are its own; the key says which function subtask
 * owns the record.
 */
#ifndef MODELS_LOAD_LOAD_H
#define MODELS_LOAD_LOAD_H

#include "models/kafka/topics.h"
#include "models/load/arrivals.h"
#include "models/load/keys.h"
#include "models/load/modulo.h"
#include "models/load/profile.h"
#include "models/load/trace.h"
#include "sim/core/rng.h"

#define LOAD_CLASSES_MAX (1 << 28) /* classes x different counts of partitions in the ingress */
#define LOAD_NO_KEY      UINT32_MAX

enum load_units {
    /* One per function subtask, with the keys that it owns. */
    LOAD_BY_SUBTASK,
    /* job.ingress: one per ingress partition, with the keys that Kafka's producer upstream has sent
     * there. Arrivals, topics and sizes are the same at every parallelism; with exact_keys keys
     * too. */
    LOAD_BY_PARTITION,
    /* Saturated without ingress: one per source subtask, each with all keys. */
    LOAD_BY_SOURCE
};

struct load_topic {
    struct modulo partitions;
    const struct dist *value; /* NULL: constant */
    int32_t value_bytes;      /* 0 unless constant */
    int32_t payload_bytes;    /* value and headers on the wire, as far as they are constant */
};

struct load_class { /* classes.h */
    uint32_t residue;
    uint32_t key; /* its number, LOAD_NO_KEY unless keys are drawn exactly */
    int16_t key_bytes;
    int16_t field_bytes; /* the key on the wire */
    uint16_t owner;
    uint16_t shard;
};

struct load_keys { /* what units draw from; may be shared */
    const struct load_class *classes;
    struct alias alias; /* of no classes: the unit has no records */
    double share;       /* their probability, whatever unit they come in by */
};

struct load_unit {
    double share; /* of the job's input records */
    const struct load_keys *keys;
    int32_t topic, partition; /* of the ingress; 0 without */
    int32_t reader;           /* the source subtask that reads it; the subtask itself without */
    int32_t leader;           /* broker of the ingress partition; 0 without */
    const uint32_t *rows;     /* of a trace: the numbers of its records */
    size_t row_count;
};

/* What a scenario says of it. */
struct load_spec {
    const struct topic_list *topics, *ingress_topics;
    const struct trace_file *trace; /* NULL: the load is drawn */
    const struct profile *profile;
    const struct arrivals_spec *arrivals;
    const struct key_space *keys;
    const struct dist_spec *value, *emit, *header_count, *header_key, *header_value;
    double rate;                          /* records/s; INFINITY: saturated */
    int32_t parallelism, max_parallelism; /* 0: Flink's rule */
    int32_t entity_shards;                /* that records are dealt to by their key */
    int32_t brokers;
    bool ignore_keys; /* by the partitioner */
    bool same_topic;  /* an egress record goes to the topic of its input's number */
};

struct load {
    const struct load_spec *spec;
    enum load_units kind;
    int32_t unit_count;      /* ingress partitions in the order of the scenario, or subtasks */
    struct load_unit *units; /* by their numbers */
    const struct load_topic *topics;
    const double *topic_shares;
    const double *subtask_shares;
    struct alias topic_alias;
    const struct dist *emit, *header_count, *header_key, *header_value;
    const struct dist *gaps, *first_gap; /* of gamma arrivals, mean gap 1; else NULL */
    bool values_vary, headers_vary;      /* else the topics' sizes have them */
    const struct dist *value;            /* of every topic; NULL: they differ, or no value varies */
    bool sticky;                         /* some records come without a partition */
};

/* With exact_keys each key is drawn by itself and has a number; else as a class. A trace has no
 * numbers. The spec stays where it is. */
const struct load *load_new(struct arena *arena, const struct load_spec *spec, bool exact_keys);

/* Share of the job's input records whose owner this function subtask is, 0..1. */
double load_share(const struct load *load, int32_t subtask);

/* Of the subtask with the most. */
double load_largest_share(const struct load *load);

/* Share of the job's input records that come in by this unit. */
double load_unit_share(const struct load *load, int32_t unit);

/* Share of the egress records that topic gets. */
double load_topic_share(const struct load *load, int32_t topic);

#endif

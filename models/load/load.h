/*
 * load.h - what all subtasks of a run share: tables made once, read by every source.
 */
#ifndef MODELS_LOAD_LOAD_H
#define MODELS_LOAD_LOAD_H

#include "models/load/modulo.h"
#include "models/params.h"
#include "sim/core/rng.h"

struct load_topic {
    struct modulo partitions;
    const struct dist *value; /* NULL: constant */
    int32_t value_bytes;      /* 0 unless constant */
    int32_t payload_bytes;    /* value and headers on the wire, as far as they are constant */
};

struct load_class { /* classes.h */
    uint32_t residue;
    int32_t key_bytes;
    int32_t field_bytes; /* the key on the wire */
};

struct load_subtask {
    double share; /* of the job's input records */
    const struct load_class *classes;
    struct alias class_alias;
    const uint32_t *rows; /* of a trace: the numbers of its records */
    size_t row_count;
};

struct load {
    const struct fanout_params *params;
    const struct load_topic *topics;
    const double *topic_shares;
    struct alias topic_alias;
    struct load_subtask *subtasks;
    const struct dist *emit, *header_count, *header_key, *header_value;
    bool values_vary, headers_vary; /* else the topics' sizes have them */
    bool sticky;                    /* some records come without a partition */
};

const struct load *load_new(struct arena *arena, const struct fanout_params *params);

/* Share of the job's input records that this subtask gets, 0..1 (a trace: of its rows). */
double load_share(const struct load *load, int32_t subtask);

/* Share of the egress records that topic gets. */
double load_topic_share(const struct load *load, int32_t topic);

#endif

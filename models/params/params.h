/*
 * params.h - a scenario as the models read it: the fields that params.def declares.
 */
#ifndef MODELS_PARAMS_PARAMS_H
#define MODELS_PARAMS_PARAMS_H

#include "models/flink/restart.h"
#include "models/kafka/client_version.h"
#include "models/kafka/compression.h"
#include "models/kafka/fault.h"
#include "models/kafka/topics.h"
#include "models/load/arrivals.h"
#include "models/load/keys.h"
#include "models/load/profile.h"
#include "models/load/trace.h"
#include "sim/input/param.h"

struct fanout_params {
#define PARAM(path, field, kind, min, max, fallback, choices, later, help) param_##kind##_t field;
#define CUSTOM(path, field, type, reader, fallback, sweepable, help)       type field;
#include "models/params/params.def"
#undef PARAM
#undef CUSTOM
};

/* The row of each field: given->places[ROW_linger_ms]. */
enum fanout_row {
#define PARAM(path, field, kind, min, max, fallback, choices, later, help) ROW_##field,
#define CUSTOM(path, field, type, reader, fallback, sweepable, help)       ROW_##field,
#include "models/params/params.def"
#undef PARAM
#undef CUSTOM
    ROW_COUNT
};

enum allocation { ALLOCATION_FULL, ALLOCATION_INCREMENTAL };
enum shard_by { SHARD_BY_TOPIC, SHARD_BY_ENTITY, SHARD_BY_DECLARATION };
enum acks { ACKS_ALL, ACKS_MINUS_ONE, ACKS_ONE, ACKS_NONE };
enum route_by { ROUTE_DRAWN, ROUTE_SAME };
enum runtime { RUNTIME_SINK_V2, RUNTIME_STATEFUN_33, RUNTIME_FLINK };
enum remote_per { REMOTE_PER_REQUEST, REMOTE_PER_INVOCATION };
enum transaction_version { TRANSACTION_VERSION_1, TRANSACTION_VERSION_2 };

enum delivery { DELIVERY_AT_LEAST_ONCE, DELIVERY_EXACTLY_ONCE, DELIVERY_NONE };
enum preset { PRESET_FREE, PRESET_TYPICAL };

extern const struct param_table fanout_param_table;

#endif

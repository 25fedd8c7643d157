/*
 * params.h - a scenario as the models read it: the fields that params.def declares.
 */
#ifndef MODELS_PARAMS_H
#define MODELS_PARAMS_H

#include "models/broker/fault.h"
#include "models/load/keys.h"
#include "models/load/topics.h"
#include "models/load/trace.h"
#include "models/producer/compression.h"
#include "sim/core/param.h"

struct fanout_params {
#define PARAM(path, field, kind, min, max, fallback, choices, later, help) param_##kind##_t field;
#define CUSTOM(path, field, type, reader, fallback, sweepable, help)       type field;
#include "models/params.def"
#undef PARAM
#undef CUSTOM
};

/* The row of each field: given->places[ROW_linger_ms]. */
enum fanout_row {
#define PARAM(path, field, kind, min, max, fallback, choices, later, help) ROW_##field,
#define CUSTOM(path, field, type, reader, fallback, sweepable, help)       ROW_##field,
#include "models/params.def"
#undef PARAM
#undef CUSTOM
    ROW_COUNT
};

enum client { CLIENT_3_9, CLIENT_4_0 };
enum arrivals { ARRIVALS_POISSON, ARRIVALS_CONSTANT };
enum preset { PRESET_FREE, PRESET_TYPICAL };

extern const struct param_table fanout_param_table;

#endif

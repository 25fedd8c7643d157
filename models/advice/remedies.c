/*
 * remedies.c - the table, and what its rows are of a given job.
 */
#include "models/advice/remedies.h"

#include <inttypes.h>
#include <math.h>

#include "sim/core/text.h"

#define ROW_NOTHING ROW_COUNT

const struct remedy remedies[] = {
#define REMEDY(field, also_, name_, how_, amount_, price_, when_)                                  \
    {.row = ROW_##field,                                                                           \
     .also = ROW_##also_,                                                                          \
     .name = (name_),                                                                              \
     .how = REMEDY_##how_,                                                                         \
     .amount = (amount_),                                                                          \
     .price = (price_),                                                                            \
     .when = REMEDY_##when_},
#include "models/advice/remedies.def"
#undef REMEDY
};
const size_t remedy_count = sizeof remedies / sizeof *remedies;

static const struct param *param_of(enum fanout_row row)
{
    return &fanout_param_table.rows[row];
}

/* Of a row that holds whole numbers. */
static int64_t value_of(const struct fanout_params *params, enum fanout_row row)
{
    return *(const int64_t *)(const void *)((const char *)params + param_of(row)->offset);
}

static bool concerns(const struct remedy *remedy, const struct fanout_params *params)
{
    const bool checkpoints = params->checkpoint_interval > 0;
    switch (remedy->when) {
    case REMEDY_ALWAYS:
        return true;
    case REMEDY_UNORDERED:
        return params->idempotence == 0;
    case REMEDY_INGRESS:
        return params->ingress_topics.count > 0;
    case REMEDY_EXCHANGE:
        return params->ingress_topics.count > 0 || params->chained == 0;
    case REMEDY_SOCKETS:
        return params->trace.path == NULL;
    case REMEDY_CHECKPOINTS:
        return checkpoints;
    case REMEDY_STATE:
        return checkpoints && params->state_bytes > 0;
    case REMEDY_CORES:
        return params->cores > 0;
    case REMEDY_TOPICS:
        return params->topics.count > 1 && params->shard_by == SHARD_BY_TOPIC;
    }
    return false;
}

/* There are no more subtasks than key groups, whose number no savepoint lets one change. */
static int64_t bounded(const struct remedy *remedy, const struct fanout_params *params,
                       int64_t value)
{
    const bool groups = remedy->row == ROW_parallelism && value > params->max_parallelism;
    return groups ? params->max_parallelism : value;
}

static int64_t changed(const struct remedy *remedy, const struct fanout_params *params)
{
    const int64_t now = value_of(params, remedy->row);
    const int64_t parallelism = params->parallelism;
    switch (remedy->how) {
    case REMEDY_SET:
        return (int64_t)remedy->amount;
    case REMEDY_TIMES:
        return bounded(remedy, params, (int64_t)ceil((double)now * remedy->amount));
    case REMEDY_MORE:
        return now + (int64_t)remedy->amount;
    case REMEDY_MULTIPLE:
        return (now + parallelism - 1) / parallelism * parallelism;
    }
    return now;
}

const char *remedy_value(enum fanout_row row, int64_t value, struct arena *arena)
{
    const struct param *const param = param_of(row);
    const struct quantity *const quantity = param_quantity(param->kind);
    if (param->kind == PARAM_BOOL)
        return value != 0 ? "true" : "false";
    if (param->kind == PARAM_CHOICE) {
        const struct text_word word = text_word(param->choices, value);
        return arena_format(arena, "%.*s", (int)word.bytes, word.start);
    }
    if (quantity == NULL || value < 0 || param->kind == PARAM_MILLIS)
        return arena_format(arena, "%" PRId64, value);
    return quantity_format(quantity, arena, (double)value);
}

const char *remedy_word(enum fanout_row row, int64_t value, struct arena *arena)
{
    return arena_format(arena, "%s=%s", param_short_name(&fanout_param_table, param_of(row)),
                        remedy_value(row, value, arena));
}

struct remedy_words remedy_words(const struct remedy *remedy, const struct fanout_params *params,
                                 struct arena *arena)
{
    struct remedy_words words = {.count = 0};
    const int64_t value = changed(remedy, params);
    const bool also = remedy->also != ROW_NOTHING;
    if (!concerns(remedy, params) || (value == value_of(params, remedy->row) &&
                                      (!also || value == value_of(params, remedy->also))))
        return words;
    words.change =
        arena_format(arena, "%s %s", remedy->name, remedy_value(remedy->row, value, arena));
    words.sets[words.count++] = remedy_word(remedy->row, value, arena);
    if (also)
        words.sets[words.count++] = remedy_word(remedy->also, value, arena);
    return words;
}

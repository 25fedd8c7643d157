/*
 * restart.c - exponential-delay, or one that is always the same.
 */
#include "models/flink/restart.h"

#include "models/kafka/fields.h"

#define DELAY_MAX  1e15
#define FACTOR_MAX 100

/* Flink's reset-backoff-threshold and jitter-factor. */
#define CALM   (3600 * SIM_SECOND)
#define JITTER 0.1

static const struct param_key keys[] = {
    {"initial", "after the first failure", {.kind = PARAM_TIME, .max = DELAY_MAX}, false},
    {"factor", "from one to the next", {.kind = PARAM_NUMBER, .min = 1, .max = FACTOR_MAX}, false},
    {"max", "and no more than this", {.kind = PARAM_TIME, .max = DELAY_MAX}, false},
};

#define KEYS (sizeof keys / sizeof *keys)

static const struct param_shape scalar = {.kind = PARAM_TIME, .max = DELAY_MAX};
const struct param_shape restart_strategy_shape = {
    .form = SHAPE_MAP, .keys = keys, .key_count = KEYS, .other = &scalar};

static bool read_key(struct param_context *context, const struct node *node, size_t key, void *into)
{
    static const char *const names[] = {"job.restart-delay.initial", "job.restart-delay.factor",
                                        "job.restart-delay.max"};
    const struct param_shape *const shape = &keys[key].shape;
    const struct node *const value = tree_get(node, keys[key].name);
    return value == NULL ||
           param_read_value(context, shape->kind, shape->min, shape->max, names[key], value, into);
}

bool restart_strategy_read(struct param_context *context, const struct node *node, void *field)
{
    struct restart_strategy *const strategy = field;
    *strategy =
        (struct restart_strategy){.initial = SIM_SECOND, .factor = 1.5, .max = 60 * SIM_SECOND};
    if (node == NULL)
        return true;
    if (node->kind != NODE_MAP) {
        strategy->factor = 1;
        const bool good = param_read_value(context, PARAM_TIME, 0, DELAY_MAX, "job.restart-delay",
                                           node, &strategy->initial);
        strategy->max = strategy->initial;
        return good;
    }
    if (!fields_known(context, node, "job.restart-delay", keys, KEYS))
        return false;
    if (!read_key(context, node, 0, &strategy->initial) ||
        !read_key(context, node, 1, &strategy->factor) ||
        !read_key(context, node, 2, &strategy->max))
        return false;
    if (strategy->max >= strategy->initial)
        return true;
    diag_error(context->diag, node->place,
               "job.restart-delay: max is below initial; raise the one or lower the other");
    return false;
}

sim_time restarts_delay(struct restarts *restarts, struct rng *draws, sim_time now)
{
    const struct restart_strategy *const strategy = &restarts->strategy;
    const bool first = restarts->delay == 0 || now - restarts->last > CALM + restarts->delay;
    const sim_time delay = first ? strategy->initial : restarts->delay;
    restarts->last = now;
    restarts->delay = sim_earlier((sim_time)((double)delay * strategy->factor), strategy->max);
    if (!(strategy->factor > 1))
        return delay;
    const double jitter = JITTER * (2 * rng_uniform(draws) - 1);
    return (sim_time)((double)delay * (1 + jitter));
}

/*
 * profile.c - reading `load.profile`.
 */
#include "models/load/profile.h"

#include "models/kafka/fields.h"

#define TIME_MAX 1e15
#define RATE_MAX 1e9

static const struct param_key keys[] = {
    {"at", "from the start of the run", {.kind = PARAM_TIME, .max = TIME_MAX}, true},
    {"rate", "from then on", {.kind = PARAM_RATE, .max = RATE_MAX}, true},
};

static const struct param_shape step = {.form = SHAPE_MAP, .keys = keys, .key_count = 2};
const struct param_shape profile_shape = {.form = SHAPE_LIST, .items = &step};

static bool read_change(struct param_context *context, const struct node *node,
                        struct profile_change *change)
{
    if (node->kind != NODE_MAP) {
        diag_error(context->diag, node->place,
                   "a change of load.profile is %s; write {at: 20s, rate: 480k/s}",
                   fields_written(context->arena, node));
        return false;
    }
    bool good = fields_known(context, node, "a change of load.profile", keys, 2);
    const struct node *const at = tree_get(node, "at");
    const struct node *const rate = tree_get(node, "rate");
    if (at == NULL || rate == NULL) {
        diag_error(context->diag, node->place,
                   "a change of load.profile without '%s'; write {at: 20s, rate: 480k/s}",
                   at == NULL ? "at" : "rate");
        return false;
    }
    good &= param_read_value(context, PARAM_TIME, 0, TIME_MAX, "at", at, &change->at);
    good &= param_read_value(context, PARAM_RATE, 0, RATE_MAX, "rate", rate, &change->rate);
    return good;
}

bool profile_read(struct param_context *context, const struct node *node, void *field)
{
    struct profile *const profile = field;
    *profile = (struct profile){0};
    if (node == NULL)
        return true;
    if (node->kind != NODE_LIST || node->count == 0) {
        diag_error(context->diag, node->place,
                   "load.profile is %s; write a list: [{at: 20s, rate: 480k/s}]",
                   node->kind == NODE_LIST ? "empty" : fields_written(context->arena, node));
        return false;
    }
    struct profile_change *const changes =
        ARENA_ARRAY(context->arena, struct profile_change, node->count);
    bool good = true;
    for (size_t i = 0; i < node->count; i++) {
        const bool read = read_change(context, node->items[i], &changes[i]);
        if (read && good && i > 0 && changes[i].at <= changes[i - 1].at) {
            diag_error(context->diag, tree_get(node->items[i], "at")->place,
                       "load.profile: this change is not after the one before it; times ascend");
            good = false;
        }
        good &= read;
    }
    *profile = (struct profile){.changes = changes, .count = node->count};
    return good;
}

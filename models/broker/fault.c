/*
 * fault.c - reading `brokers.faults`, and Kafka's errors by name.
 */
#include "models/broker/fault.h"

#include <string.h>

#include "models/load/fields.h"

static const struct {
    const char *name;
    bool retriable;
} errors[] = {
    [ERROR_NONE] = {"", false},
#define BROKER_ERROR(name, retriable) [ERROR_##name] = {#name, retriable},
#include "models/broker/errors.def"
#undef BROKER_ERROR
};

const char *broker_error_name(enum broker_error error)
{
    return errors[error].name;
}

bool broker_error_retriable(enum broker_error error)
{
    return errors[error].retriable;
}

/* A value that must be there; NULL after an error. */
static const struct node *required(struct param_context *context, const struct node *node,
                                   const char *key)
{
    const struct node *const value = tree_get(node, key);
    if (value == NULL)
        diag_error(context->diag, node->place,
                   "a fault without '%s'; write {kind: pause, broker: 1, at: 20s, for: 5s}", key);
    return value;
}

static bool number_read(struct param_context *context, const struct node *node,
                        enum param_kind kind, double min, const char *key, int64_t *field)
{
    const struct node *const value = required(context, node, key);
    return value != NULL && param_read_value(context, kind, min, 1e15, key, value, field);
}

static bool word_read(struct param_context *context, const struct node *node, const char *name,
                      const char **word)
{
    return param_read_value(context, PARAM_TEXT, 0, 0, name, node, word);
}

static bool kind_read(struct param_context *context, const struct node *node,
                      enum fault_kind *result)
{
    static const char *const kinds[] = {
        [FAULT_PAUSE] = "pause", [FAULT_ERROR] = "error", [FAULT_SLOW] = "slow"};
    const struct node *const kind = required(context, node, "kind");
    const char *word;
    if (kind == NULL || !word_read(context, kind, "a fault's kind", &word))
        return false;
    for (int i = 0; i <= FAULT_SLOW; i++) {
        if (strcmp(word, kinds[i]) == 0) {
            *result = (enum fault_kind)i;
            return true;
        }
    }
    diag_error(context->diag, kind->place,
               "a fault's kind: unknown word %s; expected pause, error or slow",
               diag_shown(context->diag, word));
    return false;
}

static bool error_read(struct param_context *context, const struct node *node,
                       enum broker_error *error)
{
    const char *word;
    if (!word_read(context, node, "a fault's error", &word))
        return false;
    const char *names[ERROR_COUNT];
    for (int i = 1; i < ERROR_COUNT; i++) {
        names[i] = errors[i].name;
        if (strcmp(word, names[i]) == 0) {
            *error = (enum broker_error)i;
            return true;
        }
    }
    const char *const near = diag_nearest(word, names + 1, ERROR_COUNT - 1);
    diag_error(context->diag, node->place, "a fault's error: unknown word %s; %s%s%s",
               diag_shown(context->diag, word),
               near != NULL ? "did you mean "
                            : "expected a partition's error by Kafka's name, such as ",
               near != NULL ? near : broker_error_name(ERROR_NOT_ENOUGH_REPLICAS),
               near != NULL ? "?" : "");
    return false;
}

/* What only one kind of fault has: that one must, the others must not. */
static bool suits_kind(struct param_context *context, const struct node *node, const char *key,
                       const char *example, bool belongs)
{
    const struct node *const value = tree_get(node, key);
    if (belongs == (value != NULL))
        return true;
    const char *const kind = tree_get(node, "kind")->text;
    if (belongs)
        diag_error(context->diag, node->place, "a fault of kind %s without '%s'; add %s: %s", kind,
                   key, key, example);
    else
        diag_error(context->diag, value->place, "a fault of kind %s has no '%s'; remove it", kind,
                   key);
    return false;
}

static bool fault_read(struct param_context *context, const struct node *node, struct fault *fault)
{
    static const char *const keys[] = {"kind", "broker", "at", "for", "error", "wait"};
    *fault = (struct fault){.place = node->place};
    if (node->kind != NODE_MAP) {
        diag_error(context->diag, node->place,
                   "a fault is %s; write {kind: pause, broker: 1, at: 20s, for: 5s}",
                   fields_written(context->arena, node));
        return false;
    }
    bool fine = fields_known(context, node, "a fault", keys, sizeof keys / sizeof *keys);
    const bool kind_known = kind_read(context, node, &fault->kind);
    sim_time length = 0;
    fine &= number_read(context, node, PARAM_COUNT, 0, "broker", &fault->broker);
    fine &= number_read(context, node, PARAM_TIME, 0, "at", &fault->at);
    fine &= number_read(context, node, PARAM_TIME, 1, "for", &length);
    fault->end = fault->at + length;
    const struct node *const broker = tree_get(node, "broker");
    if (broker != NULL)
        fault->broker_place = broker->place;

    const struct node *const error = tree_get(node, "error");
    if (error != NULL)
        fine &= error_read(context, error, &fault->error);
    if (tree_get(node, "wait") != NULL)
        fine &= number_read(context, node, PARAM_TIME, 0, "wait", &fault->wait);
    return kind_known &&
           suits_kind(context, node, "error", "NOT_ENOUGH_REPLICAS", fault->kind == FAULT_ERROR) &&
           suits_kind(context, node, "wait", "120ms", fault->kind == FAULT_SLOW) && fine;
}

bool faults_read(struct param_context *context, const struct node *node, void *field)
{
    struct fault_list *const list = field;
    *list = (struct fault_list){0};
    if (node == NULL)
        return true;
    if (node->kind != NODE_LIST) {
        diag_error(
            context->diag, node->place,
            "brokers.faults is %s; write a list: [{kind: pause, broker: 1, at: 20s, for: 5s}]",
            fields_written(context->arena, node));
        return false;
    }
    struct fault *const faults = ARENA_ARRAY(context->arena, struct fault, node->count);
    bool fine = true;
    for (size_t i = 0; i < node->count; i++)
        fine &= fault_read(context, node->items[i], &faults[i]);
    list->items = faults;
    list->count = node->count;
    return fine;
}

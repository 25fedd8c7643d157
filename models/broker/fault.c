/*
 * fault.c - reading `brokers.faults`, and Kafka's errors by name.
 */
#include "models/broker/fault.h"

#include <string.h>

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

static const char *const fault_keys[] = {"kind", "broker", "at", "for", "error"};
#define FAULT_KEYS (sizeof fault_keys / sizeof fault_keys[0])

static bool keys_known(struct param_context *context, const struct node *node)
{
    bool fine = true;
    for (size_t i = 0; i < node->count; i++) {
        const char *const key = node->entries[i].key;
        bool known = false;
        for (size_t k = 0; k < FAULT_KEYS; k++)
            known |= strcmp(key, fault_keys[k]) == 0;
        if (known)
            continue;
        const char *const near = diag_nearest(key, fault_keys, FAULT_KEYS);
        diag_error(context->diag, node->entries[i].key_place,
                   "a fault has no `%s`; it has kind, broker, at, for and, of kind error, error%s%s%s", key,
                   near != NULL ? "; did you mean `" : "", near != NULL ? near : "",
                   near != NULL ? "`?" : "");
        fine = false;
    }
    return fine;
}

static bool error_read(struct param_context *context, const struct node *node, enum broker_error *error)
{
    const char *names[ERROR_COUNT];
    for (int i = 0; i < ERROR_COUNT; i++)
        names[i] = errors[i].name;
    for (int i = 1; node->kind == NODE_SCALAR && i < ERROR_COUNT; i++) {
        if (strcmp(node->text, names[i]) == 0) {
            *error = (enum broker_error)i;
            return true;
        }
    }
    const char *const near =
        node->kind == NODE_SCALAR ? diag_nearest(node->text, names + 1, ERROR_COUNT - 1) : NULL;
    diag_error(context->diag, node->place, "`error` is Kafka's name of a partition error, such as %s%s",
               near != NULL ? near : "NOT_ENOUGH_REPLICAS", near != NULL ? ": did you mean that?" : "");
    return false;
}

/* A value that must be there. */
static bool required(struct param_context *context, const struct node *node, enum param_kind kind,
                     double min, const char *key, void *field)
{
    const struct node *const value = tree_get(node, key);
    if (value != NULL)
        return param_read_value(context, kind, min, 1e15, key, value, field);
    diag_error(context->diag, node->place, "a fault needs `%s`; {kind: pause, broker: 1, at: 20s, for: 5s}", key);
    return false;
}

static bool kind_read(struct param_context *context, const struct node *node, enum fault_kind *result)
{
    const struct node *const kind = tree_get(node, "kind");
    const bool text = kind != NULL && kind->kind == NODE_SCALAR;
    if (text && strcmp(kind->text, "pause") == 0) {
        *result = FAULT_PAUSE;
        return true;
    }
    if (text && strcmp(kind->text, "error") == 0) {
        *result = FAULT_ERROR;
        return true;
    }
    diag_error(context->diag, kind != NULL ? kind->place : node->place, "the `kind` of a fault is pause or error");
    return false;
}

static bool fault_read(struct param_context *context, const struct node *node, struct fault *fault)
{
    if (node->kind != NODE_MAP) {
        diag_error(context->diag, node->place,
                   "a fault is a map; {kind: pause, broker: 1, at: 20s, for: 5s}");
        return false;
    }
    bool fine = keys_known(context, node);
    *fault = (struct fault){.place = node->place};
    const bool kind_known = kind_read(context, node, &fault->kind);
    fine &= kind_known;
    sim_time length = 0;
    fine &= required(context, node, PARAM_COUNT, 0, "broker", &fault->broker);
    fine &= required(context, node, PARAM_TIME, 0, "at", &fault->at);
    fine &= required(context, node, PARAM_TIME, 1, "for", &length);
    fault->end = fault->at + length;

    const struct node *const error = tree_get(node, "error");
    if (kind_known && (error != NULL) != (fault->kind == FAULT_ERROR)) {
        diag_error(context->diag, error != NULL ? error->place : node->place,
                   error != NULL ? "a pause has no `error`"
                                 : "a fault of kind error needs `error`, such as NOT_ENOUGH_REPLICAS");
        return false;
    }
    return error == NULL ? fine : error_read(context, error, &fault->error) && fine;
}

bool faults_read(struct param_context *context, const struct node *node, void *field)
{
    struct fault_list *const list = field;
    *list = (struct fault_list){0};
    if (node == NULL)
        return true;
    if (node->kind != NODE_LIST) {
        diag_error(context->diag, node->place, "`faults` is a list; [{kind: pause, broker: 1, at: 20s, for: 5s}]");
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

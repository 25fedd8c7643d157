/*
 * fault.c - reading `brokers.faults`, and Kafka's errors by name.
 */
#include "models/kafka/fault.h"

#include <string.h>

#include "models/kafka/fields.h"

#define VALUE_MAX 1e15 /* of times, and of numbers whose range others know */

static const struct {
    const char *name;
    bool retriable;
} errors[] = {
    [ERROR_NONE] = {"", false},
#define BROKER_ERROR(name, retriable) [ERROR_##name] = {#name, retriable},
#include "models/kafka/errors.def"
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

static const char *const kinds[] = {
    [FAULT_PAUSE] = "pause",   [FAULT_ERROR] = "error", [FAULT_SLOW] = "slow",
    [FAULT_LEADER] = "leader", [FAULT_DOWN] = "down",   [FAULT_RESTART] = "restart"};

static const char *example(enum fault_kind kind)
{
    return kind == FAULT_LEADER ? "{kind: leader, topic: events, partition: 3, at: 20s, to: 1}"
                                : "{kind: pause, broker: 1, at: 20s, for: 5s}";
}

/* A value that must be there; NULL after an error. */
static const struct node *required(struct param_context *context, const struct node *node,
                                   const char *key, enum fault_kind kind)
{
    const struct node *const value = tree_get(node, key);
    if (value == NULL)
        diag_error(context->diag, node->place, "a fault without '%s'; write %s", key,
                   example(kind));
    return value;
}

static bool word_read(struct param_context *context, const struct node *node, const char *name,
                      const char **word)
{
    return param_read_value(context, PARAM_TEXT, 0, 0, name, node, word);
}

static bool kind_read(struct param_context *context, const struct node *node,
                      enum fault_kind *result)
{
    const struct node *const kind = required(context, node, "kind", FAULT_PAUSE);
    const char *word;
    if (kind == NULL || !word_read(context, kind, "a fault's kind", &word))
        return false;
    for (int i = 0; i <= FAULT_RESTART; i++) {
        if (strcmp(word, kinds[i]) == 0) {
            *result = (enum fault_kind)i;
            return true;
        }
    }
    diag_error(context->diag, kind->place,
               "a fault's kind: unknown word %s; expected pause, error, slow, leader, down or "
               "restart",
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

/* A number or a time, if it is there. */
static bool number_read(struct param_context *context, const struct node *node,
                        enum param_kind kind, double min, const char *key, int64_t *field,
                        struct place *place)
{
    const struct node *const value = tree_get(node, key);
    if (value == NULL)
        return true;
    if (place != NULL)
        *place = value->place;
    return param_read_value(context, kind, min, VALUE_MAX, key, value, field);
}

/* A broker that is so slow is down. */
#define FACTOR_MAX 1e6

static bool factor_read(struct param_context *context, const struct node *node, struct fault *fault)
{
    const struct node *const value = tree_get(node, "factor");
    return value == NULL ||
           param_read_value(context, PARAM_NUMBER, 1, FACTOR_MAX, "factor", value, &fault->factor);
}

static bool topic_read(struct param_context *context, const struct node *node, struct fault *fault)
{
    const struct node *const topic = tree_get(node, "topic");
    if (topic == NULL)
        return true;
    fault->topic_place = topic->place;
    return word_read(context, topic, "a fault's topic", &fault->topic);
}

/* Whatever the kind, as it is written. */
static bool values_read(struct param_context *context, const struct node *node, struct fault *fault)
{
    sim_time length = 0;
    bool fine =
        number_read(context, node, PARAM_COUNT, 0, "broker", &fault->broker, &fault->broker_place);
    fine &= number_read(context, node, PARAM_TIME, 0, "at", &fault->at, NULL);
    fine &= number_read(context, node, PARAM_TIME, 1, "for", &length, NULL);
    fine &= number_read(context, node, PARAM_TIME, 0, "wait", &fault->wait, NULL);
    fine &= factor_read(context, node, fault);
    fine &= number_read(context, node, PARAM_TIME, 0, "leaders-back", &fault->leaders_back, NULL);
    fine &= number_read(context, node, PARAM_COUNT, 0, "to", &fault->to, &fault->to_place);
    fine &= number_read(context, node, PARAM_COUNT, 0, "partition", &fault->partition,
                        &fault->partition_place);
    fine &= topic_read(context, node, fault);
    const struct node *const error = tree_get(node, "error");
    if (error != NULL)
        fine &= error_read(context, error, &fault->error);
    fault->end = fault->at + length;
    return fine;
}

#define OF(kind) (1U << FAULT_##kind)
#define WINDOWS  (~OF(LEADER))

/* The keys beside `kind`: of which kinds it must be, and of which it may be. */
static const struct {
    const char *name;
    unsigned must, may;
    const char *value; /* for instance, where one kind alone has it */
} keys[] = {
    {"broker", WINDOWS, OF(LEADER), NULL},
    {"at", ~0U, 0, NULL},
    {"for", WINDOWS, 0, NULL},
    {"error", OF(ERROR), 0, "NOT_ENOUGH_REPLICAS"},
    {"wait", 0, OF(SLOW), NULL},
    {"factor", 0, OF(SLOW), NULL},
    {"leaders-back", 0, OF(RESTART), NULL},
    {"topic", 0, OF(LEADER), NULL},
    {"partition", 0, OF(LEADER), NULL},
    {"to", 0, OF(LEADER), NULL},
};

#define KEYS (sizeof keys / sizeof *keys)

#define INSTANT                                                                                    \
    {                                                                                              \
        .kind = PARAM_TIME, .max = VALUE_MAX                                                       \
    }
#define NUMBER                                                                                     \
    {                                                                                              \
        .kind = PARAM_COUNT, .max = VALUE_MAX                                                      \
    }
#define BROKER_ERROR(name, retriable) #name "|"

static const struct param_key shape_keys[] = {
    {"kind",
     "what goes wrong",
     {.form = SHAPE_WORDS, .words = "pause|error|slow|leader|down|restart"},
     true},
    {"broker", "whose it is, from 0", NUMBER, false},
    {"at", "from the start of the run", INSTANT, true},
    {"for", "so long", {.kind = PARAM_TIME, .min = 1, .max = VALUE_MAX}, false},
    {"error",
     "the answer's, by Kafka's name; of kind error",
     {.form = SHAPE_WORDS,
      .words =
#include "models/kafka/errors.def"
          ""},
     false},
    {"wait", "so much longer its replicas take; of kind slow", INSTANT, false},
    {"factor",
     "so many times as long its handlers take; of kind slow",
     {.kind = PARAM_NUMBER, .min = 1, .max = FACTOR_MAX},
     false},
    {"leaders-back", "when it leads again, after the end; of kind restart", INSTANT, false},
    {"topic", "whose partition gets another leader; of kind leader", {.kind = PARAM_TEXT}, false},
    {"partition", "from 0; of kind leader", NUMBER, false},
    {"to", "the broker that leads then; of kind leader", NUMBER, false},
};

static const struct param_shape fault_shape = {
    .form = SHAPE_MAP, .keys = shape_keys, .key_count = sizeof shape_keys / sizeof *shape_keys};
const struct param_shape faults_shape = {
    .form = SHAPE_LIST, .items = &fault_shape, .called = "kind"};

static bool keys_known(struct param_context *context, const struct node *node)
{
    return fields_known(context, node, "a fault", fault_shape.keys, fault_shape.key_count);
}

static bool keys_suit(struct param_context *context, const struct node *node, enum fault_kind kind)
{
    bool fine = true;
    for (size_t k = 0; k < KEYS; k++) {
        const char *const name = keys[k].name;
        const struct node *const value = tree_get(node, name);
        const bool must = (keys[k].must >> kind) & 1;
        const bool may = (keys[k].may >> kind) & 1;
        if (value != NULL ? must || may : !must)
            continue;
        fine = false;
        if (value != NULL)
            diag_error(context->diag, value->place, "a fault of kind %s has no '%s'; remove it",
                       kinds[kind], name);
        else if (keys[k].value != NULL)
            diag_error(context->diag, node->place, "a fault of kind %s without '%s'; add %s: %s",
                       kinds[kind], name, name, keys[k].value);
        else
            required(context, node, name, kind);
    }
    return fine;
}

/* What is slow: its replicas, its handlers, or both. */
static bool names_what(struct param_context *context, const struct node *node)
{
    if (tree_get(node, "wait") != NULL || tree_get(node, "factor") != NULL)
        return true;
    diag_error(context->diag, node->place,
               "a fault of kind slow without 'wait' or 'factor'; add wait: 120ms (its replicas "
               "take so much longer), or factor: 3 (its handlers take so many times as long)");
    return false;
}

/* Who gets another leader: one partition, or all that a broker leads. */
static bool names_whom(struct param_context *context, const struct node *node)
{
    const struct node *const broker = tree_get(node, "broker");
    const bool partition = tree_get(node, "topic") != NULL || tree_get(node, "partition") != NULL;
    if (broker == NULL)
        return required(context, node, "topic", FAULT_LEADER) != NULL &&
               required(context, node, "partition", FAULT_LEADER) != NULL &&
               required(context, node, "to", FAULT_LEADER) != NULL;
    if (!partition)
        return true;
    diag_error(context->diag, broker->place,
               "one partition gets another leader, or all that the broker leads do; remove the "
               "broker, or topic and partition");
    return false;
}

static bool fault_read(struct param_context *context, const struct node *node, struct fault *fault)
{
    *fault = (struct fault){
        .place = node->place, .broker = FAULT_NOT_GIVEN, .factor = 1, .to = FAULT_NOT_GIVEN};
    if (node->kind != NODE_MAP) {
        diag_error(context->diag, node->place, "a fault is %s; write %s",
                   fields_written(context->arena, node), example(FAULT_PAUSE));
        return false;
    }
    bool fine = keys_known(context, node);
    const bool kind_known = kind_read(context, node, &fault->kind);
    fine &= values_read(context, node, fault);
    fine &= kind_known && keys_suit(context, node, fault->kind);
    if (fault->kind == FAULT_SLOW)
        return names_what(context, node) && fine;
    return fine && (fault->kind != FAULT_LEADER || names_whom(context, node));
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

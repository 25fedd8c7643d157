/*
 * topics.c - `topics:` read in three steps: the items as they are written, the topics they stand
 * for, and the order by name that finds duplicates and serves traces.
 */
#include "models/kafka/topics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/kafka/fields.h"
#include "models/kafka/numbered.h"

#define NAME_BYTES_MAX 249 /* Kafka's limit */
#define WEIGHT_MIN     1e-9
#define WEIGHT_MAX     1e9
#define FIRST_MAX      1e9
#define VALUE_MAX      (1 << 30)
#define BROKER_MAX     999 /* brokers.count is at most 1000 */

static const struct param_shape leader = {.kind = PARAM_COUNT, .max = BROKER_MAX};

static const struct param_key keys[] = {
    {"name", "%d runs from first, %02d with two digits", {.kind = PARAM_TEXT}, true},
    {"count",
     "so many topics; default 1",
     {.kind = PARAM_COUNT, .min = 1, .max = TOPICS_PARTITIONS_MAX},
     false},
    {"first", "where %d begins; default 0", {.kind = PARAM_COUNT, .max = FIRST_MAX}, false},
    {"partitions", "of each", {.kind = PARAM_COUNT, .min = 1, .max = TOPICS_PARTITIONS_MAX}, true},
    {"weight",
     "traffic of each: parts, 3, or a share of all, 40%; parts divide what shares leave; default 1",
     {.kind = PARAM_NUMBER, .min = WEIGHT_MIN, .max = WEIGHT_MAX},
     false},
    {"value",
     "size of a record's value; default load.record.value",
     {.kind = PARAM_DIST_BYTES, .max = VALUE_MAX},
     false},
    {"leaders",
     "the broker of each partition, or of the first, which then come again",
     {.form = SHAPE_LIST, .items = &leader},
     false},
};

#define KEYS (sizeof keys / sizeof *keys)

static const struct param_shape one_topic = {.form = SHAPE_MAP, .keys = keys, .key_count = KEYS};
const struct param_shape topics_shape = {.form = SHAPE_LIST, .items = &one_topic, .called = "name"};

/* One entry of the list. */
struct item {
    struct numbered pattern;
    int64_t count, first, partitions;
    bool is_share; /* the weight: of all traffic, not in parts */
    struct place weight_place;
    struct topic topic; /* what its topics have in common */
};

static bool read_number(struct param_context *context, const struct node *node, const char *name,
                        double min, double max, int64_t *field)
{
    const struct node *const value = tree_get(node, name);
    return value == NULL || param_read_value(context, PARAM_COUNT, min, max, name, value, field);
}

static bool read_name(struct param_context *context, const struct node *node, struct item *item)
{
    const struct node *const name = tree_get(node, "name");
    if (name == NULL) {
        diag_error(context->diag, node->place, "a topic without a name; add name: events");
        return false;
    }
    item->topic.place = name->place;
    const char *text = NULL;
    if (!param_read_value(context, PARAM_TEXT, 0, 0, "name", name, &text))
        return false;
    const char *const wrong = numbered_parse(&item->pattern, context->arena, text);
    if (wrong != NULL)
        diag_error(context->diag, name->place, "topic '%s': %s", text, wrong);
    else if (!item->pattern.has_number && item->count > 1)
        diag_error(context->diag, name->place,
                   "%lld topics cannot all be called '%s'; write '%s.%%02d'",
                   (long long)item->count, text, text);
    else if (!item->pattern.has_number && tree_get(node, "first") != NULL)
        diag_error(context->diag, tree_get(node, "first")->place,
                   "first is where %%d begins to count, but '%s' has no %%d", text);
    else
        return true;
    return false;
}

/* One broker per partition, or fewer that come again. */
static bool read_leaders(struct param_context *context, const struct node *node, struct item *item)
{
    const struct node *const list = tree_get(node, "leaders");
    if (list == NULL)
        return true;
    if (list->kind != NODE_LIST || list->count == 0) {
        diag_error(context->diag, list->place,
                   "leaders is %s; write the broker of each partition: [0, 1, 2]",
                   list->kind == NODE_LIST ? "empty" : fields_written(context->arena, list));
        return false;
    }
    struct topic_leader *const leaders =
        ARENA_ARRAY(context->arena, struct topic_leader, list->count);
    bool good = true;
    for (size_t i = 0; i < list->count; i++) {
        leaders[i].place = list->items[i]->place;
        good &= param_read_value(context, PARAM_COUNT, 0, BROKER_MAX, "a leader", list->items[i],
                                 &leaders[i].broker);
    }
    item->topic.leaders = leaders;
    item->topic.leader_count = (int32_t)list->count;
    if (!good || item->partitions == 0 || list->count <= (size_t)item->partitions)
        return good;
    diag_error(context->diag, list->place,
               "%zu leaders of %lld partitions; give as many, or fewer, which then come again",
               list->count, (long long)item->partitions);
    return false;
}

/* 3 is in parts, 40% a share of all traffic. */
static bool read_weight(struct param_context *context, const struct node *node, struct item *item)
{
    const struct node *const weight = tree_get(node, "weight");
    if (weight == NULL)
        return true;
    item->weight_place = weight->place;
    item->is_share = weight->kind == NODE_SCALAR && strchr(weight->text, '%') != NULL;
    return param_read_value(context, PARAM_NUMBER, WEIGHT_MIN, item->is_share ? 1 : WEIGHT_MAX,
                            "weight", weight, &item->topic.weight);
}

static bool read_item(struct param_context *context, const struct node *node, struct item *item)
{
    *item = (struct item){.count = 1, .topic = {.weight = 1, .place = node->place}};
    if (node->kind != NODE_MAP) {
        diag_error(context->diag, node->place,
                   "a topic is %s; write {name: events, partitions: 12}",
                   fields_written(context->arena, node));
        return false;
    }
    bool good = fields_known(context, node, "a topic", keys, KEYS);
    good &= read_number(context, node, "count", 1, TOPICS_PARTITIONS_MAX, &item->count);
    good &= read_number(context, node, "first", 0, FIRST_MAX, &item->first);
    good &= read_name(context, node, item);
    good &= read_number(context, node, "partitions", 1, TOPICS_PARTITIONS_MAX, &item->partitions);
    if (tree_get(node, "partitions") == NULL) {
        diag_error(context->diag, node->place,
                   "a topic without its number of partitions; add partitions: 12");
        good = false;
    }
    good &= read_weight(context, node, item);
    const struct node *const value = tree_get(node, "value");
    item->topic.has_value = value != NULL;
    if (value != NULL)
        good &= param_read_value(context, PARAM_DIST_BYTES, 0, VALUE_MAX, "value", value,
                                 &item->topic.value);
    return read_leaders(context, node, item) && good;
}

/* All of them, up to rounding. */
#define WHOLE_ERROR 1e-9

/* Of what the items give to shares and parts of the traffic, which do not go together. */
static void say_indivisible(struct param_context *context, struct place place, double shares,
                            bool parts)
{
    const double per_cent = 100 * shares;
    if (shares > 1 + WHOLE_ERROR)
        diag_error(context->diag, place,
                   "the shares of all topics are %.10g %% of the traffic together; lower one",
                   per_cent);
    else if (parts)
        diag_error(context->diag, place,
                   "the shares of all topics are 100 %% of the traffic together and leave nothing "
                   "for those with a weight in parts (default 1); lower one");
    else
        diag_error(context->diag, place,
                   "the shares of all topics are %.10g %% of the traffic together; raise one, or "
                   "give a topic a weight in parts, which gets the rest",
                   per_cent);
}

/* Shares are taken first, parts divide the rest; without shares parts stay as they are. */
static bool divide(struct param_context *context, struct item *items, size_t count)
{
    double shares = 0, parts = 0;
    struct place place = {.file = NULL};
    for (size_t i = 0; i < count; i++) {
        const double weights = (double)items[i].count * items[i].topic.weight;
        shares += items[i].is_share ? weights : 0;
        parts += items[i].is_share ? 0 : weights;
        place = items[i].is_share ? items[i].weight_place : place;
    }
    const double rest = 1 - shares;
    if (shares <= 0)
        return true;
    if (parts > 0 ? rest <= WHOLE_ERROR : fabs(rest) > WHOLE_ERROR) {
        say_indivisible(context, place, shares, parts > 0);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        items[i].topic.weight *= items[i].is_share ? 1 : rest / parts;
    return true;
}

/* False after an error: the name breaks Kafka's rules. */
static bool name_is_legal(struct param_context *context, const struct topic *topic)
{
    static const char legal[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *const name = topic->name;
    const size_t length = strlen(name);
    if (length == 0 || length > NAME_BYTES_MAX)
        diag_error(context->diag, topic->place,
                   "a topic's name has %zu characters; Kafka takes 1 to %d", length,
                   NAME_BYTES_MAX);
    else if (strspn(name, legal) != length)
        diag_error(
            context->diag, topic->place,
            "Kafka does not take '%s' as a topic's name; letters, digits and . _ - are right",
            name);
    else if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        diag_error(context->diag, topic->place,
                   "Kafka does not take '%s' as a topic's name; it is a directory's", name);
    else
        return true;
    return false;
}

/* The topics that the items stand for, numbered. */
static bool expand(struct param_context *context, const struct item *items, size_t item_count,
                   struct topic_list *list)
{
    struct topic *const topics = ARENA_ARRAY(context->arena, struct topic, list->count);
    struct topic *next = topics;
    int32_t first = 0;
    bool good = true;
    for (size_t i = 0; i < item_count; i++) {
        const struct item *const item = &items[i];
        bool legal = true;
        for (int64_t k = 0; k < item->count && legal; k++) {
            char *const name = ARENA_ARRAY(context->arena, char, numbered_room(&item->pattern));
            numbered_write(&item->pattern, item->first + k, name);
            *next = item->topic;
            next->name = name;
            next->partitions = (int32_t)item->partitions;
            next->first = first;
            first += next->partitions;
            legal = name_is_legal(context, next); /* once per item is enough */
            next++;
        }
        good &= legal;
    }
    list->items = topics;
    return good;
}

struct named { /* for the sort */
    const char *name;
    int32_t number;
};

static int compare_named(const void *left, const void *right)
{
    const struct named *const a = left;
    const struct named *const b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

/* Sorts the names; false after an error for each item that repeats the name of an earlier one. */
static bool index_names(struct param_context *context, struct topic_list *list)
{
    struct named *const names = ARENA_ARRAY(context->arena, struct named, list->count);
    int32_t *const by_name = ARENA_ARRAY(context->arena, int32_t, list->count);
    for (int32_t i = 0; i < list->count; i++)
        names[i] = (struct named){list->items[i].name, i};
    qsort(names, (size_t)list->count, sizeof *names, compare_named);

    const struct topic *reported = NULL;
    for (int32_t i = 0; i < list->count; i++) {
        by_name[i] = names[i].number;
        if (i == 0 || strcmp(names[i - 1].name, names[i].name) != 0)
            continue;
        const struct topic *const again = &list->items[names[i].number];
        const struct place there = list->items[names[i - 1].number].place;
        const bool told = reported != NULL && reported->place.line == again->place.line &&
                          reported->place.column == again->place.column;
        if (!told)
            diag_error(context->diag, again->place,
                       "topic '%s' is there already, from %s:%d:%d; give it another name",
                       again->name, there.file, there.line, there.column);
        reported = again;
    }
    list->by_name = by_name;
    return reported == NULL;
}

bool topics_read(struct param_context *context, const struct node *node, void *field)
{
    struct topic_list *const list = field;
    *list = (struct topic_list){0};
    if (node == NULL)
        return true;
    if (node->kind != NODE_LIST || node->count == 0) {
        diag_error(context->diag, node->place,
                   "topics is %s; write a list: [{name: events, partitions: 12}]",
                   node->kind == NODE_LIST ? "empty" : fields_written(context->arena, node));
        return false;
    }
    struct item *const items = ARENA_ARRAY(context->arena, struct item, node->count);
    size_t read = 0; /* those without an error */
    int64_t count = 0;
    int64_t partitions = 0;
    for (size_t i = 0; i < node->count; i++) {
        struct item *const item = &items[read];
        if (!read_item(context, node->items[i], item))
            continue;
        read++;
        count += item->count;
        partitions += item->count * item->partitions;
        if (partitions > TOPICS_PARTITIONS_MAX) {
            diag_error(context->diag, node->items[i]->place,
                       "%lld partitions with this item; at most %d of all topics are right",
                       (long long)partitions, TOPICS_PARTITIONS_MAX);
            return false;
        }
    }
    list->count = (int32_t)count;
    list->partitions = (int32_t)partitions;
    const bool whole = read < node->count || divide(context, items, read);
    const bool legal = expand(context, items, read, list);
    return legal && index_names(context, list) && read == node->count && whole;
}

int32_t topics_leader(const struct topic *topic, int32_t partition, int32_t brokers)
{
    if (topic->leader_count == 0)
        return (topic->first + partition) % brokers;
    return (int32_t)topic->leaders[partition % topic->leader_count].broker;
}

const struct topic *topics_of(const struct topic_list *topics, int32_t partition)
{
    int32_t t = 0;
    int32_t end = topics->count;
    while (end - t > 1) {
        const int32_t middle = t + (end - t) / 2;
        if (topics->items[middle].first <= partition)
            t = middle;
        else
            end = middle;
    }
    return &topics->items[t];
}

const struct topic *topics_find(const struct topic_list *topics, const char *name)
{
    return topics_find_bytes(topics, name, strlen(name));
}

const struct topic *topics_find_bytes(const struct topic_list *topics, const char *name,
                                      size_t length)
{
    int32_t low = 0;
    int32_t high = topics->count;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        const struct topic *const topic = &topics->items[topics->by_name[middle]];
        int order = strncmp(name, topic->name, length);
        if (order == 0 && topic->name[length] != '\0')
            order = -1;
        if (order == 0)
            return topic;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

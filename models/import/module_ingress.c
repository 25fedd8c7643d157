/*
 * module_ingress.c - io.statefun.kafka.v1/ingress: AutoRoutableKafkaIngressSpec.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/import/character.h"
#include "models/import/module_parts.h"
#include "models/import/scalar.h"
#include "sim/core/check.h"
#include "sim/core/text.h"

#define INGRESS_FIELDS                                                                             \
    "id|address|consumerGroupId|topics|startupPosition|autoOffsetResetPosition|properties"
#define FORK_FIELDS    "|forwardHeaders|invalidRecordHandling"
#define TOPIC_FIELDS   "topic|valueType|targets"
#define STARTUPS       "group-offsets|earliest|latest|specific-offsets|date"
#define STARTUP_FIELDS "type|offsets|date"
#define DESERIALIZER   "org.apache.kafka.common.serialization.ByteArrayDeserializer"

/* Any day up to the 31st: of a month that is shorter it is the last one (ResolverStyle.SMART). */
#define MONTH_FORM  "(0[1-9]|1[0-2])"
#define DAY_FORM    "(0[1-9]|[12][0-9]|3[01])"
#define HOUR_FORM   "([01][0-9]|2[0-3])"
#define SIXTY_FORM  "[0-5][0-9]"
#define OFFSET_FORM "[+-](0[0-9]" SIXTY_FORM "|1[0-7]" SIXTY_FORM "|1800)"
#define DATE_FORM                                                                                  \
    "^[0-9]{4}-" MONTH_FORM "-" DAY_FORM " " HOUR_FORM "(:" SIXTY_FORM                             \
    "){2}[.][0-9]{3} " OFFSET_FORM "$"

/* A single value has nothing to iterate over, which the loader takes. */
static bool read_targets(const struct loader *loader, const struct node *node,
                         struct module_topic *topic)
{
    const struct node *const targets = tree_get(node, "targets");
    if (targets == NULL) {
        diag_error(loader->diag, node->place,
                   "a topic of an ingress without targets, and the loader fails; add targets: "
                   "[namespace/function]");
        return false;
    }
    if (targets->count == 0)
        diag_warning(loader->diag, targets->place,
                     "targets: StateFun reads no function here, and records of this topic go "
                     "nowhere; write [namespace/function]");
    topic->targets = ARENA_ARRAY(loader->arena, const char *, targets->count);
    bool good = true;
    for (size_t i = 0; i < targets->count; i++)
        good &= module_typename(loader, module_child(targets, i), "targets", &topic->targets[i]);
    topic->target_count = targets->count;
    return good;
}

/* Any text is a valueType, and nothing but a text. */
static bool read_value_type(const struct loader *loader, const struct node *topic, const char *what)
{
    const struct node *const type = tree_get(topic, "valueType");
    if (type != NULL && type->kind == NODE_SCALAR && scalar_type(type) == SCALAR_TEXT)
        return true;
    diag_error(loader->diag, type != NULL ? type->place : topic->place,
               "%s needs a valueType that is a text; write valueType: namespace/type", what);
    return false;
}

/* Whatever stands there becomes a text: the topic "null". */
static const char *read_name(const struct loader *loader, const struct node *topic,
                             const char *what)
{
    const struct node *const name = tree_get(topic, "topic");
    if (name == NULL) {
        diag_error(loader->diag, topic->place, "%s without topic; add topic: ..", what);
        return NULL;
    }
    const char *const text = scalar_text(loader->arena, name);
    if (name->kind != NODE_SCALAR || scalar_type(name) == SCALAR_NULL)
        diag_warning(loader->diag, name->place,
                     "topic: StateFun reads the topic \"%s\"; write its name", text);
    return text;
}

static bool read_topic(const struct loader *loader, const struct node *node,
                       struct module_ingress *ingress)
{
    static const char what[] = "a topic of an ingress";
    if (node->kind != NODE_MAP) {
        diag_error(loader->diag, node->place,
                   "%s is %s; write {topic: .., valueType: .., targets: [..]}", what,
                   tree_kind_name(node));
        return false;
    }
    struct module_topic topic = {.name = read_name(loader, node, what), .place = node->place};
    bool good = topic.name != NULL;
    good &= read_value_type(loader, node, what);
    good &= read_targets(loader, node, &topic);
    const bool fork = loader->runtime == MODULE_SINK_V2;
    module_ignored(loader, node, what, fork ? TOPIC_FIELDS FORK_FIELDS : TOPIC_FIELDS);
    if (!good)
        return false;
    for (size_t i = 0; i < ingress->topic_count; i++)
        if (strcmp(ingress->topics[i].name, topic.name) == 0) {
            diag_warning(loader->diag, node->place, "the topic %s is given twice; this one counts",
                         topic.name);
            ingress->topics[i] = topic;
            return true;
        }
    ingress->topics[ingress->topic_count++] = topic;
    return true;
}

static bool read_topics(const struct loader *loader, const struct node *spec,
                        struct module_ingress *ingress)
{
    const struct node *const list = tree_get(spec, "topics");
    if (list == NULL || list->kind != NODE_LIST || list->count == 0) {
        diag_error(loader->diag, list != NULL ? list->place : spec->place,
                   "an ingress needs topics; add topics: [{topic: .., valueType: .., targets: "
                   "[..]}]");
        return false;
    }
    ingress->topics = ARENA_ARRAY(loader->arena, struct module_topic, list->count);
    bool good = true;
    for (size_t i = 0; i < list->count; i++)
        good &= read_topic(loader, list->items[i], ingress);
    return good;
}

/* "topic/0": the last slash parts topic and partition, which is an int (Integer.valueOf). */
static bool is_partition(const char *text)
{
    const char *const slash = strrchr(text, '/');
    return slash != NULL && slash > text && character_match(slash + 1, "^([+]?[0-9]+|-0+)$") &&
           strtoll(slash + 1, NULL, 10) <= INT32_MAX;
}

static void warn_of_offset(const struct loader *loader, const struct node_entry *entry)
{
    const char *const text = scalar_text(loader->arena, entry->value);
    if (!character_match(text, "^-?[0-9]+$"))
        diag_warning(loader->diag, entry->value->place,
                     "offsets: %s: StateFun reads %s as %" PRId64 "; write a whole number",
                     entry->key, diag_shown(loader->diag, text), module_long(loader, entry->value));
}

/* - topic/0: 7, the first entry of each; an offset that is no number is 0. */
static bool read_offsets(const struct loader *loader, const struct node *position)
{
    const struct node *const offsets = tree_get(position, "offsets");
    if (offsets == NULL || offsets->count == 0) {
        diag_error(loader->diag, position->place,
                   "specific-offsets without offsets; add offsets: [{topic/0: 7}]");
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < offsets->count; i++) {
        const struct node *const item = module_child(offsets, i);
        if (item->kind == NODE_MAP && item->count > 0 && is_partition(item->entries[0].key)) {
            warn_of_offset(loader, &item->entries[0]);
            continue;
        }
        diag_error(loader->diag, item->place,
                   "offsets: %s is no offset; write - topic/0: 7, with the partition behind the "
                   "last slash",
                   diag_shown(loader->diag, tree_text(loader->arena, item)));
        good = false;
    }
    return good;
}

static bool read_date(const struct loader *loader, const struct node *position)
{
    const struct node *const date = tree_get(position, "date");
    if (date != NULL && character_match(scalar_text(loader->arena, date), DATE_FORM))
        return true;
    diag_error(loader->diag, date != NULL ? date->place : position->place,
               "startupPosition: %s is no date; write yyyy-MM-dd HH:mm:ss.SSS Z with an offset of "
               "digits: \"2020-02-01 04:15:00.000 +0000\"",
               date != NULL ? diag_shown(loader->diag, scalar_text(loader->arena, date))
                            : "nothing");
    return false;
}

static bool read_startup(const struct loader *loader, const struct node *spec,
                         struct module_ingress *ingress)
{
    const struct node *const position = tree_get(spec, "startupPosition");
    ingress->startup = "latest";
    if (position == NULL)
        return true;
    if (position->kind != NODE_MAP) {
        diag_error(loader->diag, position->place,
                   "startupPosition is %s, and StateFun wants a map; write {type: latest}",
                   tree_kind_name(position));
        return false;
    }
    const char *const type = module_text(loader, position, "type", "startupPosition");
    if (type == NULL)
        return false;
    ingress->startup = type;
    module_ignored(loader, position, "startupPosition", STARTUP_FIELDS);
    if (strcmp(type, "specific-offsets") == 0)
        return read_offsets(loader, position);
    if (strcmp(type, "date") == 0)
        return read_date(loader, position);
    if (text_find_word(STARTUPS, type) >= 0)
        return true;
    diag_error(loader->diag, tree_get(position, "type")->place,
               "startupPosition: %s is none of group-offsets, earliest, latest, specific-offsets "
               "and date",
               diag_shown(loader->diag, type));
    return false;
}

/* Whether it is given or not, it overwrites the property. */
static bool settle_reset(const struct loader *loader, const struct node *spec, struct pairs *config)
{
    static const char key[] = "auto.offset.reset";
    const struct node *const node = tree_get(spec, "autoOffsetResetPosition");
    const struct pair *const property = pairs_find(config, key);
    const char *text = "latest";
    if (node != NULL) {
        text = scalar_text(loader->arena, node);
        if (strcasecmp(text, "latest") != 0 && strcasecmp(text, "earliest") != 0) {
            diag_error(loader->diag, node->place,
                       "autoOffsetResetPosition: %s is neither earliest nor latest",
                       diag_shown(loader->diag, text));
            return false;
        }
        text = strcasecmp(text, "latest") == 0 ? "latest" : "earliest";
    }
    if (property != NULL && strcmp(property->text, text) != 0)
        diag_warning(loader->diag, property->place,
                     "auto.offset.reset: %s is lost: autoOffsetResetPosition, %s, overwrites it",
                     property->text, node != NULL ? text : "latest unless it is given");
    pairs_put(config, loader->arena,
              (struct pair){key, text, node != NULL ? node->place : (struct place){0}});
    return true;
}

/* A named field wins over its property; one of the two there must be. */
static bool settle(const struct loader *loader, const struct node *spec, const char *field,
                   const char *key, struct pairs *config)
{
    const struct node *const node = tree_get(spec, field);
    if (node != NULL) {
        const char *const text = module_text(loader, spec, field, "an ingress");
        if (text != NULL)
            pairs_put(config, loader->arena, (struct pair){key, text, node->place});
        return text != NULL;
    }
    if (pairs_find(config, key) != NULL)
        return true;
    diag_error(loader->diag, spec->place, "an ingress without %s, and no property %s; add %s: ..",
               field, key, field);
    return false;
}

static bool is_new(const struct loader *loader, const struct module_ingress *ingress)
{
    for (size_t i = 0; i < loader->module->ingress_count; i++) {
        const struct module_ingress *const other = &loader->module->ingresses[i];
        if (strcmp(other->id, ingress->id) != 0)
            continue;
        diag_error(loader->diag, ingress->place,
                   "the ingress %s is there already, from %s:%d; give it another id", ingress->id,
                   other->place.file, other->place.line);
        return false;
    }
    return true;
}

bool module_read_ingress(const struct loader *loader, const struct node *spec)
{
    static const char what[] = "an ingress";
    struct module_ingress ingress = {.place = spec->place};
    const struct node *const id = tree_get(spec, "id");
    bool good = module_text(loader, spec, "id", what) != NULL &&
                module_typename(loader, id, "id", &ingress.id);
    if (good)
        ingress.place = id->place;
    const bool fork = loader->runtime == MODULE_SINK_V2;
    module_ignored(loader, spec, what, fork ? INGRESS_FIELDS FORK_FIELDS : INGRESS_FIELDS);
    pairs_put(&ingress.config, loader->arena, (struct pair){"key.deserializer", DESERIALIZER, {0}});
    pairs_put(&ingress.config, loader->arena,
              (struct pair){"value.deserializer", DESERIALIZER, {0}});
    good &= module_properties(loader, spec, &ingress.config);
    good &= settle_reset(loader, spec, &ingress.config);
    good &= settle(loader, spec, "address", "bootstrap.servers", &ingress.config);
    good &= settle(loader, spec, "consumerGroupId", "group.id", &ingress.config);
    good &= read_topics(loader, spec, &ingress);
    good &= read_startup(loader, spec, &ingress);
    if (!good || !is_new(loader, &ingress))
        return false;
    loader->module->ingresses[loader->module->ingress_count++] = ingress;
    return true;
}

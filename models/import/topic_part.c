/*
 * topic_part.c - labelled fields, a line for each topic and one for each of its partitions.
 */
#include "models/import/topic_part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/kafka/topics.h"

struct line {
    struct arena *arena;
    const char *text;
    struct place place;
};

/* What stands behind "NAME:", up to a space; NULL: there is no such field. */
static const char *field(const struct line *line, const char *name)
{
    const size_t bytes = strlen(name);
    for (const char *at = strstr(line->text, name); at != NULL; at = strstr(at + 1, name)) {
        const bool begins = at == line->text || at[-1] == '\t' || at[-1] == ' ';
        if (!begins || at[bytes] != ':')
            continue;
        at += bytes + 1;
        at += strspn(at, " ");
        return arena_format(line->arena, "%.*s", (int)strcspn(at, " \t\r"), at);
    }
    return NULL;
}

/* -1: there is none, or it is no number. */
static int64_t number(const struct line *line, const char *name)
{
    const char *const text = field(line, name);
    char *end;
    if (text == NULL || text[0] < '0' || text[0] > '9')
        return -1;
    const int64_t value = strtoll(text, &end, 10);
    return *end == '\0' ? value : -1;
}

bool topic_part_is(const char *text)
{
    const char *const count = strstr(text, "PartitionCount:");
    return strncmp(text + strspn(text, " \t\r\n"), "Topic:", 6) == 0 && count != NULL;
}

/* From the end: lines of a topic's partitions follow it. */
struct topic_part *topic_part_find(const struct topic_parts *topics, const char *name)
{
    for (size_t i = topics->count; i-- > 0;)
        if (strcmp(topics->items[i].name, name) == 0)
            return &topics->items[i];
    return NULL;
}

static void add_topic(struct topic_parts *topics, struct arena *arena, struct topic_part topic)
{
    if (topics->count == topics->room) {
        topics->room = topics->room == 0 ? 64 : 2 * topics->room;
        struct topic_part *const larger = ARENA_ARRAY(arena, struct topic_part, topics->room);
        if (topics->count > 0)
            memcpy(larger, topics->items, topics->count * sizeof *larger);
        topics->items = larger;
    }
    topics->items[topics->count++] = topic;
}

static void add_broker(struct topic_parts *topics, struct arena *arena, int64_t id)
{
    size_t at = 0;
    while (at < topics->broker_count && topics->brokers[at] < id)
        at++;
    if (id < 0 || (at < topics->broker_count && topics->brokers[at] == id))
        return;
    if (topics->broker_count == topics->broker_room) {
        topics->broker_room = topics->broker_room == 0 ? 16 : 2 * topics->broker_room;
        int64_t *const larger = ARENA_ARRAY(arena, int64_t, topics->broker_room);
        if (topics->broker_count > 0)
            memcpy(larger, topics->brokers, topics->broker_count * sizeof *larger);
        topics->brokers = larger;
    }
    memmove(topics->brokers + at + 1, topics->brokers + at,
            (topics->broker_count - at) * sizeof *topics->brokers);
    topics->brokers[at] = id;
    topics->broker_count++;
}

static const struct pair *message_max_of(const struct line *line)
{
    static const char key[] = "max.message.bytes=";
    const char *const configs = field(line, "Configs");
    const char *const found = configs != NULL ? strstr(configs, key) : NULL;
    if (found == NULL)
        return NULL;
    const char *const digits = found + sizeof key - 1;
    struct pair *const pair = ARENA_NEW(line->arena, struct pair);
    *pair = (struct pair){
        "max.message.bytes",
        arena_format(line->arena, "%.*s", (int)strspn(digits, "0123456789"), digits), line->place};
    return pair;
}

static bool read_topic(struct topic_parts *topics, struct diag *diag, const struct line *line,
                       const char *name)
{
    const int64_t partitions = number(line, "PartitionCount");
    if (partitions < 1 || partitions > TOPICS_PARTITIONS_MAX) {
        diag_error(diag, line->place, "topic %s: a PartitionCount from 1 to %d is right",
                   diag_shown(diag, name), TOPICS_PARTITIONS_MAX);
        return false;
    }
    const struct topic_part topic = {.name = name,
                                     .place = line->place,
                                     .partitions = partitions,
                                     .replicas = number(line, "ReplicationFactor"),
                                     .message_max = message_max_of(line),
                                     .leaders = ARENA_ARRAY(line->arena, int64_t, partitions)};
    for (int64_t i = 0; i < partitions; i++)
        topic.leaders[i] = -1;
    const struct topic_part *const before = topic_part_find(topics, name);
    if (before != NULL)
        diag_warning(diag, line->place, "topic %s is described twice, first in %s:%d", name,
                     before->place.file, before->place.line);
    else
        add_topic(topics, line->arena, topic);
    return true;
}

static bool read_partition(struct topic_parts *topics, struct diag *diag, const struct line *line,
                           const char *name)
{
    struct topic_part *const topic = topic_part_find(topics, name);
    const int64_t partition = number(line, "Partition");
    if (topic == NULL || partition < 0 || partition >= topic->partitions) {
        diag_error(diag, line->place,
                   "%s has no such partition; the line that begins with Topic "
                   "and has a PartitionCount comes first",
                   diag_shown(diag, name));
        return false;
    }
    topic->leaders[partition] = number(line, "Leader");
    if (topic->leaders[partition] < 0)
        diag_warning(diag, line->place, "partition %" PRId64 " of %s has no leader; it gets one",
                     partition, name);
    add_broker(topics, line->arena, topic->leaders[partition]);
    for (const char *at = field(line, "Replicas"); at != NULL && *at != '\0';) {
        char *end;
        add_broker(topics, line->arena, strtoll(at, &end, 10));
        at = *end == ',' ? end + 1 : NULL;
    }
    return true;
}

bool topic_part_read(struct topic_parts *topics, struct arena *arena, struct diag *diag,
                     const char *name, const char *text)
{
    struct line line = {.arena = arena, .place = {.file = name, .column = 1}};
    bool good = true;
    if (topics->place.line == 0)
        topics->place = (struct place){.file = name, .line = 1, .column = 1};
    while (*text != '\0') {
        const size_t bytes = strcspn(text, "\n");
        line.text = arena_format(arena, "%.*s", (int)bytes, text);
        line.place.line++;
        text += bytes + (text[bytes] == '\n');
        const char *const topic = field(&line, "Topic");
        if (topic == NULL || topic[0] == '\0')
            continue;
        good &= field(&line, "PartitionCount") != NULL ? read_topic(topics, diag, &line, topic)
                                                       : read_partition(topics, diag, &line, topic);
    }
    return good;
}

void topic_part_put_brokers(const struct topic_parts *topics, struct draft *draft)
{
    const struct topic_part *replicated = NULL;
    const struct pair *smallest = NULL;
    for (size_t i = 0; i < topics->count; i++) {
        const struct topic_part *const topic = &topics->items[i];
        if (strncmp(topic->name, "__", 2) == 0)
            continue;
        if (replicated != NULL && replicated->replicas != topic->replicas)
            diag_warning(draft->diag, topic->place,
                         "%s has %" PRId64 " replicas and %s %" PRId64
                         "; the larger number holds for all",
                         topic->name, topic->replicas, replicated->name, replicated->replicas);
        if (replicated == NULL || topic->replicas > replicated->replicas)
            replicated = topic;
        if (topic->message_max != NULL &&
            (smallest == NULL ||
             strtoll(topic->message_max->text, NULL, 10) < strtoll(smallest->text, NULL, 10)))
            smallest = topic->message_max;
    }
    if (topics->broker_count > 0)
        draft_put(draft, "brokers.count", topics->place,
                  arena_format(draft->arena, "%zu", topics->broker_count));
    if (replicated != NULL && replicated->replicas > 0)
        draft_put(draft, "brokers.replication.factor", replicated->place,
                  arena_format(draft->arena, "%" PRId64, replicated->replicas));
    if (smallest != NULL)
        draft_put(draft, "brokers.message.max.bytes", smallest->place, smallest->text);
}

static int64_t rank_of(const struct topic_parts *topics, int64_t id)
{
    int64_t rank = 0;
    while (topics->brokers[rank] != id)
        rank++;
    return rank;
}

const struct node *topic_part_leaders(const struct topic_parts *topics, struct arena *arena,
                                      const struct topic_part *topic)
{
    if (topics->broker_count < 2)
        return NULL;
    struct node *const list = tree_new(arena, NODE_LIST, topic->place);
    int64_t said = 0;
    for (int64_t i = 0; i < topic->partitions; i++) {
        const bool has = topic->leaders[i] >= 0;
        said += has;
        const int64_t leader =
            has ? rank_of(topics, topic->leaders[i]) : i % (int64_t)topics->broker_count;
        tree_add_item(
            arena, list,
            tree_new_scalar(arena, topic->place, arena_format(arena, "%" PRId64, leader)));
    }
    return said > 0 ? list : NULL;
}

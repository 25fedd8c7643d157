/*
 * load_part.c - what an ingress names comes in, all else goes out.
 */
#include "models/import/load_part.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/input/csv.h"
#include "sim/input/yaml.h"

#define PARTITIONS "12"    /* of a topic that nobody describes */
#define NAMES      "t%02d" /* of topics that nobody names */
#define COUNT      "20"
#define RATE       "1k/s"
#define VALUE      "500B"
#define EMIT_CLOSE 0.005 /* a whole number of records for each input, but for that */
#define INTERNAL   "__"  /* __consumer_offsets, __transaction_state */

struct load {
    const struct load_part *part;
    struct draft *draft;
    struct arena *arena;
};

/* Totals of topics of one direction. */
struct flow {
    double per_second, bytes_per_second, sized_per_second;
    struct place place; /* of the first of them */
};

static bool comes_in(const struct load *load, const char *topic)
{
    const struct module *const module = load->part->module;
    for (size_t i = 0; i < module->ingress_count; i++)
        for (size_t k = 0; k < module->ingresses[i].topic_count; k++)
            if (strcmp(module->ingresses[i].topics[k].name, topic) == 0)
                return true;
    return false;
}

static struct flow flow_of(const struct load *load, bool in)
{
    struct flow flow = {0};
    for (size_t i = 0; i < load->part->rates->count; i++) {
        const struct rate *const rate = &load->part->rates->items[i];
        if (comes_in(load, rate->topic) != in || strncmp(rate->topic, INTERNAL, 2) == 0)
            continue;
        if (flow.place.line == 0)
            flow.place = rate->place;
        flow.per_second += rate->per_second;
        if (rate->bytes > 0) {
            flow.bytes_per_second += rate->bytes * rate->per_second;
            flow.sized_per_second += rate->per_second;
        }
    }
    return flow;
}

/* Nine digits: a rate that was measured has fewer. */
static const char *number_text(struct arena *arena, double number)
{
    char text[CSV_NUMBER_BYTES];
    const double rounded = strtod(arena_format(arena, "%.9g", number), NULL);
    return arena_text(arena, csv_format(text, rounded));
}

static void add(const struct load *load, struct node *map, const char *key, struct place place,
                const char *text)
{
    tree_add_entry(load->arena, map,
                   (struct node_entry){.key = key,
                                       .key_place = place,
                                       .value = tree_new_scalar(load->arena, place, text)});
}

static struct node *new_topic(const struct load *load, const char *name, struct place place)
{
    struct node *const map = tree_new(load->arena, NODE_MAP, place);
    const struct topic_part *const described = topic_part_find(load->part->topics, name);
    add(load, map, "name", place, name);
    if (described != NULL)
        add(load, map, "partitions", described->place,
            arena_format(load->arena, "%" PRId64, described->partitions));
    else if (load->part->partitions != NULL)
        add(load, map, "partitions", load->part->partitions->place, load->part->partitions->text);
    else
        add(load, map, "partitions", draft_place(DRAFT_ASSUMED), PARTITIONS);
    return map;
}

/* Weights are records per second; a topic without records takes no part. */
static void add_egress_topic(const struct load *load, struct node *list, const char *name,
                             struct place place, bool rated)
{
    const struct rate *const rate = rates_find(load->part->rates, name);
    const struct topic_part *const described = topic_part_find(load->part->topics, name);
    if (rated && (rate == NULL || rate->per_second <= 0)) {
        draft_leave_out(load->draft, place, name, "no record goes to this topic");
        return;
    }
    struct node *const map = new_topic(load, name, place);
    if (rated)
        add(load, map, "weight", rate->place, number_text(load->arena, rate->per_second));
    if (rated && rate->bytes > 0)
        add(load, map, "value", rate->place, arena_format(load->arena, "%.0fB", rate->bytes));
    const struct node *const leaders =
        described != NULL ? topic_part_leaders(load->part->topics, load->arena, described) : NULL;
    if (leaders != NULL)
        tree_add_entry(
            load->arena, map,
            (struct node_entry){.key = "leaders", .key_place = leaders->place, .value = leaders});
    tree_add_item(load->arena, list, map);
}

static void put_egress_topics(const struct load *load, bool rated)
{
    const struct topic_parts *const topics = load->part->topics;
    const struct rates *const rates = load->part->rates;
    struct node *const list = tree_new(load->arena, NODE_LIST, topics->place);
    for (size_t i = 0; i < topics->count; i++) {
        const struct topic_part *const topic = &topics->items[i];
        if (strncmp(topic->name, INTERNAL, 2) != 0 && !comes_in(load, topic->name))
            add_egress_topic(load, list, topic->name, topic->place, rated);
    }
    bool undescribed = false;
    for (size_t i = 0; i < rates->count; i++) {
        const struct rate *const rate = &rates->items[i];
        if (comes_in(load, rate->topic) || topic_part_find(topics, rate->topic) != NULL ||
            strncmp(rate->topic, INTERNAL, 2) == 0)
            continue;
        undescribed = true;
        add_egress_topic(load, list, rate->topic, rate->place, true);
    }
    if (list->count == 0) {
        const struct place nobody = draft_place(DRAFT_ASSUMED);
        struct node *const map = new_topic(load, NAMES, nobody);
        list->place = nobody;
        add(load, map, "count", nobody, COUNT);
        tree_add_item(load->arena, list, map);
        draft_put_node(load->draft, "topics", list);
        pairs_add(&load->draft->assumed, load->arena,
                  (struct pair){"topics",
                                "no file says where records go: the output of "
                                "kafka-topics.sh --describe does",
                                nobody});
        return;
    }
    list->place = list->items[0]->place;
    draft_put_node(load->draft, "topics", list);
    if (undescribed && load->part->partitions == NULL)
        pairs_add(&load->draft->assumed, load->arena,
                  (struct pair){"partitions of topics",
                                PARTITIONS " each where no kafka-topics.sh --describe says more",
                                draft_place(DRAFT_ASSUMED)});
}

/* Where records come from; left out where nobody knows how many partitions that are. */
static void put_ingress_topics(const struct load *load)
{
    const struct module *const module = load->part->module;
    struct node *const list = tree_new(load->arena, NODE_LIST, (struct place){0});
    bool known = load->part->partitions != NULL;
    for (size_t i = 0; i < module->ingress_count; i++)
        for (size_t k = 0; k < module->ingresses[i].topic_count; k++) {
            const struct module_topic *const topic = &module->ingresses[i].topics[k];
            const struct rate *const rate = rates_find(load->part->rates, topic->name);
            known = known || topic_part_find(load->part->topics, topic->name) != NULL;
            struct node *const map = new_topic(load, topic->name, topic->place);
            if (rate != NULL && rate->per_second > 0)
                add(load, map, "weight", rate->place, number_text(load->arena, rate->per_second));
            if (list->count == 0)
                list->place = topic->place;
            tree_add_item(load->arena, list, map);
        }
    if (list->count > 0 && known)
        draft_put_node(load->draft, "job.ingress.topics", list);
    else if (list->count > 0)
        draft_pass_over(load->draft, list->place, "the ingresses",
                        "nobody says how many partitions their topics have, so records arrive at "
                        "the mailboxes directly; kafka-topics.sh --describe says it");
}

/* Of a share, to a millionth. */
static const char *share_text(struct arena *arena, double share)
{
    return number_text(arena, round(share * 1e6) / 1e6);
}

/* Records out for each record in: a whole number, or two of them in turn. */
static const struct node *emit_node(const struct load *load, struct place place, double ratio)
{
    const double below = floor(ratio);
    const char *text = arena_format(load->arena, "%.0f", round(ratio));
    if (fabs(ratio - round(ratio)) > EMIT_CLOSE * ratio)
        text = arena_format(load->arena,
                            "{mixture: [{weight: %s, value: %.0f}, {weight: %s, value: %.0f}]}",
                            share_text(load->arena, below + 1 - ratio), below,
                            share_text(load->arena, ratio - below), below + 1);
    return yaml_read_text(load->arena, load->draft->diag, place, text);
}

static void put_rates(const struct load *load, const struct flow *in, const struct flow *out)
{
    const struct flow *const offered = in->per_second > 0 ? in : out;
    if (offered->per_second <= 0)
        return;
    draft_put(load->draft, "load.rate", offered->place,
              arena_format(load->arena, "%s/s", number_text(load->arena, offered->per_second)));
    if (in->per_second > 0 && out->per_second > 0)
        draft_put_node(load->draft, "load.emit",
                       emit_node(load, out->place, out->per_second / in->per_second));
    if (in->sized_per_second > 0 && draft_get(load->draft, "job.ingress.topics") != NULL)
        draft_put(load->draft, "job.ingress.record", in->place,
                  arena_format(load->arena, "%.0fB", in->bytes_per_second / in->sized_per_second));
}

void load_part_put(struct draft *draft, const struct load_part *part)
{
    const struct load load = {.part = part, .draft = draft, .arena = draft->arena};
    const struct flow in = flow_of(&load, true);
    const struct flow out = flow_of(&load, false);
    put_egress_topics(&load, out.per_second > 0);
    put_ingress_topics(&load);
    put_rates(&load, &in, &out);
    draft_assume(draft, "load.rate", RATE,
                 "no file says how many records come: a CSV topic,rate does, or two scrapes of "
                 "Prometheus");
    if (out.sized_per_second < out.per_second || out.per_second == 0)
        draft_assume(draft, "load.record.value", VALUE,
                     "the size of a record's value: bytes of the CSV topic,rate,bytes");
}

/*
 * shrink_steps.c - which steps there are: less time, halves of numbers, fewer topics, values left
 * out.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "models/advice/shrink_parts.h"
#include "sim/input/quantity.h"

/* A stall is watched for so many rounds (linger and a round trip) at least. */
#define ROUNDS 16

/* Times are written in these. */
#define COARSE (100 * SIM_MS)
#define FINE   SIM_MS

/* A number that a scenario gives: of a parameter, or of a key in it. */
struct number {
    enum fanout_row row;
    size_t item;     /* of a list */
    const char *key; /* NULL: the parameter itself */
    bool with_load;  /* each of them has its share of it */
};

static const struct node *holder_of(const struct node **given, const struct number *number)
{
    const struct node *const node = given[number->row];
    return node != NULL && node->kind == NODE_LIST && number->item < node->count
               ? node->items[number->item]
               : node;
}

/* 0: the scenario gives none. */
static double value_of(const struct shrink *shrink, const struct number *number)
{
    const struct node *node = holder_of(shrink->scenario.given, number);
    struct quantity_value value = {0};
    struct diag diag;
    if (node != NULL && number->key != NULL)
        node = tree_get(node, number->key);
    if (node == NULL || node->kind != NODE_SCALAR)
        return 0;
    diag_init(&diag, shrink->arena);
    const struct quantity *const quantity =
        number->row == ROW_rate ? &quantity_rate : &quantity_count;
    return quantity_read(quantity, 0, 1e18, &diag, node->place, "", node->text, &value) ? value.real
                                                                                        : 0;
}

static const struct node *with_entry(const struct shrink *shrink, const struct node *map,
                                     const char *key, const char *text)
{
    struct node *const copy = tree_new(shrink->arena, NODE_MAP, map->place);
    for (size_t i = 0; i < map->count; i++) {
        struct node_entry entry = map->entries[i];
        if (strcmp(entry.key, key) == 0)
            entry.value = shrink_value(shrink, entry.value, text);
        tree_add_entry(shrink->arena, copy, entry);
    }
    return copy;
}

/* The list without that item, or with another in its place. */
static const struct node *with_item(const struct shrink *shrink, const struct node *list,
                                    size_t number, const struct node *item)
{
    struct node *const copy = tree_new(shrink->arena, NODE_LIST, list->place);
    for (size_t i = 0; i < list->count; i++)
        if (i != number || item != NULL)
            tree_add_item(shrink->arena, copy, i == number ? item : list->items[i]);
    return copy;
}

static const struct node **with_number(const struct shrink *shrink, const struct number *number,
                                       double value)
{
    const struct node **const given = shrink_copy(shrink);
    const char *const text = number->row == ROW_rate
                                 ? quantity_format(&quantity_rate, shrink->arena, value)
                                 : arena_format(shrink->arena, "%.0f", value);
    if (number->key == NULL) {
        shrink_put(shrink, given, number->row, text);
        return given;
    }
    const struct node *const map = with_entry(shrink, holder_of(given, number), number->key, text);
    given[number->row] = given[number->row]->kind == NODE_LIST
                             ? with_item(shrink, given[number->row], number->item, map)
                             : map;
    return given;
}

/* Of an item of topics. */
static double partitions_of(const struct shrink *shrink, size_t item)
{
    const struct number count = {.row = ROW_topics, .item = item, .key = "count"};
    const struct number each = {.row = ROW_topics, .item = item, .key = "partitions"};
    return fmax(1, value_of(shrink, &count)) * value_of(shrink, &each);
}

/* What is left of all partitions if such a share of the item's is. */
static double left_of(const struct shrink *shrink, size_t item, double share)
{
    return 1 - (1 - share) * partitions_of(shrink, item) / shrink->params->topics.partitions;
}

static bool try_number(struct shrink *shrink, const struct number *number, double value)
{
    const double before = value_of(shrink, number);
    if (value >= before || value < 1)
        return false;
    const struct node **const given = with_number(shrink, number, value);
    if (!number->with_load)
        return shrink_try(shrink, given);
    const double share = value / before;
    return shrink_try_scaled(
        shrink, given, number->row == ROW_topics ? left_of(shrink, number->item, share) : share);
}

/* Half of it, or three quarters, and again. */
static bool reduce(struct shrink *shrink, struct number number)
{
    bool reduced = false;
    double before;
    do {
        before = value_of(shrink, &number);
        reduced |= try_number(shrink, &number, floor(before / 2)) ||
                   try_number(shrink, &number, floor(before * 3 / 4));
    } while (value_of(shrink, &number) < before);
    return reduced;
}

static bool drop_topic(struct shrink *shrink, size_t item)
{
    const struct node *const topics = shrink->scenario.given[ROW_topics];
    if (topics->count == 1)
        return false;
    const struct node **const given = shrink_copy(shrink);
    given[ROW_topics] = with_item(shrink, topics, item, NULL);
    return shrink_try_scaled(shrink, given, left_of(shrink, item, 0));
}

static bool reduce_topics(struct shrink *shrink)
{
    const struct node *const *const topics = &shrink->scenario.given[ROW_topics];
    bool reduced = false;
    if (*topics == NULL || (*topics)->kind != NODE_LIST)
        return false;
    for (size_t i = (*topics)->count; i-- > 0;)
        reduced |= drop_topic(shrink, i);
    for (size_t i = 0; i < shrink->scenario.given[ROW_topics]->count; i++) {
        reduced |= reduce(shrink, (struct number){ROW_topics, i, "count", true});
        reduced |= reduce(shrink, (struct number){ROW_topics, i, "partitions", true});
    }
    return reduced;
}

static bool reduce_numbers(struct shrink *shrink)
{
    static const struct number numbers[] = {
        {.row = ROW_parallelism, .with_load = true},
        {.row = ROW_shards, .with_load = true},
        {.row = ROW_brokers},
        {.row = ROW_rate},
        {.row = ROW_keys, .key = "count"},
    };
    bool reduced = false;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        reduced |= reduce(shrink, numbers[i]);
    return reduced;
}

static const char *time_text(const struct shrink *shrink, sim_time time)
{
    return quantity_format(&quantity_time, shrink->arena, (double)time);
}

/* Of a recording there is no warm-up: its duration begins with it. */
static bool try_times(struct shrink *shrink, sim_time warm_up, sim_time duration)
{
    const struct fanout_params *const params = shrink->params;
    const bool recorded = params->trace.path != NULL;
    const struct node **const given = shrink_copy(shrink);
    if (!recorded)
        shrink_put(shrink, given, ROW_warm_up, time_text(shrink, warm_up));
    const sim_time length = recorded ? warm_up + duration : duration;
    shrink_put(shrink, given, ROW_duration, time_text(shrink, length));
    if (warm_up == params->warm_up && length == params->duration)
        return true;
    return shrink_try(shrink, given);
}

/* When the last thing has happened that the scenario has in store until then. */
static sim_time calm_from(const struct fanout_params *params, sim_time until)
{
    sim_time last = 0;
    for (size_t i = 0; i < params->faults.count; i++)
        if (params->faults.items[i].end < until)
            last = sim_later(last, params->faults.items[i].end);
    for (size_t i = 0; i < params->profile.count; i++)
        if (params->profile.changes[i].at < until)
            last = sim_later(last, params->profile.changes[i].at);
    return last;
}

/* What is measured begins with the stall; if that does not end, when nothing happens any more that
 * may have caused it, and it then lasts at least as long as it took until there. */
static void reduce_time(struct shrink *shrink)
{
    const struct stall stall = shrink->stall;
    const struct fanout_params *const params = shrink->params;
    const sim_time end = stall.ended ? stall.end : stall.watched;
    const sim_time settled =
        stall.ended ? stall.begin : sim_later(stall.begin, calm_from(params, end));
    const sim_time unit = end >= 10 * COARSE ? COARSE : FINE;
    const sim_time warm_up = (settled + unit - 1) / unit * unit;
    const sim_time round = params->linger_ms * SIM_MS + (sim_time)dist_spec_mean(&params->rtt);
    const sim_time least = sim_later(sim_later(settled - stall.begin, ROUNDS * round), unit);
    sim_time duration = (end - warm_up) / unit * unit;
    while (duration >= unit && try_times(shrink, warm_up, duration) && duration / 2 >= least)
        duration = duration / 2 / unit * unit;
}

/* What holds anyway may go. So may the rest, if it stalls without, but not the load, what goes
 * wrong and how long; nor numbers, which have been reduced; nor what the producer is told, which is
 * what the user wonders about. */
static bool may_go(const struct shrink *shrink, enum fanout_row row)
{
    static const enum fanout_row kept[] = {
        ROW_name,  ROW_duration, ROW_warm_up, ROW_topics, ROW_rate,    ROW_keys,        ROW_profile,
        ROW_trace, ROW_faults,   ROW_module,  ROW_shards, ROW_brokers, ROW_parallelism,
    };
    const struct node *const given = shrink->scenario.given[row];
    const struct node *const fallback = shrink->scenario.fallbacks[row];
    bool is_kept =
        strncmp(fanout_param_table.rows[row].path, "producer.", strlen("producer.")) == 0;
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
        is_kept |= kept[i] == row;
    return !is_kept || (fallback != NULL && strcmp(tree_text(shrink->arena, given),
                                                   tree_text(shrink->arena, fallback)) == 0);
}

static void leave_out(struct shrink *shrink)
{
    for (size_t row = 0; row < ROW_COUNT; row++) {
        if (shrink->scenario.given[row] == NULL || !may_go(shrink, (enum fanout_row)row))
            continue;
        const struct node **const given = shrink_copy(shrink);
        given[row] = NULL;
        shrink_try(shrink, given);
    }
}

void shrink_all(struct shrink *shrink)
{
    bool reduced = true;
    reduce_time(shrink);
    while (reduced) {
        reduced = reduce_topics(shrink);
        reduced |= reduce_numbers(shrink);
    }
    leave_out(shrink);
    reduce_time(shrink);
}

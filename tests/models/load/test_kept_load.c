/*
 * test_kept_load.c - a load from a keep is the load that would be made anew, whatever parameter is
 * another one than it was the time before; and where none that matters is, nothing is made.
 *
 * guards: models/load/load_units, sim/core/keep
 */
#include "tests/models/load/load_fixture.h"

#include <math.h>

#include "sim/core/keep.h"

static struct topic inputs[2];

static void nothing(struct fanout_params *params)
{
    (void)params;
}

static void rate(struct fanout_params *params)
{
    params->rate *= 2;
    params->topics.items = memcpy(inputs, params->topics.items, sizeof inputs);
    inputs[0].weight = 5;
}

static void keys(struct fanout_params *params)
{
    params->keys.count = 2000;
}

static void names(struct fanout_params *params)
{
    params->keys.name = "entitx-%d";
}

static void zipf(struct fanout_params *params)
{
    params->keys.zipf = 0.5;
}

static void no_keys(struct fanout_params *params)
{
    params->keys.none = true;
}

static void parallelism(struct fanout_params *params)
{
    params->parallelism = 8;
}

static void max_parallelism(struct fanout_params *params)
{
    params->max_parallelism = 700;
}

static void shards(struct fanout_params *params)
{
    params->shard_by = SHARD_BY_ENTITY;
    params->shards = 4;
}

static void ignoring(struct fanout_params *params)
{
    params->ignore_keys = true;
}

static void partitions(struct fanout_params *params)
{
    params->topics.items = memcpy(inputs, params->topics.items, sizeof inputs);
    inputs[1].partitions = 7;
}

static void saturated(struct fanout_params *params)
{
    params->rate = INFINITY;
}

static void ingress(struct fanout_params *params)
{
    memcpy(inputs, params->topics.items, sizeof inputs);
    params->ingress_topics = (struct topic_list){.items = inputs, .count = 2, .partitions = 17};
}

static void other_ingress(struct fanout_params *params)
{
    ingress(params);
    inputs[1].partitions = 6;
    params->ingress_topics.partitions = 18;
}

static void expect_same_keys(const struct load_keys *a, const struct load_keys *b)
{
    cr_assert_eq(a->alias.count, b->alias.count);
    cr_assert(a->share == b->share);
    const size_t count = a->alias.count;
    if (count == 0)
        return;
    cr_assert_arr_eq(a->alias.cells, b->alias.cells, count * sizeof *a->alias.cells);
    cr_assert_arr_eq(a->classes, b->classes, count * sizeof *a->classes);
}

static void expect_same(const struct load *a, const struct load *b)
{
    cr_assert_eq(a->kind, b->kind);
    cr_assert_eq(a->unit_count, b->unit_count);
    for (int32_t s = 0; s < a->spec->parallelism; s++)
        cr_assert(load_share(a, s) == load_share(b, s));
    for (int32_t u = 0; u < a->unit_count; u++) {
        cr_assert(load_unit_share(a, u) == load_unit_share(b, u));
        expect_same_keys(a->units[u].keys, b->units[u].keys);
    }
}

Test(kept_load, is_the_same)
{
    static const struct {
        void (*change)(struct fanout_params *params);
        bool exact;
        bool is_made;
    } cases[] = {
        {nothing, false, true},       {nothing, false, false},  {nothing, true, true},
        {rate, false, false},         {keys, false, true},      {names, false, true},
        {zipf, false, true},          {no_keys, false, true},   {parallelism, false, true},
        {shards, false, true},        {ignoring, false, true},  {max_parallelism, false, true},
        {partitions, false, true},    {saturated, false, true}, {ingress, false, true},
        {other_ingress, false, true}, {nothing, false, false},
    };
    struct keep keep;
    keep_init(&keep);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct arena keeping;
        const size_t before = keep.made;
        init(&f);
        cases[i].change(&f.params);
        arena_init(&keeping);
        keeping.keep = &keep;
        keep_begin(&keep);
        const struct load_spec *const spec = settings_load(&f.arena, &f.params);
        expect_same(load_new(&keeping, spec, cases[i].exact),
                    load_new(&f.arena, spec, cases[i].exact));
        cr_assert_eq(keep.made - before, cases[i].is_made, "case %zu", i);
        arena_free(&keeping);
        arena_free(&f.arena);
    }
    keep_free(&keep);
}

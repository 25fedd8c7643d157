/*
 * test_keep.c - what is kept is made once, is what would be made anew, and goes when it is too much
 * and no longer used, never while a world may still read it.
 *
 * guards: sim/core/keep
 */
#include <criterion/criterion.h>

#include <string.h>

#include "sim/core/dist.h"
#include "sim/core/keep.h"

static int made;

static const void *make(struct arena *arena, const void *from)
{
    size_t *const bytes = arena_take(arena, 1, *(const size_t *)from);
    *bytes = *(const size_t *)from;
    made++;
    return bytes;
}

static const void *make_other(struct arena *arena, const void *from)
{
    return make(arena, from);
}

static const size_t *get(struct keep *keep, keep_make_fn *how, size_t bytes)
{
    struct keep_key key;
    keep_key_init(&key);
    keep_key_add(&key, &bytes, sizeof bytes);
    return keep_get(keep, how, &bytes, &key);
}

Test(keep, once)
{
    struct keep keep;
    keep_init(&keep);
    made = 0;
    const size_t *const first = get(&keep, make, 100);
    keep_begin(&keep);
    cr_assert_eq(get(&keep, make, 100), first);
    cr_assert_eq(made, 1);
    cr_assert_neq(get(&keep, make, 101), first);
    cr_assert_neq(get(&keep, make_other, 100), first, "who makes it is part of what it is");
    cr_assert_eq(made, 3);
    cr_assert_eq(*first, 100);
    keep_free(&keep);
}

/* Longer than the room that a key has at first; the last byte decides. */
Test(keep, long_keys)
{
    char text[3000];
    memset(text, 'x', sizeof text);
    struct keep keep;
    keep_init(&keep);
    const size_t bytes = 8;
    const void *items[3];
    for (int i = 0; i < 3; i++) {
        text[sizeof text - 1] = i == 1 ? 'y' : 'x';
        struct keep_key key;
        keep_key_init(&key);
        for (size_t at = 0; at < sizeof text; at += 100)
            keep_key_add(&key, text + at, 100);
        items[i] = keep_get(&keep, make, &bytes, &key);
    }
    cr_assert_neq(items[0], items[1]);
    cr_assert_eq(items[0], items[2]);
    keep_free(&keep);
}

Test(keep, too_much)
{
    const size_t much = KEEP_BYTES / 2 + 4096;
    struct keep keep;
    keep_init(&keep);
    made = 0;
    for (size_t i = 0; i < 3; i++) { /* one world after another, each with tables of its own */
        keep_begin(&keep);
        const size_t *const its = get(&keep, make, much + i);
        const size_t *const small = get(&keep, make, 64);
        cr_assert_eq(get(&keep, make, much + i), its, "a world that lives keeps what it has");
        cr_assert_eq(*its, much + i);
        cr_assert_eq(*small, 64);
        cr_assert_lt(keep.arena.taken_bytes, 2 * much + 65536);
    }
    cr_assert_eq(made, 3 + 2, "after two the third begins afresh");
    keep_begin(&keep);
    get(&keep, make, much + 2);
    cr_assert_eq(made, 5);
    keep_free(&keep);
}

/* However much it is: all replications use it. */
Test(keep, much_in_use)
{
    struct keep keep;
    keep_init(&keep);
    made = 0;
    for (int i = 0; i < 4; i++) {
        keep_begin(&keep);
        get(&keep, make, 3 * KEEP_BYTES);
    }
    cr_assert_eq(made, 1);
    keep_free(&keep);
}

/* Whatever of a distribution is otherwise, it is another one; and a kept one draws as a new one. */
Test(keep, distributions)
{
    const double values[] = {1, 2, 5}, weights[] = {1, 1, 2}, others[] = {1, 2, 3};
    const struct dist_spec parts[] = {{.family = DIST_EXPONENTIAL, .mean = 3},
                                      {.family = DIST_EXPONENTIAL, .mean = 4}};
    const struct dist_spec specs[] = {
        {.family = DIST_GAMMA, .mean = 2, .cv = 0.5},
        {.family = DIST_GAMMA, .mean = 2, .cv = 0.6},
        {.family = DIST_GAMMA, .mean = 3, .cv = 0.5},
        {.family = DIST_LOGNORMAL, .mean = 2, .cv = 0.5},
        {.family = DIST_UNIFORM, .min = 1, .max = 2},
        {.family = DIST_UNIFORM, .min = 1, .max = 3},
        {.family = DIST_UNIFORM, .min = 0, .max = 3},
        {.family = DIST_EMPIRICAL, .values = values, .weights = weights, .count = 3},
        {.family = DIST_EMPIRICAL, .values = others, .weights = weights, .count = 3},
        {.family = DIST_EMPIRICAL, .values = values, .weights = others, .count = 3},
        {.family = DIST_MIXTURE, .parts = parts, .weights = weights, .count = 2},
        {.family = DIST_MIXTURE, .parts = parts, .weights = others, .count = 2},
    };
    enum { SPECS = sizeof specs / sizeof *specs };
    struct keep keep;
    struct arena plain, keeping;
    const struct dist *found[SPECS];
    keep_init(&keep);
    arena_init(&plain);
    arena_init(&keeping);
    keeping.keep = &keep;
    for (int i = 0; i < SPECS; i++) {
        found[i] = dist_new(&keeping, &specs[i]);
        for (int k = 0; k < i; k++)
            cr_assert_neq(found[i], found[k], "%d is not %d", i, k);
        const struct dist *const anew = dist_new(&plain, &specs[i]);
        struct rng a, b;
        rng_init(&a, (struct rng_seed){1, 0}, 0, 0, 0);
        rng_init(&b, (struct rng_seed){1, 0}, 0, 0, 0);
        for (int n = 0; n < 1000; n++)
            cr_assert(dist_draw(found[i], &a) == dist_draw(anew, &b), "%d", i);
    }
    arena_free(&keeping);
    arena_init(&keeping);
    keeping.keep = &keep;
    keep_begin(&keep);
    for (int i = 0; i < SPECS; i++)
        cr_assert_eq(dist_new(&keeping, &specs[i]), found[i]);
    arena_free(&keeping);
    arena_free(&plain);
    keep_free(&keep);
}

/*
 * test_arena.c - memory is zeroed, aligned, apart, and over when the arena is sealed.
 *
 * guards: sim/core/arena
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

#include "sim/core/arena.h"
#include "sim/core/rng.h"

#define TAKES 3000

/* Volatile, or the compiler itself objects to it. */
static const volatile size_t too_many = SIZE_MAX / 8 + 2;

static bool is_zero(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

/* Every take is filled with a byte of its own; at the end every byte must still be there. */
static void take_and_fill(struct arena *arena, uint32_t part)
{
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, part);
    static unsigned char *start[TAKES];
    static size_t bytes[TAKES];
    size_t sum = 0;
    for (int i = 0; i < TAKES; i++) {
        const size_t scale = rng_next(&rng) % 100 == 0 ? 300000 : 1000;
        bytes[i] = rng_next(&rng) % scale;
        start[i] = arena_take(arena, bytes[i], 1);
        sum += bytes[i];
        cr_assert_eq((uintptr_t)start[i] % (bytes[i] >= 64 ? 64 : 16), 0, "%zu bytes", bytes[i]);
        cr_assert(is_zero(start[i], bytes[i]));
        memset(start[i], 1 + i % 255, bytes[i]);
    }
    for (int i = 0; i < TAKES; i++) {
        for (size_t j = 0; j < bytes[i]; j++)
            cr_assert_eq(start[i][j], 1 + i % 255);
    }
    cr_assert_eq(arena->taken_bytes, sum);
}

Test(arena, takes_are_zeroed_aligned_and_apart)
{
    struct arena arena;
    arena_init(&arena);
    for (uint32_t round = 0; round < 3;
         round++) { /* memory that has been given back is zeroed again */
        take_and_fill(&arena, round);
        arena_free(&arena);
        cr_assert_eq(arena.taken_bytes, 0);
        cr_assert_null(arena.chunks);
    }
}

/* Gaps for the alignment count: at the end of a chunk they decide whether a take still fits. */
Test(arena, chunks_end)
{
    struct arena arena;
    arena_init(&arena);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){2, 0}, 0, 0, 0);
    for (int i = 0; i < 2000000; i++) {
        const size_t bytes = 64 + rng_next(&rng) % 64;
        memset(arena_take(&arena, bytes, 1), 0xff, bytes);
        cr_assert_leq(arena.left_bytes, arena.taken_bytes / 8 + ((size_t)1 << 20));
    }
    arena_free(&arena);
}

/* More than there are addresses, if any of it stayed. */
Test(arena, all_is_given_back)
{
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < 1024; i++) {
        arena_take(&arena, 1, (size_t)1 << 38);
        arena_free(&arena);
    }
}

Test(arena, nothing_is_a_take)
{
    struct arena arena;
    arena_init(&arena);
    cr_assert_neq(arena_take(&arena, 0, 8), arena_take(&arena, 8, 0));
    arena_free(&arena);
}

Test(arena, texts)
{
    struct arena arena;
    arena_init(&arena);
    char text[] = "a text";
    const char *const copy = arena_text(&arena, text);
    text[0] = 'b';
    cr_assert_str_eq(copy, "a text");
    cr_assert_str_eq(arena_text(&arena, ""), "");
    cr_assert_str_eq(arena_format(&arena, "%s-%03d", "entity", 7), "entity-007");
    char *const longer = ARENA_ARRAY(&arena, char, 200001);
    memset(longer, 'x', 200000);
    const char *const formatted = arena_format(&arena, "%s!", longer);
    cr_assert_eq(strlen(formatted), 200001);
    cr_assert_eq(formatted[200000], '!');
    arena_free(&arena);
}

Test(arena, free_ends_the_seal)
{
    struct arena arena;
    arena_init(&arena);
    arena_seal(&arena);
    arena_free(&arena);
    cr_assert_not_null(arena_take(&arena, 1, 1));
    arena_free(&arena);
}

Test(arena, seal_trips, .signal = SIGABRT)
{
    struct arena arena;
    arena_init(&arena);
    arena_take(&arena, 1, 1);
    arena_seal(&arena);
    arena_take(&arena, 1, 1);
}

Test(arena, outgrows_the_seal)
{
    struct arena arena;
    arena_init(&arena);
    arena_seal(&arena);
    char *const late = arena_outgrow(&arena, 3, 100);
    cr_assert(is_zero((unsigned char *)late, 300));
    cr_assert_eq(arena.taken_bytes, 300);
    cr_assert(arena.sealed);
    arena_free(&arena);
}

Test(arena, overflow_ends_the_program, .exit_code = 1)
{
    struct arena arena;
    arena_init(&arena);
    arena_take(&arena, too_many, 8); /* 8 bytes, if it wrapped around */
}

Test(arena, no_memory_ends_the_program, .exit_code = 1)
{
    struct arena arena;
    arena_init(&arena);
    arena_take(&arena, too_many, 1);
}

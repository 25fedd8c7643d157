/*
 * test_spill.c - rows come back from the disk as qsort would have them, and numbers are written as
 * printf does it.
 *
 * guards: sim/core/radix, sim/output/spill, sim/output/lines
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/rng.h"
#include "sim/output/lines.h"
#include "sim/output/spill.h"

#define ROWS 50000
#define RUN  700

struct row {
    int64_t major, minor, number; /* as it was added */
};

static void key_of(const void *row, struct radix_key *key)
{
    const struct row *const it = row;
    *key = (struct radix_key){.words = {(uint64_t)it->major, 0, (uint64_t)it->minor, 0},
                              .index = key->index};
}

static int compare(const void *left, const void *right)
{
    const struct row *const a = left, *const b = right;
    if (a->major != b->major)
        return a->major < b->major ? -1 : 1;
    if (a->minor != b->minor)
        return a->minor < b->minor ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* Few values, so that there are ties, and some with digits in every byte. */
static void draw(struct row *rows)
{
    struct rng draws;
    rng_init(&draws, (struct rng_seed){1, 0}, 0, 0, 0);
    for (int64_t i = 0; i < ROWS; i++)
        rows[i] = (struct row){.major = (int64_t)(rng_next(&draws) % 30),
                               .minor = (int64_t)(rng_next(&draws) >> (i % 2 != 0 ? 1 : 58)),
                               .number = i};
}

static void add_run(struct spill *spill, struct arena *arena, const struct row *rows, size_t count)
{
    struct radix_key *const keys = ARENA_ARRAY(arena, struct radix_key, count);
    struct radix_key *const spare = ARENA_ARRAY(arena, struct radix_key, count);
    for (size_t i = 0; i < count; i++) {
        key_of(&rows[i], &keys[i]);
        keys[i].index = (uint32_t)i;
    }
    const struct radix_key *const sorted = radix_sort(keys, spare, count);
    for (size_t i = 0; i < count; i++)
        spill_add(spill, &rows[sorted[i].index]);
    spill_end_run(spill);
}

Test(spill, brings_back_what_a_sort_of_all_would)
{
    static struct row rows[ROWS];
    struct arena arena;
    arena_init(&arena);
    draw(rows);
    struct spill *const spill = spill_new(&arena, "/tmp", sizeof *rows, key_of);
    for (size_t i = 0; i < ROWS; i += RUN)
        add_run(spill, &arena, rows + i, i + RUN < ROWS ? RUN : ROWS - i);
    spill_end_run(spill); /* an empty one */
    spill_rewind(spill);
    qsort(rows, ROWS, sizeof *rows, compare);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *const row = spill_next(spill);
        cr_assert_not_null(row);
        cr_assert_arr_eq(row, &rows[i], sizeof *row, "row %zu", i);
    }
    cr_expect_null(spill_next(spill));
    spill_close(spill);
    arena_free(&arena);
}

/* Longer than the buffer, with every number of digits, and a part that comes again. */
Test(spill, numbers_are_those_of_printf)
{
    static struct lines lines;
    static char expected[1 << 20];
    char *text = NULL;
    size_t bytes = 0, wanted = 0;
    FILE *const out = open_memstream(&text, &bytes);
    struct rng draws;
    rng_init(&draws, (struct rng_seed){2, 0}, 0, 0, 0);
    lines_begin(&lines, out);
    int64_t again = 0;
    struct lines_part part = {0, 0};
    for (int i = 0; i < 20000; i++) {
        const int64_t value =
            i < 64 ? (int64_t)1 << i : (int64_t)(rng_next(&draws) >> (i % 63 + 1));
        const int64_t near = i % 3 == 0 ? INT64_MAX - value : -1 - value;
        if (i % 2 == 0 || !lines_repeat(&lines, &part)) {
            again = value;
            lines_part_begin(&lines, &part);
            lines_whole(&lines, again, ',');
            lines_text(&lines, "topic", ',');
            lines_part_end(&lines, &part);
        }
        lines_whole(&lines, near, '\n');
        wanted += (size_t)snprintf(expected + wanted, sizeof expected - wanted,
                                   "%" PRId64 ",topic,%" PRId64 "\n", again, near);
    }
    lines_end(&lines);
    fclose(out);
    cr_assert_eq(bytes, wanted);
    cr_expect_eq(memcmp(text, expected, bytes), 0);
    free(text);
}

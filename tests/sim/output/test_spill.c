/*
 * test_spill.c - rows come back from memory and from the disk as qsort would have them, and numbers
 * are written as printf does it.
 *
 * guards: sim/core/radix, sim/output/spill, sim/output/sorter, sim/output/lines
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/rng.h"
#include "sim/output/lines.h"
#include "sim/output/sorter.h"

#define ROWS 50000
#define RUN  700

struct row {
    int64_t major, minor, number; /* as it was added */
};

static void key_of(const void *row, uint64_t *key)
{
    const struct row *const it = row;
    key[0] = (uint64_t)it->major;
    key[1] = 0;
    key[2] = (uint64_t)it->minor;
}

static const struct spill_key key = {3, key_of};

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

static void expect_all(const struct row *rows, const void *(*next)(void *), void *from)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *const row = next(from);
        cr_assert_not_null(row);
        cr_assert_arr_eq(row, &rows[i], sizeof *row, "row %zu", i);
    }
    cr_expect_null(next(from));
}

static const void *next_of_spill(void *spill)
{
    return spill_next(spill);
}

static const void *next_of_sorter(void *sorter)
{
    return sorter_next(sorter);
}

/* In runs of RUN rows, each sorted by itself, of which `shared` bytes need not be written again. */
static void expect_merged(const struct row *rows, const struct row *sorted, size_t shared)
{
    static struct row run[RUN];
    const struct spill_row row = {sizeof *rows, shared};
    struct arena arena;
    arena_init(&arena);
    struct spill *const spill = spill_new(&arena, "/tmp", &row, &key);
    cr_expect(spill_is_empty(spill));
    for (size_t i = 0; i < ROWS; i += RUN) {
        const size_t count = i + RUN < ROWS ? RUN : ROWS - i;
        memcpy(run, rows + i, count * sizeof *run);
        qsort(run, count, sizeof *run, compare);
        for (size_t r = 0; r < count; r++)
            spill_add(spill, &run[r]);
        spill_end_run(spill);
    }
    spill_end_run(spill); /* an empty one */
    for (int time = 0; time < 2; time++) {
        spill_rewind(spill);
        expect_all(sorted, next_of_spill, spill);
    }
    spill_close(spill);
    arena_free(&arena);
}

Test(spill, brings_back_what_a_sort_of_all_would)
{
    static struct row rows[ROWS], sorted[ROWS];
    draw(rows);
    memcpy(sorted, rows, sizeof sorted);
    qsort(sorted, ROWS, sizeof *sorted, compare);
    expect_merged(rows, sorted, 0);
    expect_merged(rows, sorted, offsetof(struct row, minor));
}

/* With room for all of them, for some, and with all in memory since there is no directory. */
Test(sorter, gives_rows_in_order_however_many_have_room)
{
    static struct row rows[ROWS], sorted[ROWS];
    static const struct spill_row row = {sizeof *rows, offsetof(struct row, minor)};
    const struct {
        const char *directory;
        size_t room;
    } cases[] = {{"/tmp", ROWS}, {"/tmp", RUN}, {"/tmp", ROWS - 1}, {NULL, RUN}};
    draw(rows);
    memcpy(sorted, rows, sizeof sorted);
    qsort(sorted, ROWS, sizeof *sorted, compare);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct arena arena;
        struct sorter sorter;
        arena_init(&arena);
        sorter_init(&sorter, &arena, cases[c].directory, &row, &key, cases[c].room);
        for (int time = 0; time < 2; time++) {
            sorter_empty(&sorter);
            sorter_begin(&sorter);
            cr_expect_null(sorter_next(&sorter));
            sorter_empty(&sorter);
            for (size_t i = 0; i < ROWS; i++)
                sorter_add(&sorter, &rows[i]);
            sorter_begin(&sorter);
            expect_all(sorted, next_of_sorter, &sorter);
            sorter_begin(&sorter);
            expect_all(sorted, next_of_sorter, &sorter);
        }
        sorter_close(&sorter);
        arena_free(&arena);
    }
}

/* More bits than one word has. */
Test(sorter, keys_may_differ_in_every_bit)
{
    static uint64_t keys[1000][RADIX_WORDS];
    static struct radix_item items[1000], spare[1000];
    struct rng draws;
    rng_init(&draws, (struct rng_seed){3, 0}, 0, 0, 0);
    for (size_t i = 0; i < 1000; i++)
        for (size_t w = 0; w < RADIX_WORDS; w++)
            keys[i][w] = w < 2 ? rng_next(&draws) % 4 << 62 : rng_next(&draws);
    const struct radix_item *const sorted = radix_sort(keys[0], RADIX_WORDS, 1000, items, spare);
    for (size_t i = 1; i < 1000; i++)
        cr_assert_lt(radix_compare(keys[sorted[i - 1].index], keys[sorted[i].index], RADIX_WORDS),
                     0);
}

/* Longer than the buffer, with every number of digits, and a part that comes again. */
Test(spill, numbers_are_those_of_printf)
{
    static struct lines lines;
    static struct lines_part part;
    static char expected[1 << 21];
    char *text = NULL;
    size_t bytes = 0, wanted = 0;
    FILE *const out = open_memstream(&text, &bytes);
    struct rng draws;
    rng_init(&draws, (struct rng_seed){2, 0}, 0, 0, 0);
    lines_begin(&lines, out);
    int64_t again = 0;
    for (int i = 0; i < 20000; i++) {
        const int64_t value =
            i < 64 ? (int64_t)1 << i : (int64_t)(rng_next(&draws) >> (i % 63 + 1));
        const int64_t near = i % 3 == 0 ? INT64_MAX - value : -1 - value;
        const char *const topic = i % 4 < 2 ? "topic"
                                            : "a-topic-with-a-name-of-more-than-64-bytes-"
                                              "of-which-none-may-be-missing-in-the-file";
        if (i % 2 == 0) {
            again = value;
            char *const end = lines_whole(&lines, part.text, again, ',');
            lines_part_end(&part, lines_text(end, topic, ','));
        }
        char *const at = lines_part(lines_open(&lines), &part);
        lines_close(&lines, lines_whole(&lines, at, near, '\n'));
        wanted += (size_t)snprintf(expected + wanted, sizeof expected - wanted,
                                   "%" PRId64 ",%s,%" PRId64 "\n", again, topic, near);
        cr_assert_lt(wanted, sizeof expected);
    }
    lines_end(&lines);
    fclose(out);
    cr_assert_eq(bytes, wanted);
    cr_expect_eq(memcmp(text, expected, bytes), 0);
    free(text);
}

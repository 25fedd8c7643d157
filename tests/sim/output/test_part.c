/*
 * test_part.c - a part reads back as it was written, and whatever else happens to it is noticed.
 *
 * guards: sim/output/part, sim/core/text, sim/study/identity, sim/study/results
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/core/rng.h"
#include "sim/core/text.h"
#include "sim/output/part.h"
#include "tests/said.h"
#include "tests/temporary.h"

#define HEADER "scenario,point,replication,speed"

static struct arena arena;
static struct diag diag;
static struct part part;
static const char *identity;

static void begin(void)
{
    arena_init(&arena);
    diag_init(&diag, &arena);
    identity = part_identity(&arena, 0x1f0c, 9);
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(part, .init = begin, .fini = end);

/* Points 2 and 3 with two lines each, 5 with one. */
static const char *const lines[] = {"\"a, b\",2,0,1.5", "\"a, b\",2,1,", "\"a, b\",3,0,3",
                                    "\"a, b\",3,1,4", "\"a\nb\",5,0,7"};

static const char *written(const char *of, const size_t *failed, size_t failed_count)
{
    char *const text = ARENA_ARRAY(&arena, char, 4096);
    const struct part_writer writer = {
        .out = fmemopen(text, 4096, "w"), .header = HEADER, .identity = of};
    part_write_header(&writer, failed, failed_count);
    part_write_point(&writer, lines, 2);
    part_write_point(&writer, lines + 2, 2);
    part_write_point(&writer, lines + 4, 1);
    fclose(writer.out);
    return text;
}

static bool read_back(const char *text)
{
    char path[] = "/tmp/part_XXXXXX";
    temporary_write(path, text);
    diag_init(&diag, &arena);
    const bool good = part_read(&part, &arena, &diag, path);
    unlink(path);
    cr_assert_eq(good, diag.errors == 0);
    return good;
}

/* Refused with these words behind the name of the file. */
static void expect_refused(const char *text, const char *words)
{
    cr_expect_not(read_back(text), "%s", text);
    const char *const message = strchr(said(&diag) + strlen("/tmp/part_XXXXXX"), ':');
    cr_expect(strncmp(message, words, strlen(words)) == 0, "%s, not %s", message, words);
}

static const char *replaced(const char *text, const char *old, const char *new)
{
    const char *const at = strstr(text, old);
    cr_assert_not_null(at, "%s", old);
    return arena_format(&arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

Test(part, whole)
{
    cr_assert_str_eq(written(NULL, NULL, 0),
                     HEADER "\n\"a, b\",2,0,1.5\n\"a, b\",2,1,\n\"a, b\",3,0,3\n\"a, b\",3,1,4\n"
                            "\"a\nb\",5,0,7\n");
    expect_refused(written(NULL, NULL, 0), ":1: error: no part of a sweep: it has no column");
}

Test(part, reads_back)
{
    cr_assert(read_back(written(identity, NULL, 0)));
    cr_assert_str_eq(part.header, HEADER);
    cr_assert_str_eq(part.identity, "0000000000001f0c/9");
    cr_assert_eq(part.total, 9);
    cr_assert_eq(part.count, 5);
    cr_assert_eq(part.failed_count, 0);
    cr_assert_eq(part.torn.line, 0);
    static const size_t points[] = {2, 2, 3, 3, 5};
    for (size_t i = 0; i < 5; i++) {
        cr_assert_str_eq(part.lines[i].text, lines[i]);
        cr_assert_eq(part.lines[i].point, points[i]);
        cr_assert_eq(part.lines[i].line, (int)i + 2);
    }
}

Test(part, says_what_could_not_be_run)
{
    static const size_t failed[] = {0, 4, 8};
    const char *const text = written(identity, failed, 3);
    const char *const start = HEADER ",check without 0 4 8 of 0000000000001f0c/9 ";
    cr_assert_eq(strncmp(text, start, strlen(start)), 0, "%s", text);
    cr_assert(read_back(text));
    cr_assert_str_eq(part.header, HEADER);
    cr_assert_eq(part.count, 5);
    cr_assert_eq(part.failed_count, 3);
    cr_assert_eq(memcmp(part.failed, failed, sizeof failed), 0);
    /* Without a line the header alone says of which sweep it is. */
    const char *const header = arena_format(&arena, "%.*s", (int)strcspn(text, "\n") + 1, text);
    cr_assert(read_back(header));
    cr_assert_str_eq(part.identity, identity);
    cr_assert_eq(part.failed_count, 3);
    expect_refused(replaced(text, "without 0 4", "without 0 5"), ":1: error: the header has been");
    expect_refused(replaced(text, "1f0c/9", "1f0d/9"), ":1: error: the header has been changed");
    expect_refused(replaced(text, " of ", " off "), ":1: error: the header has been changed");
    expect_refused(replaced(text, ",speed", ",sped"), ":1: error: the header has been changed");
}

Test(part, edited)
{
    const char *const text = written(identity, NULL, 0);
    expect_refused(replaced(text, "1.5", "1.6"), ":2: error: this line or the header has been");
    expect_refused(replaced(text, ",3,1,4,", ",3,1,"), ":5: error: this line or the header has");
    expect_refused(replaced(text, "speed", "steed"), ":2: error: this line or the header has been");
    expect_refused(replaced(text, ",1/2 ", ",2/2 "), ":2: error: this line or the header has been");
    expect_refused(replaced(text, "1f0c/9", "1f0d/9"), ":2: error: this line or the header has");
    expect_refused(replaced(text, "1f0c/9", "1f0c/90"), ":2: error: this line or the header has");
    expect_refused(replaced(text, "1/2 ", ""), ":2: error: this line or the header has been");
    expect_refused(replaced(text, "2,0,1.5", "9,0,1.5"), ":2: error: \"9\" is no point of a sweep");
    expect_refused(replaced(text, ",check", ""), ":1: error: no part of a sweep: it has no column");
    expect_refused(replaced(text, "0000000000001f0c/9", ""), ":2: error: \"\" is no name of a");
    expect_refused(replaced(text, "\n", "\n\n"), ":2: error: \"\" is no name of a sweep");
}

/* Any byte but the last, which ends the last line. A quote of that makes half a line of it. */
Test(part, any_byte)
{
    static const size_t failed[] = {0};
    const char *const good = written(identity, failed, 1);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, 0);
    const size_t bytes = strlen(good) - 1;
    for (size_t i = 0; i < bytes; i++) {
        char *const text = arena_take(&arena, bytes + 2, 1);
        memcpy(text, good, bytes + 2);
        const char other = (char)(' ' + rng_next(&rng) % 95);
        text[i] = other == text[i] ? '~' : other;
        cr_expect(!read_back(text) || part.torn.line > 0, "byte %zu: %s", i, text);
    }
}

static const char *lines_of(const char *text, const int *numbers, size_t count)
{
    struct text result;
    text_init(&result, &arena);
    for (size_t i = 0; i < count; i++) {
        const char *at = text;
        for (int n = 1; n < numbers[i]; n++)
            at = strchr(at, '\n') + 1;
        text_format(&result, "%.*s\n", (int)strcspn(at, "\n"), at);
    }
    return result.start;
}

Test(part, lines_doubled_missing_and_moved)
{
    const char *const text = written(identity, NULL, 0);
    expect_refused(lines_of(text, (int[]){1, 2, 2, 3}, 4), ":3: error: line 1 of point 2 is here");
    expect_refused(lines_of(text, (int[]){1, 2, 3, 3}, 4), ":4: error: line 2 of point 2 is here");
    expect_refused(lines_of(text, (int[]){1, 2, 3, 2, 3}, 5), ":4: error: line 1 of point 2 is he");
    expect_refused(lines_of(text, (int[]){1, 3}, 2), ":2: error: line 1 of point 2 is missing");
    expect_refused(lines_of(text, (int[]){1, 2, 4, 5}, 4),
                   ":3: error: of the 2 lines of point 2 o");
    expect_refused(lines_of(text, (int[]){1, 4, 5, 2, 3}, 5), ":4: error: point 2 after point 3");
    expect_refused(lines_of(text, (int[]){2, 3}, 2), ":1: error: no CSV of a sweep");
}

/* Cut off anywhere: what is left is whole points, and that it was cut is known where it can be. */
Test(part, cut)
{
    const char *const text = written(identity, NULL, 0);
    const size_t header = strcspn(text, "\n") + 1;
    for (size_t length = header; length < strlen(text); length++) {
        cr_assert(read_back(arena_format(&arena, "%.*s", (int)length, text)), "%zu", length);
        const size_t whole = part.count;
        cr_assert(whole == 0 || whole == 2 || whole == 4, "%zu: %zu", length, whole);
        const bool at_end = text[length - 1] == '\n' && (length == header || whole > 0) &&
                            strncmp(text + length, lines[whole], strlen(lines[whole])) == 0;
        cr_assert_eq(part.torn.line > 0, !at_end, "%zu", length);
    }
    for (size_t length = 1; length < header; length++)
        expect_refused(arena_format(&arena, "%.*s", (int)length, text), ": error: no CSV of a sw");
}

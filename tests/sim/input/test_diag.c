/*
 * test_diag.c - errors in the order of the input, and what was probably meant.
 *
 * guards: sim/input/diag
 */
#include "tests/diagnosed.h"

TestSuite(diag, .init = diagnosed_begin, .fini = diagnosed_end);

static struct place at(const char *file, int line, int column)
{
    return (struct place){.file = file, .line = line, .column = column};
}

Test(diag, is_empty_at_first)
{
    expect_said(&diag, "");
    cr_assert_eq(diag.errors, 0);
}

Test(diag, prints_by_file_line_and_column)
{
    diag_error(&diag, at("b.yaml", 3, 1), "third");
    diag_warning(&diag, at("a.yaml", 1, 1), "of the file that was mentioned later");
    diag_note(&diag, at("b.yaml", 2, 10), "second");
    diag_error(&diag, at("b.yaml", 2, 9), "first, %d", 1);
    diag_error(&diag, at("b.yaml", 0, 0), "as a whole");
    diag_error(&diag, at("b.yaml", 10, 0), "no column");
    diag_error(&diag, at(NULL, 0, 0), "nowhere");
    expect_said(&diag, "b.yaml: error: as a whole\n"
                       "b.yaml:2:9: error: first, 1\n"
                       "b.yaml:2:10: note: second\n"
                       "b.yaml:3:1: error: third\n"
                       "b.yaml:10: error: no column\n"
                       "a.yaml:1:1: warning: of the file that was mentioned later\n"
                       "error: nowhere\n");
    cr_assert_eq(diag.errors, 5);
    cr_assert_eq(diag.warnings, 1);
}

/* Two files that have the same name in different memory are one file. */
Test(diag, knows_files_by_name)
{
    char other[] = "a.yaml";
    diag_error(&diag, at("a.yaml", 2, 1), "two");
    diag_error(&diag, at("b.yaml", 1, 1), "b");
    diag_error(&diag, at(other, 1, 1), "one");
    expect_said(&diag, "a.yaml:1:1: error: one\na.yaml:2:1: error: two\nb.yaml:1:1: error: b\n");
}

Test(diag, says_the_same_once)
{
    diag_error(&diag, at("a", 1, 1), "same");
    diag_error(&diag, at("a", 1, 1), "other");
    diag_error(&diag, at("a", 1, 1), "same");
    diag_warning(&diag, at("a", 1, 1), "same");
    diag_error(&diag, at("a", 1, 2), "same");
    expect_said(&diag, "a:1:1: error: same\na:1:1: error: other\na:1:1: warning: same\n"
                       "a:1:2: error: same\n");
}

Test(diag, keeps_to_one_line)
{
    diag_error(&diag, at("a", 1, 1), "%s", "x\ny\x1b[31m");
    expect_said(&diag, "a:1:1: error: x?y?[31m\n");
}

Test(diag, cuts_what_it_shows_between_characters)
{
    cr_assert_str_eq(diag_shown(&diag, "short"), "\"short\"");
    /* 59 letters and a character of two bytes: it does not fit into 60 and is not halved. */
    const char *const shown =
        diag_shown(&diag, "01234567890123456789012345678901234567890123456789012345678\xc3\xa9zzz");
    cr_assert_str_eq(shown, "\"01234567890123456789012345678901234567890123456789012345678...\"");
}

static void expect_nearest(const char *written, const char *expected)
{
    static const char *const names[] = {"batch.size", "linger.ms", "lz4", "acks", "at", "5"};
    const char *const nearest = diag_nearest(written, names, sizeof names / sizeof *names);
    if (expected == NULL)
        cr_assert_null(nearest, "%s is near %s", written, nearest);
    else
        cr_assert(nearest != NULL && strcmp(nearest, expected) == 0, "%s is near %s", written,
                  nearest == NULL ? "nothing" : nearest);
}

Test(diag, finds_the_nearest)
{
    expect_nearest("batch.size", "batch.size");
    expect_nearest("batch.siez", "batch.size"); /* a swap is one edit */
    expect_nearest("bacht.siez", "batch.size");
    expect_nearest("batchsize", "batch.size");
    expect_nearest("bth.siz", NULL);          /* 7 letters: 2 edits, not 3 */
    expect_nearest("bath.siz", "batch.size"); /* 8 letters: 2 */
    expect_nearest("LZ4", "lz4");             /* capitals do not count */
    expect_nearest("lz", "lz4");              /* short names: 1 */
    expect_nearest("z", NULL);
    expect_nearest("1", NULL); /* every letter changed */
    expect_nearest("kcas", NULL);
    expect_nearest("akcs", "acks");
    expect_nearest("", NULL);
}

Test(diag, bears_long_names)
{
    char name[1000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const char *const names[] = {name};
    cr_assert_null(diag_nearest(name, names, 1));
    cr_assert_null(diag_nearest("xxx", names, 1));
}

/* What holds for all cases is said once and of none, what holds for some with the first of them;
 * of many different sayings at one place there are some examples. */
Test(diag, cases)
{
    const struct place all = {"f", 1, 1}, some = {"f", 2, 1}, each = {"f", 3, 1};
    for (int i = 0; i < 10; i++) {
        diag_case(&diag, arena_format(&arena, "point %d", i));
        diag_warning(&diag, all, "common");
        if (i > 6)
            diag_error(&diag, some, "rare");
        diag_warning(&diag, each, "size %d", i);
    }
    diag_case(&diag, NULL);
    diag_note(&diag, all, "whole");
    expect_said(&diag, "f:1:1: warning: common\n"
                       "f:1:1: note: whole\n"
                       "f:2:1: error: rare (point 7)\n"
                       "f:3:1: warning: size 0 (point 0)\n"
                       "f:3:1: warning: size 1 (point 1)\n"
                       "f:3:1: warning: size 2 (point 2)\n"
                       "f:3:1: warning: and the like of others\n");
}

/* An axis that is a list has a place for each of its values. */
Test(diag, cases_at_many_places)
{
    for (int i = 0; i < 1000; i++) {
        diag_case(&diag, arena_format(&arena, "point %d", i));
        diag_warning(&diag, at("f", 1 + i, 1), "size %d", i);
        diag_warning(&diag, at("f", 1 + i, 1), i < 2 ? "this of %d" : "that of %d", i);
    }
    diag_case(&diag, NULL);
    const char *const text = said(&diag);
    int lines = 0;
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    cr_assert_eq(lines, 12 + 1 + 2 + 12 + 1, "%s", text);
    cr_assert_not_null(strstr(text, "f:12:1: warning: size 11 (point 11)\n"
                                    "f:12:1: warning: and the like of others\n"
                                    "f:12:1: warning: that of 11 (point 11)\n"));
}

/*
 * test_screen.c - what is no terminal has no colours and 80 columns; paragraphs are broken.
 *
 * guards: sim/study/screen
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/screen.h"

static void expect_said(int indent, const char *text, const char *expected)
{
    char *written = NULL;
    size_t bytes = 0;
    struct screen screen;
    FILE *const out = open_memstream(&written, &bytes);
    screen_open(&screen, out, false);
    screen_say(&screen, SCREEN_BAD, indent, text);
    fclose(out);
    cr_expect_str_eq(written, expected, "%s", written);
    free(written);
}

#define TEN   "123456789 "
#define FORTY TEN TEN TEN TEN

Test(screen, paragraphs)
{
    expect_said(2, "", "\n");
    expect_said(2, "short", "short\n");
    expect_said(2, FORTY TEN TEN TEN "1234567890", FORTY TEN TEN TEN "1234567890\n");
    expect_said(2, FORTY TEN TEN TEN "1234567890 more", FORTY TEN TEN TEN "1234567890\n  more\n");
    expect_said(2, FORTY TEN TEN TEN "12345678901", FORTY TEN TEN "123456789\n  12345678901\n");
    /* What has no blanks is not broken; a plus-minus sign is one column. */
    expect_said(0, FORTY TEN TEN TEN "12345678\u00b10", FORTY TEN TEN TEN "12345678\u00b10\n");
}

Test(screen, no_terminal)
{
    struct screen screen;
    FILE *const out = fopen("/dev/null", "w");
    setenv("TERM", "xterm", 1);
    screen_open(&screen, out, true);
    cr_expect(!screen.terminal && !screen.coloured && screen.verbose);
    cr_expect_eq(screen.width, SCREEN_WIDTH);
    cr_expect_str_eq(screen_begin(&screen, SCREEN_BAD), "");
    cr_expect_str_eq(screen_end(&screen), "");
    fclose(out);
}

Test(screen, fields_count_characters)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    screen_field(out, "\u00b11", 4);
    screen_field(out, "wide", 2);
    fclose(out);
    cr_expect_str_eq(text, "\u00b11  wide");
    free(text);
}

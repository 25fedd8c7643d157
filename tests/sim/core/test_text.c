/*
 * test_text.c - lists of words, and words that a shell must not take apart.
 *
 * guards: sim/core/text
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/text.h"

#define LIST "none|gzip|lz4"

Test(text, finds_whole_words_only)
{
    cr_assert_eq(text_find_word(LIST, "none"), 0);
    cr_assert_eq(text_find_word(LIST, "lz4"), 2);
    cr_assert_eq(text_find_word(LIST, "lz"), -1);
    cr_assert_eq(text_find_word(LIST, "gzip|lz4"), -1);
    cr_assert_eq(text_find_word("", ""), -1);
    cr_assert_eq(text_find_word(NULL, "none"), -1);
}

Test(text, gives_the_word_of_a_place)
{
    const struct text_word word = text_word(LIST, 1);
    cr_assert_eq(word.bytes, 4);
    cr_assert_arr_eq(word.start, "gzip", 4);
}

Test(text, a_place_beyond_the_list_trips, .signal = SIGABRT)
{
    text_word(LIST, 3);
}

/* What a shell makes of the word is the word. */
static void check_shell(const char *word)
{
    struct arena arena;
    arena_init(&arena);
    struct text text;
    text_init(&text, &arena);
    text_add(&text, "printf '%s|'");
    text_add_shell_word(&text, word);
    FILE *const shell = popen(text.start, "r");
    char said[200] = "";
    cr_assert_not_null(fgets(said, sizeof(said), shell));
    cr_assert_eq(pclose(shell), 0);
    cr_assert_str_eq(said, arena_format(&arena, "%s|", word));
    arena_free(&arena);
}

Test(text, shells_give_words_back)
{
    check_shell("linger.ms=30");
    check_shell("");
    check_shell("it's $HOME; `ls` \"*\"");
    check_shell("{lognormal: {mean: 500B, cv: 1.2}}");
}

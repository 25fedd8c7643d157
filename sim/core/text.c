/*
 * text.c - a text doubles its room; what was there before stays in the arena.
 */
#include "sim/core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/check.h"

#define FIRST_BYTES 256

/* Room for so many more, and the 0. */
static void make_room(struct text *text, size_t bytes)
{
    if (text->length + bytes < text->room)
        return;
    while (text->length + bytes >= text->room)
        text->room *= 2;
    char *const larger = ARENA_ARRAY(text->arena, char, text->room);
    memcpy(larger, text->start, text->length + 1);
    text->start = larger;
}

void text_init(struct text *text, struct arena *arena)
{
    *text = (struct text){
        .arena = arena, .start = ARENA_ARRAY(arena, char, FIRST_BYTES), .room = FIRST_BYTES};
}

void text_add(struct text *text, const char *more)
{
    const size_t bytes = strlen(more);
    make_room(text, bytes);
    memcpy(text->start + text->length, more, bytes + 1);
    text->length += bytes;
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(length >= 0);
    make_room(text, (size_t)length);
    vsnprintf(text->start + text->length, (size_t)length + 1, format, again);
    va_end(again);
    text->length += (size_t)length;
}

static bool wants_quotes(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./=:,+@%-";
    return *word == '\0' || word[strspn(word, plain)] != '\0';
}

/* A quote within it ends the quoting, stands alone and begins it again. */
void text_add_shell_word(struct text *text, const char *word)
{
    if (!wants_quotes(word)) {
        text_format(text, " %s", word);
        return;
    }
    text_add(text, " '");
    for (; *word != '\0'; word++)
        if (*word == '\'')
            text_add(text, "'\\''");
        else
            text_format(text, "%c", *word);
    text_add(text, "'");
}

bool text_next_word(const char **list, struct text_word *word)
{
    if (**list == '\0')
        return false;
    *word = (struct text_word){*list, strcspn(*list, "|")};
    *list += word->bytes + ((*list)[word->bytes] == '|');
    return true;
}

int64_t text_find_word(const char *list, const char *word)
{
    const size_t bytes = strlen(word);
    struct text_word at;
    for (int64_t place = 0; list != NULL && text_next_word(&list, &at); place++)
        if (at.bytes == bytes && memcmp(at.start, word, bytes) == 0)
            return place;
    return -1;
}

struct text_word text_word(const char *list, int64_t place)
{
    struct text_word word;
    do
        CHECK(text_next_word(&list, &word));
    while (place-- > 0);
    return word;
}

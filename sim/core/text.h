/*
 * text.h - a text that grows at its end; lists of words.
 */
#ifndef SIM_CORE_TEXT_H
#define SIM_CORE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/arena.h"

struct text {
    struct arena *arena;
    char *start; /* ends with a 0, also where it is empty */
    size_t length, room;
};

void text_init(struct text *text, struct arena *arena);
void text_add(struct text *text, const char *more);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A space and then the word, in quotes where a shell would take it apart. */
void text_add_shell_word(struct text *text, const char *word);

/* A word of a list such as "a|b|c". */
struct text_word {
    const char *start;
    size_t bytes;
};

/* The first of the list, which is then what follows; false if there is none. list: not NULL. */
bool text_next_word(const char **list, struct text_word *word);
/* The place of the word in the list, from 0; -1 if it is not there, or there is no list (NULL). */
int64_t text_find_word(const char *list, const char *word);
/* That of this place, which the list has. */
struct text_word text_word(const char *list, int64_t place);

#endif

/*
 * text.h - a text that grows at its end.
 */
#ifndef SIM_CORE_TEXT_H
#define SIM_CORE_TEXT_H

#include "sim/core/arena.h"

struct text {
    struct arena *arena;
    char *start; /* ends with a 0, also where it is empty */
    size_t length, room;
};

void text_init(struct text *text, struct arena *arena);
void text_add(struct text *text, const char *more);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

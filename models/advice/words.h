/*
 * words.h - figures of findings as people read them, and lines that fit a terminal.
 */
#ifndef MODELS_ADVICE_WORDS_H
#define MODELS_ADVICE_WORDS_H

#include <stdint.h>
#include <stdio.h>

#include "sim/core/arena.h"
#include "sim/core/calendar.h"

/* All from the arena. */
const char *words_figure(struct arena *arena, double value);                   /* 12,345 */
const char *words_bytes(struct arena *arena, double value);                    /* 22.5 MiB */
const char *words_share(struct arena *arena, double value);                    /* 93.5 % */
const char *words_count(struct arena *arena, double count, const char *thing); /* 2 keys */
const char *words_time(struct arena *arena, double ns);                        /* 5.83 s */
const char *words_ms(struct arena *arena, int64_t ms);                         /* the same */

/* Text of one paragraph in lines of at most 80 columns, each behind so many spaces. */
void words_wrap(const char *text, int indent, FILE *out);

#endif

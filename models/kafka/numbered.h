/*
 * numbered.h - names that come in numbers: "events.t%02d".
 *
 * A pattern is text with at most one %d, which may have a width (%3d, %03d); %% is a percent sign.
 */
#ifndef MODELS_KAFKA_NUMBERED_H
#define MODELS_KAFKA_NUMBERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/arena.h"

#define NUMBERED_WIDTH_MAX 20 /* digits of any number that is asked for */

struct numbered {
    const char *before, *after; /* the %d */
    size_t before_bytes, after_bytes;
    bool has_number;
    char pad; /* '0' or ' ' */
    int width;
};

/* NULL, or what is wrong with the pattern and what would be right. */
const char *numbered_parse(struct numbered *pattern, struct arena *arena, const char *text);

/* Room for any name of the pattern, the final NUL included. */
size_t numbered_room(const struct numbered *pattern);

/* Writes the name of a number >= 0, NUL-terminated; returns its bytes. */
size_t numbered_write(const struct numbered *pattern, int64_t number, char *name);

#endif

/*
 * parts.h - --by: the figures of each part of a world.
 */
#ifndef SIM_COMMAND_PARTS_H
#define SIM_COMMAND_PARTS_H

#include "sim/command/study.h"

struct parts {
    const struct model_dimension *dimension;
    const void *params;
    size_t count;
    const double *values; /* part by part */
};

/* What a row has written to its file of parts. False after a message. */
bool parts_read(struct parts *parts, const struct study *study, FILE *file);

/* A row for each, the busiest first, and no more of them than a screen has room for unless it is
 * verbose. */
void parts_print(const struct parts *parts, const struct study *study, const struct screen *screen);

/* The same as CSV, in their own order: scenario,PART,COLUMN,.. */
void parts_write(const struct parts *parts, const struct study *study, FILE *out);

#endif

/*
 * point.h - an operating point: a file of metrics, and how what it measured was run.
 *
 * FILE[:WORD,WORD,..]. A word is KEY=VALUE as --set has it, where commas between brackets do not
 * count; or elapsed=TIME, over which the file's totals count; or since=FILE, an earlier scrape
 * whose totals are taken off.
 */
#ifndef MODELS_CALIBRATE_POINT_H
#define MODELS_CALIBRATE_POINT_H

#include "models/calibrate/figures.h"

struct point {
    const char *path;
    const char *words; /* as written; "" */
    const char **sets; /* KEY=VALUE */
    size_t set_count;
    struct metrics metrics;
    struct figures figures;
    bool held_out; /* predicted, not fitted */
};

/* Of an argument; false after errors in diag. */
bool point_read(struct point *point, struct arena *arena, struct diag *diag, const char *argument);

#endif

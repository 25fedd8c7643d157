/*
 * part.h - a CSV that holds some points of a sweep: a shard's, or those done when it was stopped.
 *
 * A part is the sweep's own CSV with one column more, the last, `sweep`: which sweep it is of and
 * how many points that has, "1f0c..9a/36". Without that column it is the whole sweep, or nothing of
 * ours. Lines are kept as they are: what a part says of a point is in the end copied.
 */
#ifndef SIM_STUDY_PART_H
#define SIM_STUDY_PART_H

#include <stdint.h>

#include "sim/core/diag.h"

#define PART_COLUMN "sweep"

/* The text of the column. */
const char *part_identity(struct arena *arena, uint64_t identity, size_t total);

struct part_line {
    size_t point;
    const char *text; /* without the last field and the end of the line */
    int line;         /* of the file */
};

struct part {
    const char *path;
    const char *header;   /* without the last field */
    const char *identity; /* NULL: a header and nothing more */
    size_t total;         /* points of the sweep; 0 without an identity */
    const struct part_line *lines;
    size_t count;
};

/* False after an error: no such file, no part, lines of different sweeps, of points that the sweep
 * does not have or that stand in the file in two places. Half a line at the end, as a killed
 * program leaves it, is not there. */
bool part_read(struct part *part, struct arena *arena, struct diag *diag, const char *path);

#endif

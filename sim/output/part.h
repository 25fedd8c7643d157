/*
 * part.h - a CSV that holds some points of a sweep: a shard's, those done when it was stopped, or
 * all but those that could not be run.
 *
 * A part is the sweep's own CSV with two columns more, the last. `check` says of a line which of
 * the lines of its point it is, and holds a check over it, the header and what it is of: "1/1
 * 5d2e81c0". `sweep` says which sweep that is and how many points it has, "1f0c..9a/36", the same
 * in all lines. Where points could not be run the name of `check` says which: "check without 3 17
 * of 1f0c..9a/36 81e90cc2". Without the two it is the whole sweep, or nothing of ours. Lines are
 * kept as they are: what a part says of a point is in the end copied.
 */
#ifndef SIM_OUTPUT_PART_H
#define SIM_OUTPUT_PART_H

#include <stdint.h>

#include "sim/input/diag.h"

/* What lines are of: "1f0c..9a/36". */
const char *part_identity(struct arena *arena, uint64_t identity, size_t total);

struct part_line {
    size_t point;
    const char *text; /* without the last two fields and the end of the line */
    int line;         /* of the file */
};

struct part {
    const char *path;
    const char *header;   /* without the last two fields */
    const char *identity; /* NULL: a header and nothing more */
    size_t total;         /* points of the sweep; 0 without an identity */
    const struct part_line *lines;
    size_t count;
    const size_t *failed; /* points that could not be run, in order */
    size_t failed_count;
    struct place torn; /* where it ends in the middle of a line or of a point's lines, of which then
                          none are there; line 0: it does not */
};

/* False after an error: no such file, no part, lines of different sweeps, lines that have been
 * changed, doubled, moved or left out, points that the sweep does not have. */
bool part_read(struct part *part, struct arena *arena, struct diag *diag, const char *path);

/* A CSV as it is being written. */
struct part_writer {
    FILE *out;
    const char *header;   /* of the whole */
    const char *identity; /* NULL: it is the whole, and no part */
};

/* First the header, with the points that could not be run, of a part alone; then point by point, in
 * order, all the lines of each. */
void part_write_header(const struct part_writer *writer, const size_t *failed, size_t count);
void part_write_point(const struct part_writer *writer, const char *const *lines, size_t count);

#endif

/*
 * space.h - the combinations of some parameters' values that may be tried: a lattice.
 *
 * A range without steps has SPACE_LEVELS of them, so that a point is a place on every axis.
 */
#ifndef SIM_STUDY_SPACE_H
#define SIM_STUDY_SPACE_H

#include "sim/study/axis.h"

#define SPACE_LEVELS   129
#define SPACE_AXES_MAX 8

struct space {
    struct axis_part parts[SPACE_AXES_MAX];
    size_t count;
    double size;    /* combinations */
    bool is_listed; /* the user gave all values */
    struct arena *arena;
};

/* options: "KEY=VALUES" as of --sweep, several of them in one with commas between. False after
 * errors in diag. */
bool space_read(struct space *space, const struct scenario *scenario, struct arena *arena,
                struct diag *diag, const char *const *options, size_t option_count);

/* KEY=VALUE of each axis. From the arena. */
const char *const *space_sets(const struct space *space, const size_t *place);

/* Between 0 and 1 along the axis; 0 if it has one value. */
double space_share(const struct space *space, size_t axis, size_t place);

#endif

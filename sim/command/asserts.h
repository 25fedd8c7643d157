/*
 * asserts.h - --assert: what the results shall be, and whether they are.
 *
 * An assertion fails only if its interval says so: while the bound lies within that it is
 * undecided, which is no failure.
 */
#ifndef SIM_COMMAND_ASSERTS_H
#define SIM_COMMAND_ASSERTS_H

#include "sim/command/options.h"
#include "sim/study/goal.h"
#include "sim/study/results.h"

struct asserts {
    const struct model *model;
    const struct goal *goals; /* in the order of the command line */
    size_t count;
};

/* False after messages. */
bool asserts_read(struct asserts *asserts, const struct model *model, const struct options *options,
                  struct arena *arena);

/* Does one fail? */
bool asserts_fail(const struct asserts *asserts, const struct estimates *estimates);

/* A line for each: "latency-p99 < 50ms: met, 36.4 ms". */
void asserts_print(const struct asserts *asserts, const struct estimates *estimates,
                   const struct screen *screen);

/* The same in a line for all: "point 3: latency-p99 < 50ms missed, 63.1 ms; ..". */
void asserts_print_point(const struct asserts *asserts, size_t point,
                         const struct estimates *estimates, const struct screen *screen);

#endif

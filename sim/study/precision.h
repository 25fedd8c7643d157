/*
 * precision.h - run.precision: how many replications a point gets.
 *
 * A point is looked at after its first replications and whenever it has half as many more, until
 * the 95 % half-width of every column that is compared (plan_seek()), or else has a goal, is within
 * run.precision (of the value, or by itself), or run.max-replications are reached, or more of them
 * would not help.
 *
 * Where points are compared with another (plan->against) it is the half-width of the paired
 * difference that counts, as a share of the other's value, or by itself: a paired t-test under
 * common random numbers, for which far fewer replications do than for two separate intervals. The
 * other runs as many replications as there are pairs wanted. Of its own values, and of those of the
 * points, only what plan_seek_values() names is looked at.
 *
 * What a point asks for depends on its own results and on as many of the other's alone. Looking
 * several times makes the last look a little more optimistic than its 95 %;
 * tests/sim/study/test_coverage.c and test_paired.c measure by how much.
 */
#ifndef SIM_STUDY_PRECISION_H
#define SIM_STUDY_PRECISION_H

#include "sim/study/results.h"

enum precision_end {
    PRECISION_NOT_SOUGHT,
    PRECISION_REACHED,
    PRECISION_MAXIMUM,    /* of replications */
    PRECISION_NOT_STEADY, /* a growing backlog has nothing to be precise about */
    PRECISION_TWO_CAMPS   /* nor has a mean of two regimes */
};

/* As struct runner.more: how many the point, whose replications so far are done, shall have. */
size_t precision_more(void *context, const struct results *results, size_t at);

struct precision {
    enum precision_end end;
    bool of_base;      /* it is the other that is not steady, or falls into two camps */
    size_t worst;      /* the column that is furthest from what it should be; column_count: none */
    bool of_pairs;     /* its difference is */
    double half_width; /* as the goal measures it */
};

/* Why a complete point has as many as it has. */
struct precision precision_of(const struct results *results, size_t at);

/* As the CSV says it: precision, max-replications, not-steady, two-camps; empty: not sought. */
const char *precision_word(enum precision_end end);

#endif

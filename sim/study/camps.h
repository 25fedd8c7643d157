/*
 * camps.h - bimodality: do values fall into two camps, so that their mean describes neither?
 *
 * A camp is one of the two modes: the values on its side of the best split into two.
 */
#ifndef SIM_STUDY_CAMPS_H
#define SIM_STUDY_CAMPS_H

#include <stdbool.h>
#include <stddef.h>

/* Fewer values say nothing. */
#define CAMPS_LEAST 4

/* How often at most independent values of one normal distribution are taken for two camps. */
#define CAMPS_FALSE_POSITIVES 1e-4

struct camp {
    size_t count;
    double mean;
};

struct camps {
    struct camp low, high;
};

/* Two camps? Then which. Sorts the values, which are finite. */
bool camps_find(double *values, size_t count, struct camps *camps);

#endif

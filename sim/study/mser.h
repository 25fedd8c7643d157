/*
 * mser.h - MSER-5: where a series has left its beginning behind.
 */
#ifndef SIM_STUDY_MSER_H
#define SIM_STUDY_MSER_H

#include <stddef.h>

#define MSER_BATCH 5

/* How many of the first values to discard: a multiple of MSER_BATCH, at most 19/20 of them. More
 * than half says that the series is too short to tell. The values are finite. */
size_t mser_discard(const double *values, size_t count);

#endif

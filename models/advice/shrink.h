/*
 * shrink.h - `fanout-sim diagnose --shrink FILE`: the smallest scenario that still stalls.
 */
#ifndef MODELS_ADVICE_SHRINK_H
#define MODELS_ADVICE_SHRINK_H

#include "sim/command/study.h"

/* Makes the study's scenario smaller step by step, as long as it stalls: what is left is read and
 * run again, and written to `path` only if it stalls then too. STUDY_FAILED after a message where
 * the scenario does not stall. */
enum study_status shrink(const struct study *study, const char *path, struct arena *arena);

#endif

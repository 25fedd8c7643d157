/*
 * diagnose.h - `fanout-sim diagnose`: what limits a job, and which change has been seen to help.
 */
#ifndef MODELS_ADVICE_DIAGNOSE_H
#define MODELS_ADVICE_DIAGNOSE_H

#include "sim/command/options.h"

/* A struct command's function. */
enum study_status diagnose(const struct model *model, const struct options *options,
                           struct arena *arena);

#endif

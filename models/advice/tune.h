/*
 * tune.h - `fanout-sim tune`: which setting meets the goals and is best in one column.
 */
#ifndef MODELS_ADVICE_TUNE_H
#define MODELS_ADVICE_TUNE_H

#include "sim/command/options.h"

enum study_status tune_command(const struct model *model, const struct options *options,
                               struct arena *arena);

#endif

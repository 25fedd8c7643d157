/*
 * calibrate.h - the command `calibrate`: costs from measured metrics.
 */
#ifndef MODELS_CALIBRATE_CALIBRATE_H
#define MODELS_CALIBRATE_CALIBRATE_H

#include "sim/study/model.h"

/* Of the options `fit`, `hold-out` and sim's set, seed, replications, jobs, csv, quiet. */
enum study_status calibrate_command(const struct model *model, const struct options *options,
                                    struct arena *arena);

#endif

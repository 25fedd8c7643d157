/*
 * merge.h - the command merge: the parts of a sweep become its CSV, byte for byte as one machine
 * would have written it.
 */
#ifndef SIM_COMMAND_MERGE_H
#define SIM_COMMAND_MERGE_H

#include "sim/command/study.h"

/* Refuses what is no part, parts of different sweeps, points that are there twice and points that
 * are missing. Points that could not be run are missing in the result, as they would be on one
 * machine, with status 1; unless another part has them. */
enum study_status merge_parts(const struct model *model, const struct options *options,
                              struct arena *arena);

#endif

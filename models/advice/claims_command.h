/*
 * claims_command.h - `fanout-sim claims`: reruns what a run can decide of a tuning runbook, and
 * says of each claim what is true, by which figures, and which scenario shows it.
 */
#ifndef MODELS_ADVICE_CLAIMS_COMMAND_H
#define MODELS_ADVICE_CLAIMS_COMMAND_H

#include "sim/command/options.h"

enum study_status claims_command(const struct model *model, const struct options *options,
                                 struct arena *arena);

#endif

/*
 * check.h - what is to be said of a scenario that needs no run.
 */
#ifndef MODELS_ADVICE_CHECK_H
#define MODELS_ADVICE_CHECK_H

#include "models/advice/findings.h"
#include "models/params/params.h"
#include "sim/study/scenario.h"

/* Of a scenario that the relations have passed with `params`; what was said of it in diag is among
 * the findings. All from the arena. */
struct findings check_scenario(const struct scenario *scenario, const struct fanout_params *params,
                               const struct diag *diag, struct arena *arena);

#endif

/*
 * fitted.h - the scenario's file with other costs in it; what else it says stays, comments too.
 */
#ifndef MODELS_CALIBRATE_FITTED_H
#define MODELS_CALIBRATE_FITTED_H

#include "sim/study/scenario.h"

/* The text of the file at scenario->path with KEY=VALUE words put into it, one after the other, as
 * --set lays them over it. NULL after an error in diag: what comes out does not read back. */
const char *fitted_text(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                        const char *const *sets, size_t set_count);

#endif

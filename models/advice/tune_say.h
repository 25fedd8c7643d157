/*
 * tune_say.h - what `tune` has found, for people and as CSV.
 */
#ifndef MODELS_ADVICE_TUNE_SAY_H
#define MODELS_ADVICE_TUNE_SAY_H

#include "sim/command/inquiry.h"
#include "sim/study/tune.h"

/* The front, by the goal's column: best,KEY..,replications,COLUMN,COLUMN:ci95,.. where best is 1
 * in the row of what is recommended; nowhere if no point meets the goals. */
void tune_write(const struct inquiry *inquiry, const struct tune_question *question,
                const struct tuning *tuning, FILE *out);

/* base: the trial of the scenario as it stands. */
void tune_print(const struct inquiry *inquiry, const struct tune_question *question,
                const struct tuning *tuning, size_t base, FILE *out);

#endif

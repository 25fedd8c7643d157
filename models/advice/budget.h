/*
 * budget.h - --budget: how much trials may simulate. It counts what is simulated, not seconds, so
 * that no machine gives another answer.
 */
#ifndef MODELS_ADVICE_BUDGET_H
#define MODELS_ADVICE_BUDGET_H

#include "sim/command/options.h"

/* Records and batches, at least 1; `fallback` where none is given. False after a message. */
bool budget_read(const struct options *options, double fallback, struct arena *arena,
                 double *records);

#endif

/*
 * evidence.h - the runbook's diagnostic flow, step by step, as the real semantics have it
 * (runbook.md C51 to C69).
 */
#ifndef MODELS_ADVICE_EVIDENCE_H
#define MODELS_ADVICE_EVIDENCE_H

#include <stdio.h>

#include "models/params/params.h"
#include "models/report/columns.h"
#include "sim/study/interval.h"

/* What each step reads in the columns of a run; `more`: and what it means; `keys`: the last step
 * too. Memory from the arena. */
void evidence_print(const struct fanout_params *params, const struct interval *columns, bool more,
                    bool keys, struct arena *arena, FILE *out);

/* The fullest of what does not limit the run. */
struct evidence_use {
    const char *what; /* "the busiest Sender" */
    double used;      /* share of it */
};
struct evidence_use evidence_next(const struct fanout_params *params,
                                  const struct interval *columns);

#endif

/*
 * summary.h - the screen for people.
 */
#ifndef MODELS_REPORT_SUMMARY_H
#define MODELS_REPORT_SUMMARY_H

#include <stdio.h>

#include "sim/study/model.h"

/* params: struct fanout_params. What the scenario is, what limits it and the figures that say so;
 * machines: of machine_alternative(), or NULL. */
void summary_print(const void *opaque, sim_time warm_up, const struct estimates *estimates,
                   const struct model_alternatives *machines, FILE *out);

#endif

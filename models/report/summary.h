/*
 * summary.h - the screen for people.
 */
#ifndef MODELS_REPORT_SUMMARY_H
#define MODELS_REPORT_SUMMARY_H

#include "sim/study/model.h"

/* params: struct fanout_params. What the scenario is, what limits it, how much of each resource is
 * used, and the figures that an engineer looks for: one screen of 24 x 80, and with
 * screen->verbose all the others; machines: of machine_alternative(), or NULL. */
void summary_print(const void *opaque, sim_time warm_up, const struct estimates *estimates,
                   const struct model_alternatives *machines, const struct screen *screen);

#endif

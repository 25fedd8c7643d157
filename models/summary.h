/*
 * summary.h - the screen for people.
 */
#ifndef MODELS_SUMMARY_H
#define MODELS_SUMMARY_H

#include <stdio.h>

/* params: struct fanout_params. What the scenario is, what limits it and the figures that say so.
 */
void summary_print(const void *params, const double *columns, FILE *out);

#endif

/*
 * summary_parts.h - what the files of summary share.
 */
#ifndef MODELS_SUMMARY_PARTS_H
#define MODELS_SUMMARY_PARTS_H

#include <stdio.h>

#include "models/params.h"

/* In what the run is simpler than the world, where that matters. `columns` as in columns.h. */
void summary_print_cautions(const struct fanout_params *params, const double *columns, FILE *out);

#endif

/*
 * param_parts.h - what the readers of param.c and param_dist.c share; nobody else's business.
 */
#ifndef SIM_CORE_PARAM_PARTS_H
#define SIM_CORE_PARAM_PARTS_H

#include "sim/core/param.h"
#include "sim/core/quantity.h"

/* The text of a scalar; NULL after an error that says `expected`. */
const char *param_scalar(struct param_context *context, const char *name, const char *expected,
                         const struct node *node);

bool param_number(struct param_context *context, const struct quantity *quantity, double min,
                  double max, const char *name, const struct node *node,
                  struct quantity_value *value);

/* A scalar, or {family: {..}}, in the quantity's unit. */
bool param_dist(struct param_context *context, const struct quantity *quantity, double min,
                double max, const char *name, const struct node *node, struct dist_spec *spec);

#endif

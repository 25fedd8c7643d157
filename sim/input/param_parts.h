/*
 * param_parts.h - what the readers of parameters share; nobody else's business.
 */
#ifndef SIM_INPUT_PARAM_PARTS_H
#define SIM_INPUT_PARAM_PARTS_H

#include "sim/input/param.h"
#include "sim/input/quantity.h"

/* The text of a scalar; NULL after an error that says `expected`. */
const char *param_scalar(struct param_context *context, const char *name, const char *expected,
                         const struct node *node);

bool param_number(struct param_context *context, const struct quantity *quantity, double min,
                  double max, const char *name, const struct node *node,
                  struct quantity_value *value);

/* A scalar, or {family: {..}}, in the quantity's unit. */
bool param_dist(struct param_context *context, const struct quantity *quantity, double min,
                double max, const char *name, const struct node *node, struct dist_spec *spec);

/* What is being read: the arguments of param_dist(), handed on. */
struct dist_reading {
    struct param_context *context;
    const struct quantity *quantity;
    double min, max;
    const char *name;
};

#define PARAM_WEIGHT_MAX 1e15

/* By family; a constant's is what a part of a mixture calls it. */
extern const char *const param_dist_names[];

/* Must a value be a whole number? */
bool param_dist_is_whole(const struct dist_reading *reading);

/* A single value. */
bool param_dist_constant(const struct dist_reading *reading, const struct node *node,
                         struct dist_spec *spec);

/* The key names the family, the value holds its parameters. */
bool param_dist_family(const struct dist_reading *reading, const struct node_entry *entry,
                       struct dist_spec *spec);

/* The name of a CSV file. */
bool param_dist_empirical(const struct dist_reading *reading, const struct node *node,
                          struct dist_spec *spec);

/* A list of parts. */
bool param_dist_mixture(const struct dist_reading *reading, const struct node *node,
                        struct dist_spec *spec);

#endif

/*
 * condition.h - what `where:` says of a point: "batch.size * shards <= 512KiB".
 *
 * A comparison (< <= > >= == !=) of two sums of products of parameters and numbers, with + - * /
 * and parentheses; a random parameter stands for its mean. Bytes are compared with bytes and times
 * with times: `rate * linger.ms` is a count of records. A bare number is taken where the name
 * carries the unit (linger.ms, batch.size). A minus between names stands between spaces, since
 * names have dashes.
 */
#ifndef SIM_STUDY_CONDITION_H
#define SIM_STUDY_CONDITION_H

#include "sim/input/param.h"

struct condition;

/* NULL after an error; the text is a scalar node. */
const struct condition *condition_read(const struct param_table *table, struct arena *arena,
                                       struct diag *diag, const struct node *node);

/* Of parameters that have been read; what divides by zero does not hold. */
bool condition_holds(const struct condition *condition, const void *params);

#endif

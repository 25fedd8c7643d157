/*
 * identity.h - what tells one sweep from another: 64 bits over all that its results follow from.
 *
 * FNV-1a: parts are mixed up by mistake, not by malice.
 */
#ifndef SIM_STUDY_IDENTITY_H
#define SIM_STUDY_IDENTITY_H

#include <stdint.h>

#include "sim/input/param.h"

#define IDENTITY_START UINT64_C(0xcbf29ce484222325)

/* The identity with a text added, its end included; NULL counts like no other text. */
uint64_t identity_add(uint64_t identity, const char *text);

/* With the value of a row, as it stands in `params` and not as it was written: 100ms is 0.1s. Of
 * what the model reads itself, and of random quantities, numbers count by their value, and all else
 * as it is written in `node`. NULL is no value. */
uint64_t identity_add_value(uint64_t identity, const struct param *row, const struct node *node,
                            const void *params);

/* With the contents of a file. One that cannot be read adds nothing. */
uint64_t identity_add_file(uint64_t identity, const char *path);

#endif

/*
 * identity.h - what tells one sweep from another: 64 bits over all that its results follow from.
 *
 * FNV-1a: parts are mixed up by mistake, not by malice.
 */
#ifndef SIM_STUDY_IDENTITY_H
#define SIM_STUDY_IDENTITY_H

#include <stdint.h>

#include "sim/core/tree.h"

#define IDENTITY_START UINT64_C(0xcbf29ce484222325)

/* The identity with a text added, its end included; NULL counts like no other text. */
uint64_t identity_add(uint64_t identity, const char *text);

/* With a value as it is written, and the contents of every file in it: what a scalar names beside
 * the scenario, if there is such a file, whether or not it is read. NULL is no value. */
uint64_t identity_add_node(uint64_t identity, const char *directory, const struct node *node);

#endif

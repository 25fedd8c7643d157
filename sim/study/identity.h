/*
 * identity.h - what tells one sweep from another: 64 bits over all that its results follow from.
 *
 * FNV-1a: parts are mixed up by mistake, not by malice.
 */
#ifndef SIM_STUDY_IDENTITY_H
#define SIM_STUDY_IDENTITY_H

#include <stdint.h>

#define IDENTITY_START UINT64_C(0xcbf29ce484222325)

/* The identity with a text added, its end included; NULL counts like no other text. */
uint64_t identity_add(uint64_t identity, const char *text);

#endif

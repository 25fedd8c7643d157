/*
 * granted.h - what the system grants this process: processors and memory.
 */
#ifndef SIM_STUDY_GRANTED_H
#define SIM_STUDY_GRANTED_H

#include <stdint.h>

/* That it may use at once, at least 1: those of its affinity, and no more than the quota of its
 * control group lets it use all the time (2.5 processors of one are 3 here). */
unsigned granted_processors(void);

struct granted_memory {
    int64_t bytes;  /* INT64_MAX: as much as there is no limit to */
    const char *of; /* "the machine" */
};

/* That it may have: of the machine and its control group, whichever is less. */
struct granted_memory granted_memory(void);

/* How much more addresses than now the limit of its address space (ulimit -v) leaves. */
int64_t granted_address_bytes(void);

/* What the control groups of a process say, all of them from its own to the root, of version 2 or
 * 1, with all paths below `root`: "" but in tests. */
double granted_group_processors(const char *root); /* INFINITY: no limit */
int64_t granted_group_bytes(const char *root);     /* INT64_MAX: no limit */

#endif

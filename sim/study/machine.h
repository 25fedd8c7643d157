/*
 * machine.h - what the machine grants this process: processors and memory.
 */
#ifndef SIM_STUDY_MACHINE_H
#define SIM_STUDY_MACHINE_H

#include <stdint.h>

/* That it may use at once, at least 1: those of its affinity, and no more than the quota of its
 * control group lets it use all the time (2.5 processors of one are 3 here). */
unsigned machine_processors(void);

struct machine_memory {
    int64_t bytes;  /* INT64_MAX: as much as there is no limit to */
    const char *of; /* "the machine" */
};

/* That it may have: of the machine and its control group, whichever is less. */
struct machine_memory machine_memory(void);

/* How much more addresses than now the limit of its address space (ulimit -v) leaves. */
int64_t machine_address_bytes(void);

/* What the control groups of a process say, all of them from its own to the root, of version 2 or
 * 1, with all paths below `root`: "" but in tests. */
double machine_group_processors(const char *root); /* INFINITY: no limit */
int64_t machine_group_bytes(const char *root);     /* INT64_MAX: no limit */

#endif

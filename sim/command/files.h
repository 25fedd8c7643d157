/*
 * files.h - the files that a study writes besides its summary.
 */
#ifndef SIM_COMMAND_FILES_H
#define SIM_COMMAND_FILES_H

#include "sim/command/study.h"
#include "sim/output/output.h"
#include "sim/study/row.h"

struct files {
    struct output_set set;
    FILE *csv;                /* NULL: not wanted */
    struct row_traces traces; /* of the plan's first row */
};

/* Before anything is run: what cannot be written should not cost a run. csv: a path, - or NULL.
 * False after a message; files_end() in any case. */
bool files_open(struct files *files, const struct study *study, const char *csv);

/* Closes what is open and takes away what has not been published. Then how it ends if all has been
 * `good`, or not. */
enum study_status files_end(struct files *files, bool good);

#endif

/*
 * inquiry.h - a command that answers by trying variants of a scenario: what it begins with.
 *
 * While variants run, progress is shown as of any study; a signal to stop ends the program, and
 * nothing has been written.
 */
#ifndef SIM_COMMAND_INQUIRY_H
#define SIM_COMMAND_INQUIRY_H

#include "sim/command/study.h"
#include "sim/output/output.h"
#include "sim/study/goal.h"
#include "sim/study/progress.h"
#include "sim/study/trial.h"

struct inquiry {
    struct study study;
    struct trials trials;
    const struct goal *goals; /* of --goal, in the order of the command line */
    size_t goal_count;
    struct progress progress;
    struct output_set set;
};

/* Reads the scenario and the goals. False after messages; with status STUDY_WRONG. */
bool inquiry_read(struct inquiry *inquiry, const struct model *model, const struct options *options,
                  struct arena *arena);

/* From here on inquiry_end() is due. The file of that name, which is NULL where `path` is NULL.
 * False after a message. */
bool inquiry_open(struct inquiry *inquiry, const char *path, FILE **file);

/* Variants are about to run, and have run. */
void inquiry_begin(struct inquiry *inquiry);
void inquiry_ran(struct inquiry *inquiry);

/* trials_run() was stopped, by a signal: leaves the program as the signal would have. */
void inquiry_interrupted(const struct inquiry *inquiry) __attribute__((noreturn));

/* Takes away what has not been published. Then how it ends: as `good` says if all could be
 * written. */
enum study_status inquiry_end(struct inquiry *inquiry, bool written, enum study_status good);

#endif

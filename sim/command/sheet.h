/*
 * sheet.h - the CSV of a sweep while it grows: what an earlier run has left of it, what is saved on
 * the way, and what it is in the end.
 *
 * It is saved as a part (part.h), under its final name, whenever there is something new and saving
 * costs little of the time: for the first time a moment after the start, and every SHEET_SAVE_S at
 * the latest. So whatever ends the process costs no more than that. In the end it is a part too if
 * it does not hold the whole sweep: of a shard, and where points could not be run.
 */
#ifndef SIM_COMMAND_SHEET_H
#define SIM_COMMAND_SHEET_H

#include "sim/command/study.h"
#include "sim/output/output.h"
#include "sim/output/table.h"
#include "sim/study/results.h"

#define SHEET_SAVE_S 5

struct sheet {
    struct study *study;
    struct results *results;
    struct output_set *set;
    FILE *out; /* NULL after it could not be opened again */
    struct table table;
    const char *header;   /* of the CSV */
    const char *identity; /* what a part of it says that it is of */
    size_t saved;         /* points done when it was saved last */
    double save_due_s;    /* of some clock that never goes back */
};

void sheet_init(struct sheet *sheet, struct study *study, struct results *results);

/* Takes over what --resume names; a file that is also the output need not be there. Its lines, of
 * this sweep and of points that are run here, complete their points. So do those that could not be
 * run, unless --retry tries them again. False after messages. */
bool sheet_resume(struct sheet *sheet);

/* Points that can be written, and those that could not be run: none while what they are compared
 * with is not complete. */
size_t sheet_done(const struct sheet *sheet);

/* From now on into an output of the set. */
void sheet_open(struct sheet *sheet, struct output_set *set, FILE *out);

/* Saves if it is time to. False after messages: nothing can be written any more. */
bool sheet_save(struct sheet *sheet);

/* What is done so far, as a part, into the output, to be published. */
void sheet_write_part(struct sheet *sheet);

/* Every point is complete. */
void sheet_write(struct sheet *sheet);

#endif

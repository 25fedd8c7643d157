/*
 * worker.h - a process that runs rows, so that one that cannot be run ends nothing but the worker.
 *
 * It is forked with the whole plan and then told row after row: a fork is paid once, and again
 * after a row that failed. It ignores the signals that ask to stop, which are for its parent, and
 * does not outlive it. What it is told and says are messages of one piece: nobody sees half of one.
 */
#ifndef SIM_STUDY_WORKER_H
#define SIM_STUDY_WORKER_H

#include <sys/types.h>

#include "sim/study/row.h"

struct worker {
    pid_t process; /* 0: there is none */
    int channel;   /* to it and from it */
    bool busy;
    struct row row; /* that it runs */
};

/* False: the system grants no further process. */
bool worker_start(struct worker *worker, const struct plan *plan, const struct row_traces *traces);

/* Of one that is not busy. False: it has ended meanwhile, and is no worker any more. */
bool worker_give(struct worker *worker, const struct row *row);

struct worker_answer {
    double *values;      /* room for row_values(); filled */
    const char *failure; /* why the row could not be run, from the arena: then there is no worker
                            any more. NULL: it has been run */
    FILE *broken;        /* a trace that could not be written. NULL: none */
    int broken_errno;
};

/* Of one that is busy and whose channel can be read: what became of its row. */
void worker_take(struct worker *worker, const struct plan *plan, struct worker_answer *answer,
                 struct arena *arena);

/* Ends it, whatever it is doing. */
void worker_end(struct worker *worker);

#endif

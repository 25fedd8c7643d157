/*
 * output.h - the files of a study: whole under their final names, or not there at all.
 *
 * A file is written beside its final name (FILE.tmp-PID), synchronised with the disk, and renamed
 * when everything is complete. What is no regular file (a pipe, a device) is written directly, and
 * so is standard output, as `-` or under any name it has. A failed check, a limit and SIGHUP,
 * SIGINT and SIGTERM take the unfinished files away; of a process that was killed whoever writes
 * the same file next does. Only the process that began a set ends it: its children leave all as it
 * is.
 */
#ifndef SIM_OUTPUT_OUTPUT_H
#define SIM_OUTPUT_OUTPUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "sim/input/diag.h"

struct output; /* one of them */

struct output_set {
    const char *program; /* opens every message */
    pid_t owner;
    struct arena *arena; /* not sealed before the last output_open */
    _Atomic(struct output *) first;
    bool to_stdout;                 /* one of them is standard output */
    const struct diag_file *spared; /* see output_spare() */
    const char *replaced;           /* that one of them may be, by this very name; NULL: none */
    bool refused;                   /* an output would have been one of the others */
};

/* At most one set at a time is between output_init and output_end. */
void output_init(struct output_set *set, const char *program, struct arena *arena);

/* These files are read: none of them may be an output, and output_open() refuses it. False after a
 * message, with set->refused: standard output is one of them. */
bool output_spare(struct output_set *set, const struct diag_file *files);

/* NULL after a message on standard error. */
FILE *output_open(struct output_set *set, const char *path);

/* A directory to put files in: made if it is not there. False after a message. */
bool output_directory(struct output_set *set, const char *path);

/* Closes all and gives them their names. False after a message; then none has its name, unless a
 * rename itself failed. */
bool output_publish(struct output_set *set);

/* The same for one of them alone. */
bool output_publish_one(struct output_set *set, const FILE *file);

/* What has been written to the file, which has a temporary name, gets its name now; *file is then
 * an empty one that will take its place. False after a message, and then nothing is replaced; *file
 * is NULL where there can be no other. */
bool output_save(struct output_set *set, FILE **file);

/* Can it be saved? Not what is written directly. */
bool output_is_beside(const struct output_set *set, const FILE *file);

/* Somebody else has failed to write to the file: it will not be published, with a message. */
void output_break(struct output_set *set, const FILE *file, int error);

/* The file will not be published, without a message. */
void output_drop(struct output_set *set, const FILE *file);

/* Takes away what has not been published. */
void output_end(struct output_set *set);

/* The same but for closing it: for whoever is about to leave. */
void output_discard(void);

/* Whatever has been printed on `file` has been written. False after a message; a reader of a pipe
 * who went away needs none. */
bool output_flush(const char *program, FILE *file, const char *name);

#endif

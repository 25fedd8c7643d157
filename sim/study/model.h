/*
 * model.h - all that a study knows of a model: tables of parameters, columns and commands, and a
 * handful of functions.
 */
#ifndef SIM_STUDY_MODEL_H
#define SIM_STUDY_MODEL_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/core/arena.h"
#include "sim/core/calendar.h"
#include "sim/core/column.h"
#include "sim/core/rng.h"
#include "sim/input/diag.h"
#include "sim/input/param.h"
#include "sim/study/estimate.h"
#include "sim/study/screen.h"

/* How long a run lasts, as its parameters say. */
struct model_span {
    sim_time warm_up;  /* discarded; SIM_NEVER: pilot runs find out how long it must be */
    sim_time duration; /* measured, after it; SIM_NEVER: until nothing is left to do */
    sim_time sample;   /* of --series */
    uint64_t seed;
    size_t replications;     /* at first; at least 1 */
    double precision;        /* then more until columns with a goal are this precise; 0: no more */
    size_t replications_max; /* or until there are so many */
};

/* A sum over something and what it is divided by to be a mean or a rate. */
struct model_watch {
    double sum, weight;
};
#define MODEL_WATCHED_MAX 4

/* What runs said that differ in what nobody knows well: see alternatives.h. */
struct model_alternatives {
    size_t count;
    const double *low, *high; /* of each column, over them and the scenario as it stands */
    const struct estimate_split *splits; /* two camps among all their replications together */
    size_t split_count;
};

/* The exit status: done; the run failed or an output could not be written; the input or the call
 * was wrong, and nothing was written; a goal is not met. */
enum study_status { STUDY_DONE = 0, STUDY_FAILED = 1, STUDY_WRONG = 2, STUDY_MISSED = 3 };

/* An option of commands. */
struct option {
    const char *name;  /* without --; no other option of the program has it */
    char letter;       /* or 0 */
    const char *value; /* what the help calls it; NULL: takes none */
    const char *help;
    int id; /* of sim's own; 0: a model's, whose commands ask options_own() for it */
};

struct command_example {
    const char *arguments; /* without the program's name, to be typed in any directory */
    const char *what;      /* it shows */
};

/* What stands for SCENARIO, KEY=VALUE and KEY=VALUES in the examples of sim's own commands. */
struct command_words {
    const char *scenario, *set, *sweep;
};

/* What the manual pages say besides the tables. */
struct model_manual {
    const char *date;    /* of this version: "2026-01-31" */
    const char *summary; /* what the program does, in some words */
    const char *about;   /* and in a few paragraphs: lines, and empty ones between paragraphs */
    const char *example; /* a small scenario */
};

#define MODEL_LABEL_BYTES 128

/* Parts of a world that have figures of their own: its subtasks, its brokers. */
struct model_dimension {
    const char *name;             /* "subtask" */
    const struct column *columns; /* of each part; the first says how busy it is */
    size_t column_count;
    size_t (*count)(const void *params); /* of parts */
    /* What a part is called; NULL: its number. */
    void (*label)(const void *params, size_t part, char text[MODEL_LABEL_BYTES]);
    /* Over the measured window, after the model's observe(): part by part, all of its columns;
     * NaN: no value. */
    void (*observe)(void *world, double *values);
};

struct model;
struct options;

/* What a program does for its user: `fanout-sim NAME ..`. */
struct command {
    const char *name;
    const char *help;           /* what it does, in a line */
    const char *argument;       /* what it works on, as messages call it: "scenario"; NULL: none */
    size_t least, most;         /* so many of them */
    const char *words;          /* "bash|zsh": it is one of these; NULL: anything */
    const char *const *options; /* names of those it takes, of sim's and of the model's; ended by
                                   NULL. All take --help */
    bool sweeps;                /* it runs every point of the sweep, not the scenario alone */
    struct command_example examples[2];
    enum study_status (*obey)(const struct model *model, const struct options *options,
                              struct arena *arena);
};

/* What is not said to be optional must be there; model_check() sees to it. */
struct model {
    const char *name;            /* of the program */
    const char *version;         /* of the program */
    const char *results_version; /* another one where any figure is another than it was */
    size_t params_bytes;         /* of its parameters' struct */
    const struct param_table *params;
    const struct column *columns;
    size_t column_count;
    const char *const *headlines; /* names of columns, the most telling first, ended by NULL: what
                                     is shown where there is no room for all. NULL: nobody knows */

    const struct model_dimension *dimensions; /* NULL: it has no parts */
    size_t dimension_count;

    /* What it does besides run, sweep and the like, which are sim's; with options of their own.
     * NULL: nothing. */
    const struct command *commands;
    size_t command_count;
    const struct option *options;
    size_t option_count;
    const struct command_words *words; /* NULL: these words */
    const struct model_manual *manual; /* NULL: nothing */
    const char *later; /* "check|tune": commands to come, and the program says so; NULL: none */

    /* What a text is that is no scenario, and what to do with it: a message. NULL: it may be one.
     * NULL: nobody knows. */
    const char *(*foreign)(const char *text);
    /* Values below those of a scenario, from files that it names: a map with full paths for keys,
     * which stays NULL if there are none. given: by row. Errors go to context->diag. NULL: there
     * are never any. */
    void (*beneath)(struct param_context *context, const struct node *const *given,
                    const struct node **map);
    /* The same of a file whose values lie over those of a scenario: --properties FILE. */
    void (*overlay)(struct param_context *context, const char *path, const struct node **map);

    /* Relations between parameters: errors and warnings to context->diag; may complete *params
     * (what follows from others). False after an error. NULL: there are none. */
    bool (*check)(struct param_context *context, void *params, const struct param_given *given);
    /* Of parameters that passed the check. */
    struct model_span (*span)(const void *params);

    /* Bytes of memory that a world takes when it is built, about; a run that cannot have them is
     * not begun. NULL: nobody knows. */
    double (*need)(const void *params);
    /* A world, its memory all from the arena, which is sealed afterwards. logs: keep what write_log
     * needs, and put into this directory what memory is too small for; NULL: none are wanted. */
    void *(*build)(struct arena *arena, const void *params, struct rng_seed seed, const char *logs);
    /* Everything due before `until`, which then is the time: what is due at that very instant comes
     * with the next call. With SIM_NEVER until nothing is left to do. Returns the time reached,
     * less than `until` if nothing was left before it; then it is not called again. */
    sim_time (*advance)(void *world, sim_time until);
    void (*forget)(void *world); /* the warm-up is over: statistics begin now */
    void (*observe)(void *world,
                    double *columns); /* statistics end now: fills all; NaN: no value */
    void (*release)(void *world);     /* what is not the arena's. NULL: there is none */

    /* What must have settled when a warm-up ends that pilot runs choose: names ended by NULL (at
     * most MODEL_WATCHED_MAX), and the sums since the world began, which has not been told to
     * forget. How much `sum` has grown over an interval per growth of `weight` is a value of a
     * series. NULL: run.warm-up cannot be chosen. */
    const char *const *watched;
    void (*watch)(void *world, struct model_watch *watched);

    /* Writes one log per call: index 0, 1, .. until log_names[index] is NULL. */
    const char *const *log_names; /* "batches.csv", ..; NULL: no logs */
    void (*write_log)(void *world, size_t index, FILE *out);
    const char *series_header;                    /* without the end of the line; NULL: no series */
    void (*write_series)(void *world, FILE *out); /* the rows of this instant */

    /* Changes a copy of a point's parameters into its alternative of that number, from 0; false if
     * it has no more, given what its runs have said. NULL: there are never any. */
    bool (*alternative)(struct arena *arena, void *params, const struct estimates *estimates,
                        size_t number);

    /* The screen for people: what the scenario is, what limits it and the figures that say so;
     * warm_up is the one that was discarded; alternatives: NULL if there were none. NULL: the
     * columns, one per line. */
    void (*summarize)(const void *params, sim_time warm_up, const struct estimates *estimates,
                      const struct model_alternatives *alternatives, const struct screen *screen);
};

/* A check fails if something is missing that is not optional, or the one of two that go together,
 * and if a command or an option is not whole. What only the whole list of commands shows, sim's
 * included, is checked by catalogue_check(). */
void model_check(const struct model *model);

#endif

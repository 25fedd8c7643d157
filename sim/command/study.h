/*
 * study.h - a command line and its scenario become a plan.
 */
#ifndef SIM_COMMAND_STUDY_H
#define SIM_COMMAND_STUDY_H

#include "sim/command/asserts.h"
#include "sim/command/chosen.h"
#include "sim/study/plan.h"

struct study {
    const struct model *model;
    const struct options *options;
    struct arena *arena;
    const char *command;      /* see command.h */
    struct scenario scenario; /* as it was read, with --set */
    struct plan plan;         /* the points that are run here */
    struct asserts asserts;
    struct chosen chosen;
    const struct model_dimension *dimension; /* of --by; NULL: none is asked for */
    const struct diag_file *files;           /* that have been read */
};

/* Reads the scenario alone, which is not run as it stands. False after errors in diag, or, without
 * any, after a message on standard error; with status STUDY_WRONG. Whoever calls prints diag. */
bool study_scenario(struct study *study, const struct model *model, const struct options *options,
                    struct arena *arena, struct scenario *scenario, struct diag *diag);

/* False after messages on standard error; with status STUDY_WRONG. */
bool study_plan(struct study *study, const struct model *model, const struct options *options,
                struct arena *arena);

/* How fast it went, on standard error where that is a terminal or by --verbose: no two runs say the
 * same. */
void study_tell_pace(const struct study *study, const char *pace);

/* A message on standard error that names the program; returns STUDY_WRONG. */
enum study_status study_refuse(const struct study *study, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

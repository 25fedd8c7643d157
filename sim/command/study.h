/*
 * study.h - a command line and its scenario become a plan.
 */
#ifndef SIM_COMMAND_STUDY_H
#define SIM_COMMAND_STUDY_H

#include "sim/command/options.h"
#include "sim/study/plan.h"

struct study {
    const struct model *model;
    const struct options *options;
    struct arena *arena;
    const char *command;           /* see command.h */
    struct scenario scenario;      /* as it was read, with --set */
    struct plan plan;              /* the points that are run here */
    const struct diag_file *files; /* that have been read */
};

/* Reads the scenario alone, which is not run as it stands. False after errors in diag, or, without
 * any, after a message on standard error; with status STUDY_WRONG. Whoever calls prints diag. */
bool study_scenario(struct study *study, const struct model *model, const struct options *options,
                    struct arena *arena, struct scenario *scenario, struct diag *diag);

/* False after messages on standard error; with status STUDY_WRONG. */
bool study_plan(struct study *study, const struct model *model, const struct options *options,
                struct arena *arena);

/* A message on standard error that names the program; returns STUDY_WRONG. */
enum study_status study_refuse(const struct study *study, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

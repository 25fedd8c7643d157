/*
 * cli.c - from the command line to the exit status.
 */
#include "sim/command/cli.h"

#include <signal.h>
#include <stdio.h>

#include "sim/command/columns_print.h"
#include "sim/command/experiment.h"
#include "sim/command/merge.h"
#include "sim/command/params_print.h"
#include "sim/command/run.h"
#include "sim/core/check.h"
#include "sim/input/diag.h"
#include "sim/output/output.h"

static enum study_status print_params(const struct model *model, const struct options *options,
                                      struct arena *arena)
{
    struct diag diag;
    struct scenario scenario;
    diag_init(&diag, arena);
    const bool good =
        scenario_read(&scenario, model, arena, &diag, NULL, options->sets, options->set_count);
    diag_print(&diag, stderr);
    if (!good)
        return STUDY_WRONG;
    params_print(&scenario, stdout, options->markdown);
    return STUDY_DONE;
}

static enum study_status obey(const struct model *model, const struct options *options,
                              struct arena *arena)
{
    switch (options->command) {
    case OPTIONS_RUN:
        return run_scenario(model, options, arena);
    case OPTIONS_SWEEP:
        return experiment_sweep(model, options, arena);
    case OPTIONS_MERGE:
        return merge_parts(model->name, options, arena);
    case OPTIONS_PARAMS:
        return print_params(model, options, arena);
    case OPTIONS_COLUMNS:
        columns_print(model->columns, model->column_count, stdout, options->markdown);
        return STUDY_DONE;
    case OPTIONS_HELP:
        options_usage(model->name, stdout);
        return STUDY_DONE;
    case OPTIONS_VERSION:
        printf("%s %s, results version %s\n", model->name, FANOUT_SIM_VERSION,
               model->results_version);
        return STUDY_DONE;
    }
    CHECK(false);
}

int cli_main(const struct model *model, int argc, char **argv)
{
    /* A reader who goes away is a failed write like any other; so is a file beyond ulimit -f. */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);

    model_check(model);
    struct arena arena;
    arena_init(&arena);
    struct options options;
    enum study_status status = STUDY_WRONG;
    if (options_parse(&options, model->name, &arena, argc, argv))
        status = obey(model, &options, &arena);
    if (status == STUDY_DONE && !output_flush(model->name, stdout, "standard output"))
        status = STUDY_FAILED;
    arena_free(&arena);
    return (int)status;
}

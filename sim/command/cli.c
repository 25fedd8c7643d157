/*
 * cli.c - from the command line to the exit status.
 */
#include "sim/command/cli.h"

#include <signal.h>
#include <stdio.h>

#include "sim/command/catalogue.h"
#include "sim/command/help.h"
#include "sim/command/options.h"
#include "sim/output/output.h"

static enum study_status obey(const struct model *model, const struct options *options,
                              struct arena *arena)
{
    if (options->version)
        printf("%s %s, results version %s\n", model->name, model->version, model->results_version);
    else if (options->help && options->named)
        help_command(model, options->command, arena, stdout);
    else if (options->help)
        help_program(model, arena, stdout);
    else
        return options->command->obey(model, options, arena);
    return STUDY_DONE;
}

int cli_main(const struct model *model, int argc, char **argv)
{
    /* A reader who goes away is a failed write like any other; so is a file beyond ulimit -f. */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);

    model_check(model);
    catalogue_check(model);
    struct arena arena;
    arena_init(&arena);
    struct options options;
    enum study_status status = STUDY_WRONG;
    if (options_parse(&options, model, &arena, argc, argv))
        status = obey(model, &options, &arena);
    if ((status == STUDY_DONE || status == STUDY_MISSED) &&
        !output_flush(model->name, stdout, "standard output"))
        status = STUDY_FAILED;
    arena_free(&arena);
    return (int)status;
}

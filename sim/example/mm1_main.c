/*
 * mm1_main.c - the queue as a program, with a command of its own: what a pencil says.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/command/cli.h"
#include "sim/command/options.h"
#include "sim/example/mm1.h"
#include "sim/input/diag.h"
#include "sim/study/scenario.h"

static bool read_share(const struct options *options, double *share)
{
    const char *const text = options_own(options, "share");
    char *end = NULL;
    if (text != NULL)
        *share = strtod(text, &end);
    if (text == NULL || (end != text && *end == '\0' && *share > 0 && *share < 1))
        return true;
    fprintf(stderr, "--share %s: must be between 0 and 1\n", text);
    return false;
}

/* The time in the system is exponential, with mean 1 / (service - rate). */
static enum study_status theory(const struct model *model, const struct options *options,
                                struct arena *arena)
{
    struct diag diag;
    struct scenario scenario;
    struct mm1_params params;
    double share = 0.5;
    diag_init(&diag, arena);
    const bool good = read_share(options, &share) &&
                      scenario_read(&scenario, model, arena, &diag, options->files[0],
                                    options->sets, options->set_count) &&
                      scenario_resolve(&scenario, arena, &diag, &params);
    diag_print(&diag, stderr);
    if (!good)
        return STUDY_WRONG;
    if (params.rate >= params.service) {
        puts("the queue grows for ever");
        return STUDY_FAILED;
    }
    const double mean_s = 1 / (params.service - params.rate);
    printf("sojourn-avg %.6g s, %g %% within %.6g s\n", mean_s, 100 * share,
           -mean_s * log(1 - share));
    return STUDY_DONE;
}

static const struct option options[] = {
    {.name = "share", .value = "P", .help = "of customers, between 0 and 1; default 0.5"}};
static const char *const theory_options[] = {"set", "share", NULL};

static const struct command commands[] = {
    {.name = "theory",
     .help = "how long customers stay, by the formula",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = theory_options,
     .examples = {{"theory queue.yaml", "the mean and the median"},
                  {"theory queue.yaml --share 0.99 --set rate=90/s", "of a busier queue"}},
     .obey = theory},
};

int main(int argc, char **argv)
{
    struct model model = mm1_model;
    model.commands = commands;
    model.command_count = sizeof commands / sizeof *commands;
    model.options = options;
    model.option_count = sizeof options / sizeof *options;
    return cli_main(&model, argc, argv);
}

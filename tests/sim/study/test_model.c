/*
 * test_model.c - what a model has forgotten fails loudly: a column, a function.
 *
 * guards: sim/study/model, sim/core/check
 */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>

#include "models/fanout.h"
#include "sim/command/catalogue.h"
#include "sim/example/mm1.h"
#include "sim/study/model.h"

Test(model, unfilled_is_no_other_nan)
{
    cr_assert(isnan(column_unfilled()));
    cr_assert(column_is_unfilled(column_unfilled()));
    cr_assert_not(column_is_unfilled(NAN));
    cr_assert_not(column_is_unfilled(-NAN));
    volatile double zero = 0;
    cr_assert_not(column_is_unfilled(zero / zero));
    cr_assert_not(column_is_unfilled(INFINITY));
    cr_assert_not(column_is_unfilled(0));
}

/* A figure that follows from a column that is filled only later. */
Test(model, what_follows_from_unfilled_is_unfilled)
{
    volatile double value = column_unfilled();
    cr_assert(column_is_unfilled(1 - value));
    cr_assert(column_is_unfilled(-value));
    cr_assert(column_is_unfilled(value / 3));
}

static const struct column columns[] = {{.name = "a"}, {.name = "b"}};

Test(model, filled_columns)
{
    double values[2];
    columns_clear(values, 2);
    values[0] = 1;
    values[1] = NAN;
    columns_check(columns, values, 2);
}

Test(model, unfilled_column_trips, .signal = SIGABRT)
{
    double values[2];
    columns_clear(values, 2);
    values[0] = 1;
    columns_check(columns, values, 2);
}

Test(model, complete)
{
    model_check(&fanout_model);
    model_check(&mm1_model);
}

Test(model, without_observe_trips, .signal = SIGABRT)
{
    struct model model = mm1_model;
    model.observe = NULL;
    model_check(&model);
}

Test(model, watched_without_watch_trips, .signal = SIGABRT)
{
    struct model model = mm1_model;
    model.watch = NULL;
    model_check(&model);
}

Test(model, series_without_rows_trips, .signal = SIGABRT)
{
    struct model model = fanout_model;
    model.write_series = NULL;
    model_check(&model);
}

Test(model, logs_without_names_trip, .signal = SIGABRT)
{
    struct model model = fanout_model;
    model.log_names = NULL;
    model_check(&model);
}

Test(model, without_version_trips, .signal = SIGABRT)
{
    struct model model = mm1_model;
    model.version = NULL;
    model_check(&model);
}

static enum study_status obey(const struct model *model, const struct options *options,
                              struct arena *arena)
{
    (void)model, (void)options, (void)arena;
    return STUDY_DONE;
}

static const char *const no_options[] = {NULL};
static const struct command theory = {.name = "theory",
                                      .help = "what a pencil says",
                                      .options = no_options,
                                      .examples = {{"theory", "it"}, {"theory -h", "what it is"}},
                                      .obey = obey};

static void check_with(const struct command *command)
{
    struct model model = mm1_model;
    model.commands = command;
    model.command_count = 1;
    model_check(&model);
    catalogue_check(&model);
}

Test(model, commands_are_optional)
{
    check_with(&theory);
}

Test(model, command_without_example_trips, .signal = SIGABRT)
{
    struct command command = theory;
    command.examples[1] = (struct command_example){0};
    check_with(&command);
}

Test(model, command_without_function_trips, .signal = SIGABRT)
{
    struct command command = theory;
    command.obey = NULL;
    check_with(&command);
}

Test(model, command_of_sims_trips, .signal = SIGABRT)
{
    struct command command = theory;
    command.name = "sweep";
    check_with(&command);
}

Test(model, command_with_unknown_option_trips, .signal = SIGABRT)
{
    static const char *const options[] = {"nonesuch", NULL};
    struct command command = theory;
    command.options = options;
    check_with(&command);
}

Test(model, option_of_sims_trips, .signal = SIGABRT)
{
    static const struct option option = {.name = "seed", .help = "another"};
    struct model model = mm1_model;
    model.options = &option;
    model.option_count = 1;
    catalogue_check(&model);
}

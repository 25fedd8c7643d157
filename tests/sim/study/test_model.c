/*
 * test_model.c - what a model has forgotten fails loudly: a column, a function.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>

#include "models/fanout.h"
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

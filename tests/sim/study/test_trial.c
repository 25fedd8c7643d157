/*
 * test_trial.c - variants of a scenario: what they are, that more replications come behind those
 * that there are, and that a variant's figures are those of a run with the same --set.
 *
 * guards: sim/study/trial
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/example/mm1.h"
#include "sim/study/trial.h"
#include "tests/sim/study/point.h"

static struct arena arena;
static struct diag diag;
static struct scenario scenario;
static struct trials trials;

static const char *const base_sets[] = {"duration=100s", "warm-up=10s"};
static const char *const faster[] = {"service=2k/s"};
static const char *const wrong[] = {"service=2ms"};

static void begin(void)
{
    arena_init(&arena);
    diag_init(&diag, &arena);
    cr_assert(scenario_read(&scenario, &mm1_model, &arena, &diag, NULL, base_sets, 2));
    trials_init(&trials, &scenario, "mm1 x", 1, &arena);
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(trial, .init = begin, .fini = end);

/* The same, run as the command would. */
static void check_against_run(size_t number, const char *const *sets, size_t set_count,
                              size_t replications)
{
    struct scenario alone;
    cr_assert(scenario_vary(&alone, &scenario, &diag, sets, set_count));
    struct mm1_params params;
    cr_assert(scenario_resolve(&alone, &arena, &diag, &params));
    struct model_span span = mm1_model.span(&params);
    span.replications = replications;
    struct point point;
    point_run(&point, &mm1_model, &params, span, 1);
    const struct trial *const trial = &trials.list[number];
    cr_assert_eq(trial->replications, replications);
    for (size_t r = 0; r < replications; r++)
        cr_assert_arr_eq(trial->rows[r], point_result(&point)->rows[r],
                         MM1_COLUMNS * sizeof(double));
    point_free(&point);
}

Test(trial, figures_are_those_of_runs)
{
    const size_t base = trials_add(&trials, NULL, 0);
    const size_t other = trials_add(&trials, faster, 1);
    const size_t both[] = {base, other};
    cr_assert(trials_run(&trials, both, 2, 2));
    cr_assert(trials_run(&trials, &other, 1, 5));
    check_against_run(base, NULL, 0, 2);
    check_against_run(other, faster, 1, 5);
    cr_assert_str_eq(trials.list[other].point.command, "mm1 x --set service=2k/s");
}

Test(trial, differences_are_of_pairs)
{
    const size_t base = trials_add(&trials, NULL, 0);
    const size_t other = trials_add(&trials, faster, 1);
    const size_t both[] = {base, other};
    cr_assert(trials_run(&trials, both, 2, 4));
    double sum = 0;
    for (size_t r = 0; r < 4; r++)
        sum += trials.list[other].rows[r][MM1_UTILISATION] -
               trials.list[base].rows[r][MM1_UTILISATION];
    const struct interval *const differences = trials_differences(&trials, other, base);
    cr_assert_float_eq(differences[MM1_UTILISATION].value, sum / 4, 1e-12);
    cr_assert_float_eq(differences[MM1_UTILISATION].value, -0.25, 0.02);
}

static void quicken(struct arena *memory, void *params, const void *how)
{
    struct mm1_params *const mm1 = params;
    (void)memory;
    mm1->service *= *(const double *)how;
}

/* The scenario's service is 1k/s. */
Test(trial, parameters_can_be_altered)
{
    static const double twice = 2;
    const size_t altered = trials_add_altered(&trials, NULL, 0, quicken, &twice);
    const size_t same = trials_add(&trials, faster, 1);
    const size_t both[] = {altered, same};
    cr_assert(trials_run(&trials, both, 2, 2));
    for (size_t r = 0; r < 2; r++)
        cr_assert_arr_eq(trials.list[altered].rows[r], trials.list[same].rows[r],
                         MM1_COLUMNS * sizeof(double));
}

Test(trial, what_cannot_be_is_refused_and_not_run)
{
    const size_t refused = trials_add(&trials, wrong, 1);
    cr_assert_not_null(strstr(trials.list[refused].refused, "service"));
    cr_assert(trials_run(&trials, &refused, 1, 2));
    cr_assert_not(trials_has_run(&trials, refused));
    cr_assert_eq(diag.errors, 0);
}

static bool stop(void *context, size_t done, size_t total)
{
    cr_assert_leq(done, total);
    *(size_t *)context = total;
    return false;
}

Test(trial, what_is_stopped_leaves_nothing)
{
    static const char *const endless[] = {"duration=1000000s"};
    const size_t number = trials_add(&trials, endless, 1);
    size_t total = 0;
    trials.tick = stop;
    trials.context = &total;
    cr_assert_not(trials_run(&trials, &number, 1, 3));
    cr_assert_eq(total, 3);
    cr_assert_not(trials_has_run(&trials, number));
}

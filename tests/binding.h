/*
 * binding.h - a text as a scenario of the fan-out model, in a directory of its own.
 */
#ifndef TESTS_BINDING_H
#define TESTS_BINDING_H

#include <unistd.h>

#include "models/params/params.h"
#include "sim/study/scenario.h"
#include "tests/said.h"

static struct arena arena;
static struct diag diag;
static int checks; /* how often the relations were looked at */
static struct place linger_place;

static inline bool check(struct param_context *context, void *params,
                         const struct param_given *given)
{
    (void)context, (void)params;
    checks++;
    linger_place = given->places[ROW_linger_ms];
    return true;
}

static struct model model = {
    .name = "test", .params_bytes = sizeof(struct fanout_params), .check = check};

/* Each test has a directory of its own, so messages name plain files. */
static inline void begin_binding(void)
{
    char directory[] = "/tmp/test_scenario.XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    arena_init(&arena);
    diag_init(&diag, &arena);
    model.params = &fanout_param_table;
}

static inline void end_binding(void)
{
    char directory[256];
    cr_assert_not_null(getcwd(directory, sizeof directory));
    unlink("s.yaml");
    rmdir(directory);
    arena_free(&arena);
}

#define SETS(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline bool bind(struct scenario *scenario, const char *text, const char *const *sets)
{
    size_t count = 0;
    while (sets != NULL && sets[count] != NULL)
        count++;
    diag_init(&diag, &arena);
    return scenario_read_text(scenario, &model, &arena, &diag, "s.yaml", text, sets, count);
}

static inline struct fanout_params resolve(const char *text, const char *const *sets)
{
    struct scenario scenario;
    struct fanout_params params;
    cr_assert(bind(&scenario, text, sets), "%s", said(&diag));
    cr_assert(scenario_resolve(&scenario, &arena, &diag, &params), "%s", said(&diag));
    return params;
}

static inline void expect_errors(const char *text, const char *const *sets, const char *expected)
{
    struct scenario scenario;
    cr_assert_not(bind(&scenario, text, sets), "accepted: %s", text);
    expect_said(&diag, expected);
}

#endif

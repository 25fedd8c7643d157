/*
 * test_state.c - what a checkpoint of state costs.
 *
 * guards: models/flink/state; flink-statefun.md 8
 */
#include <criterion/criterion.h>
#include <string.h>

#include "models/flink/state.h"
#include "models/params/settings.h"

static struct arena arena;

static struct dist_spec constant(double value)
{
    return (struct dist_spec){.family = DIST_CONSTANT, .mean = value};
}

/* flink-statefun.md 8's figures for one subtask: 5 ms and 300 MB/s of at most 64 MB; 50 ms and 60
 * MB/s. */
static struct fanout_params params(void)
{
    return (struct fanout_params){
        .parallelism = 1,
        .state_bytes = 1000000000,
        .state_dirty = 1e6,
        .memtable_bytes = 64000000,
        .write_amplification = 3,
        .state_sync = constant(5e6),
        .state_memtable = constant(1e9 / 300e6),
        .state_async = constant(50e6),
        .state_upload = constant(1e9 / 60e6),
    };
}

static sim_time sync_of(const struct fanout_params *params, sim_time since)
{
    const struct state_config config = settings_state(params);
    const struct state_model model = state_model_new(&arena, &config);
    struct state_backend backend = {.model = &model, .draws = {{1, 2, 3, 4}}};
    return state_backend_sync_ns(&backend, since);
}

static sim_time async_of(const struct fanout_params *params, sim_time since)
{
    const struct state_config config = settings_state(params);
    const struct state_model model = state_model_new(&arena, &config);
    struct state_backend backend = {.model = &model, .draws = {{1, 2, 3, 4}}};
    return state_backend_synced(&backend, since) - since;
}

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

TestSuite(state, .init = setup, .fini = teardown);

Test(state, sync_is_the_base_and_what_has_changed_up_to_the_memtable)
{
    const struct fanout_params p = params();
    cr_assert_eq(sync_of(&p, 0), 5 * SIM_MS);
    /* 30 s x 1 MB/s at 300 MB/s. */
    cr_assert_eq(sync_of(&p, 30 * SIM_SECOND), 105 * SIM_MS);
    /* 64 MB at 300 MB/s, from 64 s on. */
    cr_assert_eq(sync_of(&p, 64 * SIM_SECOND), 218333333);
    cr_assert_eq(sync_of(&p, 600 * SIM_SECOND), 218333333);
}

Test(state, a_full_upload_grows_with_the_state)
{
    struct fanout_params p = params();
    for (int64_t gigabytes = 1; gigabytes <= 64; gigabytes *= 2) {
        p.state_bytes = gigabytes * 1000000000;
        const double expected = 50e6 + (double)gigabytes * 1e9 / 60e6 * 1e9;
        cr_assert_float_eq((double)async_of(&p, SIM_SECOND), expected, 1);
        cr_assert_eq(async_of(&p, SIM_SECOND), async_of(&p, 600 * SIM_SECOND));
    }
}

Test(state, an_incremental_upload_does_not)
{
    struct fanout_params p = params();
    p.state_incremental = true;
    for (int64_t gigabytes = 1; gigabytes <= 64; gigabytes *= 2) {
        p.state_bytes = gigabytes * 1000000000;
        /* Three times 30 MB at 60 MB/s. */
        cr_assert_eq(async_of(&p, 30 * SIM_SECOND), 1550 * SIM_MS);
    }
    p.state_bytes = 10000000; /* no more than that changes */
    cr_assert_eq(async_of(&p, 30 * SIM_SECOND), 550 * SIM_MS);
}

Test(state, subtasks_have_equal_parts)
{
    struct fanout_params p = params();
    p.parallelism = 4;
    cr_assert_eq(sync_of(&p, 120 * SIM_SECOND), 105 * SIM_MS);
    cr_assert_float_eq((double)async_of(&p, 0), 50e6 + 0.25e9 / 60e6 * 1e9, 1);
}

Test(state, without_state_a_checkpoint_is_free)
{
    struct fanout_params p = params();
    p.state_bytes = 0;
    cr_assert_eq(sync_of(&p, 30 * SIM_SECOND), 0);
    cr_assert_eq(async_of(&p, 30 * SIM_SECOND), 0);
}

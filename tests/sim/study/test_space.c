/*
 * test_space.c - commas between values and between axes; ranges without steps; what is no space.
 *
 * guards: sim/study/space, sim/study/axis
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/example/mm1.h"
#include "sim/study/space.h"
#include "tests/said.h"

static struct arena arena;
static struct diag diag;
static struct scenario scenario;

static void begin(void)
{
    arena_init(&arena);
    diag_init(&diag, &arena);
    cr_assert(scenario_read(&scenario, &mm1_model, &arena, &diag, NULL, NULL, 0));
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(space, .init = begin, .fini = end);

static bool read(struct space *space, const char *option)
{
    return space_read(space, &scenario, &arena, &diag, &option, 1);
}

Test(space, commas)
{
    struct space space;
    cr_assert(read(&space, "rate=1/s,2/s,service=3/s,duration=1s:8s:4:log"), "%s", said(&diag));
    cr_assert_eq(space.count, 3);
    cr_assert_eq(space.parts[0].count, 2);
    cr_assert_eq(space.parts[1].count, 1);
    cr_assert_eq(space.parts[2].count, 4);
    cr_assert_float_eq(space.size, 8, 0);
    cr_assert(space.is_listed);
    const size_t place[] = {1, 0, 3};
    const char *const *const sets = space_sets(&space, place);
    cr_assert_str_eq(sets[0], "rate=2/s");
    cr_assert_str_eq(sets[1], "service=3/s");
    cr_assert_str_eq(sets[2], "duration=8s");
    cr_assert_float_eq(space_share(&space, 2, 1), 1.0 / 3, 1e-12);
    cr_assert_float_eq(space_share(&space, 1, 0), 0, 0);
}

Test(space, a_range_without_steps_has_levels)
{
    struct space space;
    cr_assert(read(&space, "rate=1/s:100/s:log,service=10/s:20/s"), "%s", said(&diag));
    cr_assert_eq(space.parts[0].count, SPACE_LEVELS);
    cr_assert_eq(space.parts[1].count, SPACE_LEVELS);
    cr_assert_not(space.is_listed);
    const size_t middle[] = {SPACE_LEVELS / 2, SPACE_LEVELS / 2};
    cr_assert_str_eq(space_sets(&space, middle)[0], "rate=10/s");
    cr_assert_str_eq(space_sets(&space, middle)[1], "service=15/s");
}

static void refuse(const char *option, const char *message)
{
    struct space space;
    diag_init(&diag, &arena);
    cr_expect_not(read(&space, option));
    cr_expect_not_null(strstr(said(&diag), message), "%s", said(&diag));
}

Test(space, what_is_none)
{
    refuse("rate=1/s,2/s,rate=3/s", "there twice");
    refuse("rat=1/s", "rate");
    refuse("rate", "expected");
}

/*
 * test_committer.c - a task that waits for calls.
 *
 * guards: models/flink/committer; flink-statefun.md 3.3
 */
#include <criterion/criterion.h>

#include "models/flink/committer.h"

static void expect(const struct committer *committer, sim_time now, sim_time busy, sim_time idle,
                   sim_time down)
{
    const struct committer_times times = committer_times(committer, now);
    cr_assert_eq(times.busy, busy);
    cr_assert_eq(times.idle, idle);
    cr_assert_eq(times.down, down);
}

Test(committer, one_call_after_the_other)
{
    struct committer committer = {0};
    committer_begin(&committer, 0);
    cr_assert_eq(committer_call(&committer, 10, 5), 15);
    cr_assert_eq(committer_call(&committer, 12, 20), 35);
    expect(&committer, 20, 10, 10, 0);
    committer_forget(&committer, 20);
    expect(&committer, 30, 10, 0, 0);
    expect(&committer, 40, 15, 5, 0);
}

/* The call in hand ends with the task; what it was to do is done. */
Test(committer, cancelled_and_begun_again)
{
    struct committer committer = {0};
    committer_begin(&committer, 0);
    committer_call(&committer, 10, 50);
    committer_stop(&committer, 30);
    committer_forget(&committer, 40);
    expect(&committer, 50, 0, 0, 10);
    committer_begin(&committer, 70);
    cr_assert_eq(committer_call(&committer, 80, 1), 81);
    expect(&committer, 100, 1, 29, 30);
}

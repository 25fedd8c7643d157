/*
 * nest.c - the inside runs when its timer fires, and the timer waits for what is left.
 */
#include "sim/core/nest.h"

static void run(struct calendar *outside, struct timer *timer)
{
    struct nest *const nest = TIMER_OWNER(timer, struct nest, timer);
    const sim_time until = nest->ahead(nest, outside->now);
    CHECK(until >= outside->now);
    calendar_fire(&nest->inside, until);
    nest_leave(nest);
}

void nest_init(struct nest *nest, struct arena *arena, struct calendar *outside, uint32_t places,
               nest_ahead_fn *ahead)
{
    nest->outside = outside;
    nest->ahead = ahead;
    calendar_init(&nest->inside, arena, places);
    calendar_add(outside, &nest->timer, run);
}

struct calendar *nest_enter(struct nest *nest)
{
    if (!nest_is_ahead(nest))
        calendar_move_to(&nest->inside, nest->outside->now);
    return &nest->inside;
}

void nest_leave(struct nest *nest)
{
    calendar_arm(nest->outside, &nest->timer, calendar_next(&nest->inside));
}

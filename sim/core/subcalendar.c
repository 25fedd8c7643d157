/*
 * subcalendar.c - the inside runs when its timer fires, and the timer waits for what is left.
 */
#include "sim/core/subcalendar.h"

static void run(struct calendar *outside, struct timer *timer)
{
    struct subcalendar *const subcalendar = TIMER_OWNER(timer, struct subcalendar, timer);
    const sim_time until = subcalendar->ahead(subcalendar, outside->now);
    CHECK(until >= outside->now);
    calendar_fire(&subcalendar->inside, until);
    subcalendar_leave(subcalendar);
}

void subcalendar_init(struct subcalendar *subcalendar, struct arena *arena,
                      struct calendar *outside, uint32_t places, subcalendar_ahead_fn *ahead)
{
    subcalendar->outside = outside;
    subcalendar->ahead = ahead;
    calendar_init(&subcalendar->inside, arena, places);
    calendar_add(outside, &subcalendar->timer, run);
}

struct calendar *subcalendar_enter(struct subcalendar *subcalendar)
{
    if (!subcalendar_is_ahead(subcalendar))
        calendar_move_to(&subcalendar->inside, subcalendar->outside->now);
    return &subcalendar->inside;
}

void subcalendar_leave(struct subcalendar *subcalendar)
{
    calendar_arm(subcalendar->outside, &subcalendar->timer, calendar_next(&subcalendar->inside));
}

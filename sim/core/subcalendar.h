/*
 * subcalendar.h - a calendar within a calendar, for actors that mostly concern each other.
 *
 * On the outside a subcalendar is one timer, which waits for the next event inside. What happens
 * inside happens in its order, and may run ahead of the outside as far as its owner can tell that
 * nothing outside will concern it before: fewer timers wait in each calendar, and what the actors
 * touch stays in the cache for longer. The result is that of one calendar, with the places of the
 * inside at the place of the subcalendar.
 */
#ifndef SIM_CORE_SUBCALENDAR_H
#define SIM_CORE_SUBCALENDAR_H

#include "sim/core/calendar.h"

struct subcalendar;

/* How far the inside may run: the last instant whose events inside need nothing that the outside
 * may still do; at least `now`, the instant of the outside. */
typedef sim_time subcalendar_ahead_fn(const struct subcalendar *subcalendar, sim_time now);

struct subcalendar {
    struct timer timer; /* on the outside */
    struct calendar *outside;
    struct calendar inside;
    subcalendar_ahead_fn *ahead;
};

/* For at most `places` timers inside. Adds its own to the outside. */
void subcalendar_init(struct subcalendar *subcalendar, struct arena *arena,
                      struct calendar *outside, uint32_t places, subcalendar_ahead_fn *ahead);

/* From a handler of the outside that has something for those inside: the calendar inside, its now
 * that of the outside unless it is ahead. subcalendar_leave() when they have been told. */
struct calendar *subcalendar_enter(struct subcalendar *subcalendar);
void subcalendar_leave(struct subcalendar *subcalendar);

/* From a handler inside: is it ahead of the outside? Then what concerns the outside must wait:
 * the run ends with this handler, which is called again for the instant for which it has armed its
 * timer, when the outside has come so far. */
static inline bool subcalendar_is_ahead(const struct subcalendar *subcalendar)
{
    return subcalendar->inside.now > subcalendar->outside->now;
}

#endif

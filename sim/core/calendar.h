/*
 * calendar.h - simulated time, and what happens next.
 *
 * A timer is embedded in the object that it wakes and owns a place in the calendar from the moment
 * the run is built. At one instant the lowest place goes first: the place is the rank. Under it is
 * a winner tree over the places, one 64-bit word (time, place) per leaf: arm, disarm and fire are
 * one climb without branches.
 */
#ifndef SIM_CORE_CALENDAR_H
#define SIM_CORE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/arena.h"
#include "sim/core/check.h"

typedef int64_t sim_time; /* nanoseconds since the run began */
#define SIM_NEVER  INT64_MAX
#define SIM_US     ((sim_time)1000)
#define SIM_MS     ((sim_time)1000000)
#define SIM_SECOND ((sim_time)1000000000)

static inline sim_time sim_later(sim_time a, sim_time b)
{
    return a > b ? a : b;
}

static inline sim_time sim_earlier(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

struct calendar;
struct timer;
typedef void timer_fn(struct calendar *cal, struct timer *timer);

struct timer {
    timer_fn *fire;
    uint32_t place;
};

/* The object of `type` that the timer is embedded in as `member`. */
#define TIMER_OWNER(timer, type, member) ((type *)(void *)((char *)(timer)-offsetof(type, member)))

/* Read now, until and fired; the rest is for the functions below. A key is time << place_bits |
 * place; keys order as the events do. */
struct calendar {
    sim_time now;
    sim_time until;        /* of the calendar_run in progress */
    uint64_t fired;        /* events so far, skipped-to ones included */
    uint64_t fired_before; /* before the first event at `now` */
    sim_time limit;
    uint64_t *tree;   /* keys; 1 is the root, n has the children 2n and 2n + 1, leaves come last */
    uint64_t end;     /* above every key that the calendar_run in progress fires */
    uint64_t armed;   /* the key for which the running handler has armed its own timer */
    uint64_t horizon; /* no other timer is due below it; 0: to be found out */
    uint32_t firing;  /* the place whose handler runs; CALENDAR_NONE between events */
    uint32_t leaves;  /* a power of two, at least 2 */
    uint32_t place_bits;
    uint32_t places; /* handed out */
    uint32_t capacity;
    struct timer **timers; /* by place */
};

#define CALENDAR_IDLE          UINT64_MAX /* the key of a timer that does not wait */
#define CALENDAR_NONE          UINT32_MAX
#define CALENDAR_INSTANT_LIMIT 10000000 /* events at one instant */

/* For at most `places` timers. The latest instant it can hold is calendar_limit(). */
void calendar_init(struct calendar *cal, struct arena *arena, uint32_t places);

static inline sim_time calendar_limit(const struct calendar *cal)
{
    return cal->limit;
}

/* The next place, in the order of the calls. Idle. */
void calendar_add(struct calendar *cal, struct timer *timer, timer_fn *fire);

/* For the functions below. */
uint64_t calendar_find_horizon(const struct calendar *cal);

static inline uint64_t calendar_key(const struct calendar *cal, uint32_t place, sim_time when)
{
    const uint64_t key = (uint64_t)when << cal->place_bits | place;
    return when > cal->limit ? CALENDAR_IDLE : key;
}

/* The key takes its place's leaf; returns the winner. */
static inline uint64_t calendar_climb(struct calendar *cal, uint32_t place, uint64_t key)
{
    uint64_t *const tree = cal->tree;
    uint32_t node = cal->leaves + place;
    tree[node] = key;
    do {
        const uint64_t rival = tree[node ^ 1];
        key = rival < key ? rival : key;
        node >>= 1;
        tree[node] = key;
    } while (node > 1);
    return key;
}

/* Fires at `when` >= now; moves it if it already waits. SIM_NEVER and whatever lies beyond the
 * limit disarm it. */
static inline void calendar_arm(struct calendar *cal, struct timer *timer, sim_time when)
{
    const uint32_t place = timer->place;
    CHECK(when >= cal->now);
    CHECK(place < cal->places && cal->timers[place] == timer);

    const uint64_t key = calendar_key(cal, place, when);
    if (place == cal->firing) {
        cal->armed = key;
        return;
    }
    const uint64_t horizon = cal->horizon;
    const uint64_t kept = cal->tree[cal->leaves + place] == horizon ? 0 : horizon;
    cal->horizon = key <= horizon ? key : kept;
    calendar_climb(cal, place, key);
}

/* Harmless when idle. */
static inline void calendar_disarm(struct calendar *cal, struct timer *timer)
{
    calendar_arm(cal, timer, SIM_NEVER);
}

/* When it fires, SIM_NEVER while idle. Idle while its own handler runs, until armed again. */
sim_time calendar_when(const struct calendar *cal, const struct timer *timer);

/* The next instant at which something is due, SIM_NEVER if nothing is. */
sim_time calendar_next(const struct calendar *cal);

/* Fires everything due before or at `until`; then now == until, or the instant of the last event if
 * nothing waits any more. More than CALENDAR_INSTANT_LIMIT events at one instant end the program: a
 * scenario may go round in circles that take no time. */
void calendar_run(struct calendar *cal, sim_time until);
/* Fires everything due before `until`, which then is now: what is due at that instant comes with
 * the next run. SIM_NEVER: until nothing waits. Returns now, which is less than `until` only if
 * nothing waits any more. */
sim_time calendar_run_before(struct calendar *cal, sim_time until);
/* As calendar_run, but now is the instant of the last event in any case. */
void calendar_fire(struct calendar *cal, sim_time until);

/* From a handler: the run in progress goes no further than `until`, which may be before
 * now; then nothing more fires in it. */
void calendar_shorten(struct calendar *cal, sim_time until);

/* Between runs: the clock goes on to `when`; nothing waits for before. */
void calendar_move_to(struct calendar *cal, sim_time when);

/* The clock goes to `when`, one more event happens. */
static inline void calendar_advance(struct calendar *cal, sim_time when)
{
    cal->fired_before = when != cal->now ? cal->fired : cal->fired_before;
    cal->now = when;
    cal->fired++;
    if (__builtin_expect(cal->fired - cal->fired_before > CALENDAR_INSTANT_LIMIT, 0))
        check_limit("events at one instant: something goes round in no time",
                    CALENDAR_INSTANT_LIMIT);
}

/* From a handler that would only re-arm its own timer for `when`: true if nothing else is due
 * before it and the run goes that far. Then now is `when`, the timer is idle and the handler may go
 * on as if it had fired. */
static inline bool calendar_skip_to(struct calendar *cal, const struct timer *timer, sim_time when)
{
    CHECK(when >= cal->now);
    CHECK(timer->place == cal->firing);

    if (cal->horizon == 0)
        cal->horizon = calendar_find_horizon(cal);
    if (calendar_key(cal, timer->place, when) >= cal->horizon)
        return false;
    cal->armed = CALENDAR_IDLE;
    calendar_advance(cal, when);
    return true;
}

/* At the end of a handler: true if the timer that it has armed, its own, is what is due next. Then
 * now is that instant, and the handler may go on as if it had fired. */
static inline bool calendar_skip_armed(struct calendar *cal)
{
    CHECK(cal->firing != CALENDAR_NONE);
    if (cal->horizon == 0)
        cal->horizon = calendar_find_horizon(cal);
    const uint64_t key = cal->armed;
    if (key >= cal->horizon)
        return false;
    cal->armed = CALENDAR_IDLE;
    calendar_advance(cal, (sim_time)(key >> cal->place_bits));
    return true;
}

/* calendar_skip_to() for a handler that keeps the clock in registers, from one instant to a later
 * one, as long as it arms nothing. */
struct calendar_walk {
    sim_time now;
    sim_time last;  /* how far it may go; before now: nowhere */
    uint64_t steps; /* of an event each */
};

static inline struct calendar_walk calendar_walk_begin(struct calendar *cal,
                                                       const struct timer *timer)
{
    CHECK(timer->place == cal->firing);
    if (cal->horizon == 0)
        cal->horizon = calendar_find_horizon(cal);
    const uint64_t below = cal->horizon > timer->place ? cal->horizon - 1 - timer->place : 0;
    const sim_time last = (sim_time)(below >> cal->place_bits);
    return (struct calendar_walk){.now = cal->now, .last = last < cal->limit ? last : cal->limit};
}

/* now < when <= last */
static inline void calendar_walk_to(struct calendar_walk *walk, sim_time when)
{
    walk->now = when;
    walk->steps++;
}

static inline void calendar_walk_end(struct calendar *cal, const struct calendar_walk *walk)
{
    cal->now = walk->now;
    cal->fired += walk->steps;
    cal->fired_before = walk->steps > 0 ? cal->fired - 1 : cal->fired_before;
}

#endif

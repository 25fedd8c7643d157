/*
 * calendar.c - the winner tree.
 *
 * Node n holds the lower key of its children 2n and 2n + 1, so the root is what happens next and a
 * changed leaf is put right by one climb to the root. The leaf of the timer that fires keeps its
 * old key while the handler runs: what the handler arms its own timer for waits in cal->armed, and
 * one climb at the end does for both, removal and re-arming. Until then the root may be that stale
 * key; whoever must know what else waits walks the siblings of the path instead.
 */
#include "sim/core/calendar.h"

#define PLACES_MAX ((uint32_t)1 << 20)

static sim_time time_of(const struct calendar *cal, uint64_t key)
{
    return key == CALENDAR_IDLE ? SIM_NEVER : (sim_time)(key >> cal->place_bits);
}

/* The lowest key but that of the timer whose handler runs. */
static uint64_t lowest_other(const struct calendar *cal)
{
    uint64_t key = CALENDAR_IDLE;
    for (uint32_t node = cal->leaves + cal->firing; node > 1; node >>= 1) {
        const uint64_t rival = cal->tree[node ^ 1];
        key = rival < key ? rival : key;
    }
    return key;
}

void calendar_init(struct calendar *cal, struct arena *arena, uint32_t places)
{
    CHECK(places <= PLACES_MAX);
    uint32_t place_bits = 1;
    while (((uint32_t)1 << place_bits) < places)
        place_bits++;
    const uint32_t leaves = (uint32_t)1 << place_bits;

    *cal = (struct calendar){
        .limit = (sim_time)((CALENDAR_IDLE >> place_bits) - 1), /* so no key is CALENDAR_IDLE */
        .tree = ARENA_ARRAY(arena, uint64_t, 2 * leaves),
        .firing = CALENDAR_NONE,
        .leaves = leaves,
        .place_bits = place_bits,
        .capacity = places,
        .timers = ARENA_ARRAY(arena, struct timer *, leaves),
    };
    for (uint32_t node = 0; node < 2 * leaves; node++)
        cal->tree[node] = CALENDAR_IDLE;
}

void calendar_add(struct calendar *cal, struct timer *timer, timer_fn *fire)
{
    CHECK(cal->places < cal->capacity);
    *timer = (struct timer){.fire = fire, .place = cal->places};
    cal->timers[cal->places++] = timer;
}

uint64_t calendar_find_horizon(const struct calendar *cal)
{
    const uint64_t key = lowest_other(cal);
    return key < cal->end ? key : cal->end;
}

sim_time calendar_when(const struct calendar *cal, const struct timer *timer)
{
    CHECK(timer->place < cal->places && cal->timers[timer->place] == timer);
    const bool is_firing = timer->place == cal->firing;
    return time_of(cal, is_firing ? cal->armed : cal->tree[cal->leaves + timer->place]);
}

sim_time calendar_next(const struct calendar *cal)
{
    if (cal->firing == CALENDAR_NONE)
        return time_of(cal, cal->tree[1]);
    const uint64_t key = lowest_other(cal);
    return time_of(cal, key < cal->armed ? key : cal->armed);
}

static void set_end(struct calendar *cal, sim_time until)
{
    cal->until = until;
    cal->end = until >= cal->limit ? CALENDAR_IDLE : (uint64_t)(until + 1) << cal->place_bits;
}

void calendar_fire(struct calendar *cal, sim_time until)
{
    CHECK(cal->firing == CALENDAR_NONE); /* not from a handler */
    CHECK(until >= cal->now);
    set_end(cal, until);

    uint64_t key = cal->tree[1];
    while (key < cal->end) {
        const uint32_t place = (uint32_t)key & (cal->leaves - 1);
        calendar_advance(cal, (sim_time)(key >> cal->place_bits));
        cal->firing = place;
        cal->armed = CALENDAR_IDLE;
        cal->horizon = 0;
        struct timer *const timer = cal->timers[place];
        timer->fire(cal, timer);
        key = calendar_climb(cal, place, cal->armed);
    }
    cal->firing = CALENDAR_NONE;
}

void calendar_run(struct calendar *cal, sim_time until)
{
    calendar_fire(cal, until);
    if (cal->until != SIM_NEVER && cal->until > cal->now && cal->tree[1] != CALENDAR_IDLE)
        cal->now = cal->until;
}

sim_time calendar_run_before(struct calendar *cal, sim_time until)
{
    if (until > cal->now)
        calendar_fire(cal, until == SIM_NEVER ? until : until - 1);
    if (until != SIM_NEVER && cal->tree[1] != CALENDAR_IDLE)
        cal->now = until;
    return cal->now;
}

void calendar_shorten(struct calendar *cal, sim_time until)
{
    CHECK(cal->firing != CALENDAR_NONE);
    if (until >= cal->until)
        return;
    set_end(cal, until);
    cal->horizon = 0;
}

void calendar_move_to(struct calendar *cal, sim_time when)
{
    CHECK(cal->firing == CALENDAR_NONE);
    CHECK(when >= cal->now && when <= calendar_next(cal));
    cal->now = when;
}

/*
 * test_calendar.c - the winner tree against a plain list of times, and skipping against arming.
 *
 * guards: sim/core/calendar
 */
#include <criterion/criterion.h>

#include "sim/core/arena.h"
#include "sim/core/calendar.h"
#include "sim/core/rng.h"

#define PLACES_MAX 300

/* Beside every timer the instant at which it should fire. Handlers do random things to both. */
struct world {
    struct calendar cal;
    struct arena arena;
    struct rng rng;
    struct timer timers[PLACES_MAX];
    sim_time due[PLACES_MAX];
    uint32_t places;
    sim_time now;
    sim_time until;
    uint64_t fired;
    int64_t operations;
};

static struct world world;

static uint64_t below(uint64_t bound)
{
    return rng_next(&world.rng) % bound;
}

/* The lowest place of those that are due first; places if nothing waits. */
static uint32_t first_due(void)
{
    uint32_t first = world.places;
    for (uint32_t i = 0; i < world.places; i++) {
        if (world.due[i] != SIM_NEVER && (first == world.places || world.due[i] < world.due[first]))
            first = i;
    }
    return first;
}

static sim_time next_due(void)
{
    const uint32_t first = first_due();
    return first == world.places ? SIM_NEVER : world.due[first];
}

/* Short gaps, so that many timers are due at one instant. */
static sim_time some_time(void)
{
    return world.cal.now + (sim_time)below(below(8) == 0 ? 1000 : 6);
}

static void change_one(void)
{
    const uint32_t place = (uint32_t)below(world.places);
    if (below(4) == 0) {
        calendar_disarm(&world.cal, &world.timers[place]);
        world.due[place] = SIM_NEVER;
    } else {
        const sim_time when = below(16) == 0 ? SIM_NEVER : some_time();
        calendar_arm(&world.cal, &world.timers[place], when);
        world.due[place] = when;
    }
    world.operations++;
}

static void compare(void)
{
    const uint32_t place = (uint32_t)below(world.places);
    cr_assert_eq(calendar_when(&world.cal, &world.timers[place]), world.due[place]);
    cr_assert_eq(calendar_next(&world.cal), next_due());
    cr_assert_eq(world.cal.now, world.now);
    cr_assert_eq(world.cal.fired, world.fired);
}

/* What calendar_skip_to() promises, said by the list. */
static bool may_skip(uint32_t place, sim_time when)
{
    if (when > world.until)
        return false;
    for (uint32_t i = 0; i < world.places; i++) {
        const sim_time other = world.due[i];
        if (i != place && other != SIM_NEVER && (other < when || (other == when && i < place)))
            return false;
    }
    return true;
}

static void on_random(struct calendar *cal, struct timer *timer)
{
    const uint32_t place = (uint32_t)(timer - world.timers);
    cr_assert_eq(place, first_due());
    cr_assert_eq(cal->now, world.due[place]);
    cr_assert_leq(cal->now, world.until);
    world.now = cal->now;
    world.due[place] = SIM_NEVER;
    world.fired++;
    world.operations++;

    const uint64_t changes = below(5);
    for (uint64_t i = 0; i < changes; i++) {
        compare();
        change_one();
        if (below(3) > 0)
            continue;
        const sim_time when = some_time();
        const bool expected = may_skip(place, when);
        cr_assert_eq(calendar_skip_to(cal, timer, when), expected);
        world.operations++;
        if (expected) {
            world.now = when;
            world.due[place] = SIM_NEVER;
            world.fired++;
        }
    }
    if (below(8) > 0) {
        const sim_time when = some_time();
        calendar_arm(cal, timer, when);
        world.due[place] = when;
    }
    compare();
}

static void start_world(uint32_t places)
{
    arena_init(&world.arena);
    calendar_init(&world.cal, &world.arena, places);
    world.places = places;
    world.now = 0;
    world.fired = 0;
    rng_init(&world.rng, (struct rng_seed){1, 0}, 0, places, 0);
    for (uint32_t i = 0; i < places; i++) {
        calendar_add(&world.cal, &world.timers[i], on_random);
        world.due[i] = SIM_NEVER;
    }
}

Test(calendar, random_operations_match_a_list)
{
    static const uint32_t sizes[] = {1, 2, 3, 4, 7, 16, 33, PLACES_MAX};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        start_world(sizes[i]);
        const int64_t enough = world.operations + 300000;
        while (world.operations < enough) {
            for (uint64_t changes = 1 + below(4); changes > 0; changes--)
                change_one();
            compare();
            world.until = world.cal.now + (sim_time)below(below(4) == 0 ? 1000 : 3);
            calendar_run(&world.cal, world.until);
            world.now = next_due() == SIM_NEVER ? world.now : world.until;
            compare();
            cr_assert_gt(next_due(), world.until);
        }
        arena_free(&world.arena);
    }
    cr_assert_gt(world.operations, 1000000);
}

/* Sources that mostly wake themselves, sometimes move a neighbour, and often meet at one instant.
 */
#define SOURCES_MAX 12

struct source {
    struct timer timer;
    struct rng rng;
};

enum way {
    ARMS,       /* its own timer, every time */
    SKIPS,      /* calendar_skip_to() */
    ARMS_SKIPS, /* calendar_skip_armed() */
    WALKS       /* calendar_walk_to() */
};

struct crowd {
    struct source sources[SOURCES_MAX];
    uint32_t count;
    enum way way;
    int64_t skipped;
    uint64_t fingerprint;
};

static struct crowd crowd;

/* True if the handler goes on at `next`; else its timer waits for it. */
static bool goes_on(struct calendar *cal, struct timer *timer, sim_time next)
{
    struct calendar_walk walk;
    switch (crowd.way) {
    case SKIPS:
        if (calendar_skip_to(cal, timer, next))
            return true;
        break;
    case ARMS_SKIPS:
        calendar_arm(cal, timer, next);
        return calendar_skip_armed(cal);
    case WALKS:
        walk = calendar_walk_begin(cal, timer);
        if (next == cal->now || next > walk.last)
            break;
        calendar_walk_to(&walk, next);
        calendar_walk_end(cal, &walk);
        return true;
    case ARMS:
        break;
    }
    calendar_arm(cal, timer, next);
    return false;
}

static void on_source(struct calendar *cal, struct timer *timer)
{
    const uint32_t place = timer->place;
    struct source *const source = &crowd.sources[place];
    for (;;) {
        crowd.fingerprint = (crowd.fingerprint ^ (uint64_t)cal->now) * 0x100000001b3;
        crowd.fingerprint = (crowd.fingerprint ^ place) * 0x100000001b3;
        crowd.fingerprint = (crowd.fingerprint ^ (uint64_t)calendar_next(cal)) * 0x100000001b3;
        if (rng_next(&source->rng) % 8 == 0) {
            struct timer *const other = &crowd.sources[rng_next(&source->rng) % crowd.count].timer;
            const sim_time when = cal->now + (sim_time)(rng_next(&source->rng) % 40);
            if (other != timer)
                calendar_arm(cal, other, when);
        }
        const sim_time next = cal->now + (sim_time)(rng_next(&source->rng) % 4 * (1 + place / 2));
        if (!goes_on(cal, timer, next))
            return;
        crowd.skipped++;
    }
}

static uint64_t run_crowd(uint32_t count, sim_time stretch, enum way way)
{
    struct arena arena;
    arena_init(&arena);
    struct calendar cal;
    calendar_init(&cal, &arena, count + 1);
    crowd = (struct crowd){.count = count, .way = way};
    for (uint32_t i = 0; i < count; i++) {
        calendar_add(&cal, &crowd.sources[i].timer, on_source);
        rng_init(&crowd.sources[i].rng, (struct rng_seed){2, 0}, 0, i, 0);
        calendar_arm(&cal, &crowd.sources[i].timer, 1 + i);
    }
    while (cal.now < 3000) {
        calendar_run(&cal, cal.now + stretch);
        crowd.fingerprint = (crowd.fingerprint ^ cal.fired) * 0x100000001b3;
    }
    arena_free(&arena);
    cr_assert_gt(cal.fired, 500);
    return crowd.fingerprint;
}

Test(calendar, skipping_equals_arming)
{
    static const sim_time stretches[] = {1, 2, 3, 7, 50, 1000, 3000};
    for (uint32_t count = 1; count <= SOURCES_MAX; count++) {
        for (size_t i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++) {
            const uint64_t armed = run_crowd(count, stretches[i], ARMS);
            for (enum way way = SKIPS; way <= WALKS; way++) {
                const uint64_t skipped = run_crowd(count, stretches[i], way);
                cr_assert_eq(armed, skipped, "%u sources, stretches of %lld, way %d", count,
                             (long long)stretches[i], (int)way);
                if (stretches[i] > 10)
                    cr_assert_gt(crowd.skipped, 50);
            }
        }
    }
}

/*
 * test_subcalendar.c - calendars within a calendar: what happens, and when, is what happens in one.
 *
 * Actors in groups go off at random intervals; a messenger puts one of them off now and then. Once
 * all are timers of one calendar, once each group is a subcalendar that runs ahead to the next
 * message.
 *
 * guards: sim/core/subcalendar
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/core/rng.h"
#include "sim/core/subcalendar.h"

#define GROUPS     5
#define MEMBERS    3
#define ACTORS     (GROUPS * MEMBERS)
#define EVENTS_MAX 200000
#define END        (400 * SIM_US)

struct event {
    sim_time when;
    int actor; /* ACTORS: the messenger */
};

struct actor {
    struct timer timer;
    struct rng rng;
    int number;
};

static struct {
    struct arena arena;
    struct calendar cal;
    struct subcalendar subcalendars[GROUPS];
    bool nested, ahead;
    struct timer messenger;
    struct rng messages;
    struct actor actors[ACTORS];
    struct event events[EVENTS_MAX];
    int count;
    int64_t entered;
} stage;

static void note(sim_time when, int actor)
{
    cr_assert_lt(stage.count, EVENTS_MAX);
    stage.events[stage.count++] = (struct event){when, actor};
}

/* Few ns, so that there are many ties. */
static sim_time some_time(struct rng *rng)
{
    return (sim_time)(rng_next(rng) % 60);
}

static void act(struct calendar *cal, struct timer *timer)
{
    struct actor *const actor = TIMER_OWNER(timer, struct actor, timer);
    sim_time when;
    do {
        note(cal->now, actor->number);
        when = cal->now + 1 + some_time(&actor->rng);
    } while (calendar_skip_to(cal, timer, when));
    calendar_arm(cal, timer, when);
}

static void message(struct calendar *cal, struct timer *timer)
{
    const int number = (int)(rng_next(&stage.messages) % ACTORS);
    struct actor *const actor = &stage.actors[number];
    const sim_time when = cal->now + some_time(&stage.messages);
    note(cal->now, ACTORS);
    if (stage.nested) {
        struct subcalendar *const subcalendar = &stage.subcalendars[number / MEMBERS];
        struct calendar *const inside = subcalendar_enter(subcalendar);
        cr_assert_eq(inside->now, cal->now);
        calendar_arm(inside, &actor->timer, when);
        subcalendar_leave(subcalendar);
    } else {
        calendar_arm(cal, &actor->timer, when);
    }
    calendar_arm(cal, timer, cal->now + 1 + 4 * some_time(&stage.messages));
}

/* Up to the next message, or not at all. */
static sim_time until_message(const struct subcalendar *subcalendar, sim_time now)
{
    const sim_time next = calendar_when(subcalendar->outside, &stage.messenger) - 1;
    stage.entered++;
    return stage.ahead ? sim_later(now, sim_earlier(next, subcalendar->outside->until)) : now;
}

static void set(bool nested, bool ahead)
{
    const struct rng_seed seed = {.seed = 7};
    stage.nested = nested;
    stage.ahead = ahead;
    stage.count = 0;
    stage.entered = 0;
    arena_init(&stage.arena);
    calendar_init(&stage.cal, &stage.arena, 1 + ACTORS);
    calendar_add(&stage.cal, &stage.messenger, message);
    rng_init(&stage.messages, seed, 1, 0, 0);
    for (int a = 0; a < ACTORS; a++) {
        struct subcalendar *const subcalendar = &stage.subcalendars[a / MEMBERS];
        struct actor *const actor = &stage.actors[a];
        if (nested && a % MEMBERS == 0)
            subcalendar_init(subcalendar, &stage.arena, &stage.cal, MEMBERS, until_message);
        actor->number = a;
        rng_init(&actor->rng, seed, 0, (uint32_t)a, 0);
        struct calendar *const cal = nested ? &subcalendar->inside : &stage.cal;
        calendar_add(cal, &actor->timer, act);
        calendar_arm(cal, &actor->timer, some_time(&actor->rng));
    }
    for (int g = 0; nested && g < GROUPS; g++)
        subcalendar_leave(&stage.subcalendars[g]);
    calendar_arm(&stage.cal, &stage.messenger, 20);
}

static int order(const void *left, const void *right)
{
    const struct event *const a = left;
    const struct event *const b = right;
    if (a->when != b->when)
        return a->when < b->when ? -1 : 1;
    return (a->actor > b->actor) - (a->actor < b->actor);
}

static void play(bool nested, bool ahead)
{
    set(nested, ahead);
    for (sim_time now = 0; now < END; now += 777)
        calendar_run(&stage.cal, now);
    calendar_run(&stage.cal, END);
    qsort(stage.events, (size_t)stage.count, sizeof *stage.events, order);
    arena_free(&stage.arena);
}

Test(subcalendar, is_one_calendar)
{
    static struct event expected[EVENTS_MAX];
    play(false, false);
    const int count = stage.count;
    cr_assert_gt(count, 50000);
    for (int i = 0; i < count; i++)
        expected[i] = stage.events[i];
    int64_t in_step = 0;
    for (int ahead = 0; ahead < 2; ahead++) {
        play(true, ahead == 1);
        cr_assert_eq(stage.count, count);
        for (int i = 0; i < count; i++)
            cr_assert(stage.events[i].when == expected[i].when &&
                          stage.events[i].actor == expected[i].actor,
                      "event %d: actor %d at %lld, not %d at %lld", i, stage.events[i].actor,
                      (long long)stage.events[i].when, expected[i].actor,
                      (long long)expected[i].when);
        in_step = ahead == 0 ? stage.entered : in_step;
    }
    cr_expect_lt(2 * stage.entered, in_step, "nobody runs ahead");
}

/* A run that is cut short ends with the handler that does it, and goes on another time. */
static void stop_at_50(struct calendar *cal, struct timer *timer)
{
    note(cal->now, 0);
    calendar_arm(cal, timer, cal->now + 10);
    if (cal->now == 50)
        calendar_shorten(cal, cal->now - 1);
}

Test(subcalendar, a_run_is_cut_short)
{
    struct timer timer;
    stage.count = 0;
    arena_init(&stage.arena);
    calendar_init(&stage.cal, &stage.arena, 1);
    calendar_add(&stage.cal, &timer, stop_at_50);
    calendar_arm(&stage.cal, &timer, 0);
    calendar_fire(&stage.cal, 100);
    cr_expect_eq(stage.count, 6);
    cr_expect_eq(stage.cal.now, 50);
    cr_expect_eq(calendar_next(&stage.cal), 60);
    calendar_fire(&stage.cal, 75);
    cr_expect_eq(stage.count, 8);
    cr_expect_eq(stage.cal.now, 70, "the clock stands at the last event");
    calendar_move_to(&stage.cal, 80);
    calendar_run(&stage.cal, 85);
    cr_expect_eq(stage.count, 9);
    cr_expect_eq(stage.cal.now, 85);
    arena_free(&stage.arena);
}

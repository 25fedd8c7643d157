/*
 * test_calendar_rules.c - who goes first, where time begins and ends, and what must trip.
 *
 * guards: sim/core/calendar, sim/core/check
 */
#include <criterion/criterion.h>
#include <signal.h>

#include "sim/core/arena.h"
#include "sim/core/calendar.h"

/* Timers that note in which order they fired. */
struct log {
    struct calendar cal;
    struct arena arena;
    struct timer timers[4];
    char fired[64];
    size_t count;
};

static struct log book;

static void on_note(struct calendar *cal, struct timer *timer)
{
    (void)cal;
    cr_assert_lt(book.count, sizeof(book.fired) - 1);
    book.fired[book.count++] = (char)('a' + (timer - book.timers));
}

static void open_book(timer_fn *second)
{
    arena_init(&book.arena);
    calendar_init(&book.cal, &book.arena, 4);
    for (int i = 0; i < 4; i++)
        calendar_add(&book.cal, &book.timers[i], i == 1 ? second : on_note);
}

static void on_push(struct calendar *cal, struct timer *timer)
{
    on_note(cal, timer);
    if (book.count > 4)
        return;
    calendar_arm(cal, &book.timers[3], cal->now);
    calendar_arm(cal, &book.timers[0], cal->now);
    calendar_arm(cal, timer, cal->now);
}

/* The places decide at one instant, whoever was armed first, the one that arms included. */
Test(calendar_rules, lowest_place_first)
{
    open_book(on_push);
    calendar_arm(&book.cal, &book.timers[3], 5);
    calendar_arm(&book.cal, &book.timers[2], 5);
    calendar_arm(&book.cal, &book.timers[0], 5);
    calendar_run(&book.cal, 4);
    cr_assert_str_eq(book.fired, "");
    calendar_run(&book.cal, 5);
    cr_assert_str_eq(book.fired, "acd");
    book.count = 0;
    calendar_arm(&book.cal, &book.timers[1], 5);
    calendar_arm(&book.cal, &book.timers[2], 6);
    calendar_run(&book.cal, SIM_NEVER);
    book.fired[book.count] = 0;
    cr_assert_str_eq(book.fired, "bababdc");
}

/* A run ends at `until` while something waits, else at its last event. */
Test(calendar_rules, now_after_a_run)
{
    open_book(on_note);
    calendar_arm(&book.cal, &book.timers[0], 9);
    calendar_run(&book.cal, 7);
    cr_assert_eq(book.cal.now, 7);
    calendar_run(&book.cal, SIM_NEVER);
    cr_assert_eq(book.cal.now, 9);
    calendar_run(&book.cal, SIM_NEVER - 1);
    cr_assert_eq(book.cal.now, 9);
    calendar_arm(&book.cal, &book.timers[0], 12);
    calendar_arm(&book.cal, &book.timers[1], 21);
    calendar_run(&book.cal, 20);
    cr_assert_eq(book.cal.now, 20);
    calendar_run(&book.cal, 30);
    cr_assert_eq(book.cal.now, 21);
}

/* What is due at `until` itself waits for the next run, and the clock does not. */
Test(calendar_rules, a_run_before_an_instant)
{
    open_book(on_note);
    calendar_arm(&book.cal, &book.timers[0], 6);
    calendar_arm(&book.cal, &book.timers[1], 7);
    cr_assert_eq(calendar_run_before(&book.cal, 7), 7);
    cr_assert_str_eq(book.fired, "a");
    cr_assert_eq(calendar_run_before(&book.cal, 7), 7);
    cr_assert_str_eq(book.fired, "a");
    cr_assert_eq(calendar_run_before(&book.cal, 9), 7); /* and nothing waits */
    cr_assert_str_eq(book.fired, "ab");
    calendar_arm(&book.cal, &book.timers[2], 12);
    cr_assert_eq(calendar_run_before(&book.cal, SIM_NEVER), 12);
    cr_assert_str_eq(book.fired, "abc");
}

/* 1000 timers leave room for 200 days at least, 2 timers for as long as there is time. */
Test(calendar_rules, limit)
{
    struct arena arena;
    arena_init(&arena);
    struct calendar cal;
    calendar_init(&cal, &arena, 1000);
    cr_assert_geq(calendar_limit(&cal), 200 * 86400 * SIM_SECOND);
    calendar_init(&cal, &arena, 2);
    cr_assert_geq(calendar_limit(&cal), SIM_NEVER - 1);
    arena_free(&arena);

    open_book(on_note);
    const sim_time limit = calendar_limit(&book.cal);
    calendar_arm(&book.cal, &book.timers[0], limit + 1);
    cr_assert_eq(calendar_when(&book.cal, &book.timers[0]), SIM_NEVER);
    calendar_arm(&book.cal, &book.timers[3], limit);
    calendar_arm(&book.cal, &book.timers[2], limit);
    cr_assert_eq(calendar_when(&book.cal, &book.timers[3]), limit);
    cr_assert_eq(calendar_next(&book.cal), limit);
    calendar_run(&book.cal, limit - 1);
    cr_assert_str_eq(book.fired, "");
    calendar_run(&book.cal, limit);
    cr_assert_str_eq(book.fired, "cd");
}

static void on_skip_far(struct calendar *cal, struct timer *timer)
{
    on_note(cal, timer);
    cr_assert(!calendar_skip_to(cal, timer, SIM_NEVER));
    cr_assert(!calendar_skip_to(cal, timer, calendar_limit(cal) + 1));
    cr_assert(calendar_skip_to(cal, timer, calendar_limit(cal)));
    cr_assert_eq(cal->now, calendar_limit(cal));
}

Test(calendar_rules, skip_to_the_limit)
{
    open_book(on_skip_far);
    calendar_arm(&book.cal, &book.timers[1], 3);
    calendar_run(&book.cal, SIM_NEVER);
    cr_assert_str_eq(book.fired, "b");
    cr_assert_eq(book.cal.fired, 2);
}

Test(calendar_rules, arm_in_the_past, .signal = SIGABRT)
{
    open_book(on_note);
    calendar_arm(&book.cal, &book.timers[3], 11);
    calendar_run(&book.cal, 10);
    calendar_arm(&book.cal, &book.timers[0], 9);
}

Test(calendar_rules, arm_before_add, .signal = SIGABRT)
{
    open_book(on_note);
    struct timer stranger = {.fire = on_note};
    calendar_arm(&book.cal, &stranger, 1);
}

Test(calendar_rules, more_timers_than_places, .signal = SIGABRT)
{
    open_book(on_note);
    struct timer fifth;
    calendar_add(&book.cal, &fifth, on_note);
}

Test(calendar_rules, run_backwards, .signal = SIGABRT)
{
    open_book(on_note);
    calendar_arm(&book.cal, &book.timers[3], 11);
    calendar_run(&book.cal, 10);
    calendar_run(&book.cal, 9);
}

static void on_run(struct calendar *cal, struct timer *timer)
{
    (void)timer;
    calendar_run(cal, cal->now + 1);
}

Test(calendar_rules, run_inside_a_run, .signal = SIGABRT)
{
    open_book(on_run);
    calendar_arm(&book.cal, &book.timers[1], 1);
    calendar_run(&book.cal, 10);
}

static void on_skip_for_another(struct calendar *cal, struct timer *timer)
{
    (void)timer;
    calendar_skip_to(cal, &book.timers[2], cal->now + 1);
}

Test(calendar_rules, skip_for_another, .signal = SIGABRT)
{
    open_book(on_skip_for_another);
    calendar_arm(&book.cal, &book.timers[1], 1);
    calendar_run(&book.cal, 10);
}

static void on_skip_back(struct calendar *cal, struct timer *timer)
{
    calendar_skip_to(cal, timer, cal->now - 1);
}

Test(calendar_rules, skip_backwards, .signal = SIGABRT)
{
    open_book(on_skip_back);
    calendar_arm(&book.cal, &book.timers[1], 1);
    calendar_run(&book.cal, 10);
}

/* Is fired one too many times at one instant, in the way that `stops_at` and `by_skipping` say. */
static uint64_t stops_at;
static bool by_skipping;

static void on_repeat(struct calendar *cal, struct timer *timer)
{
    while (by_skipping && cal->fired < stops_at && calendar_skip_to(cal, timer, cal->now)) {
    }
    if (cal->fired < stops_at)
        calendar_arm(cal, timer, cal->now);
    else if (cal->now < 3)
        calendar_arm(cal, timer, cal->now + 1);
}

static void repeat(uint64_t times, bool skipping)
{
    open_book(on_repeat);
    stops_at = times;
    by_skipping = skipping;
    calendar_arm(&book.cal, &book.timers[1], 1);
    calendar_run(&book.cal, 10);
    cr_assert_eq(book.cal.fired, times + 2); /* and at 2 and 3 */
}

Test(calendar_rules, as_many_at_one_instant_as_allowed)
{
    repeat(CALENDAR_INSTANT_LIMIT, false);
    repeat(CALENDAR_INSTANT_LIMIT, true);
}

Test(calendar_rules, too_many_at_one_instant_by_arming, .exit_code = 1)
{
    repeat(CALENDAR_INSTANT_LIMIT + 1, false);
}

Test(calendar_rules, too_many_at_one_instant_by_skipping, .exit_code = 1)
{
    repeat(CALENDAR_INSTANT_LIMIT + 1, true);
}

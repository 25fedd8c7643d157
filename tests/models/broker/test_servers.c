/*
 * test_servers.c - equal servers: who gets which, what was worked, and queues against theory.
 *
 * guards: models/broker/servers; flink-statefun.md 9.2
 */
#include <criterion/criterion.h>

#include "models/broker/servers.h"
#include "tests/run.h"

static struct arena arena;
static struct servers servers;

static void open_servers(int32_t count)
{
    arena_init(&arena);
    servers_init(&servers, &arena, count);
}

/* Work that is asked for at `now`: when it begins. */
static sim_time ask(sim_time now, sim_time work)
{
    return servers_take(&servers, now, work) - work;
}

Test(servers, the_one_that_is_free_first)
{
    open_servers(2);
    cr_expect_eq(ask(10, 100), 10);
    cr_expect_eq(ask(20, 30), 20);
    cr_expect_eq(ask(25, 10), 50, "the second is free at 50");
    cr_expect_eq(ask(25, 5), 60);
    cr_expect_eq(ask(64, 100), 65);
    cr_expect_eq(ask(64, 1), 110);
    cr_expect_eq(ask(300, 7), 300);
    cr_expect_eq(ask(300, 7), 300);
    cr_expect_eq(ask(300, 0), 307);
    arena_free(&arena);
}

/* D/D/2: five jobs of 100 every 240 on two servers. */
Test(servers, by_hand)
{
    open_servers(2);
    static const sim_time expected[] = {0,   0,   100, 100, 200, 240, 300, 340,
                                        400, 440, 500, 540, 600, 640, 700};
    for (int i = 0; i < 15; i++)
        cr_expect_eq(ask(i / 5 * 240, 100), expected[i], "job %d", i);
    arena_free(&arena);
}

/* Work counts as it is done, not as it is given; who forgets goes on with what is left. */
Test(servers, busy_and_forget)
{
    open_servers(2);
    ask(100, 50);
    ask(110, 100);
    ask(120, 30); /* follows the first, 150 to 180 */
    cr_expect_eq(servers_busy(&servers, 120), 20 + 10);
    cr_expect_eq(servers_busy(&servers, 160), 60 + 50);
    cr_expect_eq(servers_busy(&servers, 1000), 80 + 100);
    servers_forget(&servers, 160);
    cr_expect_eq(servers_busy(&servers, 160), 0);
    cr_expect_eq(servers_busy(&servers, 170), 20);
    cr_expect_eq(servers_busy(&servers, 1000), 20 + 50);
    ask(2000, 10);
    cr_expect_eq(servers_busy(&servers, 2000), 70, "what begins now");
    cr_expect_eq(servers_busy(&servers, 2004), 74);
    arena_free(&arena);
}

#define JOBS    40000
#define SERVICE 1e6

/* Poisson arrivals, `offered` servers' worth of them: the mean wait, over the service. */
static struct estimate mean_wait(int32_t count, double offered, bool exponential)
{
    static double waits[24];
    for (uint64_t i = 0; i < 24; i++) {
        struct rng rng;
        double now = 0;
        double sum = 0;
        open_servers(count);
        rng_init(&rng, (struct rng_seed){3, i}, 0, 0, 0);
        for (int job = 0; job < JOBS; job++) {
            now += rng_exponential(&rng) * SERVICE / offered;
            const double work = exponential ? rng_exponential(&rng) * SERVICE : SERVICE;
            const sim_time begins = ask((sim_time)now, (sim_time)work);
            sum += job >= JOBS / 10 ? (double)begins - now : 0;
        }
        waits[i] = sum / SERVICE / (JOBS - JOBS / 10);
        arena_free(&arena);
    }
    return estimate_of(waits, 24);
}

/* M/D/1: load / (2 (1 - load)). M/M/3 by Erlang's C formula for an offered 2.1:
 * (2.1^3/6 / 0.3) / (1 + 2.1 + 2.1^2/2 + 2.1^3/6 / 0.3) / (3 - 2.1). */
Test(servers, queues)
{
    expect_theory("M/D/1", mean_wait(1, 0.7, false), 0.7 / (2 * 0.3), 0.02);
    const double last = 2.1 * 2.1 * 2.1 / 6 / 0.3;
    expect_theory("M/M/3", mean_wait(3, 2.1, true),
                  last / (1 + 2.1 + 2.1 * 2.1 / 2 + last) / (3 - 2.1), 0.02);
}

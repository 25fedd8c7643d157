/*
 * test_backoff.c - how long a failed batch waits: the distribution, drawn anew at every look.
 *
 * guards: models/producer/backoff, models/producer/accumulator_retries;
 * kafka-producer.md 8.3, 13.12
 */
#include <math.h>

#include "tests/models/producer/client.h"

#define LOOKS 20000

static struct client jittering(void)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client.config.retry_backoff_max_ms = 1000;
    client.seed = (struct rng_seed){7, 0};
    return client;
}

/* The head has been back in its queue `attempts` times, the last time now: how long the Sender then
 * means to wait, at many looks. */
static void expect_backoff(int32_t attempts, int64_t least_ms, int64_t most_ms, double mean_ms)
{
    struct client client = jittering();
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    int64_t now_ms = 0;
    for (int32_t i = 0; i < attempts; i++) {
        struct request *const request = client_step(&client, 0, now_ms);
        cr_assert_not_null(request);
        client_answer(&client, 0, request, ERROR_NOT_ENOUGH_REPLICAS, now_ms);
        now_ms += i + 1 < attempts ? 1000 : 0;
    }
    int64_t least = INT64_MAX;
    int64_t most = 0;
    double sum = 0;
    for (int32_t i = 0; i < LOOKS; i++) {
        const int64_t delay_ms = sender_run_once(&client.sender, now_ms);
        least = delay_ms < least ? delay_ms : least;
        most = delay_ms > most ? delay_ms : most;
        sum += (double)delay_ms;
    }
    cr_expect_eq(least, least_ms, "attempt %" PRId32 ": %" PRId64, attempts, least);
    cr_expect_eq(most, most_ms, "attempt %" PRId32 ": %" PRId64, attempts, most);
    /* Five standard errors of a uniform draw; capped draws vary less. */
    const double error = 5 * (double)(most_ms - least_ms) / sqrt(12.0 * LOOKS);
    cr_expect_float_eq(sum / LOOKS, mean_ms, error, "attempt %" PRId32 ": mean %g", attempts,
                       sum / LOOKS);
    client_close(&client);
}

/* trunc(U[0.8, 1.2) x 100 x 2^n) has the mean 100 x 2^n - 1/2; from n = 4 on it is the least of
 * that, with 2^n = 10, and 1000: U[800, 1200) below 1000 half of the time. */
Test(backoff, doubles_with_jitter)
{
    expect_backoff(1, 80, 119, 99.5);
    expect_backoff(2, 160, 239, 199.5);
    expect_backoff(3, 320, 479, 399.5);
    expect_backoff(4, 640, 959, 799.5);
    expect_backoff(5, 800, 1000, 949.75);
    expect_backoff(6, 800, 1000, 949.75);
}

Test(backoff, is_constant_where_the_maximum_is_no_greater)
{
    struct client client = jittering();
    client.config.retry_backoff_max_ms = 70;
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NOT_ENOUGH_REPLICAS, 0);
    for (int32_t i = 0; i < 100; i++)
        cr_assert_eq(sender_run_once(&client.sender, 3), 67);
    cr_expect_null(client_step(&client, 0, 69));
    cr_expect_not_null(client_step(&client, 0, 70));
    client_close(&client);
}

/* From the failure of a batch to its retry, in ms; woken: by something else, every ms. */
static int64_t time_to_retry(struct client *client, int64_t now_ms, bool woken)
{
    client_fill(client, 0, 1, 100, now_ms);
    client_answer(client, 0, client_step(client, 0, now_ms), ERROR_NOT_ENOUGH_REPLICAS, now_ms);
    const int64_t failed_ms = now_ms;
    for (;;) {
        const int64_t delay_ms = sender_run_once(&client->sender, now_ms);
        struct request *const request = client_request(client, 0, now_ms);
        if (request != NULL) {
            client_answer(client, 0, request, ERROR_NONE, now_ms);
            return now_ms - failed_ms;
        }
        /* ready() may have said yes and drain() no: then it looks again at once. */
        now_ms += delay_ms == 0 ? 0 : woken ? 1 : delay_ms;
    }
}

static double mean_time_to_retry(bool woken, int64_t *least, int64_t *most)
{
    struct client client = jittering();
    client_open(&client);
    double sum = 0;
    *least = INT64_MAX;
    *most = 0;
    for (int32_t i = 0; i < LOOKS; i++) {
        const int64_t waited = time_to_retry(&client, 1000 * i, woken);
        sum += (double)waited;
        *least = waited < *least ? waited : *least;
        *most = waited > *most ? waited : *most;
    }
    client_close(&client);
    return sum / LOOKS;
}

/* The measured mean was 108.6 ms, over 82..119. */
Test(backoff, b12_jitter_is_drawn_anew_at_every_look_of_a_quiet_client)
{
    int64_t least, most;
    cr_expect_float_eq(mean_time_to_retry(false, &least, &most), 108.6, 0.4);
    cr_expect(least >= 80 && most <= 119, "%" PRId64 "..%" PRId64, least, most);
}

/* At k ms a draw lets it pass with p = (k - 79) / 40. ready() and drain() draw for themselves: it
 * leaves with p^2. It sleeps only if both draws of ready() say no; else the timeout is 0 and it
 * looks again: p^2 / (p^2 + (1 - p)^2). Measured: 91.5. */
Test(backoff, b12_jitter_is_drawn_anew_at_every_look_of_a_client_that_is_woken)
{
    double waits = 1;
    double expected = 0;
    for (int k = 80; k < 120; k++) {
        const double p = (k - 79) / 40.0;
        const double leaves = p * p / (p * p + (1 - p) * (1 - p));
        expected += waits * leaves * k;
        waits *= 1 - leaves;
    }
    cr_assert_float_eq(expected, 91.5, 0.1);
    int64_t least, most;
    const double mean = mean_time_to_retry(true, &least, &most);
    cr_expect_float_eq(mean, expected, 0.15, "%g, not %g", mean, expected);
    cr_expect(least >= 80 && most <= 119, "%" PRId64 "..%" PRId64, least, most);
}

/* The stream, drawn from in the client's order: at a look twice per head that waits. Returns the
 * least of what heads in their second attempt, failed at failed_ms[], then wait. */
static int64_t draw_look(struct rng *stream, const int64_t *failed_ms, int32_t heads,
                         int64_t now_ms)
{
    int64_t least_ms = INT64_MAX;
    for (int32_t i = 0; i < heads; i++) {
        (void)rng_next(stream);
        const double jitter = 0.8 + 0.4 * rng_uniform(stream);
        const int64_t rest_ms = (int64_t)(jitter * 100) - (now_ms - failed_ms[i]);
        least_ms = rest_ms < least_ms ? rest_ms : least_ms;
    }
    return least_ms;
}

/* Most looks are not asked how long the heads wait; the others tell what they would have told if
 * all had been asked. All heads wait for sure; 70 of them fill more than a word of bits. */
Test(backoff, what_nobody_asks_for_is_drawn_all_the_same)
{
    enum { HEADS = 70, AT = 40, BEFORE = 80 };
    struct client client = jittering();
    client.partitions = HEADS;
    client_open(&client);
    int64_t failed_ms[HEADS];
    for (int32_t p = 0; p < HEADS; p++) {
        failed_ms[p] = p / 2;
        client_fill(&client, p, 1, 100, failed_ms[p]);
        struct request *const request = client_step(&client, 0, failed_ms[p]);
        client_answer(&client, 0, request, ERROR_NOT_ENOUGH_REPLICAS, failed_ms[p]);
    }
    cr_assert_eq(client.acc.queues.nodes[0].retried_heads, HEADS);
    struct rng stream = client.acc.backoff.rng;
    rng_skip(&stream, client.acc.backoff.owed);
    for (int32_t look = 0; look < 3000; look++) {
        const int64_t now_ms = AT + look * (BEFORE - AT) / 3000;
        const int64_t expected_ms = draw_look(&stream, failed_ms, HEADS, now_ms);
        sender_begin(&client.sender, now_ms);
        sender_look(&client.sender);
        cr_assert_leq(client.sender.delay.least_ms, expected_ms);
        if (look % 17 != 0)
            continue;
        sender_draw_delay(&client.sender);
        cr_assert_eq(client.sender.delay.least_ms, expected_ms, "look %" PRId32, look);
    }
    client_close(&client);
}

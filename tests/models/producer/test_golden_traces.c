/*
 * test_golden_traces.c - the eight golden traces of the real client, line by line.
 *
 * guards: models/producer/accumulator, models/producer/sender, models/producer/partitioner;
 * recordings.md 1
 */
#include <stdlib.h>
#include <string.h>

#include "tests/models/producer/golden_driver.h"

#define TRACES TESTS_DIR "/golden-traces/traces.txt"

/* The lines under the trace's title, up to the next empty one. */
static char *expected_lines(const char *name)
{
    FILE *const in = fopen(TRACES, "r");
    cr_assert_not_null(in, "%s", TRACES);
    char *text = NULL;
    size_t text_bytes = 0;
    FILE *const out = open_memstream(&text, &text_bytes);
    char *line = NULL;
    size_t line_bytes = 0;
    bool inside = false;
    while (getline(&line, &line_bytes, in) > 0) {
        if (inside && strcmp(line, "\n") == 0)
            break;
        if (inside)
            fputs(line, out);
        inside |= strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ' ';
    }
    free(line);
    fclose(in);
    fclose(out);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void expect_lines(const char *name, const char *expected, const char *found)
{
    for (int32_t line = 1; *expected != '\0' || *found != '\0'; line++) {
        const size_t expected_bytes = strcspn(expected, "\n");
        const size_t found_bytes = strcspn(found, "\n");
        cr_assert(expected_bytes == found_bytes && strncmp(expected, found, found_bytes) == 0,
                  "%s, line %" PRId32 ": recorded\n%.*s\nnot\n%.*s", name, line,
                  (int)expected_bytes, expected, (int)found_bytes, found);
        expected += expected_bytes + (expected[expected_bytes] == '\n');
        found += found_bytes + (found[found_bytes] == '\n');
    }
}

static void reproduce(struct client *client, const struct golden_workload *workload)
{
    char *body = NULL;
    size_t body_bytes = 0;
    struct golden golden = {.workload = workload, .client = client};
    golden.out = open_memstream(&body, &body_bytes);
    if (workload->sticky_seed != 0)
        client->draws =
            (struct partitioner_draws){.next = golden_draw, .state = &golden.sticky_draws};
    client_open(client);
    golden_run(&golden);
    fclose(golden.out);

    char *found = NULL;
    size_t found_bytes = 0;
    FILE *const out = open_memstream(&found, &found_bytes);
    const struct sender_metrics *const metrics = &client->sender.metrics;
    fprintf(out,
            "END records=%" PRId64 " requests=%" PRId64 " wakeups=%" PRId32 " avail=%" PRId64
            " retries=%" PRId64 "\n%s",
            metrics->records_sent, metrics->requests, golden.wakeups, client_available(client),
            metrics->records_retried, body);
    fclose(out);
    char *const expected = expected_lines(workload->name);
    cr_assert_gt(count_lines(expected), 20, "%s is in the file", workload->name);
    expect_lines(workload->name, expected, found);
    free(expected);
    free(found);
    free(body);
    client_close(client);
}

Test(golden, gt1_lingers)
{
    struct client client = {.config = client_config(), .partitions = 3, .nodes = 1};
    client.config.linger_ms = 5;
    reproduce(&client, &(struct golden_workload){.name = "GT1",
                                                 .rtt_ms = {8},
                                                 .seed = 1,
                                                 .records = 300,
                                                 .gap_spread = 4,
                                                 .value_least = 50,
                                                 .value_spread = 1500});
}

Test(golden, gt2_has_one_request_in_flight)
{
    struct client client = {.config = client_config(), .partitions = 3, .nodes = 1};
    client.config.max_in_flight = 1;
    reproduce(&client, &(struct golden_workload){.name = "GT2",
                                                 .rtt_ms = {12},
                                                 .seed = 2,
                                                 .records = 300,
                                                 .gap_spread = 2,
                                                 .value_least = 50,
                                                 .value_spread = 1500});
}

Test(golden, gt3_is_limited_by_request_size)
{
    struct client client = {.config = client_config(), .partitions = 6, .nodes = 2};
    client.config.batch_size = 4096;
    client.config.linger_ms = 20;
    client.config.max_in_flight = 2;
    client.config.max_request_size = 9000;
    reproduce(&client, &(struct golden_workload){.name = "GT3",
                                                 .rtt_ms = {5, 25},
                                                 .seed = 3,
                                                 .records = 250,
                                                 .gap_spread = 3,
                                                 .value_least = 10,
                                                 .value_spread = 5000});
}

static const int32_t descending[] = {3, 2, 1, 0};

Test(golden, gt4_sticks)
{
    struct client client = {
        .config = client_config(), .partitions = 4, .nodes = 1, .order = descending};
    client.config.linger_ms = 5;
    reproduce(&client, &(struct golden_workload){.name = "GT4",
                                                 .rtt_ms = {10},
                                                 .seed = 4,
                                                 .sticky_seed = 44,
                                                 .records = 300,
                                                 .gap_spread = 2,
                                                 .value_least = 1000,
                                                 .value_spread = 200});
}

Test(golden, gt5_avoids_long_queues)
{
    struct client client = {
        .config = client_config(), .partitions = 4, .nodes = 2, .order = descending};
    client.config.adaptive = true;
    client.config.max_in_flight = 1;
    reproduce(&client, &(struct golden_workload){.name = "GT5",
                                                 .rtt_ms = {4, 60},
                                                 .seed = 5,
                                                 .sticky_seed = 55,
                                                 .records = 300,
                                                 .gap_spread = 2,
                                                 .value_least = 1000,
                                                 .value_spread = 200});
}

static void reproduce_errors(const char *name, bool idempotence)
{
    struct client client = {
        .config = client_config(), .partitions = 2, .nodes = 1, .order = (const int32_t[]){1, 0}};
    client.config.linger_ms = 2;
    client.config.idempotence = idempotence;
    client.config.retry_backoff_ms = 10;
    client.config.retry_backoff_max_ms = 10;
    reproduce(&client, &(struct golden_workload){.name = name,
                                                 .rtt_ms = {10},
                                                 .seed = 6,
                                                 .records = 60,
                                                 .gap_spread = 3,
                                                 .value_least = 100,
                                                 .value_spread = 900,
                                                 .error_from = 30,
                                                 .error_until = 45});
}

Test(golden, gt6_retries_in_sequence)
{
    reproduce_errors("GT6", true);
}

Test(golden, gt7_retries_and_reorders)
{
    reproduce_errors("GT7", false);
}

Test(golden, gt8_expires)
{
    struct client client = {.config = client_config(), .partitions = 3, .nodes = 1};
    client.config.batch_size = 2048;
    client.config.linger_ms = 5;
    client.config.max_in_flight = 1;
    client.config.max_request_size = 3000;
    client.config.delivery_timeout_ms = 40;
    reproduce(&client, &(struct golden_workload){.name = "GT8",
                                                 .rtt_ms = {30},
                                                 .seed = 8,
                                                 .records = 120,
                                                 .gap_spread = 2,
                                                 .value_least = 200,
                                                 .value_spread = 800});
}

/*
 * test_params.c - the fan-out model's table: the defaults that scenario.md 1 names, and that it
 * is sound.
 *
 * guards: models/params/params, models/params/relations, sim/command/params_print; scenario.md 1;
 * kafka-producer.md 11; real-clock.md 6
 */
#include "sim/command/params_print.h"
#include "tests/binding.h"

TestSuite(params, .init = begin_binding, .fini = end_binding);

/* scenario.md 1. */
Test(params, defaults)
{
    const struct fanout_params params = resolve("run:\n", NULL);
    expect_said(&diag, "");
    cr_assert_str_eq(params.name, "s");
    cr_assert_eq(params.duration, 60 * SIM_SECOND);
    cr_assert_eq(params.warm_up, 10 * SIM_SECOND);
    cr_assert_eq(params.sample, 100 * SIM_MS);
    cr_assert_eq(params.seed, 1);
    cr_assert_eq(params.rate, 0);
    cr_assert_eq(params.arrivals.kind, ARRIVALS_POISSON);
    cr_assert_eq(params.emit.mean, 1);
    cr_assert_eq(params.value.mean, 500);
    cr_assert_eq(params.header_count.mean, 0);
    cr_assert_eq(params.parallelism, 1);
    cr_assert_eq(params.checkpoint_interval, 0);
    cr_assert_eq(params.checkpoint_at.count, 0);
    cr_assert_eq(params.shards, 1);
    cr_assert_eq(params.client.major, 3);
    cr_assert_eq(params.client.minor, 9);
    cr_assert_eq(params.client.patch, 1);
    cr_assert_eq(params.brokers, 3);
    cr_assert_eq(params.rtt.family, DIST_CONSTANT);
    cr_assert_eq(params.rtt.mean, 1e6);
    cr_assert_eq(params.preset, PRESET_FREE);
    cr_assert_eq(params.sender_request.mean, 0);
}

/* kafka-producer.md 11. */
Test(params, client_defaults)
{
    const struct fanout_params params = resolve("run:\n", NULL);
    cr_assert_eq(params.batch_size, 16384);
    cr_assert_eq(params.linger_ms, 0);
    cr_assert_eq(params.buffer_memory, 32 << 20);
    cr_assert_eq(params.max_block_ms, 60000);
    cr_assert_eq(params.max_request_size, 1 << 20);
    cr_assert_eq(params.max_in_flight, 5);
    cr_assert_eq(params.codec, CODEC_NONE);
    cr_assert_eq(params.acks, 0);
    cr_assert_eq(params.idempotence, 1);
    cr_assert_eq(params.retries, 2147483647);
    cr_assert_eq(params.retry_backoff_ms, 100);
    cr_assert_eq(params.retry_backoff_max_ms, 1000);
    cr_assert_eq(params.delivery_timeout_ms, 120000);
    cr_assert_eq(params.request_timeout_ms, 30000);
    cr_assert_eq(params.adaptive, 1);
    cr_assert_eq(params.availability_timeout_ms, 0);
    cr_assert_eq(params.ignore_keys, 0);
    cr_assert_eq(params.message_max_bytes, 1048588);
}

/* scenario.md 1; of a real clock as measured (real-clock.md 6). */
Test(params, typical_costs)
{
    const struct fanout_params params =
        resolve("costs: {preset: typical, sender: {batch: 4us}}\n", NULL);
    cr_assert_eq(params.function.mean, 0);
    cr_assert_eq(params.mailbox_record.mean, 2000);
    cr_assert_eq(params.mailbox_byte.mean, 1);
    cr_assert_eq(params.mailbox_batch.mean, 8000);
    cr_assert_eq(params.mailbox_wakeup.family, DIST_MIXTURE);
    cr_assert_float_eq(params.mailbox_wakeup.mean, 0.97 * 3000 + 0.03 * 400000, 1e-6);
    cr_assert_eq(params.sender_look.mean, 5000);
    cr_assert_eq(params.sender_partition.mean, 60);
    cr_assert_eq(params.completion_batch.mean, 1500);
    cr_assert_eq(params.completion_record.mean, 200);
    cr_assert_eq(params.hand_over.mean, 8000);
    cr_assert_eq(params.sender_wakeup.mean, 20000);
    cr_assert_eq(params.sender_oversleep.mean, 100000);
    cr_assert_eq(params.sender_request.mean, 50000);
    cr_assert_eq(params.sender_batch.mean, 4000); /* given */
    cr_assert_eq(params.sender_byte.mean, 1.6);
    cr_assert_eq(params.broker_request.mean, 30000);
    cr_assert_eq(params.broker_batch.mean, 8000);
    cr_assert_eq(params.broker_byte.mean, 1.25);
    cr_assert_eq(params.rtt.family, DIST_GAMMA);
    cr_assert_eq(params.rtt.mean, 600000);
    cr_assert_eq(params.rtt.cv, 0.3);
}

/* What the table says of itself holds: presets exist, sections cover every path, nothing is said
 * twice. */
Test(params, table_is_sound)
{
    const struct param_table *const table = &fanout_param_table;
    for (size_t i = 0; i < table->count; i++) {
        const char *const path = table->rows[i].path;
        cr_assert_eq(param_row(table, path), &table->rows[i], "%s twice", path);
        cr_assert_not(param_is_later(table, path), "%s", path);
        cr_assert_not(param_is_inert(table, path), "%s", path);
        cr_assert_null(param_section(table, path), "%s", path);
        cr_assert_eq(
            param_find(table, &diag, (struct place){0}, param_short_name(table, &table->rows[i])),
            &table->rows[i]);
    }
    for (size_t i = 0; i < table->preset_count; i++) {
        cr_assert_not_null(param_row(table, table->presets[i].selector));
        cr_assert_not_null(param_row(table, table->presets[i].path));
    }
    for (size_t i = 0; i < table->inert_count; i++)
        cr_assert_not(param_is_later(table, table->inert[i]), "%s", table->inert[i]);
}

/* As `params` prints it; sets end with NULL. */
static char *printed(const char *const *sets, bool markdown)
{
    char *text = NULL;
    size_t bytes = 0;
    size_t count = 0;
    struct scenario scenario;
    while (sets[count] != NULL)
        count++;
    cr_assert(scenario_read(&scenario, &model, &arena, &diag, NULL, sets, count));
    FILE *const out = open_memstream(&text, &bytes);
    params_print(&scenario, out, markdown);
    fclose(out);
    return text;
}

/* Ranges and defaults as a user writes them. */
Test(params, prints_the_table)
{
    char *text = printed(SETS(NULL), true);
    cr_assert_not_null(strstr(text, "| `producer.linger.ms` | ms | 0ms to 2147483647ms | 0 | how "
                                    "long a batch waits for more records |\n"));
    cr_assert_not_null(
        strstr(text, "| `egress.shard-by` | word | topic, entity, declaration | topic | "));
    cr_assert_not_null(strstr(text, "| `load.rate` | rate | 1e-6/s to 1000M/s, saturated |  | "));
    cr_assert_not_null(strstr(text, "| `load.arrivals` | structure |  | poisson | "));
    cr_assert_not_null(strstr(text, "- `producer.client: 4.0 and later` brings "
                                    "`producer.linger.ms: 5`\n"));
    cr_assert_not_null(strstr(text, "- `producer.client: before 3.7` has no "
                                    "`producer.retry.backoff.max.ms`\n"));
    free(text);
    text = printed(SETS(NULL), false);
    cr_assert_not_null(strstr(text, "\negress.shards "));
    for (size_t i = 0; i < fanout_param_table.count; i++)
        cr_assert_not_null(strstr(text, fanout_param_table.rows[i].help));
    free(text);
}

/* What is given decides on the defaults of the rest, and on what there is. */
Test(params, prints_the_defaults_of_a_client)
{
    char *text = printed(SETS("client=3.2"), true);
    cr_assert_not_null(strstr(text, "| `producer.client` | structure |  | 3.2 |"));
    cr_assert_not_null(strstr(text, " | 0ms to 2147483647ms | 0 | how long a batch waits"));
    cr_assert_null(strstr(text, "retry.backoff.max.ms"));
    cr_assert_null(strstr(text, "allocation.strategy"));
    cr_assert_null(strstr(text, "Other defaults"), "they are of no interest then");
    free(text);
    text = printed(SETS("client=flink-connector-5.0", "costs.preset=typical"), true);
    cr_assert_not_null(strstr(text, " | 0ms to 2147483647ms | 5 | how long a batch waits"));
    cr_assert_not_null(strstr(text, "retry.backoff.max.ms"));
    cr_assert_null(strstr(text, "allocation.strategy"));
    cr_assert_not_null(
        strstr(text, "| {gamma: {mean: 50us, cv: 0.5}} | of a request in the Sender thread"));
    free(text);
}

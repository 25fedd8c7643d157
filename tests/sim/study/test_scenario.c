/*
 * test_scenario.c - files and --set bound to the fan-out model's table: layers, names, and every
 * mistake with its place.
 *
 * guards: sim/study/scenario, sim/input/param
 */
#include "tests/binding.h"

TestSuite(scenario, .init = begin_binding, .fini = end_binding);

Test(scenario, values)
{
    const struct fanout_params params =
        resolve("name: twelve\n"
                "load:\n"
                "  rate: 240k/s\n"
                "  record: {value: {lognormal: {mean: 500B, cv: 1.2}}, headers: {count: 2}}\n"
                "job:\n"
                "  checkpoint: {at: [24ms]}\n"
                "  max-parallelism: 128\n"
                "producer:\n"
                "  client: 4.0\n"
                "  compression.type: lz4\n"
                "  acks: -1\n"
                "  linger.ms: 2s\n"
                "  batch.size: 128KiB\n"
                "  max.in.flight.requests.per.connection: 1\n"
                "costs:\n"
                "  broker: {byte: 0.25ns}\n",
                NULL);
    cr_assert_str_eq(params.name, "twelve");
    cr_assert_eq(params.rate, 240000);
    cr_assert_eq(params.value.family, DIST_LOGNORMAL);
    cr_assert_eq(params.header_count.mean, 2);
    cr_assert_eq(params.checkpoint_at.count, 1);
    cr_assert_eq(params.checkpoint_at.at[0], 24 * SIM_MS);
    cr_assert_eq(params.max_parallelism, 128);
    cr_assert_eq(params.codec, CODEC_LZ4);
    cr_assert_eq(params.acks, 1);
    cr_assert_eq(params.linger_ms, 2000);
    cr_assert_eq(params.batch_size, 131072);
    cr_assert_eq(params.max_in_flight, 1);
    cr_assert_eq(params.broker_byte.mean, 0.25);
}

Test(scenario, layers)
{
    /* A preset's default yields to the file, the file to --set, one --set to the next. */
    cr_assert_eq(resolve("producer: {client: \"4.0\"}\n", NULL).linger_ms, 5);
    cr_assert_eq(resolve("producer: {client: 4.0, linger.ms: 0}\n", NULL).linger_ms, 0);
    cr_assert_eq(resolve("producer: {client: 4.0, linger.ms: 0}\n", SETS("linger.ms=7")).linger_ms,
                 7);
    cr_assert_eq(resolve("run:\n", SETS("linger.ms=7", "producer.linger.ms=8")).linger_ms, 8);
    /* The selector's final value counts. */
    cr_assert_eq(resolve("producer: {client: 4.0}\n", SETS("client=3.9")).linger_ms, 0);
    cr_assert_eq(resolve("producer: {client: 3.9}\n", SETS("client=4.0")).linger_ms, 5);
}

Test(scenario, names)
{
    struct scenario scenario;
    cr_assert(bind(&scenario, "run:\n", NULL));
    cr_assert_str_eq(scenario.name, "s");
    cr_assert_str_eq(scenario.directory, ".");
    cr_assert(bind(&scenario, "name: \"20x12\"\n", NULL));
    cr_assert_str_eq(scenario.name, "20x12");
    cr_assert_str_eq(resolve("name: a\n", SETS("name=b")).name, "b");
}

Test(scenario, sets_by_suffix)
{
    const struct fanout_params params = resolve(
        "run:\n", SETS("checkpoint.interval=30s", "batch.size=1KiB", "shards=4", "parallelism=24",
                       "rtt=2ms", "seed=7", "rate=1k/s", "record.value={uniform: {min: 1, max: 3}}",
                       "mailbox.record=3us", "load.record.headers.count=1"));
    cr_assert_eq(params.checkpoint_interval, 30 * SIM_SECOND);
    cr_assert_eq(params.batch_size, 1024);
    cr_assert_eq(params.shards, 4);
    cr_assert_eq(params.parallelism, 24);
    cr_assert_eq(params.rtt.mean, 2e6);
    cr_assert_eq(params.seed, 7);
    cr_assert_eq(params.rate, 1000);
    cr_assert_eq(params.value.family, DIST_UNIFORM);
    cr_assert_eq(params.mailbox_record.mean, 3000);
    cr_assert_eq(params.header_count.mean, 1);
    cr_assert_eq(resolve("run:\n", SETS("interval=5s")).checkpoint_interval, 5 * SIM_SECOND);
}

Test(scenario, sets_that_are_wrong)
{
    expect_errors(
        "run:\n",
        SETS("linger.ms=0.5", "size=1", "record=3us", "request=1us", "seed=", "foo", "=1",
             "partitioner.class=a.B", "batch.size=[1", "acks=2", "load.record={value: 3}"),
        "--set linger.ms:1:11: error: producer.linger.ms: 0.5 must be a whole number of "
        "milliseconds\n"
        "--set size:1:1: error: unknown parameter \"size\"; did you mean batch.size or "
        "max.request.size?\n"
        "--set record:1:1: error: record is ambiguous; it may be job.ingress.record, "
        "costs.mailbox.record, costs.source.record, costs.sender.completion.record or "
        "load.record\n"
        "--set request:1:1: error: request is ambiguous; it may be costs.sender.request, "
        "costs.broker.request, costs.network.request, costs.follower.request or "
        "costs.remote.request\n"
        "--set seed:1:6: error: run.seed: no value; expected a count\n"
        "--set: error: expected KEY=VALUE, not \"foo\"\n"
        "--set: error: expected KEY=VALUE, not \"=1\"\n"
        "--set partitioner.class:1:1: error: producer.partitioner.class is not built yet\n"
        "--set batch.size:2:1: error: not YAML: did not find expected ',' or ']', while parsing a "
        "flow sequence that begins in line 1\n"
        "--set acks:1:6: error: producer.acks: unknown word \"2\"; expected all, -1, 1 or 0\n"
        "--set load.record:1:1: error: load.record is a section; name one of its keys: value or "
        "headers\n");
}

/* All in one run, each with its place; relations wait until the values are good. */
Test(scenario, collects_errors)
{
    expect_errors(
        "run:\n"
        "  duration: 60\n"
        "  warm-up: auto\n"
        "  precision: 0.1%\n"
        "load: {rate: 240k, arrivals: possion}\n"
        "job:\n"
        "  paralelism: 3\n"
        "  batch.size: 3\n"
        "  checkpoint: 5s\n"
        "  ingress: {topics: []}\n"
        "egress: [1]\n"
        "sweep: {}\n"
        "topic: 3\n",
        SETS("shards=65"),
        "s.yaml:2:13: error: run.duration: 60 has no unit; write it with s, ms, us, ns, "
        "min or h, such as 60s\n"
        "s.yaml:4:14: error: run.precision: 0.1% is out of range; from 0.0025 to 1\n"
        "s.yaml:5:14: error: load.rate: \"240k\" has an unknown unit; a rate is written "
        "with /s, k/s or M/s\n"
        "s.yaml:5:30: error: load.arrivals: unknown word \"possion\"; write poisson, constant, "
        "{gamma: {cv: 3}} or {bursts: {busy: 200ms, quiet: 800ms}}; did you mean poisson?\n"
        "s.yaml:7:3: error: job.paralelism: unknown key; did you mean parallelism?\n"
        "s.yaml:8:3: error: job.batch.size: unknown key; did you mean "
        "producer.batch.size?\n"
        "s.yaml:9:15: error: job.checkpoint: expected a map with keys of its own, not a "
        "single value\n"
        "s.yaml:10:21: error: topics is empty; write a list: [{name: events, "
        "partitions: 12}]\n"
        "s.yaml:11:9: error: egress: expected a map with keys of its own, not a list\n"
        "s.yaml:13:1: error: topic: unknown key; did you mean topics?\n"
        "--set shards:1:8: error: egress.shards: 65 is out of range; from 1 to 64\n");
    cr_assert_eq(checks, 0);
}

Test(scenario, properties_that_the_client_does_not_know)
{
    expect_errors("producer:\n"
                  "  linger: 5\n"
                  "  batch: {size: 1}\n"
                  "  foo: 1\n"
                  "  ssl.protocoll: TLS\n"
                  "  partitioner.class: x\n"
                  "  sasl: {mechanism: PLAIN}\n"
                  "  linger.ms: {mean: 5}\n",
                  NULL,
                  "s.yaml:2:3: error: producer.linger: Kafka does not know this property; did you "
                  "mean linger.ms?\n"
                  "s.yaml:3:3: error: producer.batch: Kafka does not know this property; did you "
                  "mean batch.size?\n"
                  "s.yaml:4:3: error: producer.foo: Kafka does not know this property\n"
                  "s.yaml:5:3: error: producer.ssl.protocoll: Kafka does not know this property; "
                  "did you mean ssl.protocol?\n"
                  "s.yaml:6:3: error: producer.partitioner.class is not built yet\n"
                  "s.yaml:7:3: error: producer.sasl: Kafka does not know this property\n"
                  "s.yaml:8:14: error: producer.linger.ms: expected a time in whole milliseconds, "
                  "not a map\n");
}

Test(scenario, properties_without_effect)
{
    struct scenario scenario;
    cr_assert(bind(&scenario,
                   "producer:\n"
                   "  acks: all\n"
                   "  client.id: me\n"
                   "  batch.size: 1\n"
                   "  security.protocol: SASL_SSL\n"
                   "  config.providers.file.class: x\n",
                   SETS("ssl.key.password=12")));
    scenario_note_inert(&scenario, &diag);
    expect_said(&diag, "s.yaml:3:3: note: no effect on this model: client.id, security.protocol, "
                       "config.providers.file.class, ssl.key.password\n");
    expect_errors("producer: {client.id: [a]}\n", NULL,
                  "s.yaml:1:23: error: producer.client.id: expected a single value, not a list\n");
    /* Only where Kafka has them. */
    expect_errors("client.id: a\n", NULL,
                  "s.yaml:1:1: error: client.id: unknown key; expected name, topics, run, load, "
                  "job, egress, producer, brokers, costs or sweep\n");
}

Test(scenario, keys_given_twice)
{
    expect_errors("producer: {linger.ms: 1}\nproducer.linger.ms: 2\nrun: {seed: 1, seed: 2}\n",
                  NULL,
                  "s.yaml:2:1: error: producer.linger.ms is given twice; first in line 1\n"
                  "s.yaml:3:16: error: seed is given twice; first in line 3\n");
}

Test(scenario, tells_the_model_what_was_given)
{
    resolve("producer:\n  linger.ms: 5\n", NULL);
    cr_assert_eq(checks, 1);
    cr_assert_eq(linger_place.line, 2);
    cr_assert_eq(linger_place.column, 14);
    resolve("producer: {client: 4.0}\n", NULL);
    cr_assert_eq(linger_place.line, 0);
}

/* A sweep puts other nodes into a copy. */
Test(scenario, resolves_again)
{
    struct scenario scenario, other;
    struct fanout_params params;
    cr_assert(bind(&scenario, "producer: {client: 4.0}\n", NULL));
    cr_assert(bind(&other, "producer: {client: 3.9, batch.size: 7}\n", NULL));
    scenario.given[ROW_client] = other.given[ROW_client];
    scenario.given[ROW_batch_size] = other.given[ROW_batch_size];
    cr_assert(scenario_resolve(&scenario, &arena, &diag, &params));
    cr_assert_eq(params.linger_ms, 0);
    cr_assert_eq(params.batch_size, 7);
    cr_assert_eq(checks, 1);
    /* Relations between values are looked at when the values are good. */
    const struct node bad = {.kind = NODE_SCALAR, .text = "x", .place = {"--sweep", 1, 1}};
    scenario.given[ROW_shards] = &bad;
    cr_assert_not(scenario_resolve(&scenario, &arena, &diag, &params));
    cr_assert_eq(checks, 1);
    cr_assert_eq(diag.errors, 1);
}

Test(scenario, no_file)
{
    struct scenario scenario;
    cr_assert_not(scenario_read(&scenario, &model, &arena, &diag, "no/such.yaml", NULL, 0));
    expect_said(&diag,
                "no/such.yaml: error: cannot open no/such.yaml: No such file or directory\n");
    cr_assert_str_eq(scenario.name, "such");
    cr_assert_str_eq(scenario.directory, "no");
}

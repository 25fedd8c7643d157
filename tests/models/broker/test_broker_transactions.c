/*
 * test_broker_transactions.c - brokers that add partitions to transactions (transaction.version 2),
 * and what is left of a transaction that has ended: by hand.
 *
 * guards: models/broker/broker_channel, models/broker/broker_model; flink-statefun.md 2.4
 */
#include "tests/run.h"

#define RTT     200
#define SERVICE 1000
#define LONGER  600

static struct fault_list no_faults;
static struct broker_partition partitions[2];
static struct broker_model model;
static struct broker broker;
static struct connection connection;
static struct batch batch;
static struct request request;

static void set_up(void)
{
    model = (struct broker_model){.rtt = {.constant = RTT},
                                  .socket = socket_model_new(131072, 102400),
                                  .request = {.constant = SERVICE},
                                  .produce = {.constant = LONGER},
                                  .message_max_bytes = 1000,
                                  .io_threads = 1,
                                  .faults = &no_faults,
                                  .idempotence = true,
                                  .transactional = true,
                                  .adds_partitions = true};
    broker_init(&broker, NULL, NULL, &model, 0, 1);
    connection_init(&connection, &broker, NULL, partitions, (struct rng_seed){1, 0}, 0, 0, NULL,
                    NULL);
}

TestSuite(broker_transactions, .init = set_up);

/* A batch of three records, answered after `ns` at the broker. */
static void expect_ns(int32_t slot, int32_t epoch, int32_t sequence, sim_time ns)
{
    batch =
        (struct batch){.slot = slot, .sent_epoch = epoch, .sent_sequence = sequence, .records = 3};
    request = (struct request){.first = &batch, .batches = 1};
    const sim_time arrival = connection.served + 10000;
    connection.first = connection.last = NULL;
    connection_send(&connection, &request, arrival - RTT / 2);
    cr_expect_eq(request.due - arrival - RTT / 2, ns, "partition %d, transaction %d, %d: %lld ns",
                 slot, epoch / BATCH_EPOCHS, sequence, (long long)(request.due - arrival));
}

/* The first records of a partition in a transaction take longer, which has a producer id of its
 * own; what is not in order is not in it, and what comes again is in it already. */
Test(broker_transactions, once_in_a_transaction)
{
    expect_ns(0, 0, 0, SERVICE + LONGER);
    expect_ns(0, 0, 3, SERVICE);
    expect_ns(1, 0, 5, SERVICE);
    expect_ns(1, 0, 0, SERVICE + LONGER);
    expect_ns(1, 0, 0, SERVICE);
    expect_ns(0, BATCH_EPOCHS, 0, SERVICE + LONGER);
    expect_ns(0, BATCH_EPOCHS, 3, SERVICE);
    expect_ns(1, BATCH_EPOCHS, 0, SERVICE + LONGER);
}

Test(broker_transactions, clients_that_ask_have_done_so)
{
    model.adds_partitions = false;
    expect_ns(0, 0, 0, SERVICE);
    expect_ns(0, BATCH_EPOCHS, 0, SERVICE);
}

/* A client has hung up while its broker paused, and has sent the batch to the next leader; when its
 * first request is served at last, another transaction has begun in the partition. */
Test(broker_transactions, what_comes_after_the_end)
{
    expect_ns(0, 0, 0, SERVICE + LONGER);
    expect_ns(0, 2 * BATCH_EPOCHS, 0, SERVICE + LONGER);
    expect_ns(0, 0, 0, SERVICE);
    cr_expect_eq(batch.error, ERROR_INVALID_PRODUCER_EPOCH);
    expect_ns(0, BATCH_EPOCHS, 0, SERVICE);
    cr_expect_eq(batch.error, ERROR_INVALID_PRODUCER_EPOCH);
    cr_expect_eq(connection.channel.records_appended, 6);
    expect_ns(0, 2 * BATCH_EPOCHS, 3, SERVICE);
    cr_expect_eq(batch.error, ERROR_NONE);
}

/* At a broker that is shared, too: a wait for the coordinator, above that for replicas, which takes
 * no handler. */
Test(broker_transactions, without_a_handler)
{
    struct run run;
    run_read_text(&run, "run: {duration: 1s, warm-up: 0s}\n"
                        "topics: [{name: t, partitions: 1}]\n"
                        "load: {rate: 2/s, arrivals: constant}\n"
                        "job: {parallelism: 2}\n"
                        "egress: {delivery: exactly-once}\n"
                        "producer: {client: \"4.0\", linger.ms: 0}\n"
                        "brokers: {count: 1, rtt: 10ms, num.io.threads: 1,\n"
                        "          transaction.version: 2}\n"
                        "costs: {broker: {request: 2ms, replication: 0ns},\n"
                        "        transaction: {produce: 6ms}}\n");
    double columns[COLUMN_COUNT];
    run_begin(&run, 0, true, false);
    run_window(&run, columns);
    cr_expect_float_eq(columns[COLUMN_latency_replication_avg], 6, 1e-9);
    cr_expect_float_eq(columns[COLUMN_latency_append_avg], 2, 1e-9);
    cr_expect_float_eq(columns[COLUMN_broker_handler_idle_min], 1 - 2 * 0.002, 1e-6, "%g",
                       columns[COLUMN_broker_handler_idle_min]);
    run_end(&run);
    run_free(&run);
}

/*
 * test_broker.c - a shared broker: the way of requests by hand, and its queues against theory.
 *
 * guards: models/broker/broker, models/broker/broker_channel; flink-statefun.md 9.1, 9.2
 */
#include "tests/run.h"

#define CONNECTIONS 4000
#define ARRIVALS    40000

static struct arena arena;
static struct calendar cal;
static struct broker_model model;
static struct broker broker;
static struct connection *connections;
static struct request *requests; /* one per connection, and another one for those that need it */
static struct batch *batches;
static struct fault faults[2];
static struct fault_list fault_list = {.items = faults};
static sim_time done[2 * CONNECTIONS]; /* by request; 0: not yet */
static int32_t *idle;                  /* connections */
static int32_t idle_count;

/* Poisson arrivals on connections that have nothing else to do. */
static struct driver {
    struct timer timer;
    struct rng gaps;
    double gap_ns;
    int64_t left;
    struct tally queued;
} driver;

static void is_done(struct calendar *common, struct broker_channel *channel,
                    struct request *request)
{
    struct connection *const connection = connection_of(channel);
    connection_answered(connection, request, common->now);
    done[request - requests] = common->now;
    if (idle != NULL) {
        cr_assert_not_null(connection_receive(connection, common->now));
        idle[idle_count++] = (int32_t)(connection - connections);
        tally_add(&driver.queued, (double)request->queued_ns);
    }
}

static void add_driver(void);

/* With the model as it is. */
static void open_broker(int32_t count)
{
    static struct broker_partition partitions[1];
    arena_init(&arena);
    calendar_init(&cal, &arena, 2);
    model.shared = true;
    model.message_max_bytes = 1 << 30;
    model.faults = &fault_list;
    model.socket = socket_model_new(131072, 102400);
    model.queued_max = model.queued_max > 0 ? model.queued_max : 1000000;
    broker_init(&broker, &arena, &cal, &model, 0, count);
    connections = ARENA_ARRAY(&arena, struct connection, count);
    requests = ARENA_ARRAY(&arena, struct request, 2 * count);
    batches = ARENA_ARRAY(&arena, struct batch, 2 * count);
    for (int32_t i = 0; i < count; i++)
        connection_init(&connections[i], &broker, NULL, partitions, (struct rng_seed){1, 0}, 0,
                        (uint32_t)i, is_done, NULL);
    for (int32_t i = 0; i < 2 * count; i++)
        done[i] = 0;
    add_driver();
}

static void close_broker(void)
{
    arena_free(&arena);
}

/* One batch of so many bytes, without a round trip. */
static void send(int32_t connection, int32_t number, sim_time arrival, int32_t bytes)
{
    batches[number] = (struct batch){.wire_bytes = bytes};
    requests[number] = (struct request){.first = &batches[number], .batches = 1, .bytes = bytes};
    connection_send(&connections[connection], &requests[number], arrival);
}

static void expect_done(int32_t number, sim_time when)
{
    cr_expect_eq(done[number], when, "request %d is done at %lld, not %lld", number,
                 (long long)done[number], (long long)when);
}

static void small_model(int32_t network_threads, int32_t io_threads)
{
    model = (struct broker_model){.network_threads = network_threads,
                                  .io_threads = io_threads,
                                  .network_request = {.constant = 10},
                                  .request = {.constant = 100},
                                  .replication = {.constant = 50},
                                  .replicates = true};
}

Test(broker, reads_serves_replicates_answers)
{
    small_model(1, 1);
    model.network_byte.constant = 0.5;
    model.byte.constant = 2;
    model.batch.constant = 7;
    open_broker(1);
    send(0, 0, 1000, 20);
    calendar_run(&cal, 3000);
    expect_done(0, 1000 + (10 + 10) + (100 + 7 + 40) + 50 + 10);
    cr_expect_eq(requests[0].queued_ns, 20);
    cr_expect_eq(requests[0].held_ns, done[0] - 1000);
    cr_expect_float_eq(broker_handler_idle(&broker, 3000), 1 - 147.0 / 3000, 1e-12);
    cr_expect_float_eq(broker_network_idle(&broker, 3000), 1 - 30.0 / 3000, 1e-12);
    close_broker();
}

/* What is pipelined on a connection stays in its socket until the answer before has left. */
Test(broker, one_request_at_a_time_per_connection)
{
    small_model(1, 8);
    open_broker(2);
    send(0, 0, 1000, 1);
    send(0, 1, 1001, 1);
    send(1, 2, 1015, 1);
    calendar_run(&cal, 3000);
    expect_done(0, 1170);
    expect_done(1, 1170 + 170);
    expect_done(2, 1175 + 5 + 10); /* its answer waits for the reading of 1 */
    close_broker();
}

Test(broker, handlers_are_first_come_first_served)
{
    small_model(3, 2);
    open_broker(4);
    for (int32_t i = 0; i < 4; i++)
        send(i, i, 1000 + i, 1);
    calendar_run(&cal, 3000);
    expect_done(0, 1000 + 10 + 100 + 50 + 10);
    expect_done(1, 1001 + 10 + 100 + 50 + 10);
    expect_done(2, 1110 + 100 + 50 + 10);
    expect_done(3, 1111 + 100 + 50 + 10);
    cr_expect_eq(requests[3].queued_ns, 1111 - 1003);
    close_broker();
}

/* Connections belong to network threads in turn: 0 and 3 share one. */
Test(broker, a_connection_has_its_network_thread)
{
    small_model(3, 8);
    open_broker(4);
    for (int32_t i = 0; i < 4; i++)
        send(i, i, 1000, 1);
    calendar_run(&cal, 3000);
    expect_done(0, 1170);
    expect_done(1, 1170);
    expect_done(2, 1170);
    expect_done(3, 1180);
    close_broker();
}

Test(broker, without_replicas_or_answers)
{
    small_model(1, 1);
    model.replicates = false;
    open_broker(1);
    send(0, 0, 1000, 1);
    calendar_run(&cal, 3000);
    expect_done(0, 1120);
    close_broker();

    model.silent = true;
    open_broker(1);
    send(0, 0, 1000, 1);
    cr_expect_eq(connection_receive(&connections[0], 1000), &requests[0], "written is done");
    cr_expect(requests[0].at_broker);
    cr_expect_eq(connections[0].counts.requests, 0, "the broker has it still");
    requests[0].orphan = true;
    calendar_run(&cal, 3000);
    expect_done(0, 1110);
    cr_expect_eq(connections[0].counts.requests, 1);
    cr_expect_float_eq(broker_network_idle(&broker, 3000), 1 - 10.0 / 3000, 1e-12);
    close_broker();
}

/*
 * One handler, one place: 0 is served from 1010 to 2010, 1 waits, 2 is read at 1030 and has no
 * place, so the thread stands still; it reads 3 when 0 has been served, and stands still with it
 * until 1 has been served, at 3010. The answers to 0 and 1 leave then.
 */
Test(broker, a_full_queue_stops_the_network_threads)
{
    small_model(1, 1);
    model.request.constant = 1000;
    model.replicates = false;
    model.queued_max = 1;
    open_broker(4);
    for (int32_t i = 0; i < 4; i++)
        send(i, i, 1000, 1);
    calendar_run(&cal, 2500);
    expect_done(0, 0);
    cr_expect_float_eq(broker_network_idle(&broker, 2500), 1 - 1500.0 / 2500, 1e-12,
                       "standing still is not idle: %g", broker_network_idle(&broker, 2500));
    calendar_run(&cal, 9000);
    expect_done(0, 3020);
    expect_done(1, 3030);
    expect_done(2, 4020);
    expect_done(3, 5020);
    cr_expect_eq(requests[2].queued_ns, 3010 - 1000);
    cr_expect_eq(requests[3].queued_ns, 4010 - 1000);
    close_broker();
}

/* Network threads go on in a pause, until the queue is full; a service that has begun goes on. */
Test(broker, a_pause_stops_the_handlers)
{
    small_model(1, 2);
    faults[0] = (struct fault){.kind = FAULT_PAUSE, .at = 1015, .end = 5000};
    fault_list.count = 1;
    open_broker(4);
    for (int32_t i = 0; i < 4; i++)
        send(i, i, 1000, 1);
    calendar_run(&cal, 9000);
    expect_done(0, 1170);
    expect_done(1, 5000 + 100 + 50 + 10);
    expect_done(2, 5000 + 100 + 50 + 20);
    expect_done(3, 5100 + 100 + 50 + 10);
    cr_expect_eq(requests[1].queued_ns, 4000);
    close_broker();
}

/* Two followers fetch what a request has appended: two more turns of a handler, and their bytes
 * through network threads in turn. An error appends nothing. */
Test(broker, followers_fetch_what_is_appended)
{
    small_model(2, 1);
    model.replicates = false;
    model.followers = 2;
    model.fetches = true;
    model.follower_request.constant = 30;
    model.follower_batch.constant = 5;
    model.follower_byte.constant = 0.25;
    model.network_byte.constant = 0.5;
    faults[0] = (struct fault){
        .kind = FAULT_ERROR, .at = 5000, .end = 6000, .error = ERROR_NOT_ENOUGH_REPLICAS};
    fault_list.count = 1;
    open_broker(2);
    send(0, 0, 1000, 20);
    send(1, 1, 1050, 20);
    calendar_run(&cal, 4000);
    expect_done(0, 1000 + 20 + 100 + 10);
    expect_done(1, 1120 + 100 + 10);
    /* Served 1020..1120, 1120..1220; the first fetches from 1220 on: each takes both requests. */
    cr_expect_float_eq(broker_handler_idle(&broker, 4000), 1 - (200 + 2 * (30 + 10 + 10)) / 4000.0,
                       1e-12);
    cr_expect_float_eq(broker_network_idle(&broker, 4000), 1 - (2 * 30 + 2 * 20) / 8000.0, 1e-12);

    broker_forget(&broker, 4000);
    send(0, 2, 5000, 20);
    calendar_run(&cal, 8000);
    cr_expect_float_eq(broker_handler_idle(&broker, 8000), 1 - 100 / 4000.0, 1e-12);
    cr_expect_float_eq(broker_network_idle(&broker, 8000), 1 - 30 / 8000.0, 1e-12);
    close_broker();
}

/* The client is gone: what is read already is served, what is behind it never arrives. */
Test(broker, a_client_hangs_up)
{
    struct batch_store store;
    small_model(1, 1);
    open_broker(1);
    batch_store_init(&store, &arena, 10, 10, false);
    send(0, 0, 1000, 33);
    for (int32_t i = 0; i < 2; i++) {
        struct request *const request = request_take(&store);
        request->first = batch_take(&store);
        connection_send(&connections[0], request, 1001 + i);
    }
    calendar_run(&cal, 1050);
    connection_reset(&connections[0], &store, cal.now);
    cr_expect(requests[0].orphan);
    cr_expect_null(connections[0].first);
    cr_expect_eq(connection_next_due(&connections[0]), SIM_NEVER);
    int32_t given = 0;
    for (const struct batch *batch = store.free_batches; batch != NULL; batch = batch->next)
        given++;
    cr_expect_eq(given, 2);
    calendar_run(&cal, 3000);
    expect_done(0, 1170);
    cr_expect_eq(connections[0].counts.requests, 1);
    cr_expect_eq(connections[0].counts.appended_bytes, 33);
    cr_expect_null(connections[0].channel.request);

    model.transactional = true;
    send(0, 0, 4000, 33);
    connection_reset(&connections[0], &store, cal.now);
    calendar_run(&cal, 6000);
    cr_expect_eq(connections[0].counts.requests, 2);
    cr_expect_eq(connections[0].counts.appended_bytes, 33, "fenced");
    close_broker();
}

static void arrive(struct calendar *common, struct timer *timer)
{
    cr_assert_gt(idle_count, 0);
    const int32_t c = idle[--idle_count];
    send(c, c, common->now, 1);
    if (--driver.left > 0)
        calendar_arm(common, timer,
                     common->now + (sim_time)(driver.gap_ns * rng_exponential(&driver.gaps)));
}

static void add_driver(void)
{
    calendar_add(&cal, &driver.timer, arrive);
}

struct queue_figures {
    double wait[24], handlers[24], network[24]; /* ns; shares of time that are not idle */
};

static void simulate(struct queue_figures *figures, double gap_ns)
{
    for (uint64_t i = 0; i < 24; i++) {
        open_broker(CONNECTIONS);
        idle = ARENA_ARRAY(&arena, int32_t, CONNECTIONS);
        idle_count = 0;
        for (int32_t c = CONNECTIONS; c > 0; c--)
            idle[idle_count++] = c - 1;
        driver.gap_ns = gap_ns;
        driver.left = ARRIVALS;
        rng_init(&driver.gaps, (struct rng_seed){7, i}, 0, 0, 0);
        for (int32_t c = 0; c < CONNECTIONS; c++)
            rng_init(&connections[c].channel.costs, (struct rng_seed){8, i}, 0, 0, (uint32_t)c);
        calendar_arm(&cal, &driver.timer, 1);
        const sim_time warm_up = (sim_time)(gap_ns * ARRIVALS / 10);
        calendar_run(&cal, warm_up);
        driver.queued = (struct tally){0};
        broker_forget(&broker, warm_up);
        calendar_run(&cal, (sim_time)(gap_ns * ARRIVALS * 0.95));
        figures->wait[i] = tally_mean(&driver.queued);
        figures->handlers[i] = 1 - broker_handler_idle(&broker, cal.now);
        figures->network[i] = 1 - broker_network_idle(&broker, cal.now);
        close_broker();
    }
}

/* The probability to wait at c servers that are offered so many. */
static double erlang_c(int32_t servers, double offered)
{
    double blocked = 1; /* Erlang B */
    for (int32_t n = 1; n <= servers; n++)
        blocked = offered * blocked / (n + offered * blocked);
    return blocked / (1 - offered / servers * (1 - blocked));
}

#define SERVICE 1e5

/* M/M/c at the handlers: W = C x service / (c - offered). */
static void expect_mmc(int32_t servers, double offered)
{
    static struct queue_figures figures;
    const struct dist_spec service = {.family = DIST_EXPONENTIAL, .mean = SERVICE};
    struct arena memory;
    arena_init(&memory);
    model = (struct broker_model){
        .network_threads = 1, .io_threads = servers, .request = cost_new(&memory, &service)};
    simulate(&figures, SERVICE / offered);
    const double wait = erlang_c(servers, offered) * SERVICE / (servers - offered);
    expect_theory("wait", estimate_of(figures.wait, 24), wait, 0.03);
    expect_theory("utilisation", estimate_of(figures.handlers, 24), offered / servers, 0.01);
    cr_expect_float_eq(estimate_of(figures.network, 24).mean, 0, 0);
    arena_free(&memory);
}

Test(broker, one_handler_is_mm1)
{
    expect_mmc(1, 0.6);
}

Test(broker, eight_handlers_are_mm8)
{
    expect_mmc(8, 6.4);
}

/* M/D/1 at a network thread that only reads: W = load x D / (2 (1 - load)); the broker sees the
 * wait and the reading. */
Test(broker, a_network_thread_is_md1)
{
    static struct queue_figures figures;
    model = (struct broker_model){.network_threads = 1,
                                  .io_threads = 1,
                                  .silent = true,
                                  .network_request = {.constant = SERVICE}};
    simulate(&figures, SERVICE / 0.7);
    expect_theory("wait", estimate_of(figures.wait, 24), SERVICE + 0.7 * SERVICE / (2 * (1 - 0.7)),
                  0.02);
    expect_theory("utilisation", estimate_of(figures.network, 24), 0.7, 0.01);
    cr_expect_float_eq(estimate_of(figures.handlers, 24).mean, 0, 0);
}

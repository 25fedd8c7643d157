/*
 * test_wan.c - whole producers whose sockets hold them back, against the released client over a
 * link of delayed packets; and that nobody notices sockets where little is under way.
 *
 * guards: models/broker/socket, models/producer/sender_thread; real-clock.md 7
 */
#include "tests/claims/claims.h"
#include "tests/models/producer/scene.h"

#define KIB 1024.0

/* One connection with more to send than it carries, a request of 1 MiB after the other. */
#define ONE_CONNECTION                                                                             \
    "run: {duration: 60s, warm-up: 10s}\n"                                                         \
    "topics: [{name: t, partitions: 64}]\n"                                                        \
    "load: {rate: 60k/s, arrivals: constant, record: {value: 1000B}}\n"                            \
    "producer: {linger.ms: 5, buffer.memory: 32MiB}\n"                                             \
    "brokers: {count: 1, rtt: 50ms}\n"

static double columns[COLUMN_COUNT];

/* KiB per round trip. */
static double carried(double rtt_ms)
{
    return columns[COLUMN_byte_rate] * 1e-3 * rtt_ms / KIB;
}

/* The defaults: 120 KiB, whatever the distance. */
Test(wan, a_window_per_round_trip)
{
    for (int rtt_ms = 50; rtt_ms <= 150; rtt_ms += 100) {
        claim_run(columns, ONE_CONNECTION, "rtt=%dms", rtt_ms);
        claim_near("KiB per round trip", carried(rtt_ms), 120, 0.06);
        cr_expect_eq(columns[COLUMN_bottleneck], BOTTLENECK_SOCKET);
        cr_expect_gt(columns[COLUMN_blocked_ratio], 0.9);
    }
}

/* The producer 4.0.1, 1 MiB a request, 5 in flight: KiB per round trip. */
Test(wan, buffers_as_measured)
{
    static const struct {
        const char *send, *receive;
        int rtt_ms;
        double measured;
    } rows[] = {
        {"131072", "102400", 50, 115}, {"131072", "102400", 150, 119}, {"32KiB", "102400", 50, 47},
        {"1MiB", "102400", 50, 116},   {"-1", "102400", 50, 116},      {"131072", "-1", 50, 222},
        {"131072", "-1", 150, 204},    {"1MiB", "-1", 50, 1783},       {"-1", "-1", 50, 2862}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        claim_run(columns, ONE_CONNECTION,
                  "rtt=%dms; send.buffer.bytes=%s; socket.receive.buffer.bytes=%s", rows[i].rtt_ms,
                  rows[i].send, rows[i].receive);
        cr_log_info("%s, %s, %d ms\n", rows[i].send, rows[i].receive, rows[i].rtt_ms);
        claim_near("KiB per round trip", carried(rows[i].rtt_ms), rows[i].measured, 0.15);
        cr_expect_eq(columns[COLUMN_bottleneck], BOTTLENECK_SOCKET);
    }
}

/* A node takes a request when the one before has left for the socket: with a window in it that is
 * when nearly all of it has been acknowledged. A larger buffer takes the next one or two, which
 * wait there. */
Test(wan, what_a_larger_send_buffer_does)
{
    claim_run(columns, ONE_CONNECTION, "parallelism=1");
    const double throughput = columns[COLUMN_throughput];
    const double latency = columns[COLUMN_request_latency_avg];
    cr_expect_geq(columns[COLUMN_requests_in_flight_avg], 1);
    cr_expect_leq(columns[COLUMN_requests_in_flight_avg], 1.15, "measured 1.08");
    claim_run(columns, ONE_CONNECTION, "send.buffer.bytes=1MiB");
    cr_expect_geq(columns[COLUMN_requests_in_flight_avg], 2);
    cr_expect_leq(columns[COLUMN_requests_in_flight_avg], 3);
    claim_near("throughput", columns[COLUMN_throughput], throughput, 0.01);
    claim_near("request latency", columns[COLUMN_request_latency_avg], 2 * latency, 0.15);
}

/* Who waits for no answer waits for the socket all the same. */
Test(wan, without_answers)
{
    for (int rtt_ms = 50; rtt_ms <= 150; rtt_ms += 100) {
        claim_run(columns, ONE_CONNECTION, "acks=0; rtt=%dms", rtt_ms);
        claim_near("KiB per round trip", carried(rtt_ms), 120, 0.06);
        cr_expect_eq(columns[COLUMN_bottleneck], BOTTLENECK_SOCKET);
        cr_expect_leq(columns[COLUMN_requests_in_flight_avg], 1);
    }
}

/* "240 partitions on 3 brokers cannot pass 7.5 MB/s at 50 ms, whatever buffer.memory". */
Test(wan, memory_does_not_help)
{
    static const char wan[] = "parallelism=1; rate=30k/s; rtt=50ms; warm-up=5s; duration=20s; "
                              "max.request.size=1MiB; send.buffer.bytes=131072; "
                              "socket.receive.buffer.bytes=102400; ";
    for (int mib = 16; mib <= 1024; mib *= 4) {
        claim_run(columns, RUNBOOK_JOB, "%sbuffer.memory=%dMiB; batch.size=16KiB", wan, mib);
        claim_near("MB/s", 1e-6 * columns[COLUMN_byte_rate], 3 * 120 * 1.024 / 50, 0.03);
        cr_expect_leq(columns[COLUMN_byte_rate], 7.5e6);
    }
    claim_run(columns, RUNBOOK_JOB, "%sbuffer.memory=128MiB; shards=2", wan);
    claim_near("MB/s", 1e-6 * columns[COLUMN_byte_rate], 2 * 3 * 120 * 1.024 / 50, 0.03);
    claim_run(columns, RUNBOOK_JOB, "%ssend.buffer.bytes=1MiB; socket.receive.buffer.bytes=1MiB",
              wan);
    cr_expect_eq(columns[COLUMN_bottleneck], BOTTLENECK_LOAD);
    claim_near("records/s", columns[COLUMN_throughput], 30e3, 0.01);
}

/* How much of a window is used is another matter. Inlined, gcc takes what open_memstream() has made
 * for a local variable. */
__attribute__((noinline)) static void remove_use(char *text)
{
    for (char *use = text; (use = strstr(use, "\nsocket-")) != NULL;) {
        const size_t bytes = 1 + strcspn(use + 1, "\n");
        memmove(use, use + bytes, strlen(use + bytes) + 1);
    }
}

/* What is written of a run, with sockets as they are by default and without end. */
static bool moves(const char *sets)
{
    struct run run;
    char *texts[2];
    for (int i = 0; i < 2; i++) {
        const char *const bytes = i == 0 ? "131072" : "1GiB";
        struct world *const world = claim_begin(&run, true, RUNBOOK_JOB,
                                                "parallelism=2; rate=30k/s; send.buffer.bytes=%s; "
                                                "socket.receive.buffer.bytes=%s; %s",
                                                bytes, i == 0 ? "102400" : bytes, sets);
        world_advance(world, 5 * SIM_SECOND);
        texts[i] = run_written(world);
        remove_use(texts[i]);
        claim_end(&run);
    }
    const bool differ = strcmp(texts[0], texts[1]) != 0;
    free(texts[0]);
    free(texts[1]);
    return differ;
}

/* Not a nanosecond, nor a wake-up more; the same load does notice a longer way. */
Test(wan, on_a_short_way_nothing_moves)
{
    cr_expect_not(moves("rtt=1ms"));
    cr_expect_not(moves("rtt=1ms; acks=0"));
    cr_expect_not(moves("rtt={gamma: {mean: 1ms, cv: 0.3}}; preset=typical"));
    cr_expect(moves("rtt=50ms"));
    cr_expect(moves("rtt=50ms; acks=0"));
}

/* Three windows of 120,000 B, 10 ms away: the last one leaves after 20 ms, and only then the client
 * begins what came in the second. */
static void expect_requests(const char *acks, const char *expected)
{
    struct scene scene;
    char yaml[500];
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 1}]\n"
             "producer: {acks: \"%s\", send.buffer.bytes: 75000}\n"
             "brokers: {count: 1, rtt: 10ms, socket.receive.buffer.bytes: 100000}\n",
             acks);
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 359928);
    scene_send(&scene, SIM_MS, 1, "t", 0, 100);
    scene_run(&scene, yaml);
    EXPECT_TEXT(scene_requests(&scene), expected);
    scene_end(&scene);
}

Test(wan, the_next_request_waits_until_one_is_written)
{
    expect_requests("all", "0 b0 p0[1 360000] -> 30\n"
                           "20 b0 p0[1 170] -> 30.0142\n");
    expect_requests("0", "0 b0 p0[1 360000] -> 20\n"
                         "20 b0 p0[1 170] -> 20.0142\n");
}

static void expect_buffers(const char *more, int64_t send, int64_t receive)
{
    struct scene scene;
    char yaml[200];
    snprintf(yaml, sizeof yaml, "topics: [{name: t, partitions: 1}]\n%s", more);
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_build(&scene, yaml);
    cr_expect_eq(scene.params.send_buffer, send, "%s", more);
    cr_expect_eq(scene.params.receive_buffer, receive, "%s", more);
    scene_end(&scene);
}

/* The recordings know of no sockets: nor does a trace, unless it says otherwise. */
Test(wan, a_trace_with_free_costs_has_no_sockets)
{
    expect_buffers("", SOCKET_ENDLESS_BYTES, SOCKET_ENDLESS_BYTES);
    expect_buffers("costs: {preset: typical}\n", 131072, 102400);
    expect_buffers("producer: {send.buffer.bytes: -1}\n", -1, 102400);
    expect_buffers("brokers: {socket.receive.buffer.bytes: 4000}\n", 131072, 4000);
}

/* Three subtasks, brokers that they share, and requests that are given up half written. */
static char *give_up(bool in_step)
{
    struct run run;
    run_read_text(&run, "run: {duration: 4s, warm-up: 0s}\n"
                        "topics: [{name: t, partitions: 10}]\n"
                        "load: {rate: 2k/s}\n"
                        "job: {parallelism: 3}\n"
                        "producer: {acks: 0, request.timeout.ms: 20, delivery.timeout.ms: 1000,\n"
                        "           send.buffer.bytes: 4000}\n"
                        "brokers: {count: 1, rtt: {exponential: {mean: 20ms}}}\n"
                        "costs: {preset: typical}\n");
    struct world *const world = run_begin(&run, 0, true, in_step);
    if (in_step)
        run_in_step(world);
    world_advance(world, run_finish(&run));
    cr_expect_gt(world->subtasks[0].producers[0].sender.metrics.records_retried, 0);
    char *const text = run_written(world);
    run_end(&run);
    run_free(&run);
    return text;
}

/* The client hangs up at its own time, not before the broker has come so far. */
Test(wan, nobody_runs_ahead_of_a_hang_up)
{
    char *const ahead = give_up(false);
    char *const slow = give_up(true);
    cr_expect(strcmp(ahead, slow) == 0);
    free(ahead);
    free(slow);
}

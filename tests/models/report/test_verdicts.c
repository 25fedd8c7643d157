/*
 * test_verdicts.c - what limits a run, whether it is steady, and how the summary says so: of the
 * scenarios in tests/verdicts, changed as a row says.
 *
 * What is right follows from the scenario (what a resource can do, and what is asked of it), or was
 * found by giving the run more of the resource, or of all others.
 *
 * guards: models/report/observe_uses, models/report/observe_next, models/report/observe_verdict,
 * models/report/observe_full, models/report/summary
 */
#include <string.h>

#include "models/report/summary.h"
#include "tests/run.h"

#define SETS_MAX 4

struct verdict {
    const char *file, *changes; /* as --set does, blanks between them */
    enum bottleneck bottleneck;
    bool steady;
    const char *says; /* in the summary */
};

static void read_changed(struct run *run, const char *file, const char *changes)
{
    char path[256];
    char copy[512];
    const char *sets[SETS_MAX];
    size_t count = 0;
    char *rest = NULL;
    snprintf(path, sizeof path, TESTS_DIR "/verdicts/%s.yaml", file);
    snprintf(copy, sizeof copy, "%s", changes);
    for (char *set = strtok_r(copy, " ", &rest); set != NULL; set = strtok_r(NULL, " ", &rest)) {
        cr_assert_lt(count, SETS_MAX);
        sets[count++] = set;
    }
    run_read(run, path, sets, count);
}

/* A paragraph is one line. */
static void unbreak(char *text)
{
    for (char *at = text; (at = strstr(at, "\n  ")) != NULL;) {
        memmove(at, at + 2, strlen(at + 2) + 1);
        *at = ' ';
    }
}

/* As a study of one replication prints it; to be freed. */
static char *summary_of(const struct run *run, const double *columns)
{
    struct interval values[COLUMN_COUNT];
    char *text = NULL;
    size_t bytes = 0;
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        values[c] = (struct interval){.value = columns[c], .half_width = NAN};
    const struct estimates estimates = {
        .replications = 1, .columns = values, .steady = columns[COLUMN_steady] != 0};
    FILE *const out = open_memstream(&text, &bytes);
    struct screen screen;
    screen_open(&screen, out, true);
    summary_print(&run->params, run->params.warm_up, &estimates, NULL, &screen);
    fclose(out);
    unbreak(text);
    return text;
}

static void expect_verdict(const struct verdict *verdict, const char *variant)
{
    const char *const *const words = fanout_columns[COLUMN_bottleneck].words;
    char changes[512];
    double columns[COLUMN_COUNT];
    struct run run;
    snprintf(changes, sizeof changes, "%s %s", verdict->changes, variant);
    read_changed(&run, verdict->file, changes);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    char *const text = summary_of(&run, columns);
    const int found = (int)columns[COLUMN_bottleneck];
    cr_expect_eq((enum bottleneck)found, verdict->bottleneck, "%s %s: %s, not %s", verdict->file,
                 changes, words[found], words[verdict->bottleneck]);
    cr_expect_eq(columns[COLUMN_steady], verdict->steady, "%s %s: steady", verdict->file, changes);
    cr_expect_eq(strstr(text, "NOT STEADY") == NULL, verdict->steady, "%s", text);
    cr_expect_not_null(strstr(text, verdict->says), "%s %s: no '%s' in\n%s", verdict->file, changes,
                       verdict->says, text);
    free(text);
    run_free(&run);
}

static void expect_all(const struct verdict *verdicts, size_t count, const char *variant)
{
    for (size_t i = 0; i < count; i++)
        expect_verdict(&verdicts[i], variant);
}

#define EXPECT(verdicts, variant)                                                                  \
    expect_all(verdicts, sizeof(verdicts) / sizeof *(verdicts), variant)

#define OPEN_SOCKETS "producer.send.buffer.bytes=-1 brokers.socket.receive.buffer.bytes=-1"

/* What was once believed of them, and wrong: that the load limits, or a mailbox or a pool that only
 * waits. */
static const struct verdict mistaken[] = {
    {"overload-big-pool", "", BOTTLENECK_CONNECTION, false, "limited by the connections"},
    {"broker-silent", "", BOTTLENECK_BROKER, false,
     "limited by the brokers: requests are not answered"},
    {"refused", "", BOTTLENECK_ERRORS, false, "limited by errors"},
    {"split-forever", "", BOTTLENECK_ERRORS, false, "limited by errors"},
    {"split-forever", "", BOTTLENECK_ERRORS, false, "times without getting smaller"},
    {"../../scenarios/20x12", "producer.batch.size=16KiB costs.broker.byte=300ns",
     BOTTLENECK_BROKER, false, "limited by the brokers: their threads have no time left"},
    {"flush-bound", "", BOTTLENECK_CONNECTION, false, "limited by the connections"},
    {"flush-bound", "job.checkpoint.interval=5s", BOTTLENECK_CONNECTION, false,
     "limited by the connections"},
    {"flush-bound", "job.checkpoint.interval=10s", BOTTLENECK_CONNECTION, false,
     "limited by the connections"},
    {"restarts", "", BOTTLENECK_RESTARTS, false, "limited by restarts"},
    {"round-trip-bound", "", BOTTLENECK_ROUND_TRIP, false, "limited by the round trip"},
    {"round-trip-bound", "producer.buffer.memory=64MiB", BOTTLENECK_ROUND_TRIP, false,
     "limited by the round trip"},
    {"in-flight-slots", OPEN_SOCKETS, BOTTLENECK_SLOTS, false, "limited by in-flight slots"},
    {"in-flight-slots", "producer.buffer.memory=32MiB " OPEN_SOCKETS, BOTTLENECK_SLOTS, false,
     "limited by in-flight slots"},
    {"in-flight-slots", "producer.buffer.memory=1GiB " OPEN_SOCKETS, BOTTLENECK_SLOTS, false,
     "limited by in-flight slots"},
    {"in-flight-slots", "producer.batch.size=65536 " OPEN_SOCKETS, BOTTLENECK_LOAD, true,
     "everything that is offered gets through"},
    {"in-flight-slots", "", BOTTLENECK_SOCKET, false, "limited by the sockets"},
    {"in-flight-bound", "", BOTTLENECK_ROUND_TRIP, false, "limited by the round trip"},
    {"in-flight-bound", "costs.function=6us", BOTTLENECK_ROUND_TRIP, false,
     "limited by the round trip"},
    {"../../scenarios/stall", "", BOTTLENECK_BUFFERPOOL, false, "limited by the buffer pool"},
    {"../../scenarios/broker-pause", "", BOTTLENECK_BUFFERPOOL, false, "the buffer pool"},
    {"hot-subtask", "", BOTTLENECK_BUFFERPOOL, false, "waiting in send()    9"},
    {"hot-subtask", "buffer.memory=256MB", BOTTLENECK_LOAD, true, "everything that is offered"},
};

/* Each alone is short. */
static const struct verdict resources[] = {
    {"only-load", "", BOTTLENECK_LOAD, true, "everything that is offered gets through"},
    {"only-mailbox", "", BOTTLENECK_MAILBOX, false, "send() itself takes their time"},
    {"only-function", "", BOTTLENECK_FUNCTION, false, "the function takes their time"},
    {"only-skew", "", BOTTLENECK_SKEW, false, "limited by skew"},
    {"only-bufferpool", "", BOTTLENECK_BUFFERPOOL, false, "limited by the buffer pool"},
    {"only-sender", "", BOTTLENECK_SENDER, false, "limited by the Sender threads"},
    {"only-connection", "", BOTTLENECK_CONNECTION, false, "limited by the connections"},
    {"only-broker", "", BOTTLENECK_BROKER, false, "their threads have no time left"},
    {"only-network", "", BOTTLENECK_BROKER, false, "their threads have no time left"},
    {"only-socket", "", BOTTLENECK_SOCKET, false, "limited by the sockets"},
    {"only-round-trip", "", BOTTLENECK_ROUND_TRIP, false, "limited by the round trip"},
    {"only-slots", "", BOTTLENECK_SLOTS, false, "limited by in-flight slots"},
    {"only-source", "", BOTTLENECK_SOURCE, false, "limited by the sources"},
    {"only-errors", "", BOTTLENECK_ERRORS, false, "limited by errors"},
    {"only-silent", "", BOTTLENECK_BROKER, false,
     "limited by the brokers: requests are not answered"},
    {"only-cores", "", BOTTLENECK_CORES, false, "limited by the cores of a TaskManager"},
};

/* Of other kinds, each as it is and with what cures it, or does not. */
static const struct verdict others[] = {
    {"saturated", "", BOTTLENECK_BROKER, true, "their threads have no time left"},
    {"saturated", "producer.acks=all job.checkpoint.interval=3s", BOTTLENECK_BROKER, true,
     "their threads have no time left"},
    {"saturated", "producer.buffer.memory=64MiB", BOTTLENECK_BROKER, true, "limited by"},
    {"exactly-once", "", BOTTLENECK_CHECKPOINTS, false, "limited by checkpoints"},
    {"exactly-once", "costs.transaction.init=10ms", BOTTLENECK_LOAD, true, "everything"},
    {"exactly-once", "job.checkpoint.interval=10s", BOTTLENECK_LOAD, true,
     "next limit: the fullest mailbox, 8"},
    {"four-shards", "", BOTTLENECK_BUFFERPOOL, false, "limited by the buffer pool"},
    {"four-shards", "producer.linger.ms=0", BOTTLENECK_BUFFERPOOL, false, "the buffer pool"},
    {"four-shards", "producer.buffer.memory=32MiB", BOTTLENECK_LOAD, true, "everything"},
    {"hot-partition", "", BOTTLENECK_ROUND_TRIP, false, "limited by the round trip"},
    {"hot-partition", "producer.buffer.memory=256MiB", BOTTLENECK_ROUND_TRIP, false, "round trip"},
    {"hot-partition", "job.checkpoint.interval=5s", BOTTLENECK_ROUND_TRIP, false, "round trip"},
    {"hot-partition", "producer.batch.size=64KiB", BOTTLENECK_SOCKET, false, "the sockets"},
    {"hot-partition", "producer.batch.size=64KiB " OPEN_SOCKETS, BOTTLENECK_LOAD, true, "gets"},
    {"slow-replicas", "", BOTTLENECK_CONNECTION, false, "limited by the connections"},
    {"slow-replicas", "job.checkpoint.interval=5s", BOTTLENECK_CONNECTION, false, "connections"},
    {"slow-replicas", "producer.batch.size=256KiB", BOTTLENECK_LOAD, true, "everything"},
    {"slow-replicas", "producer.acks=1", BOTTLENECK_LOAD, true, "everything"},
    {"slow-broker", "", BOTTLENECK_LOAD, true, "ms at broker 3, "},
    {"slow-broker", "load.rate=60k/s", BOTTLENECK_BROKER, false, "broker 3 is slower than others"},
    {"slow-broker", "load.rate=60k/s producer.acks=1", BOTTLENECK_BROKER, false,
     "broker 3 is slower than others"},
    {"slow-broker", "load.rate=60k/s producer.acks=1 brokers.num.io.threads=16", BOTTLENECK_LOAD,
     true, "next limit: the busiest connection, 6"},
    {"replicas", "load.rate=100k/s", BOTTLENECK_CONNECTION, false, "limited by the connections"},
    {"replicas", "load.rate=100k/s producer.acks=1", BOTTLENECK_LOAD, true, "everything"},
    {"replicas", "load.rate=65k/s", BOTTLENECK_LOAD, true, "next limit: the busiest connection, 8"},
    {"ten-of-each", "", BOTTLENECK_LOAD, true, "next limit: the fullest mailbox, 80.0 % used"},
    {"ten-of-each", "costs.function=1200us", BOTTLENECK_FUNCTION, false, "the function takes"},
    {"ten-of-each", "costs.function=1200us job.chained=false", BOTTLENECK_FUNCTION, false, "takes"},
    {"ten-of-each", "costs.mailbox.record=90us", BOTTLENECK_MAILBOX, false, "send() itself"},
    {"ten-of-each", "load.emit=0 costs.function=1200us", BOTTLENECK_FUNCTION, false, "function"},
    {"two-partitions", "", BOTTLENECK_SKEW, false, "limited by skew"},
    {"two-partitions", "load.rate=35k/s", BOTTLENECK_LOAD, true, "the fullest source, 87.9 % used"},
    {"swings", "", BOTTLENECK_LOAD, true, "everything that is offered gets through"},
    {"swings", "costs.state.sync=4s", BOTTLENECK_CHECKPOINTS, false, "limited by checkpoints"},
    {"swings", "costs.function=220us", BOTTLENECK_FUNCTION, false, "the function takes their time"},
    {"lingers", "", BOTTLENECK_LOAD, true, "what is owed swings: the window ends with 8,"},
    {"lingers", "job.checkpoint.interval=0s", BOTTLENECK_LOAD, true, "everything"},
    {"give-up", "", BOTTLENECK_BUFFERPOOL, false, "by send(): no memory"},
    {"late-fault", "", BOTTLENECK_LOAD, false, "limited by nothing that is used up"},
    {"late-fault", "run.warm-up=1s", BOTTLENECK_LOAD, true, "everything that is offered"},
};

static const struct verdict of_jobs[] = {
    {"only-checkpoints", "", BOTTLENECK_CHECKPOINTS, false, "limited by checkpoints"},
    {"only-sync", "", BOTTLENECK_CHECKPOINTS, false, "limited by checkpoints"},
    {"only-restarts", "", BOTTLENECK_RESTARTS, false, "limited by restarts"},
};

static const struct verdict failing[] = {
    {"expired-records", "run.warm-up=20s", BOTTLENECK_ERRORS, true, "limited by errors"},
    {"only-expired", "", BOTTLENECK_ERRORS, true, "limited by errors"},
};

/* What limits an overload is what would limit next at a load that is a part of what got through
 * then, and that part of it is used; it would be full at what got through. */
static const struct next {
    const char *file;
    enum bottleneck what;
    enum fanout_column full_at; /* COLUMN_COUNT: nobody says */
    const char *says;
} nexts[] = {
    {"only-mailbox", BOTTLENECK_MAILBOX, COLUMN_mailbox_full_at,
     "next limit: the fullest mailbox, 4"},
    {"only-function", BOTTLENECK_MAILBOX, COLUMN_mailbox_full_at,
     "next limit: the fullest mailbox, 4"},
    {"only-sender", BOTTLENECK_SENDER, COLUMN_sender_full_at, "next limit: the busiest Sender, "},
    {"only-connection", BOTTLENECK_CONNECTION, COLUMN_connection_full_at,
     "next limit: the busiest connection, "},
    {"only-broker", BOTTLENECK_BROKER, COLUMN_broker_handler_full_at,
     "next limit: the threads of the busiest broker, 4"},
    {"only-network", BOTTLENECK_BROKER, COLUMN_broker_network_full_at,
     "next limit: the threads of the busiest broker, 4"},
    {"only-socket", BOTTLENECK_SOCKET, COLUMN_socket_full_at,
     "next limit: the busiest connection's sockets, 4"},
    {"only-round-trip", BOTTLENECK_SLOTS, COLUMN_partition_full_at,
     "next limit: the in-flight slots of the fullest"},
    {"only-slots", BOTTLENECK_SLOTS, COLUMN_COUNT,
     "next limit: the in-flight slots of the fullest"},
    {"only-source", BOTTLENECK_SOURCE, COLUMN_source_full_at, "next limit: the fullest source, 4"},
    {"only-cores", BOTTLENECK_CORES, COLUMN_cores_full_at,
     "next limit: the cores of the busiest TaskManager, "},
    {"replicas", BOTTLENECK_CONNECTION, COLUMN_connection_full_at,
     "next limit: the busiest connection, "},
};

#define PART 0.4

static void expect_next(const struct next *next)
{
    double columns[COLUMN_COUNT];
    char change[64];
    struct run run;
    read_changed(&run, next->file, "load.rate=100k/s");
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    run_free(&run);
    cr_assert_eq(columns[COLUMN_steady], 0, "%s", next->file);
    const double most = columns[COLUMN_throughput];
    snprintf(change, sizeof change, "load.rate=%.0f/s", PART * most);
    read_changed(&run, next->file, change);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    char *const text = summary_of(&run, columns);
    cr_expect_eq((enum bottleneck)columns[COLUMN_next_limit], next->what, "%s", text);
    cr_expect_float_eq(columns[COLUMN_next_limit_used], PART, 0.15 * PART, "%s", text);
    if (next->full_at != COLUMN_COUNT)
        cr_expect_float_eq(columns[next->full_at], most, 0.15 * most, "%s: %g, not %g", next->file,
                           columns[next->full_at], most);
    cr_expect_not_null(strstr(text, next->says), "%s: no '%s' in\n%s", next->file, next->says,
                       text);
    free(text);
    run_free(&run);
}

Test(verdicts, next_limit)
{
    for (size_t i = 0; i < sizeof nexts / sizeof *nexts; i++)
        expect_next(&nexts[i]);
}

Test(verdicts, others)
{
    EXPECT(others, "");
}

Test(verdicts, mistaken)
{
    EXPECT(mistaken, "");
}

Test(verdicts, failing)
{
    EXPECT(failing, "");
}

Test(verdicts, resources)
{
    EXPECT(resources, "");
}

Test(verdicts, resources_with_checkpoints)
{
    EXPECT(resources, "job.checkpoint.interval=5s");
}

Test(verdicts, resources_of_tasks_of_their_own)
{
    EXPECT(resources, "job.chained=false");
    EXPECT(resources, "job.chained=false job.checkpoint.interval=5s");
}

Test(verdicts, jobs)
{
    EXPECT(of_jobs, "");
    EXPECT(of_jobs, "job.chained=false");
}

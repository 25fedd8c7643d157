/*
 * test_leadership.c - who leads a partition when, after faults that move leaders and brokers that
 * go down and come back.
 *
 * guards: models/broker/leadership, models/kafka/cluster, models/kafka/fault; clients.md 5
 */
#include "models/broker/leadership.h"
#include "tests/models/fragment.h"

static struct fragment topics_text, faults_text;
static struct topic_list topics;
static struct fault_list faults;

/* Six partitions: a-0..3 on brokers 0 1 2 0 of three, b-0..1 on brokers 2 2. */
static const struct leadership *read_with(const char *yaml, int32_t replicas)
{
    fragment_init(&topics_text, ".");
    fragment_init(&faults_text, ".");
    cr_assert(fragment_read(&topics_text, topics_read,
                            "[{name: a, partitions: 4}, {name: b, partitions: 2, leaders: [2]}]",
                            &topics));
    cr_assert(fragment_read(&faults_text, faults_read, yaml, &faults), "%s",
              said(&faults_text.diag));
    return leadership_new(&faults_text.arena, &topics, &faults, 3, replicas);
}

static void end(void)
{
    arena_free(&topics_text.arena);
    arena_free(&faults_text.arena);
}

/* The leaders of all partitions at that time, as "0 1 2 -"; with their epochs, as "0/1 1/1". */
static const char *leaders_at(const struct leadership *leadership, sim_time ms, bool epochs)
{
    static char text[100];
    char *next = text;
    for (int32_t p = 0; p < topics.partitions; p++) {
        const struct leader *const leader = leadership_at(leadership, p, ms * SIM_MS);
        const char *const space = p > 0 ? " " : "";
        if (leader->broker == LEADERSHIP_NOBODY)
            next += sprintf(next, "%s-", space);
        else
            next += sprintf(next, "%s%d", space, leader->broker);
        if (epochs)
            next += sprintf(next, "/%d", leader->epoch);
    }
    return text;
}

static void expect(const struct leadership *leadership, sim_time ms, const char *expected)
{
    const char *const found = leaders_at(leadership, ms, strchr(expected, '/') != NULL);
    cr_expect_str_eq(found, expected, "%lld ms: %s, not %s", (long long)ms, found, expected);
}

Test(leadership, without_moves_there_is_nothing_to_know)
{
    cr_expect_null(read_with("[]", 3));
    end();
    cr_expect_null(read_with("[{kind: pause, broker: 1, at: 1s, for: 1s}]", 3));
    end();
}

/* From `at` on, in the order of time; the epoch rises with every move, also of who moves nowhere.
 */
Test(leadership, a_partition_moves)
{
    const struct leadership *const found =
        read_with("[{kind: leader, topic: a, partition: 1, at: 30ms, to: 2},"
                  " {kind: leader, topic: a, partition: 1, at: 10ms, to: 0},"
                  " {kind: leader, topic: b, partition: 1, at: 20ms, to: 2}]",
                  3);
    expect(found, 0, "0/1 1/1 2/1 0/1 2/1 2/1");
    expect(found, 9, "0/1 1/1 2/1 0/1 2/1 2/1");
    expect(found, 10, "0/1 0/2 2/1 0/1 2/1 2/1");
    expect(found, 20, "0/1 0/2 2/1 0/1 2/1 2/2");
    expect(found, 30, "0/1 2/3 2/1 0/1 2/1 2/2");
    end();
}

Test(leadership, all_that_a_broker_leads_moves)
{
    const struct leadership *const found =
        read_with("[{kind: leader, broker: 2, at: 10ms, to: 1},"
                  " {kind: leader, broker: 1, at: 20ms}, {kind: leader, broker: 1, at: 30ms}]",
                  3);
    expect(found, 10, "0/1 1/1 1/2 0/1 1/2 1/2");
    expect(found, 20, "0/1 2/2 0/3 0/1 2/3 0/3");
    expect(found, 30, "0/1 2/2 0/3 0/1 2/3 0/3");
    end();
}

/* The next replica leads. A restarted broker gets back what it led at the start, one that was down
 * does not. */
Test(leadership, a_broker_goes_down_and_comes_back)
{
    const struct leadership *const found =
        read_with("[{kind: restart, broker: 0, at: 10ms, for: 10ms, leaders-back: 5ms},"
                  " {kind: down, broker: 2, at: 40ms, for: 10ms}]",
                  2);
    expect(found, 9, "0 1 2 0 2 2");
    expect(found, 10, "1/2 1/1 2/1 1/2 2/1 2/1");
    expect(found, 24, "1 1 2 1 2 2");
    expect(found, 25, "0/3 1/1 2/1 0/3 2/1 2/1");
    expect(found, 40, "0/3 1/1 0/2 0/3 0/2 0/2");
    expect(found, 1000, "0 1 0 0 0 0");
    end();
}

/* The first replica that is up; with none, the last leader when it is back, and nobody else. */
Test(leadership, replicas_run_out)
{
    const char *const yaml = "[{kind: down, broker: 0, at: 10ms, for: 20ms},"
                             " {kind: down, broker: 1, at: 20ms, for: 20ms}]";
    const struct leadership *found = read_with(yaml, 3);
    expect(found, 10, "1 1 2 1 2 2");
    expect(found, 20, "2 2 2 2 2 2");
    expect(found, 40, "2 2 2 2 2 2");
    end();
    found = read_with(yaml, 2);
    expect(found, 20, "- 2 2 - 2 2");
    expect(found, 30, "- 2 2 - 2 2");
    expect(found, 40, "1/4 2/2 2/1 1/4 2/1 2/1");
    end();
    found = read_with(yaml, 1);
    expect(found, 10, "- 1 2 - 2 2");
    expect(found, 20, "- - 2 - 2 2");
    expect(found, 30, "0 - 2 0 2 2");
    expect(found, 40, "0/3 1/3 2/1 0/3 2/1 2/1");
    end();
}

/* Windows join; and a rolling restart, in which one is back when the next one goes. */
Test(leadership, at_one_instant_brokers_come_back_first)
{
    const struct leadership *found = read_with("[{kind: down, broker: 1, at: 20ms, for: 10ms},"
                                               " {kind: restart, broker: 0, at: 10ms, for: 10ms}]",
                                               2);
    expect(found, 20, "0/3 2/2 2/1 0/3 2/1 2/1");
    end();
    found = read_with("[{kind: restart, broker: 0, at: 10ms, for: 10ms},"
                      " {kind: restart, broker: 0, at: 15ms, for: 10ms}]",
                      2);
    expect(found, 20, "1/2 1/1 2/1 1/2 2/1 2/1");
    expect(found, 25, "0/3 1/1 2/1 0/3 2/1 2/1");
    end();
}

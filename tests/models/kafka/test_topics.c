/*
 * test_topics.c - `topics:`, expanded and refused.
 *
 * guards: models/kafka/topics, models/kafka/fields
 */
#include "models/kafka/topics.h"
#include "tests/models/fragment.h"

static bool read(struct fragment *fragment, const char *yaml, struct topic_list *topics)
{
    fragment_init(fragment, ".");
    return fragment_read(fragment, topics_read, yaml, topics);
}

Test(topics, expands_items_in_order)
{
    struct fragment fragment;
    struct topic_list topics;
    cr_assert(read(&fragment,
                   "[{name: \"events.t%02d\", count: 3, first: 9, partitions: 12},"
                   " {name: payments, partitions: 24, weight: 3, value: 2KiB},"
                   " {name: \"one-%d\", partitions: 1}]",
                   &topics),
              "%s", said(&fragment.diag));
    static const struct {
        const char *name;
        int32_t partitions, first;
        double weight;
    } expected[] = {{"events.t09", 12, 0, 1},
                    {"events.t10", 12, 12, 1},
                    {"events.t11", 12, 24, 1},
                    {"payments", 24, 36, 3},
                    {"one-0", 1, 60, 1}};
    cr_assert_eq(topics.count, 5);
    cr_expect_eq(topics.partitions, 61);
    for (int i = 0; i < 5; i++) {
        const struct topic *const topic = &topics.items[i];
        cr_expect_str_eq(topic->name, expected[i].name);
        cr_expect_eq(topic->partitions, expected[i].partitions);
        cr_expect_eq(topic->first, expected[i].first);
        cr_expect_float_eq(topic->weight, expected[i].weight, 0);
        cr_expect_eq(topic->has_value, i == 3);
        cr_expect_eq(topics_find(&topics, topic->name), topic);
    }
    cr_expect_float_eq(topics.items[3].value.mean, 2048, 0);
    arena_free(&fragment.arena);
}

/* 40 % of the traffic are 40 %, whatever parts the others have: they divide the rest. Of each topic
 * of an entry, as parts are. */
Test(topics, have_shares_of_the_traffic)
{
    static const struct {
        const char *yaml;
        double shares[4];
    } cases[] = {
        {"[{name: a, partitions: 1, weight: 40%}, {name: b, partitions: 1}]", {0.4, 0.6}},
        {"[{name: a, partitions: 1, weight: 3}, {name: b, partitions: 1, weight: 50%}, {name: c,"
         " partitions: 1}, {name: d, partitions: 1, weight: 1}]",
         {0.3, 0.5, 0.1, 0.1}},
        {"[{name: \"a%d\", count: 2, partitions: 1, weight: 20%}, {name: \"b%d\", count: 2,"
         " partitions: 1, weight: 7}]",
         {0.2, 0.2, 0.3, 0.3}},
        {"[{name: a, partitions: 1, weight: 33.3%}, {name: b, partitions: 1, weight: 66.7%}]",
         {0.333, 0.667}},
        {"[{name: a, partitions: 1, weight: 0.4}, {name: b, partitions: 1, weight: 0.4}]",
         {0.5, 0.5}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fragment fragment;
        struct topic_list topics;
        double sum = 0;
        cr_assert(read(&fragment, cases[i].yaml, &topics), "%s", said(&fragment.diag));
        for (int32_t t = 0; t < topics.count; t++)
            sum += topics.items[t].weight;
        for (int32_t t = 0; t < topics.count; t++)
            cr_expect_float_eq(topics.items[t].weight / sum, cases[i].shares[t], 1e-12, "%s: %g",
                               cases[i].yaml, topics.items[t].weight / sum);
        arena_free(&fragment.arena);
    }
}

/* One broker per partition, or fewer that come again; in each topic of an entry. */
Test(topics, have_leaders)
{
    struct fragment fragment;
    struct topic_list topics;
    cr_assert(
        read(&fragment,
             "[{name: a, partitions: 4}, {name: \"b%d\", count: 2, partitions: 5, leaders: [2, 0]},"
             " {name: c, partitions: 3, leaders: [1, 1, 0]}]",
             &topics),
        "%s", said(&fragment.diag));
    static const int32_t expected[] = {0, 1, 2, 0, 2, 0, 2, 0, 2, 2, 0, 2, 0, 2, 1, 1, 0};
    for (int32_t t = 0; t < topics.count; t++) {
        const struct topic *const topic = &topics.items[t];
        for (int32_t p = 0; p < topic->partitions; p++)
            cr_expect_eq(topics_leader(topic, p, 3), expected[topic->first + p], "%s %d",
                         topic->name, p);
    }
    arena_free(&fragment.arena);
}

Test(topics, finds_no_other_names)
{
    struct fragment fragment;
    struct topic_list topics;
    cr_assert(read(&fragment, "[{name: ab, partitions: 1}, {name: abc, partitions: 1}]", &topics));
    static const char *const others[] = {"", "a", "abcd", "b", "abb", "abd", "AB"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_null(topics_find(&topics, others[i]), "%s", others[i]);
    cr_expect_eq(topics_find_bytes(&topics, "abcd", 3), &topics.items[1]);
    cr_expect_eq(topics_find_bytes(&topics, "abcd", 2), &topics.items[0]);
    cr_expect_null(topics_find_bytes(&topics, "abcd", 1));
    arena_free(&fragment.arena);
}

Test(topics, are_none_without_a_node)
{
    struct fragment fragment;
    fragment_init(&fragment, ".");
    struct topic_list topics = {.count = 7};
    cr_expect(topics_read(&fragment.context, NULL, &topics));
    cr_expect_eq(topics.count, 0);
    cr_expect_null(topics_find(&topics, "a"));
    arena_free(&fragment.arena);
}

Test(topics, takes_the_largest_there_may_be)
{
    struct fragment fragment;
    struct topic_list topics;
    cr_expect(read(&fragment, "[{name: a, partitions: 100000}]", &topics));
    arena_free(&fragment.arena);
    cr_expect(read(&fragment, "[{name: \"t%d\", count: 50000, partitions: 2}]", &topics));
    cr_expect_eq(topics.count, 50000);
    cr_expect_eq(topics_find(&topics, "t49999"), &topics.items[49999]);
    arena_free(&fragment.arena);
}

static const struct {
    const char *yaml;
    int errors;
    const char *said;
} wrong[] = {
    {"[]", 1, "s.yaml:1:1: error: topics is empty; write a list"},
    {"{name: a}", 1, "s.yaml:1:1: error: topics is a map; write a list"},
    {"a", 1, "s.yaml:1:1: error: topics is 'a'; write a list"},
    {"[events]", 1, "s.yaml:1:2: error: a topic is 'events'; write {name: events, partitions"},
    {"[{partitions: 3}]", 1, "s.yaml:1:2: error: a topic without a name"},
    {"[{name: a}]", 1, "s.yaml:1:2: error: a topic without its number of partitions"},
    {"[{name: a, partitons: 3}]", 2, "1:12: error: a topic has no 'partitons'; did you mean"},
    {"[{name: a, partitions: 0}]", 1, "s.yaml:1:24: error: "},
    {"[{name: a, partitions: 100001}]", 1, "s.yaml:1:24: error: "},
    {"[{name: a, partitions: 60k}, {name: b, partitions: 60k}]", 1,
     "s.yaml:1:30: error: 120000 partitions with this item; at most 100000"},
    {"[{name: a, partitions: 1, weight: 0}]", 1, "s.yaml:1:35: error: "},
    {"[{name: a, partitions: 1, count: 0}]", 1, "s.yaml:1:34: error: "},
    {"[{name: a, partitions: 1, count: 2}]", 1,
     "s.yaml:1:9: error: 2 topics cannot all be called 'a'; write 'a.%02d'"},
    {"[{name: a, partitions: 1, first: 2}]", 1, "s.yaml:1:34: error: first is where %d begins"},
    {"[{name: \"a%s\", partitions: 1}]", 1, "s.yaml:1:9: error: topic 'a%s': only %d"},
    {"[{name: \"a%d%d\", partitions: 1}]", 1, "s.yaml:1:9: error: topic 'a%d%d': there is more"},
    {"[{name: \"a b\", partitions: 1}]", 1, "error: Kafka does not take 'a b'"},
    {"[{name: \"a%%b\", partitions: 1}]", 1, "error: Kafka does not take 'a%b'"},
    {"[{name: \"t%3d\", count: 50, partitions: 1}]", 1, "error: Kafka does not take 't  0'"},
    {"[{name: \"grün\", partitions: 1}]", 1, "error: Kafka does not take 'grün'"},
    {"[{name: \".\", partitions: 1}]", 1, "error: Kafka does not take '.'"},
    {"[{name: \"..\", partitions: 1}]", 1, "error: Kafka does not take '..'"},
    {"[{name: \"\", partitions: 1}]", 1, "s.yaml:1:9: error: "},
    {"[{name: a, partitions: 1}, {name: a, partitions: 2}]", 1,
     "s.yaml:1:35: error: topic 'a' is there already, from s.yaml:1:9; give it another name"},
    {"[{name: \"t%d\", count: 9, partitions: 1}, {name: \"t%d\", count: 9, partitions: 1}]", 1,
     "error: topic 't0' is there already, from s.yaml:1:9"},
    {"[{name: t1, partitions: 1}, {name: \"t%d\", count: 2, partitions: 1}]", 1,
     "s.yaml:1:36: error: topic 't1' is there already, from s.yaml:1:9"},
    {"[{name: a, partitions: 1, weight: 70%}, {name: \"b%d\", count: 2, partitions: 1, weight: "
     "20%}]",
     1, "s.yaml:1:88: error: the shares of all topics are 110 % of the traffic together"},
    {"[{name: a, partitions: 1, weight: 100%}, {name: b, partitions: 1}]", 1,
     "s.yaml:1:35: error: the shares of all topics are 100 % of the traffic together and "
     "leave"},
    {"[{name: a, partitions: 1, weight: 40%}, {name: b, partitions: 1, weight: 59.5%}]", 1,
     "s.yaml:1:74: error: the shares of all topics are 99.5 % of the traffic together; raise"},
    {"[{name: a, partitions: 1, weight: 101%}]", 1, "s.yaml:1:35: error: weight: "},
    {"[{name: a, partitions: x}, {name: b, weight: -1, partitions: 1}, 7]", 3,
     "s.yaml:1:66: error: a topic is '7'"},
};

Test(topics, says_what_is_wrong)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fragment fragment;
        struct topic_list topics;
        cr_expect_not(read(&fragment, wrong[i].yaml, &topics), "%s", wrong[i].yaml);
        cr_expect_eq(fragment.diag.errors, wrong[i].errors, "%s: %s", wrong[i].yaml,
                     said(&fragment.diag));
        fragment_expect(&fragment, wrong[i].said);
        arena_free(&fragment.arena);
    }
}

Test(topics, name_may_have_249_characters)
{
    for (int length = 249; length <= 250; length++) {
        char yaml[400];
        char name[251];
        memset(name, 'x', sizeof name);
        name[length] = '\0';
        snprintf(yaml, sizeof yaml, "[{name: %s, partitions: 1}]", name);
        struct fragment fragment;
        struct topic_list topics;
        cr_expect_eq(read(&fragment, yaml, &topics), length == 249);
        arena_free(&fragment.arena);
    }
}

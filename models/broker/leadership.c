/*
 * leadership.c - the faults' events in the order of time, and what each of them does to every
 * partition.
 */
#include "models/broker/leadership.h"

#include <stdlib.h>

enum event_kind { RETURN, GIVE_BACK, MOVE, GO_DOWN }; /* in this order at one instant */

struct event {
    sim_time at;
    enum event_kind kind;
    const struct fault *fault;
};

struct course {
    struct arena *arena;
    const struct topic_list *topics;
    int32_t brokers, replicas;
    const struct leader **last; /* by partition */
    int32_t *preferred;         /* by partition: its leader at the start */
    int32_t *down;              /* by broker: the faults that hold it down */
};

static int compare_events(const void *left, const void *right)
{
    const struct event *const a = left;
    const struct event *const b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->kind != b->kind)
        return (int)a->kind - (int)b->kind;
    return (a->fault > b->fault) - (a->fault < b->fault);
}

static void lead(struct course *course, int32_t partition, int32_t broker, sim_time at)
{
    const struct leader *const before = course->last[partition];
    struct leader *const leader = ARENA_NEW(course->arena, struct leader);
    *leader = (struct leader){
        .broker = broker, .epoch = before->epoch + 1, .since = at, .before = before};
    course->last[partition] = leader;
}

static int32_t leader_of(const struct course *course, int32_t partition)
{
    return course->last[partition]->broker;
}

/* The first replica that is up. */
static int32_t elect(const struct course *course, int32_t partition)
{
    for (int32_t r = 0; r < course->replicas; r++) {
        const int32_t broker = (course->preferred[partition] + r) % course->brokers;
        if (course->down[broker] == 0)
            return broker;
    }
    return LEADERSHIP_NOBODY;
}

static void go_down(struct course *course, int32_t broker, sim_time at)
{
    if (course->down[broker]++ > 0)
        return;
    for (int32_t p = 0; p < course->topics->partitions; p++)
        if (leader_of(course, p) == broker)
            lead(course, p, elect(course, p), at);
}

/* Others may have missed what the last leader has. */
static void come_back(struct course *course, int32_t broker, sim_time at)
{
    if (--course->down[broker] > 0)
        return;
    for (int32_t p = 0; p < course->topics->partitions; p++)
        if (leader_of(course, p) == LEADERSHIP_NOBODY && course->last[p]->before->broker == broker)
            lead(course, p, broker, at);
}

static void give_back(struct course *course, int32_t broker, sim_time at)
{
    for (int32_t p = 0; course->down[broker] == 0 && p < course->topics->partitions; p++)
        if (course->preferred[p] == broker && leader_of(course, p) != broker)
            lead(course, p, broker, at);
}

/* The broker after this one that is up and is not the one that gives; the same one if there is
 * none. */
static int32_t next_taker(const struct course *course, int32_t taker, int32_t giver)
{
    for (int32_t i = 1; i <= course->brokers; i++) {
        const int32_t broker = (taker + i) % course->brokers;
        if (broker != giver && course->down[broker] == 0)
            return broker;
    }
    return giver;
}

static void move(struct course *course, const struct fault *fault)
{
    if (fault->topic != NULL) {
        const struct topic *const topic = topics_find(course->topics, fault->topic);
        lead(course, topic->first + (int32_t)fault->partition, (int32_t)fault->to, fault->at);
        return;
    }
    const int32_t giver = (int32_t)fault->broker;
    int32_t taker = giver;
    for (int32_t p = 0; p < course->topics->partitions; p++) {
        if (leader_of(course, p) != giver)
            continue;
        taker =
            fault->to != FAULT_NOT_GIVEN ? (int32_t)fault->to : next_taker(course, taker, giver);
        if (taker != giver)
            lead(course, p, taker, fault->at);
    }
}

static void happen(struct course *course, const struct event *event)
{
    const int32_t broker = (int32_t)event->fault->broker;
    if (event->kind == RETURN)
        come_back(course, broker, event->at);
    else if (event->kind == GIVE_BACK)
        give_back(course, broker, event->at);
    else if (event->kind == MOVE)
        move(course, event->fault);
    else
        go_down(course, broker, event->at);
}

static size_t list_events(const struct fault *fault, struct event *events)
{
    if (fault->kind == FAULT_LEADER) {
        events[0] = (struct event){fault->at, MOVE, fault};
        return 1;
    }
    if (!fault_is_down(fault))
        return 0;
    events[0] = (struct event){fault->at, GO_DOWN, fault};
    events[1] = (struct event){fault->end, RETURN, fault};
    events[2] = (struct event){fault->end + fault->leaders_back, GIVE_BACK, fault};
    return fault->kind == FAULT_RESTART ? 3 : 2;
}

static void begin(struct course *course)
{
    struct leader *const first =
        ARENA_ARRAY(course->arena, struct leader, course->topics->partitions);
    for (int32_t t = 0; t < course->topics->count; t++) {
        const struct topic *const topic = &course->topics->items[t];
        for (int32_t p = 0; p < topic->partitions; p++) {
            const int32_t partition = topic->first + p;
            course->preferred[partition] = topics_leader(topic, p, course->brokers);
            first[partition] = (struct leader){.broker = course->preferred[partition], .epoch = 1};
            course->last[partition] = &first[partition];
        }
    }
}

const struct leadership *leadership_new(struct arena *arena, const struct topic_list *topics,
                                        const struct fault_list *faults, int32_t brokers,
                                        int32_t replicas)
{
    struct event *const events = ARENA_ARRAY(arena, struct event, 3 * faults->count);
    size_t count = 0;
    for (size_t i = 0; i < faults->count; i++)
        count += list_events(&faults->items[i], &events[count]);
    if (count == 0)
        return NULL;
    qsort(events, count, sizeof *events, compare_events);
    struct course course = {
        .arena = arena,
        .topics = topics,
        .brokers = brokers,
        .replicas = replicas,
        .last = ARENA_ARRAY(arena, const struct leader *, topics->partitions),
        .preferred = ARENA_ARRAY(arena, int32_t, topics->partitions),
        .down = ARENA_ARRAY(arena, int32_t, brokers),
    };
    begin(&course);
    for (size_t i = 0; i < count; i++)
        happen(&course, &events[i]);
    struct leadership *const leadership = ARENA_NEW(arena, struct leadership);
    leadership->last = course.last;
    return leadership;
}

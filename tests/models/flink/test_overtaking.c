/*
 * test_overtaking.c - barriers that overtake the records of their channels, and what a checkpoint
 * keeps of these.
 *
 * guards: models/flink/exchange; flink-statefun.md 3.6
 */
#include "sim/core/rng.h"
#include "tests/models/flink/wires.h"

#define ALL INT64_MAX

static int told;

static void count(void *owner, struct calendar *cal)
{
    (void)owner;
    (void)cal;
    told++;
}

static void connect_unaligned(struct wires *wires, int32_t senders, int32_t receivers)
{
    told = 0;
    wires_begin(wires, senders, receivers);
    wires->setup.unaligned = true;
    wires_connect(wires);
    for (int32_t r = 0; r < receivers; r++)
        inbox_listen(&wires->inboxes[r], &wires->arena, &wires->cal, count, NULL);
    for (int32_t s = 0; s < senders; s++)
        outlet_announce(&wires->outlets[s]);
}

static void send_all(struct wires *wires, int32_t sender, int records)
{
    for (int i = 0; i < records; i++)
        wires_write(wires, sender, 0);
    outlet_flush(&wires->outlets[sender], &wires->cal);
}

/* The job fails, and goes on: what comes next is what the checkpoint kept, as numbered. */
static void fail(struct wires *wires)
{
    for (int32_t s = 0; s < wires->setup.senders; s++)
        outlet_reset(&wires->outlets[s]);
    for (int32_t r = 0; r < wires->setup.receivers; r++) {
        inbox_reset(&wires->inboxes[r]);
        inbox_restore(&wires->inboxes[r], wires->cal.now);
    }
}

/* Ten full buffers at the sender and ten at the receiver: the barrier is there after the latency,
 * and all of these are part of its checkpoint. */
Test(overtaking, a_barrier_comes_before_the_data)
{
    struct wires wires;
    connect_unaligned(&wires, 1, 1);
    struct inbox *const inbox = &wires.inboxes[0];
    const int64_t records = wires_fill(&wires, 0, 0);
    outlet_overtake(&wires.outlets[0], &wires.cal, 1);
    wires_wait(&wires, SIM_MS - 1);
    cr_assert_eq(told, 0);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_NOTHING);
    wires_wait(&wires, 1);
    cr_assert_eq(told, 1);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_BEGINS);
    cr_assert_eq(inbox->barrier, 1);
    cr_assert_eq(inbox->first_at, SIM_MS);
    cr_assert_not(inbox_collects(inbox), "it is the only channel");
    cr_assert_eq(inbox_persisted_bytes(inbox), 30 * records);
    inbox_keep(inbox);
    cr_assert_eq(wires_read(&wires, 0, ALL), 10 * WIRES_FULL, "they are read all the same");

    fail(&wires);
    wires.read[0][0] = 0;
    cr_assert_eq(inbox->records, records);
    cr_assert_eq(wires_read(&wires, 0, ALL), records);
    cr_assert_eq(wires.outlets[0].used, 0);
    cr_assert_eq(wires.outlets[0].channels[0].exclusive, 0, "what was kept lay in no memory");
    wires_end(&wires);
}

/* The second channel's barrier leaves after the snapshot: what comes until then belongs to it,
 * although it is read meanwhile; what the first one sends does not. */
Test(overtaking, channels_without_a_barrier_are_recorded)
{
    struct wires wires;
    connect_unaligned(&wires, 2, 1);
    struct inbox *const inbox = &wires.inboxes[0];
    send_all(&wires, 0, 2);
    send_all(&wires, 1, 1);
    outlet_overtake(&wires.outlets[0], &wires.cal, 1);
    send_all(&wires, 0, 5);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_BEGINS);
    cr_assert(inbox_collects(inbox));
    send_all(&wires, 1, 6);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), 2 + 1 + 5 + 6, "nothing is set aside");
    outlet_overtake(&wires.outlets[1], &wires.cal, 1);
    send_all(&wires, 1, 3);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_ENDS);
    cr_assert_not(inbox_collects(inbox));
    cr_assert_eq(inbox_persisted_bytes(inbox), 30 * (2 + 1 + 6));
    inbox_keep(inbox);
    fail(&wires);
    wires.read[0][0] = wires.read[1][0] = 0;
    cr_assert_eq(wires_read(&wires, 0, ALL), 2 + 1 + 6);
    wires_end(&wires);
}

/* What it has copied goes with it, and late barriers mean nothing. */
Test(overtaking, a_checkpoint_that_is_given_up)
{
    struct wires wires;
    connect_unaligned(&wires, 2, 1);
    struct inbox *const inbox = &wires.inboxes[0];
    send_all(&wires, 0, 2);
    outlet_overtake(&wires.outlets[0], &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_BEGINS);
    inbox_abort(inbox, &wires.cal, 1);
    cr_assert_not(inbox_collects(inbox));
    outlet_overtake(&wires.outlets[1], &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_NOTHING);
    fail(&wires);
    cr_assert_eq(inbox->records, 0);
    wires_end(&wires);
}

/* One barrier has been aligned, one waits behind data here, one behind data at its sender: too
 * late, and they overtake. What was set aside is behind its barrier. */
Test(overtaking, an_alignment_that_takes_too_long)
{
    struct wires wires;
    connect_unaligned(&wires, 3, 1);
    struct inbox *const inbox = &wires.inboxes[0];
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    send_all(&wires, 0, 3);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), 0);
    send_all(&wires, 1, 4);
    outlet_broadcast(&wires.outlets[1], &wires.cal, 1);
    const int64_t records = wires_fill(&wires, 2, 0);
    outlet_broadcast(&wires.outlets[2], &wires.cal, 1);
    wires_wait(&wires, 3 * SIM_MS);
    cr_assert_eq(told, 0);

    inbox_overtake(inbox, &wires.cal, 1);
    cr_assert_eq(told, 1);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_BEGINS);
    cr_assert_eq(inbox->first_at, SIM_MS);
    cr_assert_eq(inbox_persisted_bytes(inbox), 30 * (4 + records));
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_NOTHING);
    cr_assert(inbox_collects(inbox));
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(told, 2, "from the sender it takes the latency");
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_ENDS);
    cr_assert_gt(wires_read(&wires, 0, ALL), 3 + 4);
    wires_end(&wires);
}

/* Nothing is left of it in the channels, and nothing begins twice. */
Test(overtaking, an_alignment_that_is_over)
{
    struct wires wires;
    connect_unaligned(&wires, 1, 1);
    struct inbox *const inbox = &wires.inboxes[0];
    int32_t sender;
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_step(&wires, 0, &sender), INBOX_ALIGNED);
    inbox_overtake(inbox, &wires.cal, 1);
    cr_assert_eq(told, 0);
    cr_assert_eq(inbox_look_ahead(inbox, &wires.cal), AHEAD_NOTHING);
    wires_end(&wires);
}

/* Of each channel: how many had been read when the checkpoint began, and written when its barrier
 * left. -1: not yet. */
struct cut {
    int64_t read[WIRES_MAX][WIRES_MAX], written[WIRES_MAX][WIRES_MAX];
};

static void note_written(const struct wires *wires, struct cut *cut, int32_t sender)
{
    for (int32_t r = 0; r < wires->setup.receivers; r++)
        cut->written[sender][r] = wires->written[sender][r];
}

static bool look_ahead(struct wires *wires, struct cut *cut, int32_t receiver)
{
    struct inbox *const inbox = &wires->inboxes[receiver];
    enum inbox_ahead ahead;
    bool over = false;
    while ((ahead = inbox_look_ahead(inbox, &wires->cal)) != AHEAD_NOTHING) {
        for (int32_t s = 0; ahead == AHEAD_BEGINS && s < wires->setup.senders; s++)
            cut->read[s][receiver] = wires->read[s][receiver];
        over |= !inbox_collects(inbox);
    }
    return over;
}

/* Senders write, receivers read and look, everybody at his own pace; one sender after the other
 * sends its barrier. In half of the rounds they are late: some have gone in line. */
static void take_checkpoint(struct wires *wires, struct rng *rng, struct cut *cut, int64_t barrier)
{
    const int32_t senders = wires->setup.senders;
    const int32_t receivers = wires->setup.receivers;
    const int in_line = (int)(rng_uniform(rng) * 2) * (int)(rng_uniform(rng) * (senders + 1));
    int left = 0, over = 0;
    for (int step = 0; over < receivers; step++) {
        cr_assert_lt(step, 100000);
        const int32_t s = (int32_t)(rng_uniform(rng) * senders);
        const int32_t r = (int32_t)(rng_uniform(rng) * receivers);
        if (rng_uniform(rng) < 0.5)
            wires_write(wires, s, r);
        if (rng_uniform(rng) < 0.05)
            outlet_flush(&wires->outlets[s], &wires->cal);
        if (left < senders && rng_uniform(rng) < 0.05) {
            note_written(wires, cut, left);
            if (left < in_line)
                outlet_broadcast(&wires->outlets[left++], &wires->cal, barrier);
            else
                outlet_overtake(&wires->outlets[left++], &wires->cal, barrier);
            for (int32_t each = 0; left == in_line && each < receivers; each++)
                inbox_overtake(&wires->inboxes[each], &wires->cal, barrier);
        }
        wires_wait(wires, (sim_time)(rng_uniform(rng) * 100 * SIM_US));
        over += look_ahead(wires, cut, r);
        if (wires->inboxes[r].overtaking->late ||
            inbox_next_ahead(&wires->inboxes[r]) <= wires->cal.now)
            continue;
        wires_read(wires, r, (int64_t)(rng_uniform(rng) * 3));
    }
}

/* Each checkpoint has kept, of each channel and in their order, those that had been written before
 * its barrier and not been read before it began. After a failure they come first. */
Test(overtaking, nothing_is_lost_and_nothing_comes_twice)
{
    struct rng rng;
    rng_init(&rng, (struct rng_seed){7, 0}, 1, 0, 0);
    for (int round = 0; round < 400; round++) {
        struct wires wires;
        struct cut cut;
        connect_unaligned(&wires, 1 + (int32_t)(rng_uniform(&rng) * WIRES_MAX),
                          1 + (int32_t)(rng_uniform(&rng) * WIRES_MAX));
        for (int64_t barrier = 1; barrier <= 3; barrier++) {
            take_checkpoint(&wires, &rng, &cut, barrier);
            for (int32_t r = 0; r < wires.setup.receivers; r++)
                inbox_keep(&wires.inboxes[r]);
            if (rng_uniform(&rng) < 0.5)
                continue;
            fail(&wires);
            for (int32_t r = 0; r < wires.setup.receivers; r++) {
                int64_t kept = 0;
                for (int32_t s = 0; s < wires.setup.senders; s++) {
                    wires.read[s][r] = cut.read[s][r];
                    wires.written[s][r] = cut.written[s][r];
                    kept += cut.written[s][r] - cut.read[s][r];
                }
                cr_assert_eq(wires.inboxes[r].records, kept, "round %d", round);
                if (rng_uniform(&rng) < 0.5)
                    cr_assert_eq(wires_read(&wires, r, ALL), kept);
            }
        }
        wires_end(&wires);
    }
}

/*
 * test_exchange.c - network buffers and credits: how much a channel holds, who waits for whom, and
 * in which order things come.
 *
 * guards: models/flink/exchange; flink-statefun.md 7
 */
#include "tests/models/flink/wires.h"

#define ALL INT64_MAX

/* At the sender ten buffers; at the receiver two of the channel's own and the eight shared ones.
 * The tenth at the sender is full of one record: with it the task stops. */
#define AT_RECEIVER ((2 + 8) * WIRES_FULL)
#define CAPACITY    (AT_RECEIVER + 9 * WIRES_FULL + 1)

static struct wires one_to_one(void)
{
    struct wires wires;
    wires_begin(&wires, 1, 1);
    return wires;
}

Test(exchange, a_full_buffer_arrives_after_the_latency)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    struct inbox *const inbox = &wires.inboxes[0];
    inbox->waits = true;
    wires_wait(&wires, 5 * SIM_MS);
    for (int i = 0; i < WIRES_FULL - 1; i++)
        wires_write(&wires, 0, 0);
    cr_assert_eq(inbox_next(inbox), SIM_NEVER);
    wires_write(&wires, 0, 0);
    cr_assert_eq(inbox_next(inbox), 6 * SIM_MS);
    cr_assert_not(inbox->waits);
    wires_wait(&wires, 2 * SIM_MS);
    cr_assert_eq(wires.readers[0].fired, 1);
    cr_assert_eq(wires.readers[0].at, 6 * SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), WIRES_FULL);
    wires_end(&wires);
}

Test(exchange, a_channel_holds_what_section_7_says)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    cr_assert_eq(wires_fill(&wires, 0, 0), CAPACITY);
    cr_assert_eq(wires.inboxes[0].records, CAPACITY);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), AT_RECEIVER, "what has been read makes room");
    wires_end(&wires);
}

Test(exchange, without_floating_buffers_the_channel_has_its_own)
{
    struct wires wires = one_to_one();
    wires.setup.floating_max = 0;
    wires.setup.sender_max = 2; /* the pool is 2 as well */
    wires_connect(&wires);
    cr_assert_eq(wires_fill(&wires, 0, 0), 2 * WIRES_FULL + WIRES_FULL + 1);
    wires_end(&wires);
}

Test(exchange, channels_of_a_receiver_share_the_floating_buffers)
{
    struct wires wires;
    wires_begin(&wires, 2, 1);
    wires_connect(&wires);
    cr_assert_eq(wires_fill(&wires, 0, 0), CAPACITY);
    cr_assert_eq(wires_fill(&wires, 1, 0), CAPACITY - 8 * WIRES_FULL);
    wires_end(&wires);
}

Test(exchange, the_first_credit_lets_a_blocked_task_go_on)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    wires_fill(&wires, 0, 0);
    wires.outlets[0].waits = true;
    wires_wait(&wires, SIM_MS);
    wires_read(&wires, 0, WIRES_FULL - 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires.senders[0].fired, 0, "the buffer is still being read");
    wires_read(&wires, 0, 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires.senders[0].fired, 1);
    cr_assert_eq(wires.senders[0].at, 2 * SIM_MS, "at once");
    /* The rest of the open buffer, and the first record of the next one. */
    cr_assert_eq(wires_fill(&wires, 0, 0), WIRES_FULL);
    wires_end(&wires);
}

Test(exchange, one_channel_stops_the_whole_task)
{
    struct wires wires;
    wires_begin(&wires, 1, 2);
    wires_connect(&wires);
    cr_assert_eq(wires_fill(&wires, 0, 0), CAPACITY);
    cr_assert_not(wires_write(&wires, 0, 1), "the other channel is empty");
    cr_assert_eq(wires.outlets[0].full, 1);
    wires_end(&wires);
}

/* 2 x 3 + 8 buffers: with three channels written in turns those at the sender are 5, 5 and 4. */
Test(exchange, the_pool_of_the_sender_is_shared)
{
    struct wires wires;
    wires_begin(&wires, 1, 3);
    wires_connect(&wires);
    int64_t count = 0;
    while (wires_write(&wires, 0, (int32_t)(count % 3)))
        count++;
    cr_assert_eq(count, 3 * (AT_RECEIVER + 4 * WIRES_FULL) + 2);
    cr_assert_eq(wires.outlets[0].full, 0);
    wires_end(&wires);
}

/* In the middle of a record a task has five buffers more, whatever a channel may hold. */
Test(exchange, overdraft)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    wires_fill(&wires, 0, 0);
    struct outlet *const outlet = &wires.outlets[0];
    cr_assert_eq(outlet->used, outlet->pool);
    int64_t count = 0;
    for (; outlet_has_room(outlet, 0); count++)
        if (outlet_write(outlet, 0, &(struct exchange_entry){.arrived = CAPACITY + count}))
            outlet_send(outlet, &wires.cal, 0);
    cr_assert_eq(count, (WIRES_FULL - 1) + 5 * WIRES_FULL);
    wires_end(&wires);
}

Test(exchange, shared_memory_goes_to_who_has_waited_longest)
{
    struct wires wires;
    wires_begin(&wires, 3, 1);
    wires_connect(&wires);
    for (int32_t s = 0; s < 3; s++)
        wires_fill(&wires, s, 0);
    wires_wait(&wires, SIM_MS);
    struct inbox *const inbox = &wires.inboxes[0];
    int32_t sender = -1;
    /* The first sender has 2 buffers of its own and all 8 that are shared. */
    wires_read(&wires, 0, 2 * WIRES_FULL);
    const struct exchange_buffer *const before = inbox->queue.last;
    wires_read(&wires, 0, 3 * WIRES_FULL);
    const struct exchange_buffer *next = before->next;
    for (int i = 0; i < 3; i++, next = next->next) {
        cr_assert_not_null(next);
        sender = (int32_t)(next->channel->outlet - wires.outlets);
        cr_assert_eq(sender, i, "buffer %d is of sender %d", i, sender);
    }
    cr_assert_null(next);
    wires_end(&wires);
}

Test(exchange, a_flush_sends_what_there_is)
{
    struct wires wires;
    wires_begin(&wires, 1, 2);
    wires_connect(&wires);
    wires_write(&wires, 0, 1);
    cr_assert_not(outlet_flush(&wires.outlets[0], &wires.cal));
    cr_assert_eq(inbox_next(&wires.inboxes[0]), SIM_NEVER);
    cr_assert_eq(inbox_next(&wires.inboxes[1]), SIM_MS);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 1, ALL), 1);
    cr_assert_eq(wires.outlets[0].used, 0);
    wires_end(&wires);
}

/* Flushed after each record, ten buffers of one record fit into the receiver's memory and one waits
 * for it; those behind it are filled. */
Test(exchange, behind_others_a_buffer_is_filled_whatever_is_flushed)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    int64_t count = 0;
    while (wires_write(&wires, 0, 0)) {
        count++;
        cr_assert_eq(outlet_flush(&wires.outlets[0], &wires.cal), count > 11 && count % 4 != 3);
    }
    cr_assert_eq(count, 10 + 1 + 8 * WIRES_FULL + 1);
    wires_end(&wires);
}

Test(exchange, a_reset_loses_everything_and_frees_it)
{
    struct wires wires;
    wires_begin(&wires, 2, 2);
    wires_connect(&wires);
    int64_t buffers = 0;
    for (int round = 0; round < 3; round++) {
        /* What follows the barrier is set aside; the other channels' barriers never come. */
        outlet_broadcast(&wires.outlets[0], &wires.cal, round + 1);
        wires_write(&wires, 0, 1);
        outlet_flush(&wires.outlets[0], &wires.cal);
        for (int32_t s = 0; s < 2; s++)
            cr_assert_eq(wires_fill(&wires, s, 0), CAPACITY - s * 8 * WIRES_FULL);
        outlet_broadcast(&wires.outlets[0], &wires.cal, round + 2);
        wires_wait(&wires, SIM_MS);
        cr_assert_eq(wires_read(&wires, 1, ALL), 0);
        cr_assert_eq(wires_read(&wires, 0, 1), 1, "half of a buffer");
        wires.inboxes[0].waits = wires.outlets[0].waits = true;
        for (int32_t s = 0; s < 2; s++)
            outlet_reset(&wires.outlets[s]);
        for (int32_t r = 0; r < 2; r++)
            inbox_reset(&wires.inboxes[r]);
        memset(wires.written, 0, sizeof wires.written);
        memset(wires.read, 0, sizeof wires.read);
        cr_assert_eq(wires.inboxes[0].records, 0);
        cr_assert_not(wires.inboxes[0].waits || wires.outlets[0].waits);
        buffers = round == 0 ? wires.exchange.buffers.supply.count : buffers;
        cr_assert_eq(wires.exchange.buffers.supply.count, buffers, "no buffer is lost");
        cr_assert_eq(wires.exchange.barriers.supply.count, 4, "no barrier is lost");
    }
    wires_end(&wires);
}

static void check_limits(const struct wires *wires)
{
    for (int32_t s = 0; s < wires->setup.senders; s++) {
        const struct outlet *const outlet = &wires->outlets[s];
        int32_t used = 0;
        for (int32_t r = 0; r < outlet->count; r++) {
            used += outlet->channels[r].held;
            cr_assert_leq(outlet->channels[r].held, wires->setup.sender_max);
            cr_assert_leq(outlet->channels[r].exclusive, wires->setup.exclusive_max);
        }
        cr_assert_eq(used, outlet->used);
        cr_assert_leq(used, 2 * wires->setup.receivers + wires->setup.floating_max);
    }
    for (int32_t r = 0; r < wires->setup.receivers; r++) {
        int64_t under_way = 0;
        for (int32_t s = 0; s < wires->setup.senders; s++)
            under_way += wires->written[s][r] - wires->read[s][r];
        cr_assert_eq(under_way, wires->inboxes[r].records);
        cr_assert_geq(wires->inboxes[r].floating, 0);
    }
}

/* Whatever the order of events: no record is lost, none overtakes another of its channel, nobody
 * has more memory than is his; and in the end everything arrives. */
Test(exchange, conservation)
{
    struct wires wires;
    wires_begin(&wires, 4, 4);
    wires.setup.sender_max = 3;
    wires.setup.exclusive_max = 1;
    wires.setup.floating_max = 2;
    wires_connect(&wires);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){7, 0}, 0, 0, 0);
    for (int i = 0; i < 200000; i++) {
        const uint64_t word = rng_next(&rng);
        const int32_t a = (int32_t)(word & 3);
        const int32_t b = (int32_t)(word >> 2 & 3);
        switch (word >> 4 & 15) {
        case 0:
            wires_wait(&wires, (sim_time)(word >> 8 & 0xfffff));
            break;
        case 1:
            outlet_flush(&wires.outlets[a], &wires.cal);
            break;
        case 2:
        case 3:
        case 4:
        case 5:
            wires_read(&wires, b, (int64_t)(word >> 8 & 15));
            break;
        default:
            wires_write(&wires, a, b);
        }
        check_limits(&wires);
    }
    cr_assert_gt(wires.read[3][3], 1000);
    for (int i = 0; i < 100; i++) {
        for (int32_t s = 0; s < 4; s++)
            outlet_flush(&wires.outlets[s], &wires.cal);
        wires_wait(&wires, SIM_MS);
        for (int32_t r = 0; r < 4; r++)
            wires_read(&wires, r, ALL);
    }
    for (int32_t r = 0; r < 4; r++)
        cr_assert_eq(wires.inboxes[r].records, 0);
    wires_end(&wires);
}

/* Within a TaskManager ten buffers are all there are, 2P + 8 in the pool, and reading one makes
 * room for one. */
Test(exchange, a_local_channel_holds_ten_buffers)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    struct outlet *const outlet = &wires.outlets[0];
    outlet_set_local(outlet, 0);
    cr_assert_eq(wires_fill(&wires, 0, 0), 10 * WIRES_FULL - (WIRES_FULL - 1), "the tenth is open");
    cr_assert_eq(outlet->used, 10);
    outlet->waits = true;
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, WIRES_FULL - 1), WIRES_FULL - 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires.senders[0].fired, 0, "the buffer has not been read");
    cr_assert_eq(wires_read(&wires, 0, 1), 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires.senders[0].fired, 1);
    cr_assert_eq(wires_fill(&wires, 0, 0), WIRES_FULL);
    wires_end(&wires);
}

/* What is behind unread buffers goes on being filled, a barrier passes to its place. */
Test(exchange, a_flush_of_a_local_channel)
{
    struct wires wires = one_to_one();
    wires_connect(&wires);
    struct outlet *const outlet = &wires.outlets[0];
    outlet_set_local(outlet, 0);
    wires_write(&wires, 0, 0);
    cr_assert_not(outlet_flush(outlet, &wires.cal), "it is the first");
    wires_write(&wires, 0, 0);
    cr_assert(outlet_flush(outlet, &wires.cal), "the one before has not been read");
    wires_write(&wires, 0, 0);
    outlet_broadcast(outlet, &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, 3), 3);
    int32_t sender;
    cr_assert_eq(wires_step(&wires, 0, &sender), INBOX_ALIGNED);
    cr_assert_eq(outlet->used, 0);
    wires_end(&wires);
}

/*
 * test_barriers.c - barriers in channels, and their alignment.
 *
 * guards: models/flink/exchange; flink-statefun.md 3.2, 7
 */
#include "tests/models/flink/wires.h"

#define ALL INT64_MAX

Test(barriers, a_barrier_comes_behind_the_data)
{
    struct wires wires;
    wires_begin(&wires, 1, 1);
    wires_connect(&wires);
    const int64_t count = wires_fill(&wires, 0, 0);
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    int64_t seen = 0;
    while (wires.inboxes[0].barriers == 0) {
        seen += wires_read(&wires, 0, 1);
        wires_wait(&wires, SIM_MS);
    }
    cr_assert_eq(seen, count);
    wires_end(&wires);
}

/* All memory of the receiver is in use, and no data waits at the sender. */
Test(barriers, a_barrier_needs_no_memory)
{
    struct wires wires;
    wires_begin(&wires, 1, 1);
    wires_connect(&wires);
    for (int i = 0; i < (2 + 8) * WIRES_FULL; i++)
        wires_write(&wires, 0, 0);
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    cr_assert_eq(wires.outlets[0].used, 0);
    cr_assert_eq(wires.inboxes[0].queue.last->barrier, 1);
    cr_assert_eq(wires.inboxes[0].queue.last->at, SIM_MS);
    wires_end(&wires);
}

static void send_all(struct wires *wires, int32_t sender, int count)
{
    for (int i = 0; i < count; i++)
        wires_write(wires, sender, 0);
    outlet_flush(&wires->outlets[sender], &wires->cal);
}

/* Barriers at 1 and 6 ms, data of both senders before and after. */
Test(barriers, alignment)
{
    struct wires wires;
    wires_begin(&wires, 2, 1);
    wires_connect(&wires);
    struct inbox *const inbox = &wires.inboxes[0];
    send_all(&wires, 0, 2);
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    send_all(&wires, 0, 3);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), 2, "what follows the barrier is set aside");
    cr_assert_eq(inbox->first_at, SIM_MS);
    cr_assert_eq(inbox_next(inbox), SIM_NEVER);

    wires_wait(&wires, SIM_MS);
    send_all(&wires, 1, 5);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), 5, "the other channel is read");

    wires_wait(&wires, 2 * SIM_MS);
    outlet_broadcast(&wires.outlets[1], &wires.cal, 1);
    send_all(&wires, 1, 1);
    wires_wait(&wires, SIM_MS);
    int32_t sender = -1;
    cr_assert_eq(wires_step(&wires, 0, &sender), INBOX_ALIGNED);
    cr_assert_eq(wires.cal.now - inbox->first_at, 5 * SIM_MS, "last less first barrier");
    cr_assert_eq(inbox->barrier, 1);
    inbox_release(inbox);
    cr_assert_eq(wires_step(&wires, 0, &sender), INBOX_RECORD);
    cr_assert_eq(sender, 0, "what was set aside comes first");
    cr_assert_eq(wires_read(&wires, 0, ALL), 3);
    cr_assert_eq(inbox->records, 0);
    wires_end(&wires);
}

/* Given up while the first channel is set aside; the barrier of the second comes later. */
Test(barriers, abort_goes_on_at_once)
{
    struct wires wires;
    wires_begin(&wires, 2, 1);
    wires_connect(&wires);
    struct inbox *const inbox = &wires.inboxes[0];
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    send_all(&wires, 0, 3);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), 0);
    inbox->waits = true;
    wires_wait(&wires, SIM_MS);
    inbox_abort(inbox, &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    cr_assert_eq(wires.readers[0].at, 2 * SIM_MS);
    cr_assert_eq(wires_read(&wires, 0, ALL), 3);

    outlet_broadcast(&wires.outlets[1], &wires.cal, 1);
    wires_wait(&wires, SIM_MS);
    wires_read(&wires, 0, ALL);
    cr_assert_eq(inbox->barriers, 0, "the late barrier means nothing");
    outlet_broadcast(&wires.outlets[1], &wires.cal, 2);
    outlet_broadcast(&wires.outlets[0], &wires.cal, 2);
    wires_wait(&wires, SIM_MS);
    int32_t sender;
    cr_assert_eq(wires_step(&wires, 0, &sender), INBOX_NOTHING);
    cr_assert_eq(wires_step(&wires, 0, &sender), INBOX_ALIGNED);
    cr_assert_eq(inbox->barrier, 2);
    wires_end(&wires);
}

/* Checkpoints at given instants may overlap: the second barrier of a channel waits for the first
 * one of the others. */
Test(barriers, overlapping_checkpoints_are_aligned_one_after_the_other)
{
    struct wires wires;
    wires_begin(&wires, 2, 1);
    wires_connect(&wires);
    struct inbox *const inbox = &wires.inboxes[0];
    outlet_broadcast(&wires.outlets[0], &wires.cal, 1);
    outlet_broadcast(&wires.outlets[0], &wires.cal, 2);
    outlet_broadcast(&wires.outlets[1], &wires.cal, 1);
    outlet_broadcast(&wires.outlets[1], &wires.cal, 2);
    wires_wait(&wires, SIM_MS);
    for (int64_t checkpoint = 1; checkpoint <= 2; checkpoint++) {
        cr_assert_eq(wires_read(&wires, 0, ALL), 0);
        cr_assert_eq(inbox->barriers, 2);
        cr_assert_eq(inbox->barrier, checkpoint);
        inbox_release(inbox);
    }
    wires_end(&wires);
}

/*
 * wires.h - for tests: an exchange whose tasks are the test itself. Buffers hold four records,
 * which are numbered per channel.
 */
#ifndef TESTS_WIRES_H
#define TESTS_WIRES_H

#include <criterion/criterion.h>
#include <string.h>

#include "models/flink/exchange.h"

#define WIRES_MAX  4
#define WIRES_FULL 4 /* records in a buffer */

struct end { /* of a task: when its timer fired last, and how often */
    struct timer timer;
    sim_time at;
    int fired;
};

struct wires {
    struct arena arena;
    struct calendar cal;
    struct exchange_setup setup;
    struct exchange exchange;
    struct outlet outlets[WIRES_MAX];
    struct inbox inboxes[WIRES_MAX];
    struct end senders[WIRES_MAX], readers[WIRES_MAX];
    int64_t written[WIRES_MAX][WIRES_MAX], read[WIRES_MAX][WIRES_MAX]; /* by sender, receiver */
};

static inline void end_fired(struct calendar *cal, struct timer *timer)
{
    struct end *const end = TIMER_OWNER(timer, struct end, timer);
    end->at = cal->now;
    end->fired++;
}

/* Flink's defaults but for the size of a buffer; 1 ms from here to there. */
static inline void wires_begin(struct wires *wires, int32_t senders, int32_t receivers)
{
    memset(wires, 0, sizeof *wires);
    arena_init(&wires->arena);
    calendar_init(&wires->cal, &wires->arena, 3 * WIRES_MAX);
    wires->setup = (struct exchange_setup){
        .latency = SIM_MS,
        .segment_bytes = 100,
        .record_bytes = 30, /* 3.3 in a buffer: the fourth begins there */
        .senders = senders,
        .receivers = receivers,
        .sender_max = 10,
        .exclusive_max = 2,
        .floating_max = 8,
    };
}

static inline void wires_connect(struct wires *wires)
{
    exchange_init(&wires->exchange, &wires->arena, &wires->setup);
    for (int32_t r = 0; r < wires->setup.receivers; r++) {
        calendar_add(&wires->cal, &wires->readers[r].timer, end_fired);
        inbox_init(&wires->inboxes[r], &wires->exchange, wires->setup.senders,
                   &wires->readers[r].timer);
    }
    for (int32_t s = 0; s < wires->setup.senders; s++) {
        calendar_add(&wires->cal, &wires->senders[s].timer, end_fired);
        outlet_init(&wires->outlets[s], &wires->arena, &wires->exchange, wires->inboxes,
                    wires->setup.receivers, &wires->senders[s].timer);
    }
}

static inline void wires_end(struct wires *wires)
{
    arena_free(&wires->arena);
}

static inline void wires_wait(struct wires *wires, sim_time ns)
{
    calendar_run(&wires->cal, wires->cal.now + ns);
    wires->cal.now = sim_later(wires->cal.now, wires->cal.until);
}

/* One record, if the outlet is available; full buffers leave at once. */
static inline bool wires_write(struct wires *wires, int32_t sender, int32_t receiver)
{
    struct outlet *const outlet = &wires->outlets[sender];
    if (!outlet_available(outlet))
        return false;
    const struct exchange_entry entry = {.arrived = wires->written[sender][receiver]++, .emit = 1};
    if (outlet_write(outlet, receiver, &entry))
        outlet_send(outlet, &wires->cal, receiver);
    return true;
}

/* Until the outlet is full; how many. */
static inline int64_t wires_fill(struct wires *wires, int32_t sender, int32_t receiver)
{
    int64_t count = 0;
    while (wires_write(wires, sender, receiver))
        count++;
    return count;
}

/* One step of what is due: a record is compared with the one that is next in its channel. */
static inline enum inbox_look wires_step(struct wires *wires, int32_t receiver, int32_t *sender)
{
    struct inbox *const inbox = &wires->inboxes[receiver];
    const enum inbox_look look = inbox_look(inbox, &wires->cal);
    if (look != INBOX_RECORD)
        return look;
    *sender = (int32_t)(inbox->current->channel->outlet - wires->outlets);
    const struct exchange_entry entry = inbox_take(inbox, &wires->cal);
    cr_assert_eq(entry.arrived, wires->read[*sender][receiver]++, "out of order");
    return look;
}

/* At most so many records that are due; stops when aligned. How many. */
static inline int64_t wires_read(struct wires *wires, int32_t receiver, int64_t most)
{
    int64_t count = 0;
    int32_t sender;
    while (count < most && inbox_next(&wires->inboxes[receiver]) <= wires->cal.now) {
        const enum inbox_look look = wires_step(wires, receiver, &sender);
        if (look == INBOX_ALIGNED)
            break;
        count += look == INBOX_RECORD;
    }
    return count;
}

#endif

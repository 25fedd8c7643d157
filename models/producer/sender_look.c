/*
 * sender_look.c - which nodes have something ready, and which of them can be sent to.
 */
#include "models/producer/sender.h"

#include "sim/core/check.h"

static bool can_send(const struct sender *sender, int32_t node)
{
    const bool full = sender->in_flight[node] >= sender->acc->config->max_in_flight;
    return !full && !sender->closed[node] && !sender->held[node];
}

static void note_wait(struct sender *sender, int32_t node, bool ready, bool free)
{
    struct sender_wait *const wait = &sender->waits[node];
    if (free && !ready)
        wait->from = SIM_NEVER;
    if (free || !ready || wait->from != SIM_NEVER)
        return;
    wait->from = sender->looked;
    sender->any_waits = true;
}

/* Nothing is ready. */
static void end_waits(struct sender *sender)
{
    sender->any_waits = false;
    for (int32_t n = 0; n < sender->acc->cluster->node_count; n++) {
        note_wait(sender, n, false, can_send(sender, n));
        sender->any_waits |= sender->waits[n].from != SIM_NEVER;
    }
}

static void note_delay(struct delay *delay, const struct readiness *readiness)
{
    if (readiness->delay_ms < delay->rest_ms)
        delay->rest_ms = readiness->delay_ms;
    if (readiness->least_ms < delay->least_ms)
        delay->least_ms = readiness->least_ms;
}

/* The delay until a node may become ready; marks the nodes that are. */
static void find_ready(struct sender *sender)
{
    struct accumulator *const acc = sender->acc;
    const int64_t now_ms = sender->now_ms;
    const bool piecemeal = accumulator_look_end(acc, now_ms);
    struct delay *const delay = &sender->delay;
    bool any_ready = false;
    bool any_drawn = false;
    bool any_blocked = false;
    if (!piecemeal && accumulator_quiet(acc, now_ms, delay)) {
        if (sender->any_waits)
            end_waits(sender);
        return;
    }
    *delay = (struct delay){now_ms, ACCUMULATOR_FOR_EVER, ACCUMULATOR_FOR_EVER};
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        const struct readiness readiness =
            piecemeal ? acc->look.found[n] : accumulator_ready(acc, n, now_ms);
        const bool free = can_send(sender, n);
        note_wait(sender, n, readiness.ready, free);
        sender->survives[n] = readiness.ready && free;
        sender->blocked[n] = readiness.ready && !free && !readiness.walked;
        sender->wanted[n] = readiness.ready && sender->closed[n];
        sender->any_survives |= sender->survives[n];
        any_blocked |= sender->blocked[n];
        any_ready |= readiness.ready;
        any_drawn |= readiness.drawn;
        note_delay(delay, &readiness);
        if (readiness.ready)
            accumulator_node_seen(acc, n, free, now_ms);
    }
    for (int32_t n = 0; any_blocked && !sender->any_survives && n < acc->cluster->node_count; n++) {
        if (!sender->blocked[n])
            continue;
        const int64_t before_ms = accumulator_delay_before_ready(acc, n, now_ms);
        delay->rest_ms = before_ms < delay->rest_ms ? before_ms : delay->rest_ms;
    }
    if (delay->rest_ms < delay->least_ms)
        delay->least_ms = delay->rest_ms;
    if (!any_ready && !any_drawn && !piecemeal)
        accumulator_calm(acc, delay);
}

void sender_begin(struct sender *sender, int64_t now_ms)
{
    sender->now_ms = now_ms;
    sequences_settle(&sender->acc->sequences, &sender->acc->queues);
}

void sender_look(struct sender *sender)
{
    sender->any_survives = false;
    find_ready(sender);
    if (sender->any_survives)
        sender->delay.least_ms = sender->delay.rest_ms = 0;
}

void sender_draw_delay(struct sender *sender)
{
    const int64_t drawn_ms = accumulator_drawn_ms(sender->acc, &sender->delay);
    CHECK(drawn_ms >= sender->delay.least_ms);
    sender->delay.least_ms = sender->delay.rest_ms = drawn_ms;
}

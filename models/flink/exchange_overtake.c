/*
 * exchange_overtake.c - CheckpointBarrierHandler, ChannelStateWriter: barriers that overtake
 * records, and the copies of these.
 *
 * In Flink a sender persists what its barrier overtakes in the output, and a receiver what it
 * overtakes in the input. Here the receiver does both when its checkpoint begins: what has been
 * written before the barrier of its channel and has not been taken by then, wherever it lies. Of
 * channels whose barrier has not left yet, what leaves until then is added.
 */
#include "models/flink/exchange_parts.h"
#include "sim/core/check.h"

static bool is_due(const struct overtaking *overtaking, sim_time now)
{
    return overtaking->late ||
           (overtaking->ahead.first != NULL && overtaking->ahead.first->at <= now);
}

/* Of those that come at `from` or later. */
static void await_next(struct overtaking *overtaking, struct calendar *cal, sim_time from)
{
    const struct exchange_buffer *next = overtaking->ahead.first;
    while (next != NULL && next->at < from)
        next = next->next;
    calendar_arm(cal, &overtaking->timer, next != NULL ? next->at : SIM_NEVER);
}

static void tell(struct overtaking *overtaking, struct calendar *cal)
{
    if (is_due(overtaking, cal->now))
        overtaking->told(overtaking->owner, cal);
    await_next(overtaking, cal, cal->now + 1);
}

static void arrive(struct calendar *cal, struct timer *timer)
{
    tell(TIMER_OWNER(timer, struct overtaking, timer), cal);
}

void inbox_listen(struct inbox *inbox, struct arena *arena, struct calendar *cal,
                  inbox_told_fn *told, void *owner)
{
    inbox->overtaking = ARENA_NEW(arena, struct overtaking);
    inbox->overtaking->told = told;
    inbox->overtaking->owner = owner;
    calendar_add(cal, &inbox->overtaking->timer, arrive);
}

void outlet_announce(struct outlet *outlet)
{
    for (int32_t c = 0; c < outlet->count; c++) {
        struct channel *const channel = &outlet->channels[c];
        struct overtaking *const overtaking = channel->inbox->overtaking;
        channel->next_of_inbox = overtaking->channels;
        overtaking->channels = channel;
    }
}

static void go_ahead(struct overtaking *overtaking, struct exchange_buffer *barrier, sim_time at)
{
    barrier->at = at;
    FIFO_PUSH(&overtaking->ahead, barrier);
}

void outlet_overtake(struct outlet *outlet, struct calendar *cal, int64_t barrier)
{
    for (int32_t c = 0; c < outlet->count; c++) {
        struct channel *const channel = &outlet->channels[c];
        struct overtaking *const overtaking = channel->inbox->overtaking;
        exchange_end_records(outlet, cal, c, barrier);
        go_ahead(overtaking, exchange_take_barrier(outlet->exchange, channel, barrier),
                 cal->now + outlet->exchange->latency);
        await_next(overtaking, cal, cal->now);
    }
}

/* Barriers of that checkpoint leave the queue. */
static void take_out(struct overtaking *overtaking, struct exchange_queue *queue, int64_t barrier,
                     sim_time earliest)
{
    struct exchange_queue kept = {0};
    struct exchange_buffer *next;
    for (struct exchange_buffer *each = queue->first; each != NULL; each = next) {
        next = each->next;
        if (each->barrier == barrier)
            go_ahead(overtaking, each, sim_later(each->at, earliest));
        else
            FIFO_PUSH(&kept, each);
    }
    *queue = kept;
}

/* Those at senders still have to come here. What has been set aside is read again. */
void inbox_overtake(struct inbox *inbox, struct calendar *cal, int64_t barrier)
{
    struct overtaking *const overtaking = inbox->overtaking;
    const bool aligning = inbox->barriers > 0 && inbox->barrier == barrier;
    if (aligning && inbox->barriers == inbox->channels)
        return;
    take_out(overtaking, &inbox->queue, barrier, cal->now);
    for (struct channel *each = overtaking->channels; each != NULL; each = each->next_of_inbox)
        take_out(overtaking, &each->waiting, barrier, cal->now + inbox->exchange->latency);
    if (aligning) {
        overtaking->late = true;
        overtaking->seen = inbox->barriers;
        inbox_release(inbox);
    }
    tell(overtaking, cal);
}

void exchange_save(struct inbox *inbox, const struct exchange_buffer *buffer)
{
    struct overtaking *const overtaking = inbox->overtaking;
    struct exchange_buffer *const copy = exchange_take_buffer(inbox->exchange, buffer->channel);
    for (int32_t i = buffer->taken; i < buffer->count; i++)
        copy->entries[copy->count++] = buffer->entries[i];
    overtaking->records += copy->count;
    FIFO_PUSH(&overtaking->saving, copy);
}

static void save_before(struct inbox *inbox, const struct exchange_buffer *first, int64_t barrier)
{
    for (const struct exchange_buffer *each = first; each != NULL; each = each->next)
        if (each->barrier == 0 && each->after < barrier)
            exchange_save(inbox, each);
}

/* The order within a channel is that in which its buffers would have been read. */
static void begin(struct inbox *inbox)
{
    struct overtaking *const overtaking = inbox->overtaking;
    CHECK(inbox->aside.first == NULL);
    exchange_give_all(inbox->exchange, &overtaking->saving);
    overtaking->records = 0;
    if (inbox->current != NULL && inbox->current->after < inbox->barrier)
        exchange_save(inbox, inbox->current);
    save_before(inbox, inbox->queue.first, inbox->barrier);
    for (struct channel *each = overtaking->channels; each != NULL; each = each->next_of_inbox) {
        save_before(inbox, each->waiting.first, inbox->barrier);
        each->recorded = each->sent < inbox->barrier;
    }
}

static enum inbox_ahead see(struct inbox *inbox, sim_time now, int64_t barrier)
{
    struct overtaking *const overtaking = inbox->overtaking;
    const bool first = overtaking->seen == 0;
    if (barrier <= inbox->aborted)
        return AHEAD_NOTHING;
    if (first) {
        inbox->barrier = barrier;
        inbox->first_at = now;
        begin(inbox);
    }
    CHECK(inbox->barrier == barrier);
    overtaking->seen++;
    const bool last = overtaking->seen == inbox->channels;
    if (last)
        overtaking->seen = 0;
    return first ? AHEAD_BEGINS : last ? AHEAD_ENDS : AHEAD_NOTHING;
}

enum inbox_ahead inbox_look_ahead(struct inbox *inbox, struct calendar *cal)
{
    struct overtaking *const overtaking = inbox->overtaking;
    if (overtaking->late) {
        overtaking->late = false;
        begin(inbox);
        return AHEAD_BEGINS;
    }
    enum inbox_ahead look = AHEAD_NOTHING;
    while (look == AHEAD_NOTHING && is_due(overtaking, cal->now)) {
        struct exchange_buffer *const buffer = exchange_pop(&overtaking->ahead);
        const int64_t barrier = buffer->barrier;
        exchange_give(inbox->exchange, buffer);
        look = see(inbox, cal->now, barrier);
    }
    return look;
}

int64_t inbox_persisted_bytes(const struct inbox *inbox)
{
    return inbox->overtaking->records * inbox->exchange->record_bytes;
}

void inbox_keep(struct inbox *inbox)
{
    struct overtaking *const overtaking = inbox->overtaking;
    exchange_give_all(inbox->exchange, &overtaking->saved);
    overtaking->saved = overtaking->saving;
    overtaking->saving = (struct exchange_queue){0};
    overtaking->records = 0;
}

void inbox_restore(struct inbox *inbox, sim_time now)
{
    const struct exchange_buffer *each = inbox->overtaking->saved.first;
    for (; each != NULL; each = each->next) {
        struct exchange_buffer *const copy = exchange_take_buffer(inbox->exchange, each->channel);
        for (copy->count = 0; copy->count < each->count; copy->count++)
            copy->entries[copy->count] = each->entries[copy->count];
        copy->at = now;
        copy->restored = true;
        inbox->records += copy->count;
        FIFO_PUSH(&inbox->queue, copy);
    }
}

void exchange_forget(struct inbox *inbox)
{
    struct overtaking *const overtaking = inbox->overtaking;
    exchange_give_all(inbox->exchange, &overtaking->saving);
    overtaking->records = 0;
    overtaking->seen = 0;
    overtaking->late = false;
    for (struct channel *each = overtaking->channels; each != NULL; each = each->next_of_inbox)
        each->recorded = false;
}

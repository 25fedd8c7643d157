/*
 * exchange.c - buffers move from the open one over the sender's queue to the receiver's inbox, and
 * when they have been read their memory is the next one's credit.
 *
 * Credits return at once and buffers take the latency, so buffers arrive in the order in which they
 * leave, whichever channel they take: the inbox is a queue.
 */
#include "models/flink/exchange_parts.h"
#include "sim/core/check.h"

/* They need no memory, but somebody may let very many of them come: of checkpoints that have been
 * given up. */
#define BARRIERS_PER_CHANNEL 64

/* Copies that unaligned checkpoints keep: of what they overtake until their last barrier has left,
 * and of what they had given back after a failure and nobody has read. */
#define COPIES_MAX ((int64_t)1 << 24)

/* Of buffers, as many as most runs never need. */
#define FIRST_BYTES ((int64_t)16 << 20)

static void init_pool(struct exchange_pool *pool, struct arena *arena, const char *what,
                      int64_t entries, int64_t limit)
{
    const size_t bytes =
        sizeof(struct exchange_buffer) + (size_t)entries * sizeof(struct exchange_entry);
    *pool = (struct exchange_pool){.free = NULL};
    supply_init(&pool->supply, arena, what, bytes, 1 + FIRST_BYTES / (int64_t)bytes, limit);
}

void exchange_init(struct exchange *exchange, struct arena *arena,
                   const struct exchange_setup *setup)
{
    const int64_t entries = (setup->segment_bytes + setup->record_bytes - 1) / setup->record_bytes;
    const int64_t at_sender =
        2 * (int64_t)setup->receivers + setup->floating_max + EXCHANGE_OVERDRAFT;
    const int64_t at_receiver =
        (int64_t)setup->exclusive_max * setup->senders + setup->floating_max;
    const int64_t buffers = setup->senders * at_sender + setup->receivers * at_receiver;
    *exchange = (struct exchange){
        .latency = setup->latency,
        .entries = (int32_t)(entries > 1 ? entries : 1),
        .sender_max = setup->legacy ? INT32_MAX : setup->sender_max,
        .exclusive_max = setup->exclusive_max,
        .floating_max = setup->floating_max,
        .overdraft = setup->legacy ? 0 : EXCHANGE_OVERDRAFT,
        .record_bytes = setup->record_bytes,
    };
    init_pool(&exchange->buffers, arena, "network buffers", exchange->entries,
              setup->unaligned ? buffers + COPIES_MAX : buffers);
    init_pool(&exchange->barriers, arena, "barriers in channels", 0,
              (int64_t)setup->senders * setup->receivers * BARRIERS_PER_CHANNEL);
}

static struct exchange_buffer *take(struct exchange_pool *pool)
{
    struct exchange_buffer *const buffer = pool->free;
    if (buffer == NULL)
        return supply_take(&pool->supply);
    pool->free = buffer->next;
    return buffer;
}

struct exchange_buffer *exchange_take_buffer(struct exchange *exchange, struct channel *channel)
{
    struct exchange_buffer *const buffer = take(&exchange->buffers);
    *buffer = (struct exchange_buffer){.channel = channel,
                                       .after = channel->sent,
                                       .entries = (struct exchange_entry *)(void *)(buffer + 1)};
    return buffer;
}

struct exchange_buffer *exchange_take_barrier(struct exchange *exchange, struct channel *channel,
                                              int64_t barrier)
{
    struct exchange_buffer *const buffer = take(&exchange->barriers);
    *buffer = (struct exchange_buffer){.channel = channel, .barrier = barrier};
    return buffer;
}

void exchange_give(struct exchange *exchange, struct exchange_buffer *buffer)
{
    struct exchange_pool *const pool =
        buffer->barrier != 0 ? &exchange->barriers : &exchange->buffers;
    buffer->next = pool->free;
    pool->free = buffer;
}

void exchange_give_all(struct exchange *exchange, struct exchange_queue *queue)
{
    while (queue->first != NULL) {
        struct exchange_buffer *const buffer = queue->first;
        queue->first = buffer->next;
        exchange_give(exchange, buffer);
    }
    queue->last = NULL;
}

struct exchange_buffer *exchange_pop(struct exchange_queue *queue)
{
    struct exchange_buffer *const buffer = queue->first;
    FIFO_POP(queue);
    return buffer;
}

void outlet_init(struct outlet *outlet, struct arena *arena, struct exchange *exchange,
                 struct inbox *inboxes, int32_t count, struct timer *task)
{
    *outlet = (struct outlet){
        .exchange = exchange,
        .channels = ARENA_ARRAY(arena, struct channel, count),
        .count = count,
        .pool = 2 * count + exchange->floating_max,
        .task = task,
    };
    for (int32_t c = 0; c < count; c++)
        outlet->channels[c] = (struct channel){.outlet = outlet, .inbox = &inboxes[c]};
}

void inbox_init(struct inbox *inbox, struct exchange *exchange, int32_t channels,
                struct timer *task)
{
    *inbox = (struct inbox){
        .exchange = exchange,
        .floating = exchange->floating_max,
        .channels = channels,
        .task = task,
    };
}

void outlet_set_local(struct outlet *outlet, int32_t receiver)
{
    CHECK(outlet->used == 0);
    outlet->channels[receiver].local = true;
}

/* The task waits, and something arrives at `when`. */
static void wake_reader(struct inbox *inbox, struct calendar *cal, sim_time when)
{
    inbox->waits = false;
    if (inbox->subcalendar == NULL) {
        calendar_arm(cal, inbox->task, when);
        return;
    }
    calendar_arm(subcalendar_enter(inbox->subcalendar), inbox->task, when);
    subcalendar_leave(inbox->subcalendar);
}

static void count_held(struct channel *channel, int32_t change)
{
    struct outlet *const outlet = channel->outlet;
    const int32_t most = outlet->exchange->sender_max;
    const bool was_full = channel->held >= most;
    channel->held += change;
    outlet->used += change;
    outlet->full += (channel->held >= most) - was_full;
}

struct exchange_buffer *outlet_open(struct outlet *outlet, struct channel *channel)
{
    CHECK(outlet->used < outlet->pool + EXCHANGE_OVERDRAFT);
    channel->open = exchange_take_buffer(outlet->exchange, channel);
    count_held(channel, 1);
    return channel->open;
}

/* Room at the receiver for the channel's next buffer? A barrier needs none. */
static bool lend(struct channel *channel, struct exchange_buffer *buffer)
{
    struct inbox *const inbox = channel->inbox;
    if (buffer->barrier != 0 || channel->local)
        return true;
    if (channel->exclusive < inbox->exchange->exclusive_max) {
        channel->exclusive++;
        return true;
    }
    if (inbox->floating == 0)
        return false;
    inbox->floating--;
    buffer->floating = true;
    return true;
}

static void starve(struct channel *channel)
{
    struct inbox *const inbox = channel->inbox;
    if (channel->starving)
        return;
    channel->starving = true;
    channel->next_starving = NULL;
    if (inbox->starving_last != NULL)
        inbox->starving_last->next_starving = channel;
    else
        inbox->starving_first = channel;
    inbox->starving_last = channel;
}

static void wake_writer(struct outlet *outlet, struct calendar *cal)
{
    if (!outlet->waits || !outlet_available(outlet))
        return;
    outlet->waits = false;
    calendar_arm(cal, outlet->task, cal->now);
}

/* What may leave leaves. */
static void move(struct channel *channel, struct calendar *cal)
{
    struct outlet *const outlet = channel->outlet;
    struct inbox *const inbox = channel->inbox;
    while (channel->waiting.first != NULL) {
        if (!lend(channel, channel->waiting.first)) {
            starve(channel);
            break;
        }
        struct exchange_buffer *const buffer = exchange_pop(&channel->waiting);
        if (buffer->barrier == 0 && !channel->local)
            count_held(channel, -1);
        buffer->at = cal->now + outlet->exchange->latency;
        FIFO_PUSH(&inbox->queue, buffer);
        if (inbox->waits)
            wake_reader(inbox, cal, buffer->at);
    }
    wake_writer(outlet, cal);
}

void outlet_send(struct outlet *outlet, struct calendar *cal, int32_t receiver)
{
    struct channel *const channel = &outlet->channels[receiver];
    if (channel->open == NULL)
        return;
    if (channel->recorded)
        exchange_save(channel->inbox, channel->open);
    FIFO_PUSH(&channel->waiting, channel->open);
    channel->open = NULL;
    move(channel, cal);
}

/* A buffer behind others would only take their place earlier: its memory at the sender counts as
 * full however little is in it. */
bool outlet_flush(struct outlet *outlet, struct calendar *cal)
{
    bool some_left = false;
    for (int32_t c = 0; c < outlet->count; c++) {
        const struct channel *const channel = &outlet->channels[c];
        const bool behind = channel->local ? channel->held > 1 : channel->waiting.first != NULL;
        if (!behind)
            outlet_send(outlet, cal, c);
        some_left |= channel->open != NULL;
    }
    return some_left;
}

void exchange_end_records(struct outlet *outlet, struct calendar *cal, int32_t receiver,
                          int64_t barrier)
{
    struct channel *const channel = &outlet->channels[receiver];
    outlet_send(outlet, cal, receiver);
    channel->sent = barrier;
    channel->recorded = false;
}

void outlet_broadcast(struct outlet *outlet, struct calendar *cal, int64_t barrier)
{
    for (int32_t c = 0; c < outlet->count; c++) {
        struct channel *const channel = &outlet->channels[c];
        exchange_end_records(outlet, cal, c, barrier);
        struct exchange_buffer *const buffer =
            exchange_take_barrier(outlet->exchange, channel, barrier);
        FIFO_PUSH(&channel->waiting, buffer);
        move(channel, cal);
    }
}

/* Its memory is another one's. Shared memory goes to the channel that has waited longest. */
void inbox_recycle(struct inbox *inbox, struct calendar *cal)
{
    struct channel *channel = inbox->current->channel;
    const bool floating = inbox->current->floating;
    const bool restored = inbox->current->restored;
    exchange_give(inbox->exchange, inbox->current);
    inbox->current = NULL;
    if (restored)
        return;
    if (channel->local) {
        count_held(channel, -1);
        wake_writer(channel->outlet, cal);
        return;
    }
    if (!floating) {
        channel->exclusive--;
        move(channel, cal);
        return;
    }
    inbox->floating++;
    while (inbox->floating > 0 && inbox->starving_first != NULL) {
        channel = inbox->starving_first;
        inbox->starving_first = channel->next_starving;
        if (inbox->starving_first == NULL)
            inbox->starving_last = NULL;
        channel->starving = false;
        move(channel, cal);
    }
}

static enum inbox_look see_barrier(struct inbox *inbox, struct calendar *cal,
                                   struct exchange_buffer *buffer)
{
    const int64_t barrier = buffer->barrier;
    struct channel *const channel = buffer->channel;
    exchange_give(inbox->exchange, buffer);
    if (barrier <= inbox->aborted)
        return INBOX_NOTHING;
    if (inbox->barriers == 0) {
        inbox->barrier = barrier;
        inbox->first_at = cal->now;
    }
    CHECK(inbox->barrier == barrier);
    channel->barrier = barrier;
    inbox->barriers++;
    return inbox->barriers == inbox->channels ? INBOX_ALIGNED : INBOX_NOTHING;
}

enum inbox_look inbox_look(struct inbox *inbox, struct calendar *cal)
{
    if (inbox->current != NULL)
        return INBOX_RECORD;
    CHECK(inbox->queue.first != NULL && inbox->queue.first->at <= cal->now);
    struct exchange_buffer *const buffer = exchange_pop(&inbox->queue);
    if (inbox->barriers > 0 && buffer->channel->barrier == inbox->barrier) {
        FIFO_PUSH(&inbox->aside, buffer);
        return INBOX_NOTHING;
    }
    if (buffer->barrier != 0)
        return see_barrier(inbox, cal, buffer);
    inbox->current = buffer;
    return INBOX_RECORD;
}

/* All that has been set aside arrived before all that is still in the queue. */
void inbox_release(struct inbox *inbox)
{
    inbox->barriers = 0;
    if (inbox->aside.first == NULL)
        return;
    inbox->aside.last->next = inbox->queue.first;
    inbox->queue.first = inbox->aside.first;
    if (inbox->queue.last == NULL)
        inbox->queue.last = inbox->aside.last;
    inbox->aside = (struct exchange_queue){0};
}

void inbox_abort(struct inbox *inbox, struct calendar *cal, int64_t barrier)
{
    inbox->aborted = barrier;
    inbox_release(inbox);
    if (inbox->overtaking != NULL)
        exchange_forget(inbox);
    if (inbox->waits && inbox->queue.first != NULL)
        wake_reader(inbox, cal, sim_later(cal->now, inbox->queue.first->at));
}

void outlet_reset(struct outlet *outlet)
{
    for (int32_t c = 0; c < outlet->count; c++) {
        struct channel *const channel = &outlet->channels[c];
        if (channel->open != NULL)
            exchange_give(outlet->exchange, channel->open);
        exchange_give_all(outlet->exchange, &channel->waiting);
        *channel = (struct channel){.outlet = outlet,
                                    .inbox = channel->inbox,
                                    .local = channel->local,
                                    .next_of_inbox = channel->next_of_inbox};
    }
    outlet->used = 0;
    outlet->full = 0;
    outlet->waits = false;
}

void inbox_reset(struct inbox *inbox)
{
    if (inbox->current != NULL)
        exchange_give(inbox->exchange, inbox->current);
    exchange_give_all(inbox->exchange, &inbox->queue);
    exchange_give_all(inbox->exchange, &inbox->aside);
    struct subcalendar *const subcalendar = inbox->subcalendar;
    struct overtaking *const overtaking = inbox->overtaking;
    if (overtaking != NULL) {
        exchange_give_all(inbox->exchange, &overtaking->ahead);
        exchange_forget(inbox);
    }
    inbox_init(inbox, inbox->exchange, inbox->channels, inbox->task);
    inbox->subcalendar = subcalendar;
    inbox->overtaking = overtaking;
}

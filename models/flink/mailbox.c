/*
 * mailbox.c - a state machine: each state does what is due and says when the next one is.
 */
#include "models/flink/mailbox_parts.h"

#include "models/kafka/streams.h"
#include "sim/core/check.h"

sim_time mailbox_work(struct mailbox *mailbox, sim_time now, sim_time cost)
{
    const sim_time ends = mailbox_work_ends(mailbox, now, cost);
    mailbox->times.busy += ends - now;
    mailbox->free = mailbox->start = ends;
    return ends;
}

/* Records of other tasks are looked at when the work in hand has ended, not before. */
static inline sim_time next(struct mailbox *mailbox)
{
    mailbox->state = MAILBOX_IDLE;
    if (mailbox->inbox != NULL)
        return mailbox->free;
    if (!mailbox->announced) {
        struct batch_times *const times = &mailbox->append.times;
        times->arrived = times->reached = source_next(mailbox->source, &mailbox->emit_left);
        mailbox->announced = true;
    }
    if (mailbox->pending && (mailbox->commits > 0 || !mailbox_fails_later(mailbox, mailbox->free)))
        return mailbox->free;
    return mailbox_wait(mailbox, mailbox->append.times.arrived);
}

sim_time mailbox_next(struct mailbox *mailbox)
{
    return next(mailbox);
}

sim_time mailbox_wakeup_ns(struct mailbox *mailbox)
{
    return cost_ns(cost_draw(&mailbox->model->wakeup, &mailbox->wakeups));
}

sim_time mailbox_gives_up(struct mailbox *mailbox, sim_time now)
{
    const int64_t wait_ms = mailbox->model->max_block_ms;
    return wait_ms < (SIM_NEVER - now) / SIM_MS / 2
               ? now + wait_ms * SIM_MS + mailbox_wakeup_ns(mailbox)
               : SIM_NEVER;
}

/* The send() is over, one way or another: pay for it. */
static inline sim_time pay(struct mailbox *mailbox, sim_time now)
{
    mailbox->emit_left--;
    mailbox->state = MAILBOX_SEND;
    mailbox_work(mailbox, now, cost_ns(mailbox_send_ns(mailbox)));
    return mailbox->emit_left > 0 ? mailbox->free : next(mailbox);
}

static sim_time block(struct mailbox *mailbox, sim_time now)
{
    const struct producer *const producer = &mailbox->producers[mailbox->shard];
    mailbox->state = MAILBOX_BLOCKED;
    mailbox->since = now;
    mailbox->stalls++;
    if (mailbox->log != NULL) {
        mailbox->log_row =
            log_add_stall(mailbox->log, &(struct log_stall){
                                            .subtask = mailbox->subtask,
                                            .shard = mailbox->shard,
                                            .start = now,
                                            .end = SIM_NEVER,
                                            .bytes = producer->acc.pool.waiting_bytes,
                                        });
    }
    mailbox->gives_up = mailbox_gives_up(mailbox, now);
    return mailbox->gives_up;
}

/* Into a batch that is open, or into a new one: false if it is not that simple, and nothing has
 * been done. */
static inline bool send_plainly(struct producer *producer, struct calendar *cal,
                                struct append *append)
{
    struct accumulator *const acc = &producer->acc;
    if (!acc->plain || acc->store->origins)
        return false;
    if (accumulator_add(acc, append->slot, append->payload_bytes, append->times,
                        append->timestamp_ms))
        return true;
    if (!accumulator_open(acc, append->topic, append->slot, append->payload_bytes, append->times,
                          append->timestamp_ms))
        return false;
    append->woke = producer_opened(producer, cal);
    return true;
}

static inline sim_time offer(struct mailbox *mailbox, struct calendar *cal)
{
    struct producer *const producer = &mailbox->producers[mailbox->shard];
    struct append *const append = &mailbox->append;
    if (accumulator_too_large(&producer->acc, append->payload_bytes))
        return mailbox_shut_out(mailbox, cal);
    append->times.sent = cal->now;
    append->timestamp_ms = cal->now / SIM_MS;
    append->origin.number = ++mailbox->number;
    if (!send_plainly(producer, cal, append) &&
        producer_send(producer, cal, append) == APPEND_BLOCKED)
        return block(mailbox, cal->now);
    return pay(mailbox, cal->now);
}

sim_time mailbox_offer(struct mailbox *mailbox, struct calendar *cal)
{
    return offer(mailbox, cal);
}

sim_time mailbox_pay(struct mailbox *mailbox, sim_time now)
{
    return pay(mailbox, now);
}

static inline sim_time send(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->emit_left == 0)
        return next(mailbox);
    struct source_record record;
    source_record(mailbox->source, &record);
    const struct route route = mailbox->model->routes[record.topic];
    mailbox->shard = mailbox->model->by_key ? record.key_shard : route.shard;
    mailbox->sent++;
    mailbox->append.compressed_bytes = 0;
    mailbox->append.woke = false;
    mailbox->bytes = record.value_bytes + (record.key_bytes > 0 ? (int64_t)record.key_bytes : 0);
    struct append *const append = &mailbox->append;
    append->payload_bytes = record.payload_bytes;
    append->topic = route.topic;
    append->slot = route.first_slot + record.partition;
    append->sticky = record.partition < 0;
    append->buffer_bytes = 0;
    append->origin = (struct batch_origin){.key = record.key, .topic = record.topic};
    return offer(mailbox, cal);
}

/* A function that takes no time goes straight on to its first send(). */
static inline sim_time begin_record(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->announced = false;
    mailbox->started++;
    if (cost_is_free(&mailbox->model->function)) {
        mailbox->free = mailbox->start = cal->now;
        return send(mailbox, cal);
    }
    mailbox->state = MAILBOX_FUNCTION;
    return mailbox_work(mailbox, cal->now, mailbox_function_ns(mailbox, cal->now));
}

static sim_time take_lane(struct mailbox *mailbox, struct calendar *cal)
{
    switch (mailbox_lane(mailbox, cal)) {
    case LANE_SENT:
        return next(mailbox);
    case LANE_BLOCKED:
        return block(mailbox, cal->now);
    case LANE_STRANGE:
        break;
    }
    return begin_record(mailbox, cal);
}

/* A record that was the last one of its buffer goes alone. */
static sim_time begin(struct mailbox *mailbox, struct calendar *cal)
{
    const bool alone = mailbox->inbox != NULL && mailbox->inbox->current == NULL;
    return mailbox->lane && !alone ? take_lane(mailbox, cal) : begin_record(mailbox, cal);
}

static sim_time look(struct mailbox *mailbox, struct calendar *cal)
{
    return mailbox_look(mailbox, cal, begin);
}

static sim_time stop_waiting(struct mailbox *mailbox, sim_time now)
{
    mailbox->inbox->waits = false;
    mailbox->times.idle += now - sim_later(mailbox->since, mailbox->times_from);
    mailbox->state = MAILBOX_IDLE;
    mailbox->free = mailbox->start = now;
    return now;
}

/* Woken since memory has returned, or because max.block.ms is over. */
static sim_time unblock(struct mailbox *mailbox, struct calendar *cal)
{
    struct producer *const producer = &mailbox->producers[mailbox->shard];
    const bool granted = producer_retry(producer, cal, &mailbox->append);
    if (!granted && cal->now < mailbox->gives_up)
        return mailbox->gives_up;
    mailbox->times.blocked += cal->now - sim_later(mailbox->since, mailbox->times_from);
    producer->waited_ns += cal->now - mailbox->since;
    if (mailbox->log != NULL)
        log_end_stall(mailbox->log, mailbox->log_row, cal->now);
    if (!granted) {
        producer_give_up(producer, cal);
        mailbox_note_failure(mailbox);
    }
    return pay(mailbox, cal->now);
}

/* Does what is due now; returns when it will have to do something again, SIM_NEVER: when it is
 * woken. */
static inline sim_time act(struct mailbox *mailbox, struct calendar *cal)
{
    switch (mailbox->state) {
    case MAILBOX_WAITING:
        return stop_waiting(mailbox, cal->now);
    case MAILBOX_IDLE:
        if (__builtin_expect(mailbox->pending, 0))
            return mailbox_attend(mailbox, cal);
        return mailbox->inbox != NULL ? look(mailbox, cal) : begin(mailbox, cal);
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
        return send(mailbox, cal);
    case MAILBOX_BLOCKED:
        return unblock(mailbox, cal);
    case MAILBOX_METADATA:
        return mailbox_await(mailbox, cal);
    case MAILBOX_FLUSHING:
        return mailbox_flushed(mailbox, cal);
    case MAILBOX_SYNC:
        return mailbox_synced(mailbox, cal);
    case MAILBOX_REMOTE:
        return mailbox_remote_paid(mailbox, cal);
    case MAILBOX_CLOSING:
        return mailbox_closed(mailbox, cal);
    case MAILBOX_HELD:
    case MAILBOX_DONE:
    case MAILBOX_DOWN:
        break;
    }
    CHECK(mailbox->state == MAILBOX_IDLE); /* nothing wakes it in the others */
    return SIM_NEVER;
}

/* Is more pending than what remote functions have answered? */
static bool is_told(const struct mailbox *mailbox)
{
    return mailbox->remote == NULL || mailbox->failed || mailbox->commits > 0 ||
           mailbox->barrier < mailbox->triggered;
}

/* Does the next step concern others than this subtask? The last record of a buffer does, which
 * gives its memory back, and all that has to do with checkpoints. */
static inline bool concerns_others(const struct mailbox *mailbox)
{
    if (mailbox->state == MAILBOX_IDLE)
        return (mailbox->pending && is_told(mailbox)) ||
               (mailbox->inbox != NULL && inbox_in_hand(mailbox->inbox) < 2);
    return mailbox->state == MAILBOX_FLUSHING || mailbox->state == MAILBOX_SYNC ||
           mailbox->state == MAILBOX_CLOSING;
}

static inline bool must_wait(const struct mailbox *mailbox)
{
    return mailbox->subcalendar != NULL && concerns_others(mailbox) &&
           subcalendar_is_ahead(mailbox->subcalendar);
}

/* What is due at this very instant is done at once: nothing else can come between, since the
 * mailbox goes first. What concerns others waits until they have come as far. */
static void run(struct calendar *cal, struct timer *timer)
{
    struct mailbox *const mailbox = TIMER_OWNER(timer, struct mailbox, timer);
    sim_time when;
    do {
        do {
            if (must_wait(mailbox)) {
                calendar_arm(cal, timer, cal->now);
                calendar_shorten(cal, cal->now - 1);
                return;
            }
            when = act(mailbox, cal);
        } while (when == cal->now);
    } while (calendar_skip_to(cal, timer, when));
    calendar_arm(cal, timer, when);
}

void mailbox_init(struct mailbox *mailbox, struct arena *arena, struct calendar *cal,
                  const struct mailbox_setup *setup)
{
    const uint32_t subtask = (uint32_t)setup->subtask;
    *mailbox = (struct mailbox){
        .model = setup->model,
        .source = setup->source,
        .inbox = setup->inbox,
        .producers = setup->producers,
        .coordinator = setup->coordinator,
        .subcalendar = setup->subcalendar,
        .cores = setup->cores,
        .remote = setup->remote,
        .clients = mailbox_first_clients(setup->model),
        .committer = setup->committer,
        .log = setup->log,
        .subtask = setup->subtask,
        .lane = setup->lane,
    };
    if (setup->coordinator != NULL)
        replay_init(&mailbox->replay, arena, setup->source);
    rng_init(&mailbox->costs, setup->seed, STREAM_MAILBOX_COSTS, subtask, 0);
    mailbox->backend = state_backend_new(&setup->model->state, setup->seed, setup->subtask);
    rng_init(&mailbox->transaction_costs, setup->seed, STREAM_TRANSACTIONS, subtask, 0);
    rng_init(&mailbox->wakeups, setup->seed, STREAM_MAILBOX_WAKEUPS, subtask, 0);
    calendar_add(cal, &mailbox->timer, run);
    if (setup->remote != NULL)
        mailbox_init_remote(mailbox, cal);
}

void mailbox_begin(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->lane = mailbox->lane && mailbox_has_lane(mailbox);
    calendar_arm(cal, &mailbox->timer, next(mailbox));
}

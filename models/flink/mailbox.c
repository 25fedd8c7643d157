/*
 * mailbox.c - a state machine: each state does what is due and says when the next one is.
 */
#include "models/flink/mailbox.h"

#include "models/streams.h"
#include "sim/core/check.h"

/* When the barrier of that number is due. */
static sim_time barrier_due(const struct job *job, size_t barrier)
{
    if (job->barrier_interval > 0)
        return (sim_time)(barrier + 1) * job->barrier_interval;
    return barrier < job->barrier_count ? job->barriers[barrier] : SIM_NEVER;
}

/* Barriers at given times are all handled; periodic ones end with the records. */
static sim_time next_barrier_or_end(struct mailbox *mailbox)
{
    const bool ends = mailbox->arrival == SIM_NEVER && mailbox->job->barrier_interval > 0;
    if (ends || mailbox->barrier_due == SIM_NEVER) {
        mailbox->state = MAILBOX_DONE;
        return SIM_NEVER;
    }
    mailbox->state = MAILBOX_FLUSH;
    mailbox->shard = 0;
    mailbox->start = sim_later(mailbox->barrier_due, mailbox->free);
    mailbox->flush_start = mailbox->start;
    mailbox->times.idle += mailbox->start - mailbox->free;
    return mailbox->start;
}

/* The work in hand ends at mailbox->free. A barrier that is due by the start of the next record
 * goes first. */
static inline sim_time next(struct mailbox *mailbox)
{
    if (!mailbox->announced) {
        mailbox->arrival = source_next(mailbox->source, &mailbox->emit_left);
        mailbox->announced = true;
    }
    const sim_time record = sim_later(mailbox->arrival, mailbox->free);
    if (mailbox->barrier_due <= record || record == SIM_NEVER)
        return next_barrier_or_end(mailbox);
    mailbox->state = MAILBOX_IDLE;
    mailbox->start = record;
    mailbox->times.idle += record - mailbox->free;
    return record;
}

/* The send() is over, one way or another: pay for it. */
static inline sim_time pay(struct mailbox *mailbox, sim_time now)
{
    const struct job *const job = mailbox->job;
    const sim_time cost = cost_ns(cost_draw(&job->record, &mailbox->costs) +
                                  cost_draw(&job->byte, &mailbox->costs) * (double)mailbox->bytes);
    mailbox->emit_left--;
    mailbox->times.busy += cost;
    mailbox->free = mailbox->start = now + cost;
    mailbox->state = MAILBOX_SEND;
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
    const int64_t wait_ms = mailbox->job->max_block_ms;
    return wait_ms < (SIM_NEVER - now) / SIM_MS ? now + wait_ms * SIM_MS : SIM_NEVER;
}

static inline sim_time send(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->emit_left == 0)
        return next(mailbox);
    struct source_record record;
    source_record(mailbox->source, &record);
    const struct route route = mailbox->job->routes[record.topic];
    struct producer *const producer = &mailbox->producers[route.shard];
    mailbox->shard = route.shard;
    mailbox->sent++;
    mailbox->bytes = record.value_bytes + (record.key_bytes > 0 ? (int64_t)record.key_bytes : 0);
    if (accumulator_too_large(&producer->acc, record.payload_bytes)) {
        sender_record_refused(&producer->sender);
        return pay(mailbox, cal->now);
    }
    struct append *const append = &mailbox->append;
    append->arrived = mailbox->arrival;
    append->timestamp_ms = cal->now / SIM_MS;
    append->payload_bytes = record.payload_bytes;
    append->topic = route.topic;
    append->slot = route.first_slot + record.partition;
    append->sticky = record.partition < 0;
    append->buffer_bytes = 0;
    if (producer_send(producer, cal, append) == APPEND_BLOCKED)
        return block(mailbox, cal->now);
    return pay(mailbox, cal->now);
}

/* A function that takes no time goes straight on to its first send(). */
static inline sim_time begin_record(struct mailbox *mailbox, struct calendar *cal)
{
    const struct cost *const cost = &mailbox->job->function;
    const sim_time function = cost_is_free(cost) ? 0 : cost_ns(cost_draw(cost, &mailbox->costs));
    mailbox->announced = false;
    mailbox->started++;
    mailbox->free = mailbox->start = cal->now + function;
    if (function == 0)
        return send(mailbox, cal);
    mailbox->state = MAILBOX_FUNCTION;
    mailbox->times.busy += function;
    return mailbox->free;
}

/* Woken with the memory, or because max.block.ms is over. */
static sim_time unblock(struct mailbox *mailbox, struct calendar *cal)
{
    struct producer *const producer = &mailbox->producers[mailbox->shard];
    mailbox->times.blocked += cal->now - sim_later(mailbox->since, mailbox->times_from);
    producer->waited_ns += cal->now - mailbox->since;
    if (mailbox->log != NULL)
        mailbox->log->stalls[mailbox->log_row].end = cal->now;
    if (producer->granted_bytes > 0)
        producer_resume(producer, cal, &mailbox->append);
    else
        producer_give_up(producer, cal);
    return pay(mailbox, cal->now);
}

static void end_flush(struct mailbox *mailbox, sim_time now)
{
    producer_flush_end(&mailbox->producers[mailbox->shard]);
    mailbox->times.flushing += now - sim_later(mailbox->since, mailbox->times_from);
    if (mailbox->log != NULL)
        mailbox->log->flushes[mailbox->log_row].end = now;
    mailbox->shard++;
}

/* Shard after shard; a flush that has nothing to wait for takes no time. */
static sim_time flush(struct mailbox *mailbox, struct calendar *cal)
{
    while (mailbox->shard < mailbox->job->shards) {
        mailbox->state = MAILBOX_FLUSHING;
        mailbox->since = cal->now;
        if (mailbox->log != NULL) {
            mailbox->log_row = log_add_flush(mailbox->log, &(struct log_flush){
                                                               .subtask = mailbox->subtask,
                                                               .shard = mailbox->shard,
                                                               .due = mailbox->barrier_due,
                                                               .start = cal->now,
                                                               .end = SIM_NEVER,
                                                           });
        }
        if (!producer_flush(&mailbox->producers[mailbox->shard], cal))
            return SIM_NEVER;
        end_flush(mailbox, cal->now);
    }
    tally_add(&mailbox->flushes, (double)(cal->now - mailbox->flush_start));
    mailbox->barrier_due = barrier_due(mailbox->job, ++mailbox->barrier);
    mailbox->free = mailbox->start = cal->now;
    return next(mailbox);
}

/* Does what is due now; returns when it will have to do something again, SIM_NEVER: when it is
 * woken. */
static inline sim_time act(struct mailbox *mailbox, struct calendar *cal)
{
    if (__builtin_expect(mailbox->state == MAILBOX_IDLE, 1))
        return begin_record(mailbox, cal);
    switch (mailbox->state) {
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
        return send(mailbox, cal);
    case MAILBOX_BLOCKED:
        return unblock(mailbox, cal);
    case MAILBOX_FLUSHING:
        end_flush(mailbox, cal->now);
        return flush(mailbox, cal);
    case MAILBOX_FLUSH:
        return flush(mailbox, cal);
    case MAILBOX_IDLE:
    case MAILBOX_DONE:
        break;
    }
    CHECK(mailbox->state != MAILBOX_DONE);
    return SIM_NEVER;
}

/* What is due at this very instant is done at once: nothing else can come between, since the
 * mailbox goes first. */
static void run(struct calendar *cal, struct timer *timer)
{
    struct mailbox *const mailbox = TIMER_OWNER(timer, struct mailbox, timer);
    sim_time when;
    do {
        do
            when = act(mailbox, cal);
        while (when == cal->now);
    } while (calendar_skip_to(cal, timer, when));
    calendar_arm(cal, timer, when);
}

void mailbox_init(struct mailbox *mailbox, struct calendar *cal, const struct job *job,
                  struct source *source, struct producer *producers, struct log *log,
                  struct rng_seed seed, int32_t subtask)
{
    *mailbox = (struct mailbox){
        .job = job, .source = source, .producers = producers, .log = log, .subtask = subtask};
    mailbox->barrier_due = barrier_due(job, 0);
    rng_init(&mailbox->costs, seed, STREAM_MAILBOX_COSTS, (uint32_t)subtask, 0);
    calendar_add(cal, &mailbox->timer, run);
}

void mailbox_begin(struct mailbox *mailbox, struct calendar *cal)
{
    calendar_arm(cal, &mailbox->timer, next(mailbox));
}

int64_t mailbox_lag(struct mailbox *mailbox, sim_time now)
{
    const bool waits = mailbox->announced && mailbox->arrival <= now;
    return waits + source_ahead(mailbox->source, now);
}

/* Work and idleness are booked when they begin: what lies after now is taken off again. */
struct mailbox_times mailbox_times(const struct mailbox *mailbox, sim_time now)
{
    struct mailbox_times times = mailbox->times;
    const sim_time waited = now - sim_later(mailbox->since, mailbox->times_from);
    switch (mailbox->state) {
    case MAILBOX_BLOCKED:
        times.blocked += waited;
        break;
    case MAILBOX_FLUSHING:
        times.flushing += waited;
        break;
    case MAILBOX_DONE:
        times.busy -= sim_later(mailbox->free - now, 0);
        times.idle += sim_later(now - sim_later(mailbox->free, mailbox->times_from), 0);
        break;
    case MAILBOX_IDLE:
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_FLUSH:
        times.busy -= sim_later(mailbox->free - now, 0);
        times.idle -= sim_later(mailbox->start - sim_later(mailbox->free, now), 0);
        break;
    }
    CHECK(times.busy >= 0 && times.idle >= 0 && times.blocked >= 0 && times.flushing >= 0);
    CHECK(times.busy + times.idle + times.blocked + times.flushing == now - mailbox->times_from);
    return times;
}

void mailbox_forget(struct mailbox *mailbox, sim_time now)
{
    mailbox->times = (struct mailbox_times){0};
    if (mailbox->state != MAILBOX_BLOCKED && mailbox->state != MAILBOX_FLUSHING &&
        mailbox->state != MAILBOX_DONE) {
        mailbox->times.busy = sim_later(mailbox->free - now, 0);
        mailbox->times.idle = sim_later(mailbox->start - sim_later(mailbox->free, now), 0);
    }
    if (mailbox->state == MAILBOX_DONE)
        mailbox->times.busy = sim_later(mailbox->free - now, 0);
    mailbox->times_from = now;
    mailbox->stalls = 0;
    mailbox->flushes = (struct tally){0};
}

const char *mailbox_word(const struct mailbox *mailbox, sim_time now)
{
    switch (mailbox->state) {
    case MAILBOX_BLOCKED:
        return "blocked";
    case MAILBOX_FLUSHING:
        return "flushing";
    case MAILBOX_DONE:
    case MAILBOX_IDLE:
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_FLUSH:
        break;
    }
    return now < mailbox->free ? "running" : "idle";
}

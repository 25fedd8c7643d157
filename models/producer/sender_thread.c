/*
 * sender_thread.c - the Sender's thread: one phase after the other, each of which may take
 * time (time-model.md 3; real-clock.md).
 *
 * What takes no time is one step with what follows. What a step has freed is not back in the pool
 * before the Sender takes time again, by working or by sleeping: then it returns, and whoever waits
 * for it is signalled. So without the costs of a real clock responses, the look and the drain are
 * one step; with them each batch that is completed is one.
 */
#include "models/producer/sender_thread_parts.h"
#include "sim/core/check.h"

/* Every wake-up in vain moves the end of the poll by less than a ms, so a timer that waits already
 * is left where it is if it only fires a little too early. */
static void sleep_until(struct producer *producer, struct calendar *cal, sim_time when)
{
    const sim_time waits = calendar_when(cal, &producer->timer);
    producer->poll_ends = when;
    if (waits > when || waits <= when - SIM_MS || waits <= cal->now)
        calendar_arm(cal, &producer->timer, when);
}

/* Sleeps until the poll ends that began at slept. The next expiry shortens it, but to know it takes
 * a look at every partition: a lower bound tells when that cannot matter. */
static void sleep_in_poll(struct producer *producer, struct calendar *cal)
{
    const int64_t timeout_ms = producer->sender.delay.least_ms;
    const sim_time slept = producer->slept;
    const int64_t now_ms = slept / SIM_MS;
    sim_time end = sender_thread_poll_end(producer, slept, timeout_ms);
    const int64_t expiry_in_ms = accumulator_check_ms(&producer->acc) - now_ms;
    if (expiry_in_ms < timeout_ms && producer->acc.incomplete > 0 &&
        sender_thread_poll_end(producer, slept, expiry_in_ms) < end)
        end = sender_thread_poll_end(producer, slept,
                                     sender_timeout_ms(&producer->sender, timeout_ms, now_ms));
    sleep_until(producer, cal, end);
}

/* The work begins as soon as there is a core for it. */
static sim_time begin_work(struct producer *producer, sim_time now, sim_time busy_ns)
{
    const bool waits = producer->cores != NULL && busy_ns > 0;
    producer->busy_until = waits ? servers_take(producer->cores, now, busy_ns) : now + busy_ns;
    producer->busy_from = producer->busy_until - busy_ns;
    producer->busy_ns += busy_ns;
    return producer->busy_until;
}

/* At the end of so much work the phase is over. False if it is over at once. */
static bool take_time(struct producer *producer, struct calendar *cal, enum sender_phase phase,
                      sim_time busy_ns)
{
    producer->phase = phase;
    if (busy_ns == 0)
        return false;
    calendar_arm(cal, &producer->timer, begin_work(producer, cal->now, busy_ns));
    return true;
}

static double draw(struct producer *producer, const struct cost *cost)
{
    return cost_draw(cost, &producer->clock_draws);
}

static sim_time completion_ns(struct producer *producer, int32_t records)
{
    const struct sender_costs *const costs = producer->costs;
    return cost_ns(draw(producer, &costs->completion_batch) +
                   draw(producer, &costs->completion_record) * records);
}

/* Will the memory that has just been freed wake a mailbox? */
static bool hands_over(const struct producer *producer)
{
    const struct buffer_pool *const pool = &producer->acc.pool;
    return !producer->signalled && buffer_pool_exhausted(pool) &&
           pool->later_buffers + pool->later_bytes > 0;
}

/* A partition that is new to the transaction, and everything with it, waits for the coordinator:
 * the Sender polls for retry.backoff.ms at a time (kafka-producer.md 7.1 step 1). */
static bool wait_for_coordinator(struct producer *producer, sim_time now)
{
    struct transactions *const transactions = &producer->acc.transactions;
    if (!transactions_busy(transactions))
        return false;
    transactions_ask(transactions, now);
    if (transactions->due < producer->next_response)
        producer->next_response = transactions->due;
    const int64_t poll_ms = producer->acc.config->retry_backoff_ms;
    producer->sender.delay = (struct delay){.least_ms = poll_ms, .rest_ms = poll_ms};
    return true;
}

/* As long as it sleeps and the queues say nothing, an iteration before then finds nothing. */
static int64_t vain_before_ms(const struct producer *producer)
{
    const struct accumulator *const acc = &producer->acc;
    const int64_t check_ms = accumulator_check_ms(acc);
    if (!producer->costs->looks_at_once || acc->sequences.troubled > 0 || acc->stickies != NULL ||
        producer->metadata.forgotten)
        return 0;
    return check_ms < producer->request_timeout_ms ? check_ms : producer->request_timeout_ms;
}

/* A poll that has something to tell ends at once, else the Sender sleeps. */
static bool poll(struct producer *producer, struct calendar *cal)
{
    producer->phase = SENDER_WAKING;
    if (producer->woken || sender_thread_next_event(producer) <= cal->now)
        return false;
    producer->phase = SENDER_ASLEEP;
    producer->vain_before_ms = vain_before_ms(producer);
    producer->slept = cal->now;
    sleep_in_poll(producer, cal);
    return true;
}

static bool begin_look(struct producer *producer, struct calendar *cal)
{
    struct accumulator *const acc = &producer->acc;
    const struct sender_costs *const costs = producer->costs;
    if (wait_for_coordinator(producer, cal->now))
        return poll(producer, cal);
    if (costs->looks_at_once) {
        producer->phase = SENDER_LOOKING;
        sender_begin(&producer->sender, cal->now / SIM_MS);
        return false;
    }
    const double fixed_ns = draw(producer, &costs->look);
    const double partition_ns = draw(producer, &costs->partition);
    const bool takes = take_time(producer, cal, SENDER_LOOKING,
                                 cost_ns(fixed_ns + partition_ns * acc->queues.created));
    const sim_time from = takes ? producer->busy_from : cal->now;
    sender_begin(&producer->sender, from / SIM_MS);
    accumulator_look_begin(acc, from, fixed_ns, partition_ns);
    return takes;
}

/* Of the next batch, and after the last one the next iteration. */
static bool begin_completion(struct producer *producer, struct calendar *cal)
{
    if (producer->sender.next == NULL && producer->network_next <= cal->now)
        sender_thread_catch_up(producer, cal->now);
    const struct batch *const next = producer->sender.next;
    if (next == NULL)
        return begin_look(producer, cal);
    return take_time(producer, cal, SENDER_COMPLETING, completion_ns(producer, next->records));
}

static void complete_one(struct producer *producer, sim_time now)
{
    const struct batch *const batch = producer->sender.next;
    const struct request *const request = producer->sender.taken.first;
    if (producer->log != NULL && batch->log_row >= 0)
        log_end_batch(
            producer->log, batch->log_row,
            &(struct log_answer){.answered = request->unanswered ? SIM_NEVER : request->due,
                                 .completed = now,
                                 .error = batch->error});
    if (request->misplaced && batch == request->first)
        sender_thread_learn(producer, request, now);
    sender_complete(&producer->sender, now);
}

static bool end_completion(struct producer *producer, struct calendar *cal)
{
    do
        complete_one(producer, cal->now);
    while (producer->costs->completes_at_once && producer->sender.next != NULL);
    if (!cost_is_free(&producer->costs->hand_over) && hands_over(producer))
        return take_time(producer, cal, SENDER_HANDING_OVER,
                         cost_ns(draw(producer, &producer->costs->hand_over)));
    return begin_completion(producer, cal);
}

static bool end_poll(struct producer *producer, struct calendar *cal)
{
    sender_thread_receive(producer, cal->now);
    sender_thread_time_out(producer, cal->now);
    producer->woken = false;
    return begin_completion(producer, cal);
}

static bool end_look(struct producer *producer, sim_time now)
{
    producer->sender.looked = now;
    sender_look(&producer->sender);
    sender_drain(&producer->sender);
    if (producer->closed > 0)
        sender_thread_connect(producer, now);
    producer->phase = SENDER_EXPIRING;
    return false;
}

/* A step of work ends even if it costs nothing, and a poll of 0 follows. */
static bool send(struct producer *producer, struct calendar *cal)
{
    sender_measure(&producer->sender);
    if (producer->sender.requests == 0)
        return poll(producer, cal);
    const sim_time dispatched = begin_work(producer, cal->now, sender_thread_work_ns(producer));
    producer->phase = SENDER_SENDING;
    sender_thread_dispatch(producer, cal, dispatched);
    calendar_arm(cal, &producer->timer, dispatched);
    return true;
}

static bool expire(struct producer *producer, struct calendar *cal)
{
    const int32_t records = sender_expire(&producer->sender);
    if (records == 0)
        return send(producer, cal);
    sim_time work = completion_ns(producer, records);
    if (hands_over(producer))
        work += cost_ns(draw(producer, &producer->costs->hand_over));
    return take_time(producer, cal, SENDER_EXPIRING, work);
}

/* What comes at `when` ends a sleep that is longer than was asked for. Who comes first counts,
 * whoever is known first. */
static void cut_oversleep(struct producer *producer, sim_time when)
{
    if (when != SIM_NEVER)
        producer->runs = sim_earlier(producer->runs, when + producer->rouse_ns);
}

/* Nothing has ended the poll before it ends at the least: now it matters how long it lasts. */
static bool sleeps_on(struct producer *producer, struct calendar *cal)
{
    if (!sender_estimates(&producer->sender) || producer->woken ||
        sender_thread_next_event(producer) <= cal->now)
        return false;
    sender_draw_delay(&producer->sender);
    sleep_in_poll(producer, cal);
    return cal->now < producer->poll_ends;
}

static bool wake_up(struct producer *producer, struct calendar *cal)
{
    if (cal->now < producer->poll_ends) {
        calendar_arm(cal, &producer->timer, producer->poll_ends);
        return true;
    }
    if (sleeps_on(producer, cal))
        return true;
    producer->phase = SENDER_WAKING;
    producer->oversleeps = !producer->woken && sender_thread_next_event(producer) > cal->now;
    producer->rouse_ns = cost_ns(draw(producer, &producer->costs->wakeup));
    producer->runs = cal->now + producer->rouse_ns;
    if (producer->oversleeps) {
        producer->runs = cal->now + cost_ns(draw(producer, &producer->costs->oversleep));
        cut_oversleep(producer, sender_thread_next_event(producer));
    }
    if (producer->runs == cal->now)
        return false;
    calendar_arm(cal, &producer->timer, producer->runs);
    return true;
}

/* Does what is due; true if time is taken now. */
static bool go_on(struct producer *producer, struct calendar *cal)
{
    switch (producer->phase) {
    case SENDER_ASLEEP:
        return wake_up(producer, cal);
    case SENDER_WAKING:
    case SENDER_SENDING:
        return end_poll(producer, cal);
    case SENDER_COMPLETING:
        return end_completion(producer, cal);
    case SENDER_HANDING_OVER:
        return begin_completion(producer, cal);
    case SENDER_LOOKING:
        return end_look(producer, cal->now);
    case SENDER_EXPIRING:
        break;
    }
    return expire(producer, cal);
}

/* Once, until the mailbox has run. */
static void signal_mailbox(struct producer *producer, struct calendar *cal)
{
    if (producer->signalled)
        return;
    producer->signalled = true;
    const sim_time wakeup =
        cost_ns(cost_draw(&producer->costs->mailbox_wakeup, &producer->wakeup_draws));
    calendar_arm(cal, producer->mailbox, cal->now + wakeup);
}

/* Memory returns, and a mailbox that waits for it, for the end of its flush or for metadata is
 * signalled. */
static void end_step(struct producer *producer, struct calendar *cal)
{
    struct accumulator *const acc = &producer->acc;
    if (buffer_pool_settle(&acc->pool)) {
        if (buffer_pool_exhausted(&acc->pool))
            signal_mailbox(producer, cal);
        CHECK(buffer_pool_available_bytes(&acc->pool) + acc->pool.granted_bytes +
                  acc->pinned_bytes <=
              acc->pool.total_bytes);
        sender_thread_note_available_bytes(producer, cal->now);
    }
    if (acc->flush_serial != 0 && accumulator_flushed(acc))
        signal_mailbox(producer, cal);
    if (producer->awaited && !producer->metadata.forgotten)
        signal_mailbox(producer, cal);
    CHECK_SLOW((sender_thread_check(producer), true));
}

void sender_thread_step(struct calendar *cal, struct timer *timer)
{
    struct producer *const producer = TIMER_OWNER(timer, struct producer, timer);
    do {
        while (!go_on(producer, cal))
            ;
        end_step(producer, cal);
    } while (calendar_skip_armed(cal));
}

void sender_thread_answered(struct calendar *cal, struct broker_channel *channel,
                            struct request *request)
{
    struct connection *const connection = connection_of(channel);
    struct producer *const producer = connection->owner;
    connection_answered(connection, request, cal->now);
    if (request->orphan && !request->in_hand)
        request_give_all(producer->acc.store, request);
    const sim_time due = connection_next_due(connection);
    if (due >= producer->next_response)
        return;
    producer->next_response = due;
    const bool sleeps = producer->phase == SENDER_ASLEEP && due < producer->poll_ends;
    const bool oversleeps = producer->phase == SENDER_WAKING && producer->oversleeps;
    if (!sleeps && !oversleeps)
        return;
    struct calendar *const inside = subcalendar_enter(producer->subcalendar);
    if (oversleeps)
        cut_oversleep(producer, due);
    else
        producer->poll_ends = due;
    calendar_arm(inside, &producer->timer, oversleeps ? producer->runs : due);
    subcalendar_leave(producer->subcalendar);
}

/* An iteration that finds nothing to do, as most wake-ups do, only moves the end of the poll: where
 * a look takes no time, that is done here and now, without a step. False if there may be something
 * to do; or to draw, once per iteration, however often it is woken in one instant. */
static bool look_in_vain(struct producer *producer, struct calendar *cal)
{
    struct accumulator *const acc = &producer->acc;
    const int64_t now_ms = cal->now / SIM_MS;
    if (now_ms >= producer->vain_before_ms || producer->poll_ends <= cal->now ||
        transactions_busy(&acc->transactions) || acc->quiet_retries ||
        !accumulator_quiet(acc, now_ms, &producer->sender.delay))
        return false;
    producer->slept = producer->looked = cal->now;
    sleep_in_poll(producer, cal);
    return true;
}

static void end_sleep(struct producer *producer, struct calendar *cal)
{
    producer->woken = true;
    producer->poll_ends = cal->now;
    calendar_arm(cal, &producer->timer, cal->now);
}

void sender_thread_look_again(struct producer *producer, struct calendar *cal)
{
    if (producer->phase == SENDER_ASLEEP && producer->looked == cal->now)
        end_sleep(producer, cal);
}

bool sender_thread_wake(struct producer *producer, struct calendar *cal)
{
    if (producer->phase == SENDER_ASLEEP) {
        const bool first = !producer->woken;
        if (!look_in_vain(producer, cal))
            end_sleep(producer, cal);
        return first;
    }
    producer->woken = true;
    if (producer->phase == SENDER_WAKING && producer->oversleeps) {
        cut_oversleep(producer, cal->now);
        calendar_arm(cal, &producer->timer, producer->runs);
    }
    return false;
}

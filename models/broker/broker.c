/*
 * broker.c - queues in front of threads. A thread that has done something looks for the next thing;
 * who comes wakes one that is idle.
 */
#include "models/broker/broker.h"

#include <math.h>

#include "models/broker/broker_parts.h"
#include "sim/core/check.h"
#include "sim/core/fifo.h"

void broker_queue_request(struct broker *broker, struct broker_channel *channel)
{
    broker->queued++;
    channel->state = CHANNEL_QUEUED;
    FIFO_PUSH(broker, &channel->errand);
}

/* Of what has been appended since the follower's last fetch. */
static sim_time begin_fetch(struct broker *broker, struct handler *handler)
{
    const struct broker_model *const model = broker->model;
    struct follower *const follower = handler->follower;
    struct rng *const draws = &handler->channel->followers;
    const int32_t batches = follower->batches;
    const int64_t bytes = follower->bytes;
    FIFO_POP(broker);
    handler->fetch_bytes = bytes;
    follower->batches = 0;
    follower->bytes = 0;
    return cost_ns(cost_draw(&model->follower_request, draws) +
                   cost_draw(&model->follower_batch, draws) * batches +
                   cost_draw(&model->follower_byte, draws) * (double)bytes);
}

static sim_time begin_request(struct broker *broker, struct broker_channel *channel)
{
    struct request *const request = channel->request;
    FIFO_POP(broker);
    broker->queued--;
    broker_release_stuck(broker);
    request->queued_ns = broker->inside.now - request->arrived;
    broker_channel_serve(channel, request, broker->inside.now);
    return request->served_ns;
}

void broker_serve(struct broker *broker)
{
    const sim_time now = broker->inside.now;
    while (broker->first != NULL && broker->free != NULL) {
        const sim_time start = broker_model_after_pauses(broker->model, broker->number, now);
        if (start > now) {
            calendar_arm(&broker->inside, &broker->pause, start);
            return;
        }
        struct handler *const handler = broker->free;
        broker->free = handler->next;
        handler->channel = broker->first->channel;
        handler->follower = broker->first->follower;
        level_set(&broker->handling, now, broker->handling.value + 1);
        const sim_time work = handler->follower != NULL ? begin_fetch(broker, handler)
                                                        : begin_request(broker, handler->channel);
        calendar_arm(&broker->inside, &handler->timer, now + work);
    }
}

void broker_finish(struct broker *broker, struct broker_channel *channel)
{
    const sim_time now = broker->inside.now;
    struct request *const request = channel->request;
    channel->request = request->behind;
    channel->state = channel->request != NULL ? CHANNEL_ARRIVING : CHANNEL_IDLE;
    request->held_ns = now - channel->since;
    if (channel->request != NULL)
        calendar_arm(&broker->inside, &channel->timer, sim_later(now, channel->request->arrived));
    else
        channel->last = NULL;
    channel->done(broker->common, channel, request);
}

static void replicated(struct broker *broker, struct broker_channel *channel)
{
    if (broker->model->silent)
        broker_finish(broker, channel);
    else
        broker_join_network(channel, CHANNEL_ANSWER);
}

static void fetch(struct broker *broker, struct follower *follower)
{
    follower->fetching = follower->bytes > 0;
    if (follower->fetching)
        FIFO_PUSH(broker, &follower->errand);
}

/* Followers will fetch what this channel's request has appended. */
static void offer(struct broker *broker, struct broker_channel *channel)
{
    const struct request *const request = channel->request;
    for (int32_t i = 0; i < broker->model->followers; i++) {
        struct follower *const follower = &broker->followers[i];
        follower->batches += request->appended_batches;
        follower->bytes += request->appended_bytes;
        follower->errand.channel = channel;
        if (!follower->fetching)
            fetch(broker, follower);
    }
}

static void served(struct broker *broker, struct broker_channel *channel)
{
    const struct request *const request = channel->request;
    if (broker->model->fetches && request->appended_batches > 0)
        offer(broker, channel);
    channel->state = CHANNEL_REPLICATING;
    if (request->replicated_ns > 0)
        calendar_arm(&broker->inside, &channel->timer, broker->inside.now + request->replicated_ns);
    else
        replicated(broker, channel);
}

static void broker_channel_fires(struct calendar *inside, struct timer *timer)
{
    struct broker_channel *const channel = TIMER_OWNER(timer, struct broker_channel, timer);
    if (channel->state == CHANNEL_REPLICATING) {
        replicated(channel->owner, channel);
        return;
    }
    channel->since = inside->now;
    broker_join_network(channel, CHANNEL_READ);
}

static void handler_fires(struct calendar *inside, struct timer *timer)
{
    struct handler *const handler = TIMER_OWNER(timer, struct handler, timer);
    struct broker *const broker = handler->broker;
    level_set(&broker->handling, inside->now, broker->handling.value - 1);
    handler->next = broker->free;
    broker->free = handler;
    if (handler->follower != NULL) {
        broker_send_fetched(broker, handler);
        fetch(broker, handler->follower);
    } else {
        served(broker, handler->channel);
    }
    broker_serve(broker);
}

static void pause_ends(struct calendar *inside, struct timer *timer)
{
    (void)inside;
    broker_serve(TIMER_OWNER(timer, struct broker, pause));
}

static void run(struct calendar *common, struct timer *timer)
{
    struct broker *const broker = TIMER_OWNER(timer, struct broker, timer);
    calendar_run(&broker->inside, common->now);
    calendar_arm(common, timer, calendar_next(&broker->inside));
}

/* At one instant threads end their work before anything arrives. */
static void add_threads(struct broker *broker, struct arena *arena)
{
    const int32_t processors = broker->model->network_threads;
    const int32_t handlers = broker->model->io_threads;
    broker->processors = ARENA_ARRAY(arena, struct processor, processors);
    broker->handlers = ARENA_ARRAY(arena, struct handler, handlers);
    calendar_add(&broker->inside, &broker->pause, pause_ends);
    for (int32_t i = 0; i < processors; i++) {
        broker->processors[i].broker = broker;
        calendar_add(&broker->inside, &broker->processors[i].timer, broker_processor_fires);
    }
    for (int32_t i = 0; i < handlers; i++) {
        broker->handlers[i] = (struct handler){.broker = broker, .next = broker->free};
        broker->free = &broker->handlers[i];
        calendar_add(&broker->inside, &broker->handlers[i].timer, handler_fires);
    }
}

void broker_init(struct broker *broker, struct arena *arena, struct calendar *common,
                 const struct broker_model *model, int32_t number, int32_t connections)
{
    CHECK((common != NULL) == model->shared);
    *broker = (struct broker){.model = model, .common = common, .number = number};
    if (common == NULL)
        return;
    const int32_t threads = model->network_threads + model->io_threads;
    calendar_init(&broker->inside, arena, (uint32_t)(1 + threads + connections));
    add_threads(broker, arena);
    broker->followers = ARENA_ARRAY(arena, struct follower, model->followers);
    for (int32_t i = 0; i < model->followers; i++)
        broker->followers[i].errand.follower = &broker->followers[i];
    level_init(&broker->handling, 0, 0);
    level_init(&broker->processing, 0, 0);
    calendar_add(common, &broker->timer, run);
}

void broker_add(struct broker *broker, struct broker_channel *channel, broker_channel_done_fn *done)
{
    channel->owner = broker;
    channel->done = done;
    channel->processor = &broker->processors[broker->channels++ % broker->model->network_threads];
    channel->errand.channel = channel;
    calendar_add(&broker->inside, &channel->timer, broker_channel_fires);
}

void broker_send(struct broker *broker, struct broker_channel *channel, struct request *request)
{
    request->behind = NULL;
    if (channel->last != NULL) {
        channel->last->behind = request;
        channel->last = request;
        return;
    }
    channel->request = channel->last = request;
    channel->state = CHANNEL_ARRIVING;
    calendar_arm(&broker->inside, &channel->timer, request->arrived);
    calendar_arm(broker->common, &broker->timer, calendar_next(&broker->inside));
}

/* Of the oldest it reads all that is under way. */
struct request *broker_hang_up(struct broker_channel *channel)
{
    if (channel->request == NULL)
        return NULL;
    struct request *const lost = channel->request->behind;
    channel->request->behind = NULL;
    channel->last = channel->request;
    return lost;
}

void broker_forget(struct broker *broker, sim_time now)
{
    broker->since = now;
    broker->served_ns = 0;
    level_forget(&broker->handling, now);
    level_forget(&broker->processing, now);
}

double broker_handler_idle(const struct broker *broker, sim_time now)
{
    const double threads = broker->model->io_threads;
    if (broker->common != NULL)
        return 1 - level_mean(&broker->handling, now) / threads;
    const double elapsed = (double)(now - broker->since);
    return elapsed > 0 ? fmax(1 - (double)broker->served_ns / elapsed / threads, 0) : 1;
}

double broker_network_idle(const struct broker *broker, sim_time now)
{
    if (broker->common == NULL)
        return 1;
    return 1 - level_mean(&broker->processing, now) / broker->model->network_threads;
}

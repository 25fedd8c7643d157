/*
 * broker_network.c - the network threads: they read requests, send answers and what followers
 * fetch.
 */
#include "models/broker/broker_parts.h"
#include "sim/core/fifo.h"

static sim_time network_ns(struct broker_channel *channel)
{
    const struct broker_model *const model = channel->model;
    const double bytes = channel->state == CHANNEL_READ ? (double)channel->request->bytes : 0;
    return cost_ns(cost_draw(&model->network_request, &channel->network) +
                   cost_draw(&model->network_byte, &channel->network) * bytes);
}

/* The next thing that this network thread has to do. */
static void go_on(struct processor *processor)
{
    struct broker *const broker = processor->broker;
    const sim_time now = broker->inside.now;
    struct broker_channel *const channel = processor->first;
    sim_time work = processor->extra_ns;
    processor->extra_ns = 0;
    if (work == 0 && channel == NULL) {
        processor->working = false;
        level_set(&broker->processing, now, broker->processing.value - 1);
        return;
    }
    if (work == 0) {
        FIFO_POP(processor);
        processor->channel = channel;
        processor->extra_ns = channel->extra_ns;
        channel->extra_ns = 0;
        work = network_ns(channel);
    }
    calendar_arm(&broker->inside, &processor->timer, now + work);
}

static void wake(struct processor *processor)
{
    struct broker *const broker = processor->broker;
    if (processor->working)
        return;
    processor->working = true;
    level_set(&broker->processing, broker->inside.now, broker->processing.value + 1);
    go_on(processor);
}

void broker_join_network(struct broker_channel *channel, enum broker_channel_state state)
{
    struct processor *const processor = channel->processor;
    channel->state = state;
    FIFO_PUSH(processor, channel);
    wake(processor);
}

void broker_send_fetched(struct broker *broker, const struct handler *handler)
{
    const struct cost *const byte = &broker->model->network_byte;
    struct processor *const processor = &broker->processors[broker->turn];
    const sim_time work =
        cost_ns(cost_draw(byte, &handler->channel->followers) * (double)handler->fetch_bytes);
    broker->turn = (broker->turn + 1) % broker->model->network_threads;
    if (processor->last != NULL)
        processor->last->extra_ns += work;
    else
        processor->extra_ns += work;
    if (work > 0)
        wake(processor);
}

void broker_release_stuck(struct broker *broker)
{
    struct processor *const processor = broker->stuck;
    if (processor == NULL)
        return;
    broker->stuck = processor->next;
    if (broker->stuck == NULL)
        broker->last_stuck = NULL;
    broker_queue_request(broker, processor->channel);
    processor->channel = NULL;
    calendar_arm(&broker->inside, &processor->timer, broker->inside.now);
}

void broker_processor_fires(struct calendar *inside, struct timer *timer)
{
    struct processor *const processor = TIMER_OWNER(timer, struct processor, timer);
    struct broker *const broker = processor->broker;
    struct broker_channel *const channel = processor->channel;
    if (channel != NULL && channel->state == CHANNEL_READ) {
        channel->request->read_ns = inside->now - channel->since;
        if (broker->queued >= broker->model->queued_max) {
            processor->next = NULL;
            if (broker->last_stuck != NULL)
                broker->last_stuck->next = processor;
            else
                broker->stuck = processor;
            broker->last_stuck = processor;
            return;
        }
        broker_queue_request(broker, channel);
        broker_serve(broker);
    } else if (channel != NULL) {
        broker_finish(broker, channel);
    }
    processor->channel = NULL;
    go_on(processor);
}

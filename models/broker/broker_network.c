/*
 * broker_network.c - the network threads: they read requests, send answers and what followers
 * fetch.
 */
#include "models/broker/broker_parts.h"

static sim_time network_ns(struct port *port)
{
    const struct broker_model *const model = port->model;
    const double bytes = port->state == PORT_READ ? (double)port->request->bytes : 0;
    return cost_ns(cost_draw(&model->network_request, &port->network) +
                   cost_draw(&model->network_byte, &port->network) * bytes);
}

/* The next thing that this network thread has to do. */
static void go_on(struct processor *processor)
{
    struct broker *const broker = processor->broker;
    const sim_time now = broker->inside.now;
    struct port *const port = processor->first;
    sim_time work = processor->extra_ns;
    processor->extra_ns = 0;
    if (work == 0 && port == NULL) {
        processor->working = false;
        level_set(&broker->processing, now, broker->processing.value - 1);
        return;
    }
    if (work == 0) {
        processor->first = port->next;
        if (processor->first == NULL)
            processor->last = NULL;
        processor->port = port;
        processor->extra_ns = port->extra_ns;
        port->extra_ns = 0;
        work = network_ns(port);
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

void broker_join_network(struct port *port, enum port_state state)
{
    struct processor *const processor = port->processor;
    port->state = state;
    port->next = NULL;
    if (processor->last != NULL)
        processor->last->next = port;
    else
        processor->first = port;
    processor->last = port;
    wake(processor);
}

void broker_send_fetched(struct broker *broker, const struct handler *handler)
{
    const struct cost *const byte = &broker->model->network_byte;
    struct processor *const processor = &broker->processors[broker->turn];
    const sim_time work =
        cost_ns(cost_draw(byte, &handler->port->followers) * (double)handler->fetch_bytes);
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
    broker_queue_request(broker, processor->port);
    processor->port = NULL;
    calendar_arm(&broker->inside, &processor->timer, broker->inside.now);
}

void broker_processor_fires(struct calendar *inside, struct timer *timer)
{
    struct processor *const processor = TIMER_OWNER(timer, struct processor, timer);
    struct broker *const broker = processor->broker;
    struct port *const port = processor->port;
    (void)inside;
    if (port != NULL && port->state == PORT_READ) {
        if (broker->queued >= broker->model->queued_max) {
            processor->next = NULL;
            if (broker->last_stuck != NULL)
                broker->last_stuck->next = processor;
            else
                broker->stuck = processor;
            broker->last_stuck = processor;
            return;
        }
        broker_queue_request(broker, port);
        broker_serve(broker);
    } else if (port != NULL) {
        broker_finish(broker, port);
    }
    processor->port = NULL;
    go_on(processor);
}

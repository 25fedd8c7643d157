/*
 * broker.c - queues in front of threads. A thread that has done something looks for the next thing;
 * who comes wakes one that is idle.
 */
#include "models/broker/broker.h"

#include <math.h>

#include "models/broker/broker_parts.h"
#include "sim/core/check.h"

static void push(struct broker *broker, struct errand *errand)
{
    errand->next = NULL;
    if (broker->last != NULL)
        broker->last->next = errand;
    else
        broker->first = errand;
    broker->last = errand;
}

static void pop(struct broker *broker)
{
    broker->first = broker->first->next;
    if (broker->first == NULL)
        broker->last = NULL;
}

void broker_queue_request(struct broker *broker, struct port *port)
{
    broker->queued++;
    port->state = PORT_QUEUED;
    push(broker, &port->errand);
}

/* Of what has been appended since the follower's last fetch. */
static sim_time begin_fetch(struct broker *broker, struct handler *handler)
{
    const struct broker_model *const model = broker->model;
    struct follower *const follower = handler->follower;
    struct rng *const draws = &handler->port->followers;
    const int32_t batches = follower->batches;
    const int64_t bytes = follower->bytes;
    pop(broker);
    handler->fetch_bytes = bytes;
    follower->batches = 0;
    follower->bytes = 0;
    return cost_ns(cost_draw(&model->follower_request, draws) +
                   cost_draw(&model->follower_batch, draws) * batches +
                   cost_draw(&model->follower_byte, draws) * (double)bytes);
}

static sim_time begin_request(struct broker *broker, struct port *port)
{
    struct request *const request = port->request;
    pop(broker);
    broker->queued--;
    broker_release_stuck(broker);
    request->queued_ns = broker->inside.now - request->arrived;
    port_serve(port, request, broker->inside.now);
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
        handler->port = broker->first->port;
        handler->follower = broker->first->follower;
        level_set(&broker->handling, now, broker->handling.value + 1);
        const sim_time work = handler->follower != NULL ? begin_fetch(broker, handler)
                                                        : begin_request(broker, handler->port);
        calendar_arm(&broker->inside, &handler->timer, now + work);
    }
}

void broker_finish(struct broker *broker, struct port *port)
{
    const sim_time now = broker->inside.now;
    struct request *const request = port->request;
    port->request = request->behind;
    port->state = port->request != NULL ? PORT_ARRIVING : PORT_IDLE;
    request->held_ns = now - port->since;
    if (port->request != NULL)
        calendar_arm(&broker->inside, &port->timer, sim_later(now, port->request->arrived));
    else
        port->last = NULL;
    port->done(broker->common, port, request);
}

static void replicated(struct broker *broker, struct port *port)
{
    if (broker->model->silent)
        broker_finish(broker, port);
    else
        broker_join_network(port, PORT_ANSWER);
}

static void fetch(struct broker *broker, struct follower *follower)
{
    follower->fetching = follower->bytes > 0;
    if (follower->fetching)
        push(broker, &follower->errand);
}

/* Followers will fetch what this port's request has appended. */
static void offer(struct broker *broker, struct port *port)
{
    const struct request *const request = port->request;
    for (int32_t i = 0; i < broker->model->followers; i++) {
        struct follower *const follower = &broker->followers[i];
        follower->batches += request->appended_batches;
        follower->bytes += request->appended_bytes;
        follower->errand.port = port;
        if (!follower->fetching)
            fetch(broker, follower);
    }
}

static void served(struct broker *broker, struct port *port)
{
    const struct request *const request = port->request;
    if (broker->model->fetches && request->appended_batches > 0)
        offer(broker, port);
    port->state = PORT_REPLICATING;
    if (request->replicated_ns > 0)
        calendar_arm(&broker->inside, &port->timer, broker->inside.now + request->replicated_ns);
    else
        replicated(broker, port);
}

static void port_fires(struct calendar *inside, struct timer *timer)
{
    struct port *const port = TIMER_OWNER(timer, struct port, timer);
    if (port->state == PORT_REPLICATING) {
        replicated(port->owner, port);
        return;
    }
    port->since = inside->now;
    broker_join_network(port, PORT_READ);
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
        served(broker, handler->port);
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

void broker_add(struct broker *broker, struct port *port, port_done_fn *done)
{
    port->owner = broker;
    port->done = done;
    port->processor = &broker->processors[broker->ports++ % broker->model->network_threads];
    port->errand.port = port;
    calendar_add(&broker->inside, &port->timer, port_fires);
}

void broker_send(struct broker *broker, struct port *port, struct request *request)
{
    request->behind = NULL;
    if (port->last != NULL) {
        port->last->behind = request;
        port->last = request;
        return;
    }
    port->request = port->last = request;
    port->state = PORT_ARRIVING;
    calendar_arm(&broker->inside, &port->timer, request->arrived);
    calendar_arm(broker->common, &broker->timer, calendar_next(&broker->inside));
}

/* Of the oldest it reads all that is under way. */
struct request *broker_hang_up(struct port *port)
{
    if (port->request == NULL)
        return NULL;
    struct request *const lost = port->request->behind;
    port->request->behind = NULL;
    port->last = port->request;
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

/*
 * broker_model.c - from what is said of brokers to what they are like, and faults by time.
 */
#include "models/broker/broker_model.h"

static bool is_free(const struct dist_spec *spec)
{
    return dist_is_constant(spec) && dist_spec_mean(spec) == 0;
}

/* There cannot be more replicas than brokers, whatever the default says. */
static int32_t followers(const struct broker_config *config)
{
    return (int32_t)(config->replicas < config->brokers ? config->replicas : config->brokers) - 1;
}

static bool network_costs(const struct broker_config *config)
{
    return !is_free(config->network_request) || !is_free(config->network_byte);
}

static bool followers_cost(const struct broker_config *config)
{
    return followers(config) > 0 &&
           (!is_free(config->follower_request) || !is_free(config->follower_batch) ||
            !is_free(config->follower_byte) || !is_free(config->network_byte));
}

struct broker_model broker_model_new(struct arena *arena, const struct broker_config *config)
{
    const bool adds_partitions = config->transactional && config->adds_partitions;
    return (struct broker_model){
        .rtt = cost_new(arena, config->rtt),
        .socket = socket_model_new(config->send_buffer, config->receive_buffer),
        .request = cost_new(arena, config->request),
        .batch = cost_new(arena, config->batch),
        .byte = cost_new(arena, config->byte),
        .replication = cost_new(arena, config->replication),
        .produce = adds_partitions ? cost_new(arena, config->produce) : (struct cost){0},
        .network_request = cost_new(arena, config->network_request),
        .network_byte = cost_new(arena, config->network_byte),
        .follower_request = cost_new(arena, config->follower_request),
        .follower_batch = cost_new(arena, config->follower_batch),
        .follower_byte = cost_new(arena, config->follower_byte),
        .message_max_bytes = config->message_max_bytes,
        .faults = config->faults,
        .leadership = leadership_new(arena, config->topics, config->faults,
                                     (int32_t)config->brokers, 1 + followers(config)),
        .queued_max = config->queued_max,
        .network_threads = (int32_t)config->network_threads,
        .io_threads = (int32_t)config->io_threads,
        .followers = followers(config),
        .idempotence = config->idempotence,
        .replicates = config->acks_all && followers(config) > 0,
        .silent = config->silent,
        .transactional = config->transactional,
        .adds_partitions = adds_partitions,
        .fetches = followers_cost(config),
        .shared = broker_model_shared(config),
    };
}

/* A request that is served in no time needs no handler, but it takes a place in the queue while its
 * broker pauses. A client that waits for no answers waits for room in its sockets, which the
 * broker makes. */
bool broker_model_shared(const struct broker_config *config)
{
    const bool handling =
        !is_free(config->request) || !is_free(config->batch) || !is_free(config->byte);
    bool pauses = false;
    for (size_t i = 0; i < config->faults->count; i++)
        pauses |= config->faults->items[i].kind == FAULT_PAUSE;
    return network_costs(config) || followers_cost(config) ||
           (handling && config->connections > config->io_threads) ||
           (pauses && config->connections > config->queued_max) ||
           (config->silent && config->send_buffer != SOCKET_ENDLESS_BYTES && (handling || pauses));
}

static bool holds(const struct fault *fault, enum fault_kind kind, int32_t broker, sim_time now)
{
    return fault->kind == kind && fault->broker == broker && fault->at <= now && now < fault->end;
}

sim_time broker_model_after_pauses(const struct broker_model *model, int32_t broker, sim_time start)
{
    bool moved = true;
    while (moved) {
        moved = false;
        for (size_t i = 0; i < model->faults->count; i++) {
            const struct fault *const fault = &model->faults->items[i];
            if (holds(fault, FAULT_PAUSE, broker, start)) {
                start = fault->end;
                moved = true;
            }
        }
    }
    return start;
}

sim_time broker_model_down_from(const struct broker_model *model, int32_t broker, sim_time from)
{
    sim_time first = SIM_NEVER;
    for (size_t i = 0; i < model->faults->count; i++) {
        const struct fault *const fault = &model->faults->items[i];
        if (fault_is_down(fault) && fault->broker == broker && from < fault->end)
            first = sim_earlier(first, sim_later(from, fault->at));
    }
    return first;
}

enum broker_error broker_model_error(const struct broker_model *model, int32_t broker,
                                     sim_time start)
{
    for (size_t i = 0; i < model->faults->count; i++)
        if (holds(&model->faults->items[i], FAULT_ERROR, broker, start))
            return model->faults->items[i].error;
    return ERROR_NONE;
}

double broker_model_factor(const struct broker_model *model, int32_t broker, sim_time start)
{
    double factor = 1;
    for (size_t i = 0; i < model->faults->count; i++)
        if (holds(&model->faults->items[i], FAULT_SLOW, broker, start))
            factor *= model->faults->items[i].factor;
    return factor;
}

sim_time broker_model_slowness(const struct broker_model *model, int32_t broker, sim_time start)
{
    sim_time wait = 0;
    for (size_t i = 0; i < model->faults->count; i++)
        if (holds(&model->faults->items[i], FAULT_SLOW, broker, start))
            wait += model->faults->items[i].wait;
    return wait;
}

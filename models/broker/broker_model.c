/*
 * broker_model.c - from parameters to what brokers are like, and faults by time.
 */
#include "models/broker/broker_model.h"

static bool is_free(const struct dist_spec *spec)
{
    return dist_is_constant(spec) && dist_spec_mean(spec) == 0;
}

/* There cannot be more replicas than brokers, whatever the default says. */
static int64_t followers(const struct fanout_params *params)
{
    const int64_t replicas = params->replication_factor;
    return (replicas < params->brokers ? replicas : params->brokers) - 1;
}

static bool network_costs(const struct fanout_params *params)
{
    return !is_free(&params->network_request) || !is_free(&params->network_byte);
}

static bool followers_cost(const struct fanout_params *params)
{
    return followers(params) > 0 &&
           (!is_free(&params->follower_request) || !is_free(&params->follower_batch) ||
            !is_free(&params->follower_byte) || !is_free(&params->network_byte));
}

struct broker_model broker_model_new(struct arena *arena, const struct fanout_params *params)
{
    const bool all = params->acks == ACKS_ALL || params->acks == ACKS_MINUS_ONE;
    return (struct broker_model){
        .rtt = cost_new(arena, &params->rtt),
        .socket = socket_model_new(params->send_buffer, params->receive_buffer),
        .request = cost_new(arena, &params->broker_request),
        .batch = cost_new(arena, &params->broker_batch),
        .byte = cost_new(arena, &params->broker_byte),
        .replication = cost_new(arena, &params->replication),
        .network_request = cost_new(arena, &params->network_request),
        .network_byte = cost_new(arena, &params->network_byte),
        .follower_request = cost_new(arena, &params->follower_request),
        .follower_batch = cost_new(arena, &params->follower_batch),
        .follower_byte = cost_new(arena, &params->follower_byte),
        .message_max_bytes = params->message_max_bytes,
        .faults = &params->faults,
        .leadership = leadership_new(arena, &params->topics, &params->faults,
                                     (int32_t)params->brokers, 1 + (int32_t)followers(params)),
        .queued_max = params->queued_max_requests,
        .network_threads = (int32_t)params->network_threads,
        .io_threads = (int32_t)params->io_threads,
        .followers = (int32_t)followers(params),
        .idempotence = params->idempotence,
        .replicates = all && followers(params) > 0,
        .silent = params->acks == ACKS_NONE,
        .transactional = params->delivery == DELIVERY_EXACTLY_ONCE,
        .fetches = followers_cost(params),
        .shared = broker_model_shared(params),
    };
}

/* A request that is served in no time needs no handler, but it takes a place in the queue while its
 * broker pauses. */
bool broker_model_shared(const struct fanout_params *params)
{
    const int64_t connections = params->parallelism * params->shards;
    const bool handling = !is_free(&params->broker_request) || !is_free(&params->broker_batch) ||
                          !is_free(&params->broker_byte);
    bool pauses = false;
    for (size_t i = 0; i < params->faults.count; i++)
        pauses |= params->faults.items[i].kind == FAULT_PAUSE;
    return network_costs(params) || followers_cost(params) ||
           (handling && connections > params->io_threads) ||
           (pauses && connections > params->queued_max_requests);
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

/*
 * settings.c - parameters as others take them.
 */
#include "models/params/settings.h"

const struct load_spec *settings_load(struct arena *arena, const struct fanout_params *params)
{
    struct load_spec *const spec = ARENA_NEW(arena, struct load_spec);
    *spec = (struct load_spec){
        .topics = &params->topics,
        .ingress_topics = &params->ingress_topics,
        .trace = params->trace.path != NULL ? &params->trace : NULL,
        .profile = &params->profile,
        .arrivals = &params->arrivals,
        .keys = &params->keys,
        .value = &params->value,
        .emit = &params->emit,
        .header_count = &params->header_count,
        .header_key = &params->header_key,
        .header_value = &params->header_value,
        .rate = params->rate,
        .parallelism = (int32_t)params->parallelism,
        .max_parallelism = (int32_t)params->max_parallelism,
        .entity_shards = params->shard_by == SHARD_BY_ENTITY ? (int32_t)params->shards : 1,
        .brokers = (int32_t)params->brokers,
        .ignore_keys = params->ignore_keys,
        .same_topic = params->route == ROUTE_SAME,
    };
    return spec;
}

int32_t settings_shard(const struct fanout_params *params, int32_t topic)
{
    return params->shard_by == SHARD_BY_TOPIC
               ? keys_floor_mod(keys_java_hash(params->topics.items[topic].name),
                                (int32_t)params->shards)
               : topic;
}

struct broker_config settings_brokers(const struct fanout_params *params)
{
    return (struct broker_config){
        .rtt = &params->rtt,
        .request = &params->broker_request,
        .batch = &params->broker_batch,
        .byte = &params->broker_byte,
        .replication = &params->replication,
        .network_request = &params->network_request,
        .network_byte = &params->network_byte,
        .follower_request = &params->follower_request,
        .follower_batch = &params->follower_batch,
        .follower_byte = &params->follower_byte,
        .topics = &params->topics,
        .faults = &params->faults,
        .send_buffer = params->send_buffer,
        .receive_buffer = params->receive_buffer,
        .message_max_bytes = params->message_max_bytes,
        .queued_max = params->queued_max_requests,
        .brokers = params->brokers,
        .replicas = params->replication_factor,
        .network_threads = params->network_threads,
        .io_threads = params->io_threads,
        .connections = params->parallelism * params->shards,
        .acks_all = params->acks == ACKS_ALL || params->acks == ACKS_MINUS_ONE,
        .silent = params->acks == ACKS_NONE,
        .idempotence = params->idempotence,
        .produce = &params->transaction_produce,
        .transactional = params->delivery == DELIVERY_EXACTLY_ONCE,
        .adds_partitions = params->transaction_version == TRANSACTION_VERSION_2,
    };
}

struct state_config settings_state(const struct fanout_params *params)
{
    return (struct state_config){
        .sync = &params->state_sync,
        .memtable = &params->state_memtable,
        .async = &params->state_async,
        .upload = &params->state_upload,
        .subtasks = (double)params->parallelism,
        .bytes = (double)params->state_bytes,
        .dirty = params->state_dirty,
        .memtable_bytes = (double)params->memtable_bytes,
        .amplification = params->write_amplification,
        .interference = params->state_interference,
        .incremental = params->state_incremental != 0,
    };
}

struct remote_model settings_remote(struct arena *arena, const struct fanout_params *params)
{
    return (struct remote_model){
        .latency = cost_new(arena, &params->remote_latency),
        .round_trip = cost_new(arena, &params->remote_round_trip),
        .request = cost_new(arena, &params->remote_request),
        .invocation = cost_new(arena, &params->remote_invocation),
        .failing = params->remote_failing,
        .per_invocation = params->remote_per == REMOTE_PER_INVOCATION,
        .functions = (int32_t)params->remote_functions,
        .batch_max = params->remote_batch_max,
        .in_flight_max = params->remote_in_flight_max,
        .pool = (int32_t)params->remote_pool,
        .call = params->remote_timeout,
        .connect = params->remote_connect,
    };
}

struct sender_costs settings_sender_costs(struct arena *arena, const struct fanout_params *params)
{
    struct sender_costs sender = {
        .request = cost_new(arena, &params->sender_request),
        .batch = cost_new(arena, &params->sender_batch),
        .byte = cost_new(arena, &params->sender_byte),
        .compression = cost_new(arena, &params->compression_byte),
        .look = cost_new(arena, &params->sender_look),
        .partition = cost_new(arena, &params->sender_partition),
        .completion_batch = cost_new(arena, &params->completion_batch),
        .completion_record = cost_new(arena, &params->completion_record),
        .hand_over = cost_new(arena, &params->hand_over),
        .wakeup = cost_new(arena, &params->sender_wakeup),
        .oversleep = cost_new(arena, &params->sender_oversleep),
        .mailbox_wakeup = cost_new(arena, &params->mailbox_wakeup),
    };
    if (params->delivery == DELIVERY_EXACTLY_ONCE) {
        sender.transaction = cost_new(arena, &params->transaction_add);
        if (params->trace.path == NULL)
            sender.coordinator_rtt = cost_new(arena, &params->rtt);
    }
    sender.looks_at_once = cost_is_free(&sender.look) && cost_is_free(&sender.partition) &&
                           cost_is_free(&sender.wakeup) && cost_is_free(&sender.oversleep);
    sender.completes_at_once = cost_is_free(&sender.completion_batch) &&
                               cost_is_free(&sender.completion_record) &&
                               cost_is_free(&sender.hand_over);
    return sender;
}

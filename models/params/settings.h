/*
 * settings.h - what a scenario says of the load, of brokers, of Senders and of state, as their
 * modules take it.
 */
#ifndef MODELS_PARAMS_SETTINGS_H
#define MODELS_PARAMS_SETTINGS_H

#include "models/broker/broker_model.h"
#include "models/flink/remote.h"
#include "models/flink/state.h"
#include "models/load/load.h"
#include "models/params/params.h"
#include "models/producer/producer.h"

/* All of them point into the parameters, which stay where they are. */
const struct load_spec *settings_load(struct arena *arena, const struct fanout_params *params);
/* The egress shard that the topic's records go to; of no meaning where the entity decides. */
int32_t settings_shard(const struct fanout_params *params, int32_t topic);
struct broker_config settings_brokers(const struct fanout_params *params);
struct sender_costs settings_sender_costs(struct arena *arena, const struct fanout_params *params);
struct state_config settings_state(const struct fanout_params *params);
/* Of a job that has remote functions. */
struct remote_model settings_remote(struct arena *arena, const struct fanout_params *params);

#endif

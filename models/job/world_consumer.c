/*
 * world_consumer.c - who reads the topics, and whether anybody has to.
 */
#include <math.h>

#include "models/job/world_parts.h"

/* More than a record needs beside its value and its headers, a key included; and a header. */
#define RECORD_SPARE_BYTES 4096
#define HEADER_SPARE_BYTES 16

/* The largest number that can be drawn: a uniform draw has 53 bits. */
static double largest_draw(struct arena *scratch, const struct dist_spec *spec)
{
    return dist_quantile(dist_new(scratch, spec), 1 - 0x1p-53);
}

/* May a record be too large for the client, or for the broker? Then it fails at once. */
bool world_has_too_large(const struct fanout_params *params, struct keep *keep)
{
    struct arena scratch;
    arena_init(&scratch);
    scratch.keep = keep;
    double value = largest_draw(&scratch, &params->value);
    for (int32_t t = 0; t < params->topics.count; t++)
        if (params->topics.items[t].has_value)
            value = fmax(value, largest_draw(&scratch, &params->topics.items[t].value));
    const double header = largest_draw(&scratch, &params->header_key) +
                          largest_draw(&scratch, &params->header_value) + HEADER_SPARE_BYTES;
    const double headers = largest_draw(&scratch, &params->header_count) * header;
    arena_free(&scratch);
    const double bytes = value + headers + RECORD_SPARE_BYTES;
    return bytes > (double)params->max_request_size || bytes > (double)params->buffer_memory ||
           bytes > (double)params->message_max_bytes;
}

/* A batch may take too long, or have only errors for an answer. */
static bool remote_may_fail(const struct fanout_params *params)
{
    return params->remote_functions > 0 &&
           (params->remote_failing > 0 || params->remote_per == REMOTE_PER_INVOCATION);
}

/* Can a record be sent again, or out of order? Then who reads the topics looks. */
bool world_wants_consumer(const struct fanout_params *params, bool fails_soon)
{
    return params->trace.path == NULL &&
           (fails_soon || params->ignore_keys != 0 || remote_may_fail(params));
}

/* Records without a key, and those of remote functions, which a failover sends in another order
 * than before, have none that is right. */
void world_add_consumer(struct world *world, struct arena *arena)
{
    const struct fanout_params *const params = world->params;
    const bool in_order = !params->keys.none && params->remote_functions == 0;
    const sim_time warm_up = params->warm_up == SIM_NEVER ? params->duration : params->warm_up;
    const double seconds = 1e-9 * (double)(warm_up + params->duration);
    const double rate = isinf(params->rate) ? 1e6 * world->subtask_count : params->rate;
    const double records = rate * seconds * dist_spec_mean(&params->emit);
    world->consumer =
        consumer_new(arena, world->subtask_count, params->topics.count,
                     in_order ? params->keys.count : 0, records * load_largest_share(world->load));
    world->broker_model.consumer = world->consumer;
}

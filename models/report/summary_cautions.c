/*
 * summary_cautions.c - what the figures above do not say of themselves.
 */
#include <inttypes.h>

#include "models/broker/socket.h"
#include "models/report/summary_parts.h"

/* The window of sockets with default buffers. */
#define SOCKET_USUAL_BYTES (120 << 10)

static bool is_zero(const struct dist_spec *cost)
{
    return dist_is_constant(cost) && dist_spec_mean(cost) == 0;
}

/* Free is loud; so is a stall in lockstep. */
static void print_delay_cautions(const struct summary *summary)
{
    const struct fanout_params *const params = summary->params;
    const struct dist_spec *const costs[] = {
        &params->function,       &params->mailbox_record,  &params->mailbox_byte,
        &params->sender_request, &params->sender_batch,    &params->sender_byte,
        &params->broker_request, &params->broker_batch,    &params->broker_byte,
        &params->replication,    &params->network_request, &params->network_byte,
        &params->source_record,  &params->source_byte,
    };
    bool all_free = true;
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++)
        all_free &= is_zero(costs[i]);
    if (all_free)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "caution: every cost is zero: nothing limits this run but memory and round "
                    "trips (costs.preset: typical)");
    if (summary->columns[COLUMN_blocked_ratio] > 0 && dist_is_constant(&params->rtt))
        summary_say(summary->screen, SCREEN_DOUBT,
                    "caution: send() waited, and brokers.rtt is constant: constant delays can "
                    "lock a stall into step and hide a collapse; make rtt random");
}

/* The client splits to batch.size, whatever the broker takes. */
#define SPLITS_MANY 100

static void print_split_caution(const struct summary *summary)
{
    const double *const columns = summary->columns;
    const double rate = columns[COLUMN_batch_split_rate];
    const double splits = rate * 1e-9 * (double)summary->params->duration;
    if (splits >= SPLITS_MANY && rate > columns[COLUMN_batch_rate] / 2)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "caution: batches have been split %.0f times without getting smaller: a batch "
                    "of batch.size is above message.max.bytes (%" PRId64 ")",
                    splits, summary->params->message_max_bytes);
}

/* A trace may do without sockets (models/README.md A29); not if real ones would hold it back. */
static void print_socket_caution(const struct summary *summary)
{
    const struct fanout_params *const params = summary->params;
    const double connections = (double)(params->parallelism * params->shards * params->brokers);
    const double carried =
        summary->columns[COLUMN_byte_rate] / connections * 1e-9 * dist_spec_mean(&params->rtt);
    if (params->send_buffer == SOCKET_ENDLESS_BYTES && carried > SOCKET_USUAL_BYTES)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "caution: a connection carries %.0f KiB per round trip, more than its sockets "
                    "would; they are left out of a trace with free costs unless "
                    "send.buffer.bytes (131072) or socket.receive.buffer.bytes (102400) is given",
                    carried / 1024);
}

/* The third that looks like work, beside CPU and memory (flink-statefun.md 14.4). */
static void print_metadata_caution(const struct summary *summary)
{
    char text[FIGURE_BYTES];
    const double waited_ns = summary->columns[COLUMN_metadata_wait_time_ns_total];
    if (waited_ns > 0)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "caution: send() waited %s for metadata: no broker that a client knew could be "
                    "reached; tasks are busy then, and the pool is nearly empty "
                    "(metadata.recovery.strategy)",
                    figure_millis(text, 1e-6 * waited_ns));
}

void summary_print_cautions(const struct summary *summary)
{
    print_delay_cautions(summary);
    print_metadata_caution(summary);
    print_socket_caution(summary);
    print_split_caution(summary);
}

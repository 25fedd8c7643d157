/*
 * observe_verdict.c - is it a steady state, and whose time is used up?
 */
#include <math.h>

#include "models/observe_parts.h"

/* A backlog that grew by more than this share of what was offered, and by more than chance would
 * have it, is no steady state. */
#define STEADY_GROWTH     0.01
#define STEADY_DEVIATIONS 4.0

/* A thread that works this share of the time has nothing to spare. */
#define SATURATED 0.95

static bool is_steady(const struct sums *sums)
{
    const double growth = sums->lag_growth;
    const double offered = (double)sums->started + growth;
    return isnan(growth) ||
           growth <= fmax(STEADY_GROWTH * offered, STEADY_DEVIATIONS * sqrt(fmax(offered, 1)));
}

/* Mailboxes wait for memory: they have handed the question on. Memory is short because somebody
 * behind them does not return it fast enough, and if nobody is saturated, the pool itself is too
 * small for the round trip. */
static enum bottleneck behind_mailboxes(const struct sums *sums, const double *columns)
{
    const double elapsed = sums->elapsed_ns;
    if (columns[COLUMN_broker_handler_idle_min] <= 1 - SATURATED ||
        columns[COLUMN_broker_network_idle_min] <= 1 - SATURATED)
        return BOTTLENECK_BROKER;
    if (sums->sender_busy_max >= SATURATED * elapsed)
        return BOTTLENECK_SENDER;
    if (sums->connection_held_max >= SATURATED * elapsed)
        return BOTTLENECK_CONNECTION;
    return sums->socket_busy_max >= SATURATED * elapsed ? BOTTLENECK_SOCKET : BOTTLENECK_BUFFERPOOL;
}

static enum bottleneck of_mailboxes(const struct world *world, const struct sums *sums)
{
    const double function = dist_spec_mean(&world->params->function) * (double)sums->started;
    const bool chained = !world_has_functions(world);
    return chained && function > 0.5 * (double)sums->times.busy ? BOTTLENECK_FUNCTION
                                                                : BOTTLENECK_MAILBOX;
}

/* A full subtask stops all sources, so others behind the same broker or in need of the same thread
 * wait in turn: whoever of them waits, they wait for the same. */
static enum bottleneck find_bottleneck(const struct world *world, const struct sums *sums,
                                       const double *columns)
{
    const struct mailbox_times *const times = &sums->times;
    const double enough = SATURATED * sums->elapsed_ns;
    const double used =
        (double)(times->busy + times->blocked + times->flushing) / (double)world->subtask_count;
    if (is_steady(sums) && !isnan(sums->lag_growth))
        return BOTTLENECK_LOAD;
    if (world->exchange != NULL && columns[COLUMN_source_busy_avg] >= 1000 * SATURATED)
        return BOTTLENECK_SOURCE;
    if (times->blocked > times->busy)
        return behind_mailboxes(sums, columns);
    if (used >= enough)
        return of_mailboxes(world, sums);
    if (world_has_functions(world) && columns[COLUMN_function_busy_avg] >= 1000 * SATURATED)
        return BOTTLENECK_FUNCTION;
    const bool held_up = world->exchange != NULL && columns[COLUMN_source_backpressured_max] >=
                                                        columns[COLUMN_source_idle_max];
    if (sums->busy_max >= enough || held_up ||
        (world_has_functions(world) && columns[COLUMN_function_busy_max] >= 1000 * SATURATED))
        return BOTTLENECK_SKEW;
    return world->exchange != NULL ? BOTTLENECK_SOURCE : of_mailboxes(world, sums);
}

void observe_verdict(const struct world *world, const struct sums *sums, double *columns)
{
    columns[COLUMN_steady] = is_steady(sums);
    columns[COLUMN_bottleneck] = find_bottleneck(world, sums, columns);
}

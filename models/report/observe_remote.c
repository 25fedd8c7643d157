/*
 * observe_remote.c - the figures of remote functions.
 */
#include <math.h>

#include "models/report/observe_parts.h"

static const int columns_of_remote[] = {
    COLUMN_remote_request_rate,  COLUMN_remote_batch_size_avg, COLUMN_remote_batch_size_max,
    COLUMN_remote_in_flight_avg, COLUMN_remote_in_flight_max,  COLUMN_remote_blocked_avg,
    COLUMN_remote_valve_ratio,
};

void observe_remote(const struct world *world, const struct sums *sums, double *columns)
{
    const double mailboxes = world->subtask_count;
    struct tally batches = {0};
    double attempts = 0;
    double in_flight = 0;
    double in_flight_max = 0;
    double blocked = 0;
    for (size_t i = 0; i < sizeof columns_of_remote / sizeof *columns_of_remote; i++)
        columns[columns_of_remote[i]] = NAN;
    if (world->addresses == NULL)
        return;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct remote *const remote = &world->subtasks[s].remote;
        tally_merge(&batches, &remote->batches);
        attempts += (double)remote->attempts;
        in_flight += level_mean(&remote->requests_in_flight, world->now);
        in_flight_max = fmax(in_flight_max, remote->requests_in_flight.max);
        blocked += level_mean(&remote->blocked_addresses, world->now);
    }
    columns[COLUMN_remote_request_rate] = attempts / (1e-9 * sums->elapsed_ns);
    columns[COLUMN_remote_batch_size_avg] = tally_mean(&batches);
    columns[COLUMN_remote_batch_size_max] = tally_max(&batches);
    columns[COLUMN_remote_in_flight_avg] = in_flight / mailboxes;
    columns[COLUMN_remote_in_flight_max] = in_flight_max;
    columns[COLUMN_remote_blocked_avg] = blocked / mailboxes;
    columns[COLUMN_remote_valve_ratio] = (double)sums->times.held / sums->elapsed_ns / mailboxes;
}

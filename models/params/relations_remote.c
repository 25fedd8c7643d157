/*
 * relations_remote.c - what a job with remote functions must have.
 */
#include <inttypes.h>
#include <math.h>

#include "models/params/relations_parts.h"

/* An address takes some dozens of bytes, so a run of more would need gigabytes. */
#define ADDRESSES_MAX 20000000

static void check_addresses(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const struct place place = relations_place_of(subject, ROW_remote_functions);
    const double addresses = (double)params->keys.count * (double)params->remote_functions;
    if (params->keys.none)
        diag_error(subject->diag, place,
                   "a remote function has an address per id, and load.keys is none; give the "
                   "records keys");
    else if (addresses > ADDRESSES_MAX)
        diag_error(subject->diag, place,
                   "%" PRId64 " remote functions of %" PRId64 " keys are %.0f addresses; at most "
                   "%d fit into a run",
                   params->remote_functions, params->keys.count, addresses, ADDRESSES_MAX);
}

/* A full batch that takes longer than a call may is repeated as it is, and never gets through
 * (remote-functions.md 10). */
static void check_batches(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    static const enum fanout_row rows[] = {ROW_remote_batch_max, ROW_remote_latency,
                                           ROW_remote_timeout, ROW_COUNT};
    const double latency = dist_spec_mean(&params->remote_latency);
    if (params->remote_per == REMOTE_PER_INVOCATION &&
        latency * (double)params->remote_batch_max > (double)params->remote_timeout)
        diag_warning(subject->diag, relations_place_of_first(subject, rows),
                     "a batch of max-batch-requests (%" PRId64 ") takes %.4g s at %.4g ms for each "
                     "invocation, and a call may take job.remote.timeout (%.4g s): it would be "
                     "repeated, and fail the job",
                     params->remote_batch_max, 1e-9 * latency * (double)params->remote_batch_max,
                     1e-6 * latency, 1e-9 * (double)params->remote_timeout);
}

void relations_check_remote(const struct relations *subject)
{
    const struct fanout_params *const params = subject->params;
    const struct place place = relations_place_of(subject, ROW_remote_functions);
    if (params->remote_functions == 0)
        return;
    if (params->trace.path != NULL) {
        diag_error(subject->diag, place,
                   "a trace holds what send() got, whoever computed it; remove job.remote");
        return;
    }
    if (!relations_is_given(subject, ROW_remote_latency)) {
        diag_error(subject->diag, place,
                   "job.remote without a latency: how long do its functions take? latency: 20ms");
        return;
    }
    if (params->chained == 0)
        diag_error(subject->diag, relations_place_of(subject, ROW_chained),
                   "remote functions are StateFun's, which chains functions and sinks; remove "
                   "job.chained: false");
    check_addresses(subject);
    check_batches(subject);
}

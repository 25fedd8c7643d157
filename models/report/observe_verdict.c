/*
 * observe_verdict.c - is it a steady state, and whose time or slots are used up?
 *
 * What waits is not what limits: whoever waits for memory, for a flush or for network buffers has
 * handed the question on to those behind it.
 */
#include <math.h>

#include "models/report/observe_parts.h"

/* A backlog that grew by more than this share of what was offered, and by more than chance would
 * have it, is no steady state. */
#define STEADY_GROWTH     0.01
#define STEADY_DEVIATIONS 4.0

/* What is used this share of the time has nothing to spare. */
#define SATURATED 0.95

/* Slots are empty while a response is under way to the Sender's thread. */
#define SLOTS_SATURATED 0.9

/* Who waits less than that hardly waits. */
#define WAITS 0.05

/* A wait that is much of the time limits, even if nobody behind it is saturated. */
#define WAITS_MUCH 0.2

/* A flush during which slots are full for that share of time waits for them. */
#define FLUSH_FILLS 0.75

/* A connection of whose batches so many are refused is of no use. */
#define REFUSED 0.5

/* A request that brings less than this share of a full batch is not what slots are short of: it
 * left since memory was. */
#define FILLED 0.5

/* Who has that much of the time left is not what others wait for. */
#define NEARLY 0.5

/* Tasks whose mean is this share of the fullest are equally full. */
#define EVEN 0.9

static double tolerance(double offered)
{
    return fmax(STEADY_GROWTH * offered, STEADY_DEVIATIONS * sqrt(fmax(offered, 1)));
}

/* All over the window? */
static bool has_looked(const struct looks *looks)
{
    return looks->planned > 0 && looks->count == looks->planned;
}

/* What grows from one half of the window to the other: its least and its most. A backlog that
 * swings, between checkpoints or in a fault that is over, does not. */
static double trend(const struct looks *looks)
{
    const double least = looks->least[1] - looks->least[0];
    const double most = looks->most[1] - looks->most[0];
    return has_looked(looks) ? 2 * fmin(least, most) : 0;
}

/* Was as much owed in the first half already, as in the second and now? */
static bool swings(const struct looks *looks, double owed, double allowed)
{
    return has_looked(looks) && fmax(looks->most[1], owed) <= looks->most[0] + allowed;
}

static bool is_steady(const struct world *world, const struct sums *sums)
{
    const double allowed = tolerance((double)sums->arrived);
    if (trend(&world->looks) > allowed)
        return false;
    return sums->growth <= allowed || swings(&world->looks, sums->backlog.owed, allowed);
}

static bool is_saturated(const struct sums *sums)
{
    return sums->backlog.lag == SOURCE_UNLIMITED;
}

/* Where a failure starts the job again its records come again. */
static bool loses_records(const struct world *world, const struct sums *sums)
{
    const double lost = (double)sums->metrics.records_lost;
    const bool restarts = world->coordinator != NULL && world->coordinator->setup.restarts;
    return !restarts && lost > tolerance(lost + (double)sums->metrics.records_acknowledged);
}

/* So much of what is sent is refused, and comes again. */
static bool is_refused(const struct sums *sums, double share)
{
    const double sent = (double)sums->metrics.records_sent;
    return (double)sums->metrics.records_refused > fmax(share * sent, STEADY_DEVIATIONS);
}

/* While it was up, and in all that it had to do again, it was fast enough. */
static bool is_held_up_by_restarts(const struct world *world, const struct sums *sums,
                                   const struct uses *uses)
{
    if (world->coordinator == NULL || world->coordinator->tallies.restarts == 0)
        return false;
    return uses->up < 0.5 || (double)sums->started >= SATURATED * uses->up * (double)sums->arrived;
}

static bool is_filled(const struct world *world, const struct sums *sums, const struct uses *uses)
{
    return uses->request_bytes >=
           FILLED * sums_compression(sums) * (double)world->params->batch_size;
}

/* All are used; by requests that the broker is at, or by requests under way? */
static enum bottleneck of_slots(const struct uses *uses, double held, double used, bool filled)
{
    if (held >= EVEN * used)
        return BOTTLENECK_CONNECTION;
    if (!filled)
        return BOTTLENECK_LOAD;
    return uses->one_partition ? BOTTLENECK_ROUND_TRIP : BOTTLENECK_SLOTS;
}

/* Whoever is behind a wait of a mailbox, the last of them first; BOTTLENECK_LOAD: none is full. A
 * flush waits for one connection after the other: if that limits, each has all that it can take
 * when it is its turn. */
static enum bottleneck behind_mailboxes(const struct uses *uses, double flushing, bool filled)
{
    const bool silent = uses->silent && uses->slots >= SLOTS_SATURATED;
    if (uses->handlers >= SATURATED || uses->network >= SATURATED || silent)
        return BOTTLENECK_BROKER;
    if (uses->sender >= SATURATED)
        return BOTTLENECK_SENDER;
    if (uses->socket >= SATURATED)
        return BOTTLENECK_SOCKET;
    if (flushing > fmax(WAITS_MUCH, uses->mailboxes.blocked))
        return uses->group < FLUSH_FILLS * flushing
                   ? BOTTLENECK_LOAD
                   : of_slots(uses, uses->held_sum, uses->slots_sum, filled);
    if (uses->connection >= SATURATED)
        return BOTTLENECK_CONNECTION;
    if (uses->slots >= SLOTS_SATURATED)
        return of_slots(uses, uses->slots_held, uses->slots, filled);
    return BOTTLENECK_LOAD;
}

/* Full of work; would it be without checkpoints? */
static bool works_too_much(const struct sums *sums, const struct use *use)
{
    const double done = fmax((double)sums->started, 1);
    return is_saturated(sums) ? use->work >= use->checkpoint
                              : use->work * (double)sums->arrived >= done;
}

static enum bottleneck of_work(const struct sums *sums, const struct use *use, enum bottleneck work)
{
    if (use->checkpoint > WAITS && !works_too_much(sums, use))
        return BOTTLENECK_CHECKPOINTS;
    return use->mean < EVEN * use->fullest ? BOTTLENECK_SKEW : work;
}

static enum bottleneck work_of_mailboxes(const struct world *world, const struct sums *sums)
{
    const double function = dist_spec_mean(&world->params->function) * (double)sums->started;
    const bool chained = world_vertex(world, VERTEX_SINK) == NULL;
    return chained && function > 0.5 * (double)sums->times.busy ? BOTTLENECK_FUNCTION
                                                                : BOTTLENECK_MAILBOX;
}

/* Nobody is full: the fullest, unless it is not full at all. Then something has happened in a part
 * of the window. */
static enum bottleneck nearly_full(const struct world *world, const struct sums *sums,
                                   const struct uses *uses)
{
    const struct use *const mailboxes = &uses->mailboxes;
    const struct use *const functions = &uses->functions;
    const double fullest = fmax(fmax(mailboxes->fullest, functions->fullest),
                                fmax(uses->sources.fullest, uses->aligning));
    if (fullest < NEARLY)
        return BOTTLENECK_LOAD;
    if (uses->aligning + mailboxes->checkpoint > mailboxes->work + functions->work)
        return BOTTLENECK_CHECKPOINTS;
    if (functions->fullest > fmax(mailboxes->fullest, uses->sources.fullest))
        return of_work(sums, functions, BOTTLENECK_FUNCTION);
    if (mailboxes->blocked > fmax(WAITS_MUCH, mailboxes->work))
        return BOTTLENECK_BUFFERPOOL;
    if (world_vertex(world, VERTEX_SOURCE) != NULL)
        return BOTTLENECK_SOURCE;
    return of_work(sums, mailboxes, work_of_mailboxes(world, sums));
}

/* Closed by an id with a full backlog: where its function takes longer the more comes, a longer one
 * would not help. */
static enum bottleneck of_valve(const struct world *world)
{
    double blocked = 0;
    double in_flight = 0;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct remote *const remote = &world->subtasks[s].remote;
        blocked = fmax(blocked, level_mean(&remote->blocked_addresses, world->now));
        in_flight = fmax(in_flight, level_mean(&remote->requests_in_flight, world->now));
    }
    const bool full = in_flight >= SATURATED * (double)world->remote_model.in_flight_max;
    return world->remote_model.per_invocation && blocked > WAITS && !full ? BOTTLENECK_REMOTE
                                                                          : BOTTLENECK_VALVE;
}

/* From the broker to the source; BOTTLENECK_LOAD: nobody is full. A full task stops all sources, so
 * others wait for what it waits for. */
static enum bottleneck find_full(const struct world *world, const struct sums *sums,
                                 const struct uses *uses)
{
    const struct use *const use = &uses->mailboxes;
    if (use->metadata > fmax(WAITS_MUCH, use->blocked))
        return BOTTLENECK_METADATA;
    const double remote = (double)(sums->backlog.remote - world->before.remote);
    const double opened = (double)(sums->backlog.open - world->before.open) - remote;
    const bool grows_behind = opened > tolerance((double)sums->metrics.records_sent);
    const bool waits = use->blocked + use->flushing > WAITS || grows_behind;
    const enum bottleneck behind =
        behind_mailboxes(uses, use->flushing, is_filled(world, sums, uses));
    if (waits && behind != BOTTLENECK_LOAD)
        return behind;
    if (uses->cores >= SATURATED)
        return BOTTLENECK_CORES;
    if (use->fullest >= SATURATED && use->held > fmax(WAITS_MUCH, use->blocked))
        return of_valve(world);
    if (use->fullest >= SATURATED && use->blocked > fmax(WAITS_MUCH, use->checkpoint))
        return BOTTLENECK_BUFFERPOOL;
    if (use->fullest >= SATURATED)
        return of_work(sums, use, work_of_mailboxes(world, sums));
    if (uses->functions.fullest >= SATURATED)
        return of_work(sums, &uses->functions, BOTTLENECK_FUNCTION);
    if (uses->sources.fullest >= SATURATED)
        return of_work(sums, &uses->sources, BOTTLENECK_SOURCE);
    return remote > tolerance((double)sums->metrics.records_sent) ? BOTTLENECK_REMOTE
                                                                  : BOTTLENECK_LOAD;
}

/* What is refused is sent again, and fills slots and memory. */
static bool gives_way_to_errors(enum bottleneck full)
{
    return full == BOTTLENECK_LOAD || full == BOTTLENECK_BUFFERPOOL ||
           full == BOTTLENECK_ROUND_TRIP || full == BOTTLENECK_SLOTS;
}

static enum bottleneck find_bottleneck(const struct world *world, const struct sums *sums,
                                       const struct uses *uses)
{
    if (loses_records(world, sums))
        return BOTTLENECK_ERRORS;
    if (is_steady(world, sums) && !is_saturated(sums))
        return BOTTLENECK_LOAD;
    if (is_refused(sums, REFUSED))
        return BOTTLENECK_ERRORS;
    if (is_held_up_by_restarts(world, sums, uses))
        return BOTTLENECK_RESTARTS;
    const enum bottleneck full = find_full(world, sums, uses);
    if (gives_way_to_errors(full) && (is_refused(sums, STEADY_GROWTH) || uses->refused > REFUSED))
        return BOTTLENECK_ERRORS;
    return full != BOTTLENECK_LOAD ? full : nearly_full(world, sums, uses);
}

void observe_verdict(const struct world *world, const struct sums *sums, double *columns)
{
    const struct uses uses = observe_uses(world, sums);
    const struct next_limit next = observe_next(world, sums, &uses);
    columns[COLUMN_connection_utilisation_max] = uses.connection * uses.up;
    columns[COLUMN_socket_utilisation_max] = uses.socket * uses.up;
    columns[COLUMN_slots_utilisation_max] = uses.slots * uses.up;
    columns[COLUMN_steady] = is_steady(world, sums);
    columns[COLUMN_next_limit] = next.what;
    columns[COLUMN_next_limit_used] = next.used;
    columns[COLUMN_bottleneck] = find_bottleneck(world, sums, &uses);
}

/*
 * world_parts.h - what the files of world share.
 */
#ifndef MODELS_JOB_WORLD_PARTS_H
#define MODELS_JOB_WORLD_PARTS_H

#include "models/job/world.h"

/* The units of the load; and where there are any, exchanges, sources and functions of their own, on
 * the calendar that all share. */
void world_add_tasks(struct world *world, struct arena *arena, struct calendar *cal,
                     struct rng_seed seed);

struct servers *world_cores(const struct world *world, int32_t subtask);

/* A window begins. */
void world_plan_looks(struct world *world);

/* May a transaction be open until its coordinator aborts it, or wait for its commit until its
 * writer has no producer left? */
bool world_transactions_may_fail(const struct fanout_params *params);

/* May a record be too large for the client, or for the broker? Then it fails at once. */
bool world_has_too_large(const struct fanout_params *params);

/* Can a record be sent again, or out of order? Then who reads the topics looks. */
bool world_wants_consumer(const struct fanout_params *params, bool fails_soon);
void world_add_consumer(struct world *world, struct arena *arena);

/* How far a subtask may run ahead of the others. */
subcalendar_ahead_fn world_ahead;

/* Input records that sources have taken and that have not begun at a function. */
int64_t world_inputs_under_way(const struct world *world);

/* A record of that producer has failed for good: its task fails. */
sender_failed_fn world_record_failed;

/* The job as its coordinator sees it. */
void world_add_coordinator(struct world *world, struct arena *arena, struct calendar *cal,
                           struct rng_seed seed);

#endif

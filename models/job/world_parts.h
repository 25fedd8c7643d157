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

/* Of a job with TaskManagers. */
int64_t world_manager_of(const struct world *world, int32_t subtask);

struct servers *world_cores(const struct world *world, int32_t subtask);

/* A window begins. */
void world_plan_looks(struct world *world);

/* May a transaction be open until its coordinator aborts it, or wait for its commit until its
 * writer has no producer left? */
bool world_transactions_may_fail(const struct fanout_params *params);

/* May a record be too large for the client, or for the broker? Then it fails at once. */
bool world_has_too_large(const struct fanout_params *params, struct keep *keep);

/* Can a record be sent again, or out of order? Then who reads the topics looks. */
bool world_wants_consumer(const struct fanout_params *params, bool fails_soon);
void world_add_consumer(struct world *world, struct arena *arena);

/* Which subtasks have a calendar in common, and whether there is one for all. */
void world_add_processes(struct world *world, struct arena *arena);
/* Of a process; its place on the outside is the next one. */
void world_add_calendar(struct world_process *process, struct arena *arena);

/* How far a process may run ahead of the others. */
subcalendar_ahead_fn world_ahead;

/* Input records that sources have taken and that have not begun at a function. */
int64_t world_inputs_under_way(const struct world *world);

/* A record of that producer has failed for good: its task fails. */
sender_failed_fn world_record_failed;

/* The job as its coordinator sees it. */
void world_add_coordinator(struct world *world, struct arena *arena, struct calendar *cal,
                           struct rng_seed seed);

#endif

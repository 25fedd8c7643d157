/*
 * machine.h - the same scenario on a machine whose threads wake up sooner or later.
 *
 * How late a thread wakes belongs to the machine and to who else runs there. In a stall it decides
 * how often a wave of batches, all that leaves for a broker at once, is cut (real-clock.md 5), so
 * what a stalled run says is said with what it would be at half and at twice the wake-ups.
 */
#ifndef MODELS_REPORT_MACHINE_H
#define MODELS_REPORT_MACHINE_H

#include "models/params/params.h"
#include "sim/study/estimate.h"

/* As struct model's alternative(): 0 halves the wake-ups, 1 doubles them; none where no send()
 * waits for memory worth mentioning, or where threads wake up at once. */
bool machine_alternative(struct arena *arena, void *params, const struct estimates *estimates,
                         size_t number);

/* Wake-ups take so many times as long; false: they take no time at all. */
bool machine_scale_wakeups(struct arena *arena, struct fanout_params *params, double factor);

#endif

/*
 * servers.h - some equal servers, first come, first served: the cores of a machine, the handler
 * threads of a broker.
 *
 * Whoever needs one says so when the need arises, so requests come in the order of time, and how
 * long the work takes is known then: the instant at which it ends is the answer, and no event is
 * needed.
 */
#ifndef MODELS_BROKER_SERVERS_H
#define MODELS_BROKER_SERVERS_H

#include "sim/core/arena.h"
#include "sim/core/calendar.h"

struct server {
    sim_time begins, ends; /* of the last work given to it, and of what it follows without a gap */
};

struct servers {
    struct server *items;
    int32_t count;
    sim_time work; /* given since forget, as if all were done */
};

void servers_init(struct servers *servers, struct arena *arena, int32_t count);

/* Work of some ns, asked for now, begins as soon as one is free; when it ends. `now` does not
 * decrease. */
sim_time servers_take(struct servers *servers, sim_time now, sim_time work);

/* Time that they worked since forget, all together. */
sim_time servers_busy(const struct servers *servers, sim_time now);
void servers_forget(struct servers *servers, sim_time now);

#endif

/*
 * servers.c - the one that is free first takes the work: a look at each, and they are few.
 */
#include "models/broker/servers.h"

#include "sim/core/check.h"

void servers_init(struct servers *servers, struct arena *arena, int32_t count)
{
    CHECK(count > 0);
    *servers = (struct servers){.items = ARENA_ARRAY(arena, struct server, count), .count = count};
}

static struct server *first_free(const struct servers *servers)
{
    struct server *first = &servers->items[0];
    for (int32_t i = 1; i < servers->count; i++)
        if (servers->items[i].ends < first->ends)
            first = &servers->items[i];
    return first;
}

sim_time servers_take(struct servers *servers, sim_time now, sim_time work)
{
    struct server *const server = first_free(servers);
    CHECK(work >= 0);
    if (now > server->ends)
        server->begins = server->ends = now;
    server->ends += work;
    servers->work += work;
    return server->ends;
}

/* Of the work given, what lies after now. */
static sim_time ahead(const struct servers *servers, sim_time now)
{
    sim_time sum = 0;
    for (int32_t i = 0; i < servers->count; i++)
        sum += sim_later(servers->items[i].ends - sim_later(servers->items[i].begins, now), 0);
    return sum;
}

sim_time servers_busy(const struct servers *servers, sim_time now)
{
    return servers->work - ahead(servers, now);
}

void servers_forget(struct servers *servers, sim_time now)
{
    servers->work = ahead(servers, now);
}

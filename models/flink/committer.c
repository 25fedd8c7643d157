/*
 * committer.c - calls are booked when they begin: what lies after now is taken off again.
 */
#include "models/flink/committer.h"

#include "sim/core/check.h"

void committer_begin(struct committer *committer, sim_time now)
{
    if (committer->is_down)
        committer->down += now - sim_later(committer->down_from, committer->times_from);
    committer->is_down = false;
    committer->free = now;
}

void committer_stop(struct committer *committer, sim_time now)
{
    committer->busy -= sim_later(committer->free - now, 0);
    committer->free = committer->down_from = now;
    committer->is_down = true;
}

sim_time committer_call(struct committer *committer, sim_time now, sim_time ns)
{
    CHECK(!committer->is_down);
    committer->free = sim_later(committer->free, now) + ns;
    committer->busy += ns;
    return committer->free;
}

struct committer_times committer_times(const struct committer *committer, sim_time now)
{
    const sim_time elapsed = now - committer->times_from;
    const sim_time ahead = sim_later(committer->free - now, 0);
    struct committer_times times = {.busy = committer->busy - ahead, .down = committer->down};
    if (committer->is_down)
        times.down += now - sim_later(committer->down_from, committer->times_from);
    times.idle = elapsed - times.busy - times.down;
    CHECK(times.busy >= 0 && times.idle >= 0 && times.down >= 0);
    return times;
}

void committer_forget(struct committer *committer, sim_time now)
{
    committer->busy = sim_later(committer->free - now, 0);
    committer->down = 0;
    committer->times_from = now;
}

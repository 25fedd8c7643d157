/*
 * machine.c - wake-ups, scaled.
 */
#include "models/report/machine.h"

#include "models/report/columns.h"

/* A share of time that send() waits. */
#define WAITS 0.01

static bool is_free(const struct dist_spec *spec)
{
    return dist_is_constant(spec) && dist_spec_mean(spec) == 0;
}

bool machine_scale_wakeups(struct arena *arena, struct fanout_params *params, double factor)
{
    struct dist_spec *const wakeups[] = {&params->mailbox_wakeup, &params->sender_wakeup,
                                         &params->sender_oversleep};
    bool at_once = true;
    for (size_t i = 0; i < sizeof wakeups / sizeof wakeups[0]; i++) {
        at_once &= is_free(wakeups[i]);
        *wakeups[i] = dist_spec_scaled(arena, wakeups[i], factor);
    }
    return !at_once;
}

bool machine_alternative(struct arena *arena, void *opaque, const struct estimates *estimates,
                         size_t number)
{
    static const double factors[] = {0.5, 2};
    const double waits = estimates->columns[COLUMN_blocked_ratio].value;
    return number < sizeof factors / sizeof factors[0] && waits >= WAITS &&
           machine_scale_wakeups(arena, opaque, factors[number]);
}

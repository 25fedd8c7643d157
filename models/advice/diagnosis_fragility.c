/*
 * diagnosis_fragility.c - an advice that turns with the machine is none.
 */
#include <math.h>

#include "models/advice/diagnosis.h"
#include "models/report/machine.h"

#define TRIES 2

/* What is left of a gain. */
#define HALF 0.5

/* So small a gain is not what a change was chosen for. */
#define GAIN_MIN 0.02

static const struct machine {
    const char *name;
    double threads, rtt; /* as factors */
} machines[] = {
    {"wake-ups and looks halved", 0.5, 1},
    {"wake-ups and looks doubled", 2, 1},
    {"rtt a fifth less", 1, 0.8},
    {"rtt a fifth more", 1, 1.2},
};
#define MACHINES (sizeof machines / sizeof *machines)

static void alter(struct arena *arena, void *opaque, const void *how)
{
    struct fanout_params *const params = opaque;
    const struct machine *const machine = how;
    machine_scale_wakeups(arena, params, machine->threads);
    params->sender_look = dist_spec_scaled(arena, &params->sender_look, machine->threads);
    params->sender_partition = dist_spec_scaled(arena, &params->sender_partition, machine->threads);
    params->rtt = dist_spec_scaled(arena, &params->rtt, machine->rtt);
}

static size_t add(struct diagnosis *diagnosis, size_t trial, const struct machine *machine)
{
    const struct trial *const its = &diagnosis->trials.list[trial];
    return trials_add_altered(&diagnosis->trials, its->sets, its->set_count, alter, machine);
}

static void weigh(struct fragility *fragility, const struct diagnosis *diagnosis, size_t base,
                  size_t trial, const struct machine *machine)
{
    const struct trials *const trials = &diagnosis->trials;
    const struct change *const chosen = diagnosis->chosen;
    if (!trials_has_run(trials, base) || !trials_has_run(trials, trial))
        return;
    const double gain = diagnosis_gain(diagnosis, trial, base).value;
    const bool removes = chosen->effect == EFFECT_REMOVES;
    const bool limited = diagnosis_is_limited(diagnosis, diagnosis_columns(diagnosis, trial));
    const bool loses = chosen->gain.value > GAIN_MIN && gain < HALF * chosen->gain.value;
    fragility->fragile |= loses || (removes && limited);
    fragility->most = fmax(fragility->most, gain);
    if (gain < fragility->least || (removes && limited)) {
        fragility->least = gain;
        fragility->where = machine->name;
    }
}

void fragility_find(struct diagnosis *diagnosis)
{
    size_t numbers[2 * MACHINES];
    struct fragility *const fragility = ARENA_NEW(diagnosis->arena, struct fragility);
    if (diagnosis->chosen == NULL)
        return;
    const double gain = diagnosis->chosen->gain.value;
    *fragility = (struct fragility){.least = gain, .most = gain};
    for (size_t m = 0; m < MACHINES; m++) {
        numbers[2 * m] = add(diagnosis, diagnosis->base, &machines[m]);
        numbers[2 * m + 1] = add(diagnosis, diagnosis->chosen->trial, &machines[m]);
    }
    diagnosis_run(diagnosis, "other machines", numbers, 2 * MACHINES, TRIES);
    for (size_t m = 0; m < MACHINES; m++)
        weigh(fragility, diagnosis, numbers[2 * m], numbers[2 * m + 1], &machines[m]);
    diagnosis->fragility = fragility;
}

/*
 * shrink_try.c - a step, and whether what it leads to still stalls.
 */
#include <math.h>
#include <string.h>

#include "models/advice/shrink_parts.h"
#include "sim/input/quantity.h"

/* So many steps are tried. */
#define STEPS 160

/* A stall that begins within this share of the measured time fills it. */
#define SOON 0.25

/* Stands where other values have their file. */
#define MARK "--shrink"

/* From this rate on it stands without a fraction. */
#define WHOLE 100

/* The run as long as it is, and no longer: a stall that does not end goes on until then. */
static sim_time horizon_of(const struct fanout_params *params)
{
    if (params->duration == SIM_NEVER)
        return SIM_NEVER;
    return params->duration + (params->warm_up == SIM_NEVER ? 0 : params->warm_up);
}

/* Reads and runs it; from `memory`, which is empty. False after errors in diag. */
static bool find(const struct scenario *scenario, struct diag *diag, struct arena *memory,
                 struct fanout_params **params, struct stall *stall)
{
    *params = ARENA_NEW(memory, struct fanout_params);
    if (!scenario_resolve(scenario, memory, diag, *params))
        return false;
    const sim_time horizon = horizon_of(*params);
    stall_find(stall, *params, horizon, horizon, memory);
    return true;
}

bool shrink_begin(struct shrink *shrink, const struct scenario *scenario, struct diag *diag,
                  struct arena *arena)
{
    *shrink = (struct shrink){.arena = arena, .scenario = *scenario};
    arena_init(&shrink->memory);
    const bool good =
        find(&shrink->scenario, diag, &shrink->memory, &shrink->params, &shrink->stall);
    shrink->ends = shrink->stall.ended;
    return good;
}

void shrink_end(struct shrink *shrink)
{
    arena_free(&shrink->memory);
}

const struct node **shrink_copy(const struct shrink *shrink)
{
    const struct node **const copy = ARENA_ARRAY(shrink->arena, const struct node *, ROW_COUNT);
    memcpy(copy, shrink->scenario.given, ROW_COUNT * sizeof(*copy));
    return copy;
}

static bool is_same(const struct shrink *shrink, const struct fanout_params *params,
                    const struct stall *stall)
{
    if (!stall->found || (stall->ended && !shrink->ends))
        return false;
    const sim_time warm_up = params->warm_up == SIM_NEVER ? 0 : params->warm_up;
    return params->trace.path != NULL ||
           stall->begin <= warm_up + (sim_time)(SOON * (double)params->duration);
}

bool shrink_try(struct shrink *shrink, const struct node **given)
{
    struct scenario scenario = shrink->scenario;
    struct arena memory;
    struct diag diag;
    struct fanout_params *params;
    struct stall stall;
    if (shrink->tried == STEPS)
        return false;
    shrink->tried++;
    scenario.given = given;
    arena_init(&memory);
    diag_init(&diag, &memory);
    if (!find(&scenario, &diag, &memory, &params, &stall) || !is_same(shrink, params, &stall)) {
        arena_free(&memory);
        return false;
    }
    arena_free(&shrink->memory);
    shrink->memory = memory;
    shrink->scenario = scenario;
    shrink->params = params;
    shrink->stall = stall;
    shrink->kept++;
    return true;
}

bool shrink_try_scaled(struct shrink *shrink, const struct node **given, double share)
{
    const struct fanout_params *const params = shrink->params;
    if (given[ROW_rate] != NULL && isfinite(params->rate) && params->profile.count == 0) {
        const struct node **const less = ARENA_ARRAY(shrink->arena, const struct node *, ROW_COUNT);
        const double rate = share * params->rate;
        memcpy(less, given, ROW_COUNT * sizeof(*less));
        shrink_put(
            shrink, less, ROW_rate,
            quantity_format(&quantity_rate, shrink->arena, rate >= WHOLE ? round(rate) : rate));
        if (shrink_try(shrink, less))
            return true;
    }
    return shrink_try(shrink, given);
}

const struct node *shrink_value(const struct shrink *shrink, const struct node *before,
                                const char *text)
{
    /* A place with a line: relations take a value without one for a default. */
    struct place place = {.file = MARK, .line = 1, .column = 1};
    if (before != NULL && strncmp(before->place.file, MARK, strlen(MARK)) == 0)
        place = before->place;
    else if (before != NULL)
        place.file = arena_format(shrink->arena, MARK ": was %s", tree_text(shrink->arena, before));
    return tree_new_scalar(shrink->arena, place, text);
}

void shrink_put(const struct shrink *shrink, const struct node **given, enum fanout_row row,
                const char *text)
{
    const struct node *const before =
        given[row] != NULL ? given[row] : shrink->scenario.fallbacks[row];
    given[row] = shrink_value(shrink, before, text);
}

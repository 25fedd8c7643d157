/*
 * plan.c - a scenario becomes points.
 */
#include "sim/study/plan.h"

#include "sim/core/check.h"

bool plan_init(struct plan *plan, const struct scenario *scenario, const char *command,
               struct arena *arena, struct diag *diag)
{
    const struct model *const model = scenario->model;
    void *const params = arena_take(arena, 1, model->params_bytes);
    if (!scenario_resolve(scenario, arena, diag, params))
        return false;

    struct plan_point *const point = ARENA_NEW(arena, struct plan_point);
    *point = (struct plan_point){.params = params, .span = model->span(params)};
    CHECK(point->span.replications > 0);
    *plan = (struct plan){
        .model = model,
        .scenario = scenario->name,
        .command = command,
        .points = point,
        .count = 1,
        .total = 1,
    };
    return true;
}

sim_time plan_end(const struct plan_point *point)
{
    const struct model_span *const span = &point->span;
    const bool endless = span->duration >= SIM_NEVER - span->warm_up;
    return endless ? SIM_NEVER : span->warm_up + span->duration;
}

struct rng_seed plan_seed(const struct plan_point *point, size_t replication)
{
    return (struct rng_seed){.seed = point->span.seed, .replication = replication};
}

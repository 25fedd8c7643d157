/*
 * plan.c - a scenario becomes rows.
 */
#include "sim/study/plan.h"

#include "sim/core/check.h"

bool plan_init(struct plan *plan, const struct scenario *scenario, const char *command,
               size_t replications, struct arena *arena, struct diag *diag)
{
    CHECK(replications > 0);
    const struct model *const model = scenario->model;
    void *const params = arena_take(arena, 1, model->params_bytes);
    if (!scenario_resolve(scenario, arena, diag, params))
        return false;

    const struct model_span span = model->span(params);
    struct plan_row *const rows = ARENA_ARRAY(arena, struct plan_row, replications);
    for (size_t i = 0; i < replications; i++)
        rows[i] = (struct plan_row){.replication = i, .params = params, .span = span};
    *plan = (struct plan){
        .model = model,
        .scenario = scenario->name,
        .command = command,
        .rows = rows,
        .count = replications,
        .replications = replications,
    };
    return true;
}

sim_time plan_end(const struct plan_row *row)
{
    const struct model_span *const span = &row->span;
    const bool endless = span->duration >= SIM_NEVER - span->warm_up;
    return endless ? SIM_NEVER : span->warm_up + span->duration;
}

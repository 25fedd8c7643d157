/*
 * plan.c - a scenario becomes points.
 */
#include "sim/study/plan.h"

#include <string.h>

#include "sim/core/check.h"
#include "sim/study/identity.h"

struct planner {
    const struct scenario *scenario;
    struct arena *arena;
    struct diag *diag;
    struct axis_reader reader;
    struct sweep sweep;
    struct scenario_values base; /* of the scenario without its sweep */
};

bool plan_run(struct plan *plan, const struct scenario *scenario, const char *command,
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

/* The scenario with the values of a combination put into `given`, an array of its own. */
static struct scenario vary(const struct planner *planner, const struct node **given,
                            const struct node *const *nodes)
{
    struct scenario varied = *planner->scenario;
    const struct param_table *const table = varied.model->params;
    memcpy(given, varied.given, table->count * sizeof(*given));
    for (size_t i = 0; i < planner->sweep.part_count; i++)
        given[planner->sweep.parts[i].row - table->rows] = nodes[i];
    varied.given = given;
    return varied;
}

static bool is_point(struct planner *planner, const struct node **given,
                     const struct node *const *nodes)
{
    const struct sweep *const sweep = &planner->sweep;
    if (sweep->condition_count == 0)
        return true;
    const struct scenario varied = vary(planner, given, nodes);
    struct arena arena;
    arena_init(&arena);
    struct scenario_values values;
    bool holds = scenario_values(&varied, &planner->base, &arena, planner->diag, &values);
    for (size_t i = 0; i < sweep->condition_count && holds; i++)
        holds = condition_holds(sweep->conditions[i], values.params);
    arena_free(&arena);
    return holds;
}

/* "point 3: batch.size 16384, shards 2" */
static const char *describe(const struct planner *planner, size_t index, const char *const *values)
{
    const char *text = arena_format(planner->arena, "point %zu", index);
    for (size_t i = 0; i < planner->sweep.part_count; i++)
        text = arena_format(planner->arena, "%s%s %s %.40s", text, i == 0 ? ":" : ",",
                            planner->sweep.parts[i].name, values[i]);
    return text;
}

static bool add_point(struct planner *planner, struct plan *plan, struct plan_point *point,
                      const struct node **given, const struct node *const *nodes)
{
    struct arena *const arena = planner->arena;
    const struct sweep *const sweep = &planner->sweep;
    const struct scenario varied = vary(planner, given, nodes);
    struct scenario_values values;
    if (!scenario_values(&varied, &planner->base, arena, planner->diag, &values))
        return false;
    const char **const texts = ARENA_ARRAY(arena, const char *, sweep->part_count);
    for (size_t i = 0; i < sweep->part_count; i++)
        texts[i] = axis_text(arena, sweep->parts[i].row, nodes[i], values.params);

    *point = (struct plan_point){.index = plan->count, .values = texts, .params = values.params};
    diag_case(planner->diag, describe(planner, point->index, texts));
    const bool good = scenario_check(&varied, arena, planner->diag, &values);
    diag_case(planner->diag, NULL);
    point->span = plan->model->span(values.params);
    CHECK(point->span.replications > 0);
    plan->count++;
    return good;
}

/* --set of a swept parameter would change nothing, and the user would not know. */
static bool sets_are_used(const struct planner *planner)
{
    const struct param_table *const table = planner->scenario->model->params;
    bool good = true;
    for (size_t i = 0; i < planner->sweep.part_count; i++) {
        const struct axis_part *const part = &planner->sweep.parts[i];
        const struct node *const given = planner->scenario->given[part->row - table->rows];
        if (given == NULL || given->place.file == NULL ||
            strncmp(given->place.file, "--set ", 6) != 0)
            continue;
        diag_error(planner->diag, given->place, "%s is swept; --sweep %s=%s gives it one value",
                   part->row->path, part->name, tree_text(planner->arena, given));
        good = false;
    }
    return good;
}

static bool add_points(struct planner *planner, struct plan *plan)
{
    const struct sweep *const sweep = &planner->sweep;
    const size_t rows = plan->model->params->count;
    struct plan_point *const points = ARENA_ARRAY(planner->arena, struct plan_point, sweep->count);
    const struct node **const given = ARENA_ARRAY(planner->arena, const struct node *, rows);
    const struct node **const nodes =
        ARENA_ARRAY(planner->arena, const struct node *, sweep->part_count);
    plan->points = points;
    bool good = true;
    for (size_t i = 0; i < sweep->count; i++) {
        sweep_combination(sweep, &planner->reader, i, nodes);
        if (is_point(planner, given, nodes))
            good = add_point(planner, plan, &points[plan->count], given, nodes) && good;
    }
    if (plan->count == 0) {
        diag_error(planner->diag, sweep->place, "`where` leaves none of the %zu combinations",
                   sweep->count);
        return false;
    }
    plan->total = plan->count;
    return good;
}

/* Over the values of all parameters, defaults too: whether one is given in the file, by --set or
 * not at all makes no difference, nor do layout and comments. */
static uint64_t identify(const struct planner *planner, const struct plan *plan)
{
    const struct sweep *const sweep = &planner->sweep;
    const struct param_table *const table = plan->model->params;
    const char *const directory = planner->scenario->directory;
    uint64_t identity = identity_add(IDENTITY_START, FANOUT_SIM_VERSION);
    identity = identity_add(identity, plan->model->name);
    identity = identity_add(identity, plan->scenario);
    for (size_t i = 0; i < table->count; i++) {
        identity = identity_add(identity, table->rows[i].path);
        identity = identity_add_node(identity, directory, planner->base.nodes[i]);
    }
    for (size_t i = 0; i < plan->model->column_count; i++)
        identity = identity_add(identity, plan->model->columns[i].name);
    for (size_t i = 0; i < sweep->part_count; i++) {
        identity = identity_add(identity, sweep->parts[i].row->path);
        for (size_t v = 0; v < sweep->parts[i].count; v++)
            identity = identity_add_node(identity, directory, sweep->parts[i].nodes[v]);
    }
    for (size_t i = 0; i < plan->count * plan->swept_count; i++)
        identity = identity_add(identity,
                                plan->points[i / plan->swept_count].values[i % plan->swept_count]);
    return identity;
}

bool plan_sweep(struct plan *plan, const struct scenario *scenario, const char *const *options,
                size_t option_count, const char *command, struct arena *arena, struct diag *diag)
{
    struct planner planner = {.scenario = scenario, .arena = arena, .diag = diag};
    const struct model *const model = scenario->model;
    if (!scenario_values(scenario, NULL, arena, diag, &planner.base))
        return false;
    axis_reader_init(&planner.reader, scenario, arena, diag);
    const uint64_t seed = model->span(planner.base.params).seed;
    if (!sweep_read(&planner.sweep, &planner.reader, options, option_count, seed) ||
        !sets_are_used(&planner))
        return false;

    const struct sweep *const sweep = &planner.sweep;
    const char **const names = ARENA_ARRAY(arena, const char *, sweep->part_count);
    for (size_t i = 0; i < sweep->part_count; i++)
        names[i] = sweep->parts[i].name;
    *plan = (struct plan){
        .model = model,
        .scenario = scenario->name,
        .command = command,
        .swept = names,
        .swept_count = sweep->part_count,
    };
    if (!add_points(&planner, plan))
        return false;
    plan->identity = identify(&planner, plan);
    return true;
}

void plan_narrow(struct plan *plan, size_t first, size_t count)
{
    CHECK(first + count <= plan->count);
    plan->points += first;
    plan->count = count;
}

void plan_single_out(struct plan *plan, struct arena *arena, size_t replication)
{
    CHECK(plan->count == 1);
    struct plan_point *const point = ARENA_NEW(arena, struct plan_point);
    *point = plan->points[0];
    point->first_replication = replication;
    point->span.replications = 1;
    plan->points = point;
}

sim_time plan_end(const struct plan_point *point)
{
    const struct model_span *const span = &point->span;
    const bool endless = span->duration >= SIM_NEVER - span->warm_up;
    return endless ? SIM_NEVER : span->warm_up + span->duration;
}

struct rng_seed plan_seed(const struct plan_point *point, size_t row)
{
    return (struct rng_seed){.seed = point->span.seed,
                             .replication = point->first_replication + row};
}

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
    const struct node **given;   /* by row: of the point in hand */
    const struct node **nodes;   /* by swept parameter: its combination */
    uint64_t identity;           /* so far */
};

/* Who seeks precision looks for the first time when there are so many replications: fewer may agree
 * by chance. */
#define FIRST_LOOK 8

static void set_span(struct plan_point *point, const struct model *model)
{
    struct model_span *const span = &point->span;
    *span = model->span(point->params);
    CHECK(span->replications > 0);
    if (span->precision > 0 && span->replications < FIRST_LOOK)
        span->replications =
            FIRST_LOOK < span->replications_max ? FIRST_LOOK : span->replications_max;
    point->pilots = span->replications < PLAN_PILOTS ? span->replications : PLAN_PILOTS;
}

static bool may_repeat(const struct plan_point *point)
{
    return point->span.replications > 1 || point->span.precision > 0;
}

bool plan_run(struct plan *plan, const struct scenario *scenario, const char *command,
              struct arena *arena, struct diag *diag)
{
    const struct model *const model = scenario->model;
    void *const params = arena_take(arena, 1, model->params_bytes);
    if (!scenario_resolve(scenario, arena, diag, params))
        return false;

    struct plan_point *const point = ARENA_NEW(arena, struct plan_point);
    *point = (struct plan_point){.params = params};
    set_span(point, model);
    *plan = (struct plan){
        .model = model,
        .scenario = scenario->name,
        .command = command,
        .points = point,
        .count = 1,
        .total = 1,
        .chooses_warm_up = point->span.warm_up == SIM_NEVER,
        .seeks_precision = point->span.precision > 0,
        .repeats = may_repeat(point),
    };
    return true;
}

/* The scenario with the values of a combination put into `given`, an array of its own. */
static struct scenario vary(const struct planner *planner, struct arena *arena,
                            const struct node **given, const struct node *const *nodes)
{
    struct scenario varied = *planner->scenario;
    const struct param_table *const table = varied.model->params;
    memcpy(given, varied.given, table->count * sizeof(*given));
    for (size_t i = 0; i < planner->sweep.part_count; i++)
        axis_put(&planner->sweep.parts[i], &varied, arena, given, nodes[i]);
    varied.given = given;
    return varied;
}

static bool is_point(struct planner *planner, const struct node **given,
                     const struct node *const *nodes)
{
    const struct sweep *const sweep = &planner->sweep;
    if (sweep->condition_count == 0)
        return true;
    struct arena arena;
    arena_init(&arena);
    const struct scenario varied = vary(planner, &arena, given, nodes);
    struct scenario_values values;
    bool holds = scenario_values(&varied, &planner->base, &arena, planner->diag, &values);
    for (size_t i = 0; i < sweep->condition_count && holds; i++)
        holds = condition_holds(sweep->conditions[i], values.params);
    arena_free(&arena);
    return holds;
}

/* "point 3: batch.size 16384, shards 2" */
static const char *describe(struct arena *arena, const struct sweep *sweep,
                            const struct plan_point *point)
{
    const char *text = arena_format(arena, "point %zu", point->index);
    for (size_t i = 0; i < sweep->part_count; i++)
        text = arena_format(arena, "%s%s %s %.40s", text, i == 0 ? ":" : ",", sweep->parts[i].name,
                            point->values[i]);
    return text;
}

/* Reads and checks a point, all of it in the arena. */
static bool make_point(struct planner *planner, const struct scenario *varied, struct arena *arena,
                       const struct node *const *nodes, struct plan_point *point)
{
    const struct sweep *const sweep = &planner->sweep;
    struct scenario_values values;
    if (!scenario_values(varied, &planner->base, arena, planner->diag, &values))
        return false;
    const char **const texts = ARENA_ARRAY(arena, const char *, sweep->part_count);
    for (size_t i = 0; i < sweep->part_count; i++) {
        texts[i] = axis_text(&planner->reader, arena, &sweep->parts[i], nodes[i], values.params);
        planner->identity = identity_add(planner->identity, texts[i]);
    }
    point->values = texts;
    point->params = values.params;
    diag_case(planner->diag, describe(arena, sweep, point));
    const bool good = scenario_check(varied, arena, planner->diag, &values);
    diag_case(planner->diag, NULL);
    set_span(point, varied->model);
    return good;
}

/* By --set, and not with all of its list. */
static bool is_set(const struct planner *planner, const struct axis_part *part,
                   const struct node *given)
{
    const struct scenario *const scenario = planner->scenario;
    const struct param *const list = part->item.list;
    const struct node *const all =
        list != NULL ? scenario->given[list - scenario->model->params->rows] : NULL;
    return given->place.file != NULL && strncmp(given->place.file, "--set ", 6) == 0 &&
           (all == NULL || strcmp(all->place.file, given->place.file) != 0);
}

/* --set of a swept parameter would change nothing, and the user would not know. */
static bool sets_are_used(const struct planner *planner)
{
    bool good = true;
    for (size_t i = 0; i < planner->sweep.part_count; i++) {
        const struct axis_part *const part = &planner->sweep.parts[i];
        const struct node *const given = axis_given(part, planner->scenario);
        if (given == NULL || !is_set(planner, part, given))
            continue;
        diag_error(planner->diag, given->place, "%s is swept; --sweep %s=%s gives it one value",
                   part->row->path, part->name, tree_text(planner->arena, given));
        good = false;
    }
    return good;
}

/* The combinations that are points; their number. */
static size_t find_points(struct planner *planner, size_t *combinations)
{
    const struct sweep *const sweep = &planner->sweep;
    size_t count = 0;
    for (size_t i = 0; i < sweep->count; i++) {
        sweep_combination(sweep, &planner->reader, i, planner->nodes);
        if (is_point(planner, planner->given, planner->nodes))
            combinations[count++] = i;
    }
    if (count == 0)
        diag_error(planner->diag, sweep->place, "`where` leaves none of the %zu combinations",
                   sweep->count);
    return count;
}

/* What is not run here leaves nothing behind but what is wrong with it. */
static bool add_points(struct planner *planner, struct plan *plan, const struct plan_choice *choice)
{
    const struct sweep *const sweep = &planner->sweep;
    struct arena *const arena = planner->arena;
    size_t *const combinations = ARENA_ARRAY(arena, size_t, sweep->count);
    plan->total = find_points(planner, combinations);
    size_t first = choice->point, count = choice->point < plan->total;
    if (!choice->only)
        shard_points(&choice->shard, plan->total, &first, &count);
    const bool compares = choice->against && choice->base < plan->total;
    const bool within = choice->base >= first && choice->base - first < count;
    const size_t others = compares && (choice->apart || !within);
    struct plan_point *const points = ARENA_ARRAY(arena, struct plan_point, others + count);
    plan->points = points;
    plan->count = others + count;
    plan->others = others;
    if (compares)
        plan->against = others > 0 ? points : &points[choice->base - first];

    bool good = plan->total > 0;
    for (size_t i = 0; i < plan->total; i++) {
        const bool chosen = i >= first && i - first < count;
        const bool base = compares && i == choice->base;
        struct plan_point point = {.index = i};
        struct arena scratch;
        arena_init(&scratch);
        sweep_combination(sweep, &planner->reader, combinations[i], planner->nodes);
        struct arena *const own = chosen || base ? arena : &scratch;
        const struct scenario varied = vary(planner, own, planner->given, planner->nodes);
        good = make_point(planner, &varied, own, planner->nodes, &point) && good;
        if (chosen)
            points[others + i - first] = point;
        if (base && others > 0)
            points[0] = point;
        plan->chooses_warm_up |= point.span.warm_up == SIM_NEVER;
        plan->seeks_precision |= point.span.precision > 0;
        plan->repeats |= may_repeat(&point);
        arena_free(&scratch);
    }
    return good;
}

/* Over the values of all parameters, defaults too: whether one is given in the file, by --set or
 * not at all makes no difference, nor do spelling, layout and comments. The points come after. */
static uint64_t identify(const struct planner *planner, const struct model *model)
{
    const struct sweep *const sweep = &planner->sweep;
    const struct param_table *const table = model->params;
    uint64_t identity = identity_add(IDENTITY_START, model->name);
    identity = identity_add(identity, model->results_version);
    identity = identity_add(identity, planner->scenario->name);
    for (size_t i = 0; i < table->count; i++) {
        identity = identity_add(identity, table->rows[i].path);
        identity = identity_add_value(identity, &table->rows[i], planner->base.nodes[i],
                                      planner->base.params);
    }
    for (size_t i = 0; i < model->column_count; i++)
        identity = identity_add(identity, model->columns[i].name);
    for (size_t i = 0; i < sweep->part_count; i++)
        identity = identity_add(identity, sweep->parts[i].row->path);
    return identity;
}

/* What has been read for the values of parameters: all but the scenario itself. */
static uint64_t identify_files(uint64_t identity, const struct planner *planner)
{
    for (const struct diag_file *file = planner->diag->files; file != NULL; file = file->next)
        if (strcmp(file->path, planner->scenario->path) != 0)
            identity = identity_add_file(identity, file->path);
    return identity;
}

bool plan_sweep(struct plan *plan, const struct scenario *scenario, const char *const *options,
                size_t option_count, const struct plan_choice *choice, const char *command,
                struct arena *arena, struct diag *diag)
{
    const struct model *const model = scenario->model;
    struct planner planner = {.scenario = scenario, .arena = arena, .diag = diag};
    if (!scenario_values(scenario, NULL, arena, diag, &planner.base))
        return false;
    axis_reader_init(&planner.reader, scenario, arena, diag);
    const uint64_t seed = model->span(planner.base.params).seed;
    if (!sweep_read(&planner.sweep, &planner.reader, options, option_count, seed) ||
        !sets_are_used(&planner))
        return false;

    const size_t swept = planner.sweep.part_count;
    const char **const names = ARENA_ARRAY(arena, const char *, swept);
    for (size_t i = 0; i < swept; i++)
        names[i] = planner.sweep.parts[i].name;
    planner.given = ARENA_ARRAY(arena, const struct node *, model->params->count);
    planner.nodes = ARENA_ARRAY(arena, const struct node *, swept);
    planner.identity = identify(&planner, model);
    *plan = (struct plan){
        .model = model,
        .scenario = scenario->name,
        .command = command,
        .swept = names,
        .swept_count = swept,
    };
    const bool good = add_points(&planner, plan, choice);
    plan->identity = identify_files(planner.identity, &planner);
    return good;
}

/* Those of the columns that have an interval; NULL: none has. */
static const bool *seek(struct plan *plan, struct arena *arena, const size_t *columns, size_t count)
{
    const struct model *const model = plan->model;
    bool *const sought = ARENA_ARRAY(arena, bool, model->column_count);
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const struct column *const column = &model->columns[columns[i]];
        const bool has_interval = column->words == NULL &&
                                  (column->kind == COLUMN_MEAN || column->kind == COLUMN_QUANTILE);
        if (!has_interval || sought[columns[i]])
            continue;
        sought[columns[i]] = any = true;
        plan->identity = identity_add(plan->identity, column->name);
    }
    return any ? sought : NULL;
}

void plan_seek(struct plan *plan, struct arena *arena, const size_t *columns, size_t count)
{
    if (plan->seeks_precision)
        plan->sought = seek(plan, arena, columns, count);
}

void plan_seek_values(struct plan *plan, struct arena *arena, const size_t *columns, size_t count)
{
    if (!plan->seeks_precision || plan->against == NULL)
        return;
    plan->identity = identity_add(plan->identity, "differences");
    plan->valued = seek(plan, arena, columns, count);
}

void plan_single_out(struct plan *plan, struct arena *arena, size_t replication)
{
    CHECK(plan->count == 1);
    struct plan_point *const point = ARENA_NEW(arena, struct plan_point);
    *point = plan->points[0];
    point->first_replication = replication;
    point->span.replications = 1;
    point->span.precision = 0;
    plan->points = point;
    plan->seeks_precision = plan->repeats = false;
}

sim_time plan_work(const struct plan_point *point)
{
    const sim_time duration = point->span.duration;
    if (point->span.warm_up != SIM_NEVER)
        return plan_end(point);
    return duration < SIM_NEVER / 3 ? duration + duration / 2 + duration : SIM_NEVER;
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

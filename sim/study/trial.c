/*
 * trial.c - a batch is a plan of its own: of each variant the replications that it lacks.
 */
#include "sim/study/trial.h"

#include <string.h>

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/study/runner.h"

struct batch {
    const struct trials *trials;
    size_t total; /* replications */
};

void trials_init(struct trials *trials, const struct scenario *scenario, const char *command,
                 unsigned jobs, struct arena *arena)
{
    *trials = (struct trials){
        .scenario = scenario, .arena = arena, .jobs = jobs, .plan = {.model = scenario->model}};
    trials->plan.scenario = scenario->name;
    trials->plan.command = command;
    struct diag diag;
    diag_init(&diag, arena);
    CHECK(scenario_values(scenario, NULL, arena, &diag, &trials->base));
}

static struct trial *next_of(struct trials *trials)
{
    if (trials->count == trials->room) {
        const size_t room = trials->room == 0 ? 16 : 2 * trials->room;
        struct trial *const list = ARENA_ARRAY(trials->arena, struct trial, room);
        if (trials->count > 0)
            memcpy(list, trials->list, trials->count * sizeof(*list));
        trials->list = list;
        trials->room = room;
    }
    return &trials->list[trials->count++];
}

/* Its warm-up and its replications are the batches' affair. */
static void set_span(struct plan_point *point, const struct model *model)
{
    point->span = model->span(point->params);
    point->span.precision = 0;
}

/* That runs the variant alone. */
static const char *command_of(const struct trials *trials, const struct trial *trial)
{
    struct text text;
    text_init(&text, trials->arena);
    text_add(&text, trials->plan.command);
    for (size_t i = 0; i < trial->set_count; i++) {
        text_add_shell_word(&text, "--set");
        text_add_shell_word(&text, trial->sets[i]);
    }
    return text.start;
}

size_t trials_add(struct trials *trials, const char *const *sets, size_t set_count)
{
    struct trial *const trial = next_of(trials);
    *trial = (struct trial){.sets = sets, .set_count = set_count};
    trial->point.command = command_of(trials, trial);
    struct diag diag;
    diag_init(&diag, trials->arena);
    struct scenario varied;
    struct scenario_values values;
    if (scenario_vary(&varied, trials->scenario, &diag, sets, set_count) &&
        scenario_values(&varied, &trials->base, trials->arena, &diag, &values) &&
        scenario_check(&varied, trials->arena, &diag, &values)) {
        trial->point.params = values.params;
        set_span(&trial->point, trials->scenario->model);
    } else {
        trial->refused = diag_first_error(&diag);
    }
    return trials->count - 1;
}

size_t trials_add_altered(struct trials *trials, const char *const *sets, size_t set_count,
                          trials_alter_fn *alter, const void *how)
{
    const size_t number = trials_add(trials, sets, set_count);
    struct trial *const trial = &trials->list[number];
    if (trial->point.params == NULL) /* it is refused */
        return number;
    const size_t bytes = trials->scenario->model->params_bytes;
    void *const params = arena_take(trials->arena, 1, bytes);
    memcpy(params, trial->point.params, bytes);
    alter(trials->arena, params, how);
    trial->point.params = params;
    return number;
}

static bool is_wanted(const struct trial *trial, size_t replications)
{
    return trial->refused == NULL && trial->failure == NULL && trial->replications < replications;
}

static bool tell(void *context, struct results *results)
{
    const struct batch *const batch = context;
    size_t done = 0;
    for (size_t i = 0; i < results->plan->count; i++)
        done += results->points[i].done;
    return batch->trials->tick(batch->trials->context, done, batch->total);
}

/* Its new rows come behind those that it has. */
static void take_rows(struct trials *trials, struct trial *trial,
                      const struct results_point *result)
{
    if (result->failure != NULL || result->pilot.refused) {
        trial->failure =
            result->failure != NULL ? result->failure : "it does not settle within run.duration";
        return;
    }
    const size_t count = trial->replications + result->replications;
    double **const rows = ARENA_ARRAY(trials->arena, double *, count);
    if (trial->replications > 0)
        memcpy(rows, trial->rows, trial->replications * sizeof(*rows));
    memcpy(rows + trial->replications, result->rows, result->replications * sizeof(*rows));
    trial->rows = rows;
    trial->replications = count;
    trial->point.span.warm_up = result->warm_up;
}

bool trials_run(struct trials *trials, const size_t *numbers, size_t count, size_t replications)
{
    struct plan_point *const points = ARENA_ARRAY(trials->arena, struct plan_point, count);
    struct trial **const of = ARENA_ARRAY(trials->arena, struct trial *, count);
    struct plan plan = trials->plan;
    struct batch batch = {.trials = trials};
    plan.points = points;
    for (size_t i = 0; i < count; i++) {
        CHECK(numbers[i] < trials->count);
        struct trial *const trial = &trials->list[numbers[i]];
        if (!is_wanted(trial, replications))
            continue;
        struct plan_point *const point = &points[plan.count];
        of[plan.count++] = trial;
        *point = trial->point;
        point->first_replication = trial->replications;
        point->span.replications = replications - trial->replications;
        point->pilots = point->span.replications;
        batch.total += point->span.replications;
    }
    if (plan.count == 0)
        return true;
    plan.total = plan.count;
    struct results results;
    results_init(&results, &plan, trials->arena);
    const struct runner runner = {
        .isolated = true, .tick = trials->tick != NULL ? tell : NULL, .context = &batch};
    if (!runner_run(&runner, trials->jobs, &results))
        return false;
    for (size_t i = 0; i < plan.count; i++)
        take_rows(trials, of[i], &results.points[i]);
    return true;
}

bool trials_has_run(const struct trials *trials, size_t number)
{
    const struct trial *const trial = &trials->list[number];
    return trial->failure == NULL && trial->replications > 0;
}

const struct estimates *trials_estimates(const struct trials *trials, size_t number)
{
    CHECK(trials_has_run(trials, number));
    const struct model *const model = trials->scenario->model;
    const struct trial *const trial = &trials->list[number];
    return estimate_columns(trials->arena, model->columns, model->column_count, trial->rows,
                            trial->replications);
}

const struct interval *trials_differences(const struct trials *trials, size_t number, size_t base)
{
    const struct model *const model = trials->scenario->model;
    return estimate_differences(trials->arena, model->columns, model->column_count,
                                trials->list[number].rows, trials_estimates(trials, number),
                                trials->list[base].rows, trials_estimates(trials, base));
}

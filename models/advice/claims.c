/*
 * claims.c - all runs of a scenario are variants of it and run at once.
 */
#include "models/advice/claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/advice/words.h"
#include "models/report/columns.h"
#include "sim/command/locate.h"
#include "sim/command/options.h"
#include "sim/core/check.h"

struct runs {
    const struct claims_setting *setting;
    struct scenario scenario;
    struct trials trials;
    const char **texts; /* of the sets of each trial */
};

const char *const *claims_sets(struct arena *arena, const char *text, size_t *count)
{
    const char **const sets = ARENA_ARRAY(arena, const char *, strlen(text) / 2 + 1);
    for (*count = 0; *text != '\0';) {
        const char *const end = strstr(text, "; ");
        const size_t bytes = end != NULL ? (size_t)(end - text) : strlen(text);
        sets[(*count)++] = arena_format(arena, "%.*s", (int)bytes, text);
        text += bytes + (end != NULL ? 2 : 0);
    }
    return sets;
}

/* The trial with these sets, which may be new. */
static size_t trial_of(struct runs *runs, const char *text)
{
    struct arena *const arena = runs->setting->arena;
    for (size_t i = 0; i < runs->trials.count; i++)
        if (strcmp(runs->texts[i], text) == 0)
            return i;
    size_t count;
    const char *const *const sets = claims_sets(arena, text, &count);
    runs->texts[runs->trials.count] = text;
    return trials_add(&runs->trials, sets, count);
}

static bool has_figure(const struct claim *claim)
{
    return claim->kind != CLAIM_SAID && claim->kind != CLAIM_TOLD;
}

static bool is_of(const struct claim *claim, const char *scenario)
{
    return has_figure(claim) && strcmp(claim->scenario, scenario) == 0;
}

/* NaN, and what was wrong in diag, where it could not be run. */
static double figure_of(struct runs *runs, const struct claim *claim, const char *sets)
{
    const size_t number = trial_of(runs, sets);
    const struct trial *const trial = &runs->trials.list[number];
    if (!trials_has_run(&runs->trials, number)) {
        diag_error(runs->setting->diag, (struct place){.file = runs->scenario.path}, "%s: %s", sets,
                   trial->refused != NULL ? trial->refused : trial->failure);
        return NAN;
    }
    const struct interval *const columns = trials_estimates(&runs->trials, number)->columns;
    const double per = claim->per < COLUMN_COUNT ? columns[claim->per].value : 1;
    return columns[claim->column].value / per;
}

static double find_figure(struct runs *runs, const struct claim *claim)
{
    const double figure = figure_of(runs, claim, claim->sets);
    const double base = claim->base != NULL ? figure_of(runs, claim, claim->base) : 1;
    switch (claim->kind) {
    case CLAIM_OVER:
        return claim->scale * figure / base;
    case CLAIM_ABOVE:
        return claim->scale * (figure - base);
    case CLAIM_LOSS:
        return 100 * (1 - figure / base);
    case CLAIM_PLAIN:
    case CLAIM_SAID:
    case CLAIM_TOLD:
        break;
    }
    return claim->scale * figure;
}

static bool begin(struct runs *runs, const char *name)
{
    const struct claims_setting *const setting = runs->setting;
    const struct options *const options = setting->options;
    const char *const path = locate_scenario(setting->arena, setting->model->name,
                                             arena_format(setting->arena, "claims/%s", name));
    if (!scenario_read(&runs->scenario, setting->model, setting->arena, setting->diag, path,
                       options->sets, options->set_count))
        return false;
    trials_init(&runs->trials, &runs->scenario,
                arena_format(setting->arena, "%s claims/%s", setting->model->name, name),
                options->jobs, setting->arena);
    runs->trials.tick = setting->tick;
    runs->trials.context = setting->context;
    runs->texts = ARENA_ARRAY(setting->arena, const char *, 2 * claims_count);
    return true;
}

static bool run_scenario(const struct claims_setting *setting, const char *name,
                         struct claims_found *found)
{
    struct runs runs = {.setting = setting};
    if (!begin(&runs, name))
        return false;
    for (size_t i = 0; i < claims_count; i++) {
        if (!found[i].wanted || !is_of(&claims_list[i], name))
            continue;
        trial_of(&runs, claims_list[i].sets);
        if (claims_list[i].base != NULL)
            trial_of(&runs, claims_list[i].base);
    }
    size_t *const numbers = ARENA_ARRAY(setting->arena, size_t, runs.trials.count);
    for (size_t i = 0; i < runs.trials.count; i++)
        numbers[i] = i;
    const struct model_span span = setting->model->span(runs.trials.base.params);
    if (!trials_run(&runs.trials, numbers, runs.trials.count, span.replications))
        return false;
    for (size_t i = 0; i < claims_count; i++) {
        const struct claim *const claim = &claims_list[i];
        if (!found[i].wanted || !is_of(claim, name))
            continue;
        found[i].figure = find_figure(&runs, claim);
        found[i].holds = found[i].figure >= claim->low && found[i].figure <= claim->high;
    }
    return setting->diag->errors == 0;
}

/* Is it the first with its scenario? */
static bool is_first(size_t at, const struct claims_found *found)
{
    for (size_t i = 0; i < at; i++)
        if (found[i].wanted && is_of(&claims_list[i], claims_list[at].scenario))
            return false;
    return true;
}

bool claims_run(const struct claims_setting *setting, struct claims_found *found)
{
    for (size_t i = 0; i < claims_count; i++) {
        found[i].figure = NAN;
        found[i].holds = true;
    }
    for (size_t i = 0; i < claims_count; i++)
        if (found[i].wanted && has_figure(&claims_list[i]) && is_first(i, found) &&
            !run_scenario(setting, claims_list[i].scenario, found))
            return false;
    return true;
}

/* 12,345 or 1.20: as many decimals as the table says. */
static const char *figure_text(struct arena *arena, const struct claim *claim, double figure)
{
    const double unit = pow(10, claim->decimals);
    const double rounded = nearbyint(figure * unit) / unit;
    if (isnan(figure) || (claim->decimals == 0 && fabs(rounded) >= 1000))
        return words_figure(arena, rounded);
    return arena_format(arena, "%.*f", claim->decimals, rounded + 0.0);
}

const char *claims_text(struct arena *arena, const struct claim *claim, double figure)
{
    const char *const hole = strstr(claim->text, "%s");
    if (!has_figure(claim) || hole == NULL)
        return claim->text;
    return arena_format(arena, "%.*s%s%s", (int)(hole - claim->text), claim->text,
                        figure_text(arena, claim, figure), hole + 2);
}

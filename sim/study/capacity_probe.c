/*
 * capacity_probe.c - a value is tried: how long, how often, and what that says.
 */
#include <math.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/input/quantity.h"
#include "sim/study/capacity_parts.h"

/* So many arrivals tell a drift of half a per cent from chance: their number varies by 0.2 %. */
#define ARRIVALS_LEAST 300000.0

/* What comes round in a system, waves and checkpoints, must come round some times: shares are of a
 * scenario that lasts at least so long. */
#define LASTS_LEAST (40 * SIM_SECOND)

/* A mean drift that is smaller is no drift: a queue near its limit is still filling up. */
#define DRIFT_SLACK 0.005

/* What a shorter window leaves of the warm-up; any window begins after a share of itself at least.
 */
#define WARM_UP_LEFT  0.25
#define WARM_UP_SHARE 0.1

void capacity_search_init(struct capacity_search *search, const struct capacity_question *question)
{
    const struct trials *const trials = question->trials;
    const struct model_span span = trials->scenario->model->span(trials->base.params);
    CHECK(span.duration != SIM_NEVER);
    *search = (struct capacity_search){
        .question = question, .duration = span.duration, .warm_up = span.warm_up};
}

static const char *set_of(struct arena *arena, const char *key, const struct quantity *quantity,
                          double value)
{
    return arena_format(arena, "%s=%s", key, quantity_format(quantity, arena, value));
}

/* At least so long that chance does not decide. */
static sim_time window_of(const struct capacity_search *search, double value, double share)
{
    const double duration = (double)search->duration;
    const double pace = search->pace > 0 ? search->pace : value;
    const double window = fmin(share * fmax(duration, (double)LASTS_LEAST), duration);
    return (sim_time)fmax(window, 1e9 * ARRIVALS_LEAST / pace);
}

/* A warm-up that is chosen stays so. */
static sim_time warm_up_of(const struct capacity_search *search, sim_time window, double share)
{
    if (search->warm_up == SIM_NEVER)
        return search->warm_up;
    const double left = (share < 1 ? WARM_UP_LEFT : 1) * (double)search->warm_up;
    const bool longer = window > search->duration || share < 1;
    return (sim_time)fmax(left, longer ? WARM_UP_SHARE * (double)window : 0);
}

static size_t add_trial(struct capacity_search *search, double value, double share)
{
    const struct capacity_question *const question = search->question;
    struct arena *const arena = question->trials->arena;
    const char **const sets = ARENA_ARRAY(arena, const char *, 3);
    const sim_time window = window_of(search, value, share);
    const sim_time warm_up = warm_up_of(search, window, share);
    size_t count = 0;
    sets[count++] = set_of(arena, question->row->path, param_quantity(question->row->kind), value);
    if (window != search->duration)
        sets[count++] = set_of(arena, question->duration, &quantity_time, (double)window);
    if (warm_up != search->warm_up)
        sets[count++] = set_of(arena, question->warm_up, &quantity_time, (double)warm_up);
    return trials_add(question->trials, sets, count);
}

bool capacity_meets(const struct capacity_search *search, const struct goal *goal, size_t trial)
{
    const struct estimates *const estimates = trials_estimates(search->question->trials, trial);
    return goal_excess(goal, estimates->columns[goal->column].value) == 0;
}

static bool judge(struct capacity_search *search, double value, size_t number,
                  struct capacity_point *point)
{
    const struct capacity_question *const question = search->question;
    if (!trials_has_run(question->trials, number)) {
        const struct trial *const trial = &question->trials->list[number];
        search->why = trial->refused != NULL ? trial->refused : trial->failure;
        return false;
    }
    const struct estimates *const estimates = trials_estimates(question->trials, number);
    const double drift = estimates->columns[question->drift].value;
    *point = (struct capacity_point){
        .value = value,
        .trial = number,
        .drift = drift,
        .steady = estimates->steady && drift <= DRIFT_SLACK * value,
    };
    point->good = point->steady;
    for (size_t i = 0; point->good && i < question->goal_count; i++)
        point->good = capacity_meets(search, &question->goals[i], number);
    return true;
}

static void keep(struct capacity_search *search, const struct capacity_point *point)
{
    if (search->curve_count == search->curve_room) {
        const size_t room = search->curve_room == 0 ? 32 : 2 * search->curve_room;
        struct capacity_point *const curve =
            ARENA_ARRAY(search->question->trials->arena, struct capacity_point, room);
        if (search->curve_count > 0)
            memcpy(curve, search->curve, search->curve_count * sizeof(*curve));
        search->curve = curve;
        search->curve_room = room;
    }
    search->curve[search->curve_count++] = *point;
}

bool capacity_probe(struct capacity_search *search, double value, double share, size_t replications,
                    struct capacity_point *point)
{
    const size_t number = add_trial(search, value, share);
    if (!trials_run(search->question->trials, &number, 1, replications)) {
        search->stopped = true;
        return false;
    }
    if (!judge(search, value, number, point))
        return false;
    if (search->keeps)
        keep(search, point);
    return true;
}

bool capacity_probe_all(struct capacity_search *search, const double *values, size_t count,
                        double share, size_t replications)
{
    struct trials *const trials = search->question->trials;
    size_t *const numbers = ARENA_ARRAY(trials->arena, size_t, count);
    for (size_t i = 0; i < count; i++)
        numbers[i] = add_trial(search, values[i], share);
    search->stopped = !trials_run(trials, numbers, count, replications);
    for (size_t i = 0; !search->stopped && i < count; i++) {
        struct capacity_point point;
        if (!judge(search, values[i], numbers[i], &point))
            return false;
        keep(search, &point);
    }
    return !search->stopped;
}

bool capacity_repeat(struct capacity_search *search, const struct capacity_point *low,
                     const struct capacity_point *high)
{
    struct trials *const trials = search->question->trials;
    search->changed = false;
    for (size_t i = 0; i < search->curve_count; i++) {
        struct capacity_point *const point = &search->curve[i];
        const size_t before = trials->list[point->trial].replications;
        if ((point->value != low->value && point->value != high->value) ||
            before >= search->question->replications)
            continue;
        search->changed = true;
        search->stopped = !trials_run(trials, &point->trial, 1, search->question->replications);
        if (search->stopped || !judge(search, point->value, point->trial, point))
            return false;
    }
    return true;
}

bool capacity_is_plain(const struct capacity_search *search, const struct capacity_point *point)
{
    const struct model *const model = search->question->trials->scenario->model;
    const struct trial *const trial = &search->question->trials->list[point->trial];
    for (size_t c = 0; c < model->column_count; c++)
        for (size_t r = 0; model->columns[c].kind == COLUMN_STEADY && r < trial->replications; r++)
            if (trial->rows[r][c] != 0)
                return false;
    return true;
}

double capacity_round_down(double value)
{
    const double unit = pow(10, floor(log10(value)) - 3);
    return floor(value / unit) * unit;
}

/* Of one replication: what got through above the limit, or where the line through both crosses the
 * goal's bound; the slope is that of all of them. */
static double limit_of(const struct capacity_search *search, const struct capacity_point *low,
                       const struct capacity_point *high, const struct goal *goal, size_t r,
                       double slope)
{
    const struct trial *const list = search->question->trials->list;
    if (goal == NULL)
        return high->value - list[high->trial].rows[r][search->question->drift];
    const double at_low = list[low->trial].rows[r][goal->column];
    const double at_high = list[high->trial].rows[r][goal->column];
    return (low->value + high->value + (2 * goal->bound - at_low - at_high) / slope) / 2;
}

static double mean_of(const struct capacity_search *search, const struct capacity_point *point,
                      size_t column)
{
    return trials_estimates(search->question->trials, point->trial)->columns[column].value;
}

struct interval capacity_between(const struct capacity_search *search,
                                 const struct capacity_point *low,
                                 const struct capacity_point *high, const struct goal *goal)
{
    const size_t count = search->question->replications;
    const struct interval bracket = {.value = low->value, .half_width = high->value - low->value};
    double slope = 1;
    if (goal != NULL)
        slope = (mean_of(search, high, goal->column) - mean_of(search, low, goal->column)) /
                (high->value - low->value);
    double *const limits = ARENA_ARRAY(search->question->trials->arena, double, count);
    for (size_t r = 0; r < count; r++) {
        limits[r] = limit_of(search, low, high, goal, r, slope);
        if (!isfinite(limits[r]))
            return bracket;
    }
    const struct interval found = interval_mean(limits, count);
    const double slack = found.half_width;
    /* It lies between the two: where the line does not there is a jump. */
    return found.value < low->value - slack || found.value > high->value + slack ? bracket : found;
}

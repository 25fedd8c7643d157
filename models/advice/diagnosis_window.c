/*
 * diagnosis_window.c - the shortest window on which the job shows what it shows at full length.
 *
 * Candidates are a half of the run, a quarter and so on. What happens at a time of its own, a fault
 * or a change of the load, is not in a part of the run, so nothing is cut then, nor is a recording.
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/diagnosis.h"

#define HALVINGS 6

/* Less says little. */
#define SHORTEST (500 * SIM_MS)

/* Of what is offered, that gets through: so near is the same. And so near is a latency, as a share
 * of it: a window has fewer checkpoints. */
#define NEAR_SHARE   0.03
#define NEAR_LATENCY 0.25

/* An interval needs that many runs; more than these say hardly more. */
#define TRIES_MIN 2
#define TRIES_MAX 8

struct candidate {
    struct window window;
    size_t trial;
};

static bool may_be_cut(const struct fanout_params *params)
{
    return params->trace.path == NULL && params->profile.count == 0 && params->faults.count == 0 &&
           params->checkpoint_at.count == 0;
}

/* Some rounds of batches there and back. */
static sim_time settling(const struct fanout_params *params)
{
    return 200 * SIM_MS + 4 * (params->linger_ms * SIM_MS + (sim_time)dist_spec_mean(&params->rtt));
}

static struct window part_of(const struct diagnosis *diagnosis, int halvings)
{
    const struct fanout_params *const params = diagnosis->params;
    const sim_time all = diagnosis->trials.list[diagnosis->whole].point.span.warm_up;
    const sim_time settled = settling(params) < all ? settling(params) : all;
    struct window window = {.duration = params->duration >> halvings, .warm_up = all >> halvings};
    if (window.warm_up < settled)
        window.warm_up = settled;
    window.sets[0] = arena_format(diagnosis->arena, "run.duration=%" PRId64 "ns", window.duration);
    window.sets[1] = arena_format(diagnosis->arena, "run.warm-up=%" PRId64 "ns", window.warm_up);
    return window;
}

static double share(const struct interval *columns)
{
    return columns[COLUMN_throughput].value / fmax(columns[COLUMN_offered_rate].value, 1);
}

static bool is_near(double value, double other, double tolerance)
{
    return isnan(value) == isnan(other) && !(fabs(value - other) > tolerance);
}

static bool agrees(const struct interval *part, const struct interval *whole)
{
    const double p99 = whole[COLUMN_latency_p99].value;
    return part[COLUMN_bottleneck].value == whole[COLUMN_bottleneck].value &&
           part[COLUMN_steady].value == whole[COLUMN_steady].value &&
           is_near(share(part), share(whole), NEAR_SHARE * fmax(share(whole), 1)) &&
           (whole[COLUMN_steady].value == 0 ||
            (is_near(part[COLUMN_blocked_ratio].value, whole[COLUMN_blocked_ratio].value,
                     NEAR_SHARE) &&
             is_near(part[COLUMN_latency_p99].value, p99, NEAR_LATENCY * p99)));
}

static sim_time length_of(const struct window *window)
{
    return window->warm_up + window->duration;
}

static struct window whole_of(const struct diagnosis *diagnosis)
{
    const struct model_span *const span = &diagnosis->trials.list[diagnosis->whole].point.span;
    return (struct window){.whole = true, .warm_up = span->warm_up, .duration = span->duration};
}

/* From the shortest on; the last that there is room for is the whole. */
static size_t add_candidates(struct diagnosis *diagnosis, struct candidate *candidates)
{
    size_t count = 0;
    for (int h = HALVINGS; h > 0 && may_be_cut(diagnosis->params); h--) {
        const struct window window = part_of(diagnosis, h);
        if (window.duration < SHORTEST || 2 * window.warm_up > 3 * window.duration)
            continue;
        diagnosis->window = window;
        candidates[count++] =
            (struct candidate){.window = window, .trial = diagnosis_add(diagnosis, NULL, 0, false)};
    }
    return count;
}

static bool is_affordable(const struct diagnosis *diagnosis, const struct window *window,
                          size_t runs, double budget)
{
    return (double)runs * diagnosis_cost(diagnosis, length_of(window)) <= budget;
}

/* The first that agrees, or else the longest that can be had. */
static struct candidate choose(const struct diagnosis *diagnosis,
                               const struct candidate *candidates, size_t count, size_t runs,
                               double budget)
{
    const struct interval *const whole = diagnosis_columns(diagnosis, diagnosis->whole);
    struct candidate chosen = {.window = whole_of(diagnosis), .trial = diagnosis->whole};
    for (size_t i = 0; i < count; i++)
        if (trials_has_run(&diagnosis->trials, candidates[i].trial) &&
            agrees(diagnosis_columns(diagnosis, candidates[i].trial), whole))
            return candidates[i];
    for (size_t i = count; i > 0 && !is_affordable(diagnosis, &chosen.window, runs, budget); i--) {
        chosen = candidates[i - 1];
        chosen.window.cramped = true;
    }
    return chosen;
}

bool window_is_whole(struct diagnosis *diagnosis, size_t runs)
{
    const struct window whole = whole_of(diagnosis);
    if (!is_affordable(diagnosis, &whole, runs, diagnosis->budget))
        return false;
    diagnosis->window = whole;
    diagnosis->base = diagnosis->whole;
    return true;
}

void window_choose(struct diagnosis *diagnosis, size_t changes, double budget)
{
    struct candidate candidates[HALVINGS];
    size_t numbers[HALVINGS];
    const size_t count = add_candidates(diagnosis, candidates);
    for (size_t i = 0; i < count; i++)
        numbers[i] = candidates[i].trial;
    if (count > 0)
        diagnosis_run(diagnosis, "how short a run may be", numbers, count, 1);
    const struct candidate chosen =
        choose(diagnosis, candidates, count, TRIES_MIN * changes, budget);
    diagnosis->window = chosen.window;
    diagnosis->base = chosen.trial;
    const double each = diagnosis_cost(diagnosis, length_of(&chosen.window)) * (double)changes;
    const double tries = fmin(fmax(budget / fmax(each, 1), TRIES_MIN), TRIES_MAX);
    diagnosis->tries = (size_t)tries;
    diagnosis_run(diagnosis, "as it stands", &diagnosis->base, 1, diagnosis->tries);
}

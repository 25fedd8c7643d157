/*
 * diagnosis.c - the trials of a diagnosis, and what they say.
 */
#include "models/advice/diagnosis.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/output/output.h"
#include "sim/study/interrupt.h"

/* A throughput that moves by less is what it was. */
#define GAIN_MIN 0.02

/* A request takes as long to simulate as so many records. */
#define REQUEST 5

/* A job that is so full of something is as good as limited by it. A pool that has once been lent
 * to the last byte is not. */
#define FULL 0.98

/* Of time: who waits less of it hardly waits. */
#define WAITS 0.05

static bool tick(void *context, size_t done, size_t total)
{
    struct diagnosis *const diagnosis = context;
    progress_runs(&diagnosis->progress, diagnosis->doing, done, total);
    return interrupt_pending() == 0;
}

size_t diagnosis_add(struct diagnosis *diagnosis, const char *const *sets, size_t count, bool whole)
{
    const struct window *const window = &diagnosis->window;
    if (whole || window->whole)
        return trials_add(&diagnosis->trials, sets, count);
    const char **const all = ARENA_ARRAY(diagnosis->arena, const char *, count + 2);
    for (size_t i = 0; i < count; i++)
        all[i] = sets[i];
    all[count] = window->sets[0];
    all[count + 1] = window->sets[1];
    return trials_add(&diagnosis->trials, all, count + 2);
}

void diagnosis_run(struct diagnosis *diagnosis, const char *doing, const size_t *numbers,
                   size_t count, size_t replications)
{
    diagnosis->doing = doing;
    progress_start(&diagnosis->progress, diagnosis->study->options->quiet);
    const bool whole = trials_run(&diagnosis->trials, numbers, count, replications);
    progress_end(&diagnosis->progress);
    if (whole)
        return;
    fprintf(stderr, "%s: interrupted; nothing is written\n", diagnosis->study->model->name);
    output_discard();
    _exit(128 + interrupt_pending());
}

bool diagnosis_begin(struct diagnosis *diagnosis, const struct study *study, double budget,
                     struct arena *arena)
{
    const struct plan_point *const point = &study->plan.points[0];
    const struct options *const options = study->options;
    *diagnosis = (struct diagnosis){.study = study,
                                    .arena = arena,
                                    .params = point->params,
                                    .replications = point->span.replications,
                                    .budget = budget};
    trials_init(&diagnosis->trials, &study->scenario,
                command_of_run(arena, study->model->name, options), options->jobs, arena);
    diagnosis->trials.tick = tick;
    diagnosis->trials.context = diagnosis;
    interrupt_catch();
    diagnosis->whole = diagnosis_add(diagnosis, NULL, 0, true);
    diagnosis_run(diagnosis, "as it stands", &diagnosis->whole, 1, diagnosis->replications);
    const struct trial *const trial = &diagnosis->trials.list[diagnosis->whole];
    if (trial->failure != NULL)
        fprintf(stderr, "%s: the scenario could not be run: %s\n", study->model->name,
                trial->failure);
    return trial->failure == NULL;
}

double diagnosis_cost(const struct diagnosis *diagnosis, sim_time length)
{
    const struct interval *const columns = diagnosis_columns(diagnosis, diagnosis->whole);
    if (diagnosis->params->trace.path != NULL)
        return 2 * (double)diagnosis->params->trace.count;
    const double rate = fmax(columns[COLUMN_throughput].value, columns[COLUMN_offered_rate].value) +
                        columns[COLUMN_batch_rate].value +
                        REQUEST * columns[COLUMN_request_rate].value;
    return 1e-9 * (double)length * rate;
}

bool diagnosis_is_limited(const struct diagnosis *diagnosis, const struct interval *columns)
{
    const bool recorded = diagnosis->params->trace.path != NULL;
    return (recorded && columns[COLUMN_blocked_ratio_max].value > WAITS) ||
           columns[COLUMN_bottleneck].value != BOTTLENECK_LOAD || columns[COLUMN_steady].value == 0;
}

struct interval diagnosis_gain(const struct diagnosis *diagnosis, size_t trial, size_t base)
{
    const struct trial *const a = &diagnosis->trials.list[trial];
    const struct trial *const b = &diagnosis->trials.list[base];
    const size_t pairs = a->replications < b->replications ? a->replications : b->replications;
    double *const gains = ARENA_ARRAY(diagnosis->arena, double, pairs);
    for (size_t r = 0; r < pairs; r++)
        gains[r] = a->rows[r][COLUMN_throughput] / b->rows[r][COLUMN_throughput] - 1;
    return interval_mean(gains, pairs);
}

static bool has_room(const struct interval *columns)
{
    return columns[COLUMN_next_limit].value == BOTTLENECK_BUFFERPOOL ||
           columns[COLUMN_next_limit_used].value < FULL;
}

enum effect diagnosis_effect(const struct diagnosis *diagnosis, size_t trial, size_t base)
{
    if (!trials_has_run(&diagnosis->trials, trial))
        return EFFECT_UNKNOWN;
    const struct interval *const columns = diagnosis_columns(diagnosis, trial);
    const struct interval gain = diagnosis_gain(diagnosis, trial, base);
    const double half = isnan(gain.half_width) ? 0 : gain.half_width;
    const bool limited = diagnosis_is_limited(diagnosis, diagnosis_columns(diagnosis, base));
    const bool still = diagnosis_is_limited(diagnosis, columns);
    if (limited && !still && has_room(columns))
        return EFFECT_REMOVES;
    if (gain.value + half < -GAIN_MIN || (!limited && still))
        return EFFECT_WORSE;
    return limited && gain.value - half > GAIN_MIN ? EFFECT_HELPS : EFFECT_NONE;
}

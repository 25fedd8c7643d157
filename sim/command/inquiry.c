/*
 * inquiry.c - the scenario becomes a plan as for a run; then its variants have the word.
 */
#include "sim/command/inquiry.h"

#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/study/interrupt.h"

static bool read_goals(struct inquiry *inquiry)
{
    const struct study *const study = &inquiry->study;
    const struct options *const options = study->options;
    struct goal *const goals = ARENA_ARRAY(study->arena, struct goal, options->own_count);
    struct diag diag;
    diag_init(&diag, study->arena);
    bool good = true;
    for (size_t i = 0; i < options->own_count; i++) {
        if (strcmp(options->own[i].option->name, "goal") != 0)
            continue;
        const struct place place = {.file = "--goal", .line = 1, .column = 1};
        good = goal_read(&goals[inquiry->goal_count++], study->model, study->arena, &diag, place,
                         options->own[i].text) &&
               good;
    }
    inquiry->goals = goals;
    diag_print(&diag, stderr);
    return good;
}

static bool tick(void *context, size_t done, size_t total)
{
    struct inquiry *const inquiry = context;
    progress_runs(&inquiry->progress, "this step", done, total);
    return interrupt_pending() == 0;
}

bool inquiry_read(struct inquiry *inquiry, const struct model *model, const struct options *options,
                  struct arena *arena)
{
    *inquiry = (struct inquiry){.goals = NULL};
    if (!study_plan(&inquiry->study, model, options, arena) || !read_goals(inquiry))
        return false;
    trials_init(&inquiry->trials, &inquiry->study.scenario,
                command_of_run(arena, model->name, options), options->jobs, arena);
    inquiry->trials.tick = tick;
    inquiry->trials.context = inquiry;
    output_init(&inquiry->set, model->name, arena);
    return true;
}

bool inquiry_open(struct inquiry *inquiry, const char *path, FILE **file)
{
    *file = NULL;
    if (path == NULL)
        return true;
    if (output_spare(&inquiry->set, inquiry->study.files))
        *file = output_open(&inquiry->set, path);
    return *file != NULL;
}

void inquiry_begin(struct inquiry *inquiry)
{
    interrupt_catch();
    progress_start(&inquiry->progress, inquiry->study.options->quiet);
}

void inquiry_ran(struct inquiry *inquiry)
{
    progress_end(&inquiry->progress);
}

void inquiry_interrupted(const struct inquiry *inquiry)
{
    progress_end(&inquiry->progress);
    output_discard();
    study_refuse(&inquiry->study, "interrupted; nothing is written");
    _exit(128 + interrupt_pending());
}

enum study_status inquiry_end(struct inquiry *inquiry, bool written, enum study_status good)
{
    output_end(&inquiry->set);
    if (written)
        return good;
    return inquiry->set.refused ? STUDY_WRONG : STUDY_FAILED;
}

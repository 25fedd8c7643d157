/*
 * import.c - the draft is bound and checked as a scenario, with the places of its files, before it
 * is printed.
 */
#include "models/import/import.h"

#include <string.h>

#include "models/import/deployment.h"
#include "models/import/scenario_print.h"
#include "sim/command/options.h"
#include "sim/core/text.h"
#include "sim/input/quantity.h"
#include "sim/output/output.h"
#include "sim/study/scenario.h"

#define BETWEEN_MAX_NS 1e17

#define HEADING "Made by fanout-sim import; behind each value is where it comes from."

static bool read_choice(const struct options *options, struct diag *diag,
                        struct deployment_choice *choice)
{
    const char *const runtime = options_own(options, "runtime");
    const char *const between = options_own(options, "between");
    *choice = (struct deployment_choice){.runtime = MODULE_STATEFUN_3_3};
    if (options->set_count > 0) /* --client alone makes one */
        choice->client = strchr(options->sets[options->set_count - 1], '=') + 1;
    if (runtime != NULL) {
        const int64_t which = text_find_word(MODULE_RUNTIMES, runtime);
        if (which < 0) {
            diag_error(diag, (struct place){.file = "--runtime"},
                       "%s is none of statefun-3.3, sink-v2 and flink", diag_shown(diag, runtime));
            return false;
        }
        choice->runtime = (enum module_runtime)which;
        choice->runtime_given = true;
    }
    struct quantity_value value;
    if (between == NULL)
        return true;
    const struct place place = {.file = "--between", .line = 1, .column = 1};
    if (!quantity_read(&quantity_time, 1, BETWEEN_MAX_NS, diag, place, "--between", between,
                       &value))
        return false;
    choice->between_ns = value.real;
    return true;
}

/* Would it run? What has been read is looked at, even if it is not all; its relations are not. */
static bool try_out(const struct draft *draft, const struct model *model, bool whole)
{
    struct scenario scenario;
    void *const params = arena_take(draft->arena, 1, model->params_bytes);
    const bool bound =
        scenario_bind(&scenario, model, draft->arena, draft->diag, "", draft->values);
    scenario_note_inert(&scenario, draft->diag);
    return whole && bound && scenario_resolve(&scenario, draft->arena, draft->diag, params);
}

static enum study_status write_scenario(const struct draft *draft, const struct model *model,
                                        const char *path)
{
    struct output_set set;
    output_init(&set, model->name, draft->arena);
    bool good = output_spare(&set, draft->diag->files);
    FILE *const out = good ? output_open(&set, path != NULL ? path : "-") : NULL;
    if (out != NULL)
        scenario_print(draft, HEADING, out);
    good = out != NULL && output_publish(&set);
    output_end(&set);
    if (good)
        return STUDY_DONE;
    return set.refused ? STUDY_WRONG : STUDY_FAILED;
}

enum study_status import_command(const struct model *model, const struct options *options,
                                 struct arena *arena)
{
    struct diag diag;
    struct draft draft;
    struct deployment_choice choice;
    diag_init(&diag, arena);
    draft_init(&draft, arena, &diag);
    bool good = read_choice(options, &diag, &choice);
    if (good) {
        good = deployment_read(&draft, options->files, options->file_count, &choice);
        good = try_out(&draft, model, good);
    }
    diag_print(&diag, stderr);
    return good ? write_scenario(&draft, model, options->csv) : STUDY_WRONG;
}

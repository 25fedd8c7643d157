/*
 * check_command.c - findings on standard output, as CSV in a file, as an exit status.
 */
#include "models/advice/check_command.h"

#include "models/advice/check.h"
#include "sim/command/study.h"
#include "sim/output/output.h"

/* False after a message. */
static bool write_csv(const struct study *study, const struct findings *findings,
                      struct output_set *set)
{
    if (study->options->csv == NULL)
        return true;
    if (!output_spare(set, study->files))
        return false;
    FILE *const out = output_open(set, study->options->csv);
    if (out == NULL)
        return false;
    findings_write_csv(findings, out);
    return output_publish(set);
}

static enum study_status report(const struct study *study, const struct findings *findings)
{
    const struct options *const options = study->options;
    struct output_set set;
    output_init(&set, study->model->name, study->arena);
    const bool written = write_csv(study, findings, &set);
    const bool refused = set.refused;
    const bool on_screen = written && !options->quiet && !set.to_stdout;
    output_end(&set);
    if (on_screen)
        findings_print(findings, options->files[0], stdout);
    if (refused)
        return STUDY_WRONG;
    return written && findings->counts[DIAG_ERROR] == 0 ? STUDY_DONE : STUDY_FAILED;
}

static enum study_status check(struct study *study, const struct scenario *scenario,
                               struct diag *diag)
{
    struct fanout_params params;
    if (!scenario_resolve(scenario, study->arena, diag, &params))
        return STUDY_WRONG;
    study->files = diag->files;
    const struct findings findings = check_scenario(scenario, &params, diag, study->arena);
    return report(study, &findings);
}

enum study_status check_command(const struct model *model, const struct options *options,
                                struct arena *arena)
{
    struct study study = {.model = model, .options = options, .arena = arena};
    struct scenario scenario;
    struct diag diag;
    if (options_own(options, "rules") != NULL) {
        rules_print(stdout);
        return STUDY_DONE;
    }
    if (options->file_count == 0)
        return study_refuse(&study, "no scenario given; see %s help %s", model->name,
                            options->command->name);
    diag_init(&diag, arena);
    const bool read = study_scenario(&study, model, options, arena, &scenario, &diag);
    const enum study_status status = read ? check(&study, &scenario, &diag) : STUDY_WRONG;
    if (status == STUDY_WRONG && diag.errors > 0)
        diag_print(&diag, stderr);
    return status;
}

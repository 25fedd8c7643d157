/*
 * files.c - all of them are opened before the first run.
 */
#include "sim/command/files.h"

static bool open_logs(struct files *files, const struct study *study)
{
    const struct model *const model = study->model;
    const char *const directory = study->options->logs;
    size_t count = 0;
    while (model->log_names[count] != NULL)
        count++;
    if (!output_directory(&files->set, directory))
        return false;
    FILE **const logs = ARENA_ARRAY(study->arena, FILE *, count);
    for (size_t i = 0; i < count; i++) {
        const char *const path =
            arena_format(study->arena, "%s/%s", directory, model->log_names[i]);
        logs[i] = output_open(&files->set, path);
        if (logs[i] == NULL)
            return false;
    }
    files->traces.logs = logs;
    files->traces.directory = directory;
    return true;
}

bool files_open(struct files *files, const struct study *study, const char *csv)
{
    const struct options *const options = study->options;
    *files = (struct files){.csv = NULL};
    output_init(&files->set, study->model->name, study->arena);
    if (!output_spare(&files->set, study->files))
        return false;
    if (csv != NULL) {
        files->set.replaced = options->resume; /* it has been read, and this is what follows */
        files->csv = output_open(&files->set, csv);
        files->set.replaced = NULL;
        if (files->csv == NULL)
            return false;
    }
    if (options->series != NULL) {
        files->traces.series = output_open(&files->set, options->series);
        if (files->traces.series == NULL)
            return false;
    }
    return options->logs == NULL || open_logs(files, study);
}

enum study_status files_end(struct files *files, bool good)
{
    output_end(&files->set);
    if (good)
        return STUDY_DONE;
    return files->set.refused ? STUDY_WRONG : STUDY_FAILED;
}

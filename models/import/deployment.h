/*
 * deployment.h - files about one job and its cluster become one draft.
 */
#ifndef MODELS_IMPORT_DEPLOYMENT_H
#define MODELS_IMPORT_DEPLOYMENT_H

#include "models/import/draft.h"
#include "models/import/module.h"

struct deployment_choice {
    enum module_runtime runtime;
    bool runtime_given;
    const char *client; /* as producer.client has it; NULL: the runtime's */
    double between_ns;  /* two scrapes; 0: as their time stamps say */
};

/* Fills the draft. False after errors: a file is none that is known here, or the job that it
 * describes would not start. */
bool deployment_read(struct draft *draft, const char *const *paths, size_t count,
                     const struct deployment_choice *choice);

#endif

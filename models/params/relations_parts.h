/*
 * relations_parts.h - what the files of relations share.
 */
#ifndef MODELS_PARAMS_RELATIONS_PARTS_H
#define MODELS_PARAMS_RELATIONS_PARTS_H

#include "models/params/params.h"

struct relations { /* under test */
    struct param_context *context;
    struct diag *diag;
    struct fanout_params *params;
    const struct param_given *given;
};

bool relations_is_given(const struct relations *subject, enum fanout_row row);

/* Of the value; of the scenario, if it has been left out. */
struct place relations_place_of(const struct relations *subject, enum fanout_row row);

/* Of the first one given among those that share the blame; `rows` ends with ROW_COUNT. */
struct place relations_place_of_first(const struct relations *subject, const enum fanout_row *rows);

/* Each says what is wrong to subject->diag. */
/* Completes what this version of the client knows no property for. */
void relations_check_client(const struct relations *subject);
void relations_check_brokers(const struct relations *subject);
/* What is given and cannot act. */
void relations_check_idle(const struct relations *subject);
void relations_check_job(const struct relations *subject);
/* Of functions behind HTTP (remote-functions.md). */
void relations_check_remote(const struct relations *subject);
void relations_check_load(const struct relations *subject);
/* A trace is what send() was given. After it has been read. */
void relations_check_trace(const struct relations *subject);

#endif

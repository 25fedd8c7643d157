/*
 * scenario.h - a scenario file bound to a model's table of parameters.
 *
 * Values are layered: the row's default, the defaults that presets bring, files that the scenario
 * names (model->beneath), the file, then --set in the order of the command line, where @FILE is
 * another kind of file (model->overlay). What a preset brings is decided by the selector's final
 * value.
 */
#ifndef SIM_STUDY_SCENARIO_H
#define SIM_STUDY_SCENARIO_H

#include "sim/study/model.h"

/* A value that was given and has no effect on the model. */
struct scenario_inert {
    const struct scenario_inert *next;
    const char *path;
    struct place place; /* of the key */
    const struct node *value;
};

struct scenario {
    const struct model *model;
    struct arena *arena;
    const char *path;         /* as the user wrote it; "-" is standard input, "" no file */
    const char *directory;    /* relative names start here */
    const char *name;         /* the row `name`, else the file's without directory and .yaml */
    const struct node *sweep; /* of the file, not looked into; NULL: it has none */
    struct place sweep_place; /* of the key */
    const struct scenario_inert *inert; /* the last one given first */
    const struct node **given;          /* by row of the table; NULL: the default */
    const struct node **fallbacks;      /* by row: its default as a node; NULL: none */
    const struct node **preset_nodes;   /* by preset: what it brings */
};

/* Reads and binds, and tries every value that is given; false after errors in diag, all that there
 * are. path NULL: no file. sets are "KEY=VALUE" texts, VALUE as YAML; their places are `--set KEY`,
 * with the column inside the argument. */
bool scenario_read(struct scenario *scenario, const struct model *model, struct arena *arena,
                   struct diag *diag, const char *path, const char *const *sets, size_t set_count);

/* A scenario that stands in a text; path: what a file of it would be called. */
bool scenario_read_text(struct scenario *scenario, const struct model *model, struct arena *arena,
                        struct diag *diag, const char *path, const char *text,
                        const char *const *sets, size_t set_count);

/* The scenario with more KEY=VALUE laid over it, as if they came last on the command line; its name
 * stays. Memory from the scenario's arena. False after errors in diag. */
bool scenario_vary(struct scenario *varied, const struct scenario *scenario, struct diag *diag,
                   const char *const *sets, size_t set_count);

/* A scenario that was made and not read: a map with full paths for keys. path: what stands for its
 * file. */
bool scenario_bind(struct scenario *scenario, const struct model *model, struct arena *arena,
                   struct diag *diag, const char *path, const struct node *root);

/* One note of all that was given without effect; nothing if there is none. */
void scenario_note_inert(const struct scenario *scenario, struct diag *diag);

/* Which rows were given, and where. From the arena. */
struct param_given scenario_given(const struct scenario *scenario, struct arena *arena);

/* The preset that decides on a row's default; NULL: its own holds. */
const struct param_preset *scenario_preset(const struct scenario *scenario,
                                           const struct param *row);

/* What every row of the table has come to. */
struct scenario_values {
    const struct node **nodes; /* by row; NULL: no default */
    void *params;              /* model->params_bytes */
};

/* Reads all layers; a TEXT row `name` without a value gets scenario->name. False after an error.
 * Another `given` may be put into a copy of the scenario; `base`, if not NULL, are values of such
 * a copy, and what they share is not read again. */
bool scenario_values(const struct scenario *scenario, const struct scenario_values *base,
                     struct arena *arena, struct diag *diag, struct scenario_values *values);

/* The model's relations, which may complete values->params. False after an error. */
bool scenario_check(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                    const struct scenario_values *values);

/* Both, into model->params_bytes at *params. */
bool scenario_resolve(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                      void *params);

#endif

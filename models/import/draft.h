/*
 * draft.h - a scenario on its way from other people's files: values with the places that they come
 * from, what is assumed, what is left out.
 */
#ifndef MODELS_IMPORT_DRAFT_H
#define MODELS_IMPORT_DRAFT_H

#include "models/import/pairs.h"

struct draft {
    struct arena *arena;
    struct diag *diag;
    struct node *values;   /* a map: full paths, and what they are; places as below */
    struct pairs assumed;  /* path and why */
    struct pairs left_out; /* what, and why; with its place */
};

/* Instead of a file: "assumed", or an option. */
#define DRAFT_ASSUMED "assumed"
struct place draft_place(const char *who);
bool draft_is_file(struct place place);

void draft_init(struct draft *draft, struct arena *arena, struct diag *diag);

/* A value for a path; instead of another one, which is warned of. */
void draft_put(struct draft *draft, const char *path, struct place place, const char *text);
void draft_put_node(struct draft *draft, const char *path, const struct node *value);

/* NULL: there is none. */
const struct node *draft_get(const struct draft *draft, const char *path);

/* For a path that has no value yet; text NULL: what the table says, which is not written. */
void draft_assume(struct draft *draft, const char *path, const char *text, const char *why);

/* `what` does not get into the scenario; says so as a warning too. */
void draft_leave_out(struct draft *draft, struct place place, const char *what, const char *why);

/* The same without a warning: nothing is lost. */
void draft_pass_over(struct draft *draft, struct place place, const char *what, const char *why);

#endif

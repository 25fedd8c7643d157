/*
 * shrink_parts.h - a scenario that becomes smaller.
 *
 * What it gives is an array of nodes by row, as in struct scenario. A step is another such array;
 * it is kept if a run of that still stalls as the one before did.
 */
#ifndef MODELS_ADVICE_SHRINK_PARTS_H
#define MODELS_ADVICE_SHRINK_PARTS_H

#include "models/advice/stall.h"
#include "sim/study/scenario.h"

struct shrink {
    struct arena *arena;
    struct scenario scenario; /* the smallest so far */
    struct arena memory;      /* of what it has come to: */
    struct fanout_params *params;
    struct stall stall;
    bool ends; /* the stall that there was at first ended by itself */
    int tried, kept;
};

/* Reads the scenario and looks for a stall. False after errors in diag. shrink_end() in any case.
 */
bool shrink_begin(struct shrink *shrink, const struct scenario *scenario, struct diag *diag,
                  struct arena *arena);
void shrink_end(struct shrink *shrink);

/* A copy of what the scenario gives. */
const struct node **shrink_copy(const struct shrink *shrink);

/* Does it stall with these values too, and is its measured time full of that? Then they are its
 * own. False without a run where there have been as many as may be. */
bool shrink_try(struct shrink *shrink, const struct node **given);

/* The same, first with a load that is such a share of what it is. */
bool shrink_try_scaled(struct shrink *shrink, const struct node **given, double share);

/* A value instead of that one, which may be NULL; a comment will say what it was at first. */
const struct node *shrink_value(const struct shrink *shrink, const struct node *before,
                                const char *text);

/* The same for a parameter. */
void shrink_put(const struct shrink *shrink, const struct node **given, enum fanout_row row,
                const char *text);

/* All steps there are. */
void shrink_all(struct shrink *shrink);

/* The scenario as the text of a file at `path`, made by that command. From the arena. */
const char *shrink_text(const struct shrink *shrink, const char *path, const char *command);

#endif

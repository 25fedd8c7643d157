/*
 * claims.h - the claims of a tuning runbook, as the rows of claims.def, and the runs that decide
 * them.
 */
#ifndef MODELS_ADVICE_CLAIMS_H
#define MODELS_ADVICE_CLAIMS_H

#include "sim/study/trial.h"

enum claim_kind {
    CLAIM_SAID,  /* begins a claim; what follows belongs to it */
    CLAIM_PLAIN, /* a figure: of one run */
    CLAIM_OVER,  /* of two: their ratio */
    CLAIM_ABOVE, /* their difference */
    CLAIM_LOSS,  /* by how many per cent the first is below the second */
    CLAIM_TOLD   /* no figure */
};

struct claim {
    enum claim_kind kind;
    const char *id, *verdict; /* of one that begins */
    const char *text;         /* what is said; the figure stands for %s */
    const char *scenario;     /* of scenarios/claims; of one that is told the test */
    const char *sets, *base;  /* of the run, and of the second */
    size_t column, per;       /* per: COLUMN_COUNT: none */
    double scale;
    int decimals;
    double low, high; /* within which the verdict holds */
};

extern const struct claim claims_list[];
extern const size_t claims_count;

struct claims_found {
    bool wanted;
    double figure; /* NaN: none */
    bool holds;
};

struct claims_setting {
    const struct model *model;
    const struct options *options;
    struct arena *arena;
    struct diag *diag;
    bool (*tick)(void *context, size_t done, size_t total);
    void *context;
};

/* Runs what the wanted ones need. False: stopped, or after an error in diag. */
bool claims_run(const struct claims_setting *setting, struct claims_found *found);

/* KEY=VALUE texts of "KEY=VALUE; KEY=VALUE". */
const char *const *claims_sets(struct arena *arena, const char *text, size_t *count);

/* What is said, with its figure. */
const char *claims_text(struct arena *arena, const struct claim *claim, double figure);

#endif

/*
 * findings.h - what a check has found: a list, as people and as programs read it.
 */
#ifndef MODELS_ADVICE_FINDINGS_H
#define MODELS_ADVICE_FINDINGS_H

#include <stdio.h>

#include "models/advice/rules.h"
#include "sim/core/arena.h"

struct finding {
    struct finding *next; /* by file, line and column, in the order of the rules */
    enum rule rule;
    enum diag_severity severity;
    struct place place;
    const char *figures; /* the rule's arithmetic with the scenario's numbers */
    const char *right;   /* what would be; NULL: `figures` say it */
};

struct findings {
    struct arena *arena;
    struct finding *first;
    size_t counts[DIAG_NOTE + 1]; /* by severity */
};

/* Puts it where it belongs. The texts stay where they are. */
void findings_add(struct findings *findings, const struct finding *finding);

/* Each with its place first, as compilers do; then how many there are. */
void findings_print(const struct findings *findings, const char *scenario, FILE *out);

/* rule,severity,file,line,column,message */
void findings_write_csv(const struct findings *findings, FILE *out);

#endif

/*
 * rules.h - what a check of a scenario looks for: the rules that rules.def declares.
 */
#ifndef MODELS_ADVICE_RULES_H
#define MODELS_ADVICE_RULES_H

#include <stdio.h>

#include "sim/input/diag.h"

enum rule {
#define RULE(identifier, name, severity, sentence) RULE_##identifier,
#include "models/advice/rules.def"
#undef RULE
    RULE_COUNT
};

struct rule_row {
    const char *name; /* its id: "batch-fill" */
    enum diag_severity severity;
    const char *sentence; /* what holds, or should */
};

extern const struct rule_row rules[RULE_COUNT];

/* All of them, one a paragraph. */
void rules_print(FILE *out);

#endif

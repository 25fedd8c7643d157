/*
 * rules.c - the table of rules: rules.def.
 */
#include "models/advice/rules.h"

#include "models/advice/words.h"

const struct rule_row rules[RULE_COUNT] = {
#define RULE(identifier, name_, severity_, sentence_)                                              \
    [RULE_##identifier] = {.name = (name_), .severity = DIAG_##severity_, .sentence = (sentence_)},
#include "models/advice/rules.def"
#undef RULE
};

void rules_print(FILE *out)
{
    for (const struct rule_row *rule = rules; rule < rules + RULE_COUNT; rule++) {
        fprintf(out, "%-26s %s\n", rule->name, diag_severity_name(rule->severity));
        words_wrap(rule->sentence, 4, out);
    }
    fputc('\n', out);
    words_wrap("What makes a scenario impossible, Kafka's checks at construction among it, is no "
               "rule: every command refuses it, with exit status 2.",
               0, out);
}

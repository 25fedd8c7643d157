/*
 * check.c - the rules one after the other, and whom they blame.
 */
#include "models/advice/check.h"

#include "models/advice/check_parts.h"

bool check_is_given(const struct check *check, enum fanout_row row)
{
    return check->given.places[row].line != 0;
}

struct place check_place(const struct check *check, enum fanout_row row)
{
    const struct param_table *const table = &fanout_param_table;
    const struct param_preset *const preset = scenario_preset(check->scenario, &table->rows[row]);
    if (!check_is_given(check, row) && preset != NULL)
        row = (enum fanout_row)(param_row(table, preset->selector) - table->rows);
    return check_is_given(check, row) ? check->given.places[row] : check->given.whole;
}

struct place check_place_of_first(const struct check *check, const enum fanout_row *rows)
{
    const enum fanout_row first = *rows;
    while (*rows != ROW_COUNT && !check_is_given(check, *rows))
        rows++;
    return check_place(check, *rows != ROW_COUNT ? *rows : first);
}

void check_say(struct check *check, enum rule rule, struct place place, const char *figures,
               const char *right)
{
    findings_add(&check->findings, &(struct finding){.rule = rule,
                                                     .severity = rules[rule].severity,
                                                     .place = place,
                                                     .figures = figures,
                                                     .right = right});
}

static void add_said(struct check *check, const struct diag *diag)
{
    struct diag_said said;
    for (size_t i = 0; diag_said(diag, i, &said); i++)
        findings_add(&check->findings, &(struct finding){.rule = RULE_READING,
                                                         .severity = said.severity,
                                                         .place = said.place,
                                                         .figures = said.text});
}

struct findings check_scenario(const struct scenario *scenario, const struct fanout_params *params,
                               const struct diag *diag, struct arena *arena)
{
    struct check check = {.arena = arena,
                          .scenario = scenario,
                          .params = params,
                          .given = scenario_given(scenario, arena),
                          .findings = {.arena = arena}};
    facts_find(&check.facts, params, arena);
    add_said(&check, diag);
    check_unmodelled(&check);
    check_memory(&check);
    check_batches(&check);
    check_sizes(&check);
    check_timeouts(&check);
    check_faults(&check);
    check_subtasks(&check);
    check_shards(&check);
    check_checkpoints(&check);
    check_capacity(&check);
    return check.findings;
}

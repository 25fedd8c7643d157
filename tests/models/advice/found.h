/*
 * found.h - for tests of a check: what it finds in a scenario.
 */
#ifndef TESTS_MODELS_ADVICE_FOUND_H
#define TESTS_MODELS_ADVICE_FOUND_H

#include "models/advice/check.h"
#include "tests/run.h"

#define SETS_MAX 6

static struct arena arena;

static inline void begin(void)
{
    arena_init(&arena);
}

static inline void end(void)
{
    arena_free(&arena);
}

/* text: NULL: it is in the file. */
static inline struct findings find_any(const char *path, const char *text, const char *const *sets)
{
    const struct model *const model = &fanout_model;
    struct fanout_params *const params = ARENA_NEW(&arena, struct fanout_params);
    struct scenario scenario;
    struct diag diag;
    size_t count = 0;
    while (sets != NULL && count < SETS_MAX && sets[count] != NULL)
        count++;
    diag_init(&diag, &arena);
    const bool good =
        text == NULL ? scenario_read(&scenario, model, &arena, &diag, path, sets, count)
                     : scenario_read_text(&scenario, model, &arena, &diag, path, text, sets, count);
    cr_assert(good && scenario_resolve(&scenario, &arena, &diag, params), "%s", said(&diag));
    return check_scenario(&scenario, params, &diag, &arena);
}

static inline struct findings find(const char *text, const char *const *sets)
{
    return find_any("s.yaml", text, sets);
}

static inline const struct finding *of_rule(const struct findings *findings, enum rule rule)
{
    const struct finding *finding = findings->first;
    while (finding != NULL && finding->rule != rule)
        finding = finding->next;
    return finding;
}

static inline const char *printed(const struct findings *findings)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    findings_print(findings, "s", out);
    fclose(out);
    const char *const copy = arena_text(&arena, text);
    free(text);
    return copy;
}

#endif

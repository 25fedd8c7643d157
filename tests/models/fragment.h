/*
 * fragment.h - for tests: a fragment of YAML read by one of the models' readers, and what was said
 * of it.
 */
#ifndef TESTS_FRAGMENT_H
#define TESTS_FRAGMENT_H

#include "sim/input/param.h"
#include "sim/input/yaml.h"
#include "tests/said.h"

struct fragment {
    struct arena arena;
    struct diag diag;
    struct param_context context;
};

static inline void fragment_init(struct fragment *fragment, const char *directory)
{
    arena_init(&fragment->arena);
    diag_init(&fragment->diag, &fragment->arena);
    fragment->context = (struct param_context){
        .arena = &fragment->arena, .diag = &fragment->diag, .directory = directory};
}

/* The text stands in the first line of s.yaml. */
static inline bool fragment_read(struct fragment *fragment, param_custom_fn *read, const char *yaml,
                                 void *field)
{
    const struct place place = {.file = "s.yaml", .line = 1, .column = 1};
    const struct node *const node = yaml_read_text(&fragment->arena, &fragment->diag, place, yaml);
    cr_assert_not_null(node, "%s", yaml);
    cr_assert_eq(fragment->diag.errors, 0, "%s", yaml);
    return read(&fragment->context, node, field);
}

#define fragment_expect(fragment, part)                                                            \
    cr_expect(strstr(said(&(fragment)->diag), (part)) != NULL, "expected '%s' in '%s'", (part),    \
              said(&(fragment)->diag))

#endif

/*
 * test_param_find.c - names of parameters whose keys have dots: suffixes, candidates, what was
 * meant.
 *
 * guards: sim/input/param_find
 */
#include "sim/input/param.h"
#include "tests/diagnosed.h"

TestSuite(param_find, .init = diagnosed_begin, .fini = diagnosed_end);

static const struct param rows[] = {
    {.path = "box.kind"},  {.path = "box.max.size"},     {.path = "box.depth"},
    {.path = "box.width"}, {.path = "box.lid.max.size"}, {.path = "width"},
};
static const struct param_section sections[] = {{"box", "no box has this"}, {"box.lid", NULL}};
static const char *const later[] = {"box.handle", "wheels"};
static const char *const inert[] = {"box.colour", "box.paint.*"};
static const struct param_table table = {
    .rows = rows,
    .count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = 2,
    .later = later,
    .later_count = 2,
    .inert = inert,
    .inert_count = 2,
};

static void expect_found(const char *name, const char *path)
{
    diag_init(&diag, &arena);
    const struct param *const row = param_find(&table, &diag, (struct place){.file = "f"}, name);
    cr_assert(row != NULL && strcmp(row->path, path) == 0, "%s: %s", name, said(&diag));
    expect_said(&diag, "");
}

static void expect_not_found(const char *name, const char *error)
{
    diag_init(&diag, &arena);
    cr_assert_null(param_find(&table, &diag, (struct place){.file = "f"}, name));
    expect_said(&diag, arena_format(&arena, "f: error: %s\n", error));
}

Test(param_find, names)
{
    expect_found("box.kind", "box.kind");
    expect_found("kind", "box.kind");
    expect_found("lid.max.size", "box.lid.max.size");
    expect_found("width", "width"); /* a full path wins */
    expect_found("box.width", "box.width");
    expect_not_found("max.size",
                     "max.size is ambiguous; it may be box.max.size or box.lid.max.size");
    expect_not_found("size",
                     "unknown parameter \"size\"; did you mean box.max.size or lid.max.size?");
    expect_not_found("x.max.size", "unknown parameter \"x.max.size\"; did you mean box.max.size?");
    expect_not_found("ox.kind", "unknown parameter \"ox.kind\"; did you mean box.kind?");
    expect_not_found("knid", "unknown parameter \"knid\"; did you mean kind?");
    expect_not_found("zzz", "unknown parameter \"zzz\"");
    expect_not_found("", "unknown parameter \"\"");
    expect_not_found("box.dpeth", "box.dpeth: no box has this; did you mean depth?");
    expect_not_found("box", "box is a section; name one of its keys: kind, max.size, depth, width "
                            "or lid");
    expect_not_found("lid", "box.lid is a section; name one of its keys: max.size");
    expect_not_found("handle", "box.handle is not built yet");
    expect_not_found("handle.size", "box.handle.size is not built yet");
    expect_not_found("wheels", "wheels is not built yet");
    expect_not_found("wheelset", "unknown parameter \"wheelset\"");
    expect_not_found("box.wheels", "box.wheels: no box has this; expected kind, max.size, depth, "
                                   "width or lid");
    expect_not_found("colour", "box.colour has no effect on this model");
    expect_not_found("paint.gloss", "box.paint.gloss has no effect on this model");
}

/* The shortest name finds the row, and nothing shorter does. */
Test(param_find, short_names)
{
    static const char *const expected[] = {"kind",      "box.max.size", "depth",
                                           "box.width", "lid.max.size", "width"};
    for (size_t i = 0; i < table.count; i++) {
        const char *const name = param_short_name(&table, &rows[i]);
        cr_assert_str_eq(name, expected[i]);
        expect_found(name, rows[i].path);
    }
}

/*
 * test_yaml_put.c - values put into texts: what is around them stays, and the whole reads back.
 *
 * guards: sim/input/yaml_put
 */
#include "sim/input/yaml.h"
#include "sim/input/yaml_put.h"
#include "tests/said.h"

static struct arena arena;

static void begin(void)
{
    arena_init(&arena);
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(yaml_put, .init = begin, .fini = end);

static const char *const path[] = {"costs", "sender", "request"};

/* And what stands there then is the value. */
static void expect(const char *text, size_t keys, const char *value, const char *expected)
{
    const char *const found = yaml_put(&arena, text, path, keys, value);
    cr_assert_not_null(found, "%s", text);
    cr_expect_str_eq(found, expected, "%s---- became\n%s---- not\n%s", text, found, expected);
    struct diag diag;
    diag_init(&diag, &arena);
    const struct place place = {.file = "s", .line = 1, .column = 1};
    const struct node *node = yaml_read_text(&arena, &diag, place, found);
    expect_said(&diag, "");
    for (size_t i = 0; i < keys; i++)
        node = tree_get(node, path[i]);
    cr_assert_not_null(node);
    cr_expect_str_eq(tree_text(&arena, node), value);
}

Test(yaml_put, in_the_place_of_a_value)
{
    expect("costs: # why\n  sender:\n    request: 15us  # slow\n    batch: 3us\n", 3, "9us",
           "costs: # why\n  sender:\n    request: 9us  # slow\n    batch: 3us\n");
    expect("costs: {sender: {request: 15us, batch: 3us}} # end\n", 3, "{gamma: {cv: 1}}",
           "costs: {sender: {request: {gamma: {cv: 1}}, batch: 3us}} # end\n");
    expect("costs:\n  sender: {request: {gamma: {mean: 5us, cv: 1}}, byte: 1ns}\nload: 1\n", 3,
           "9us", "costs:\n  sender: {request: 9us, byte: 1ns}\nload: 1\n");
    expect("costs:\n  sender:\n    request: \"15us\"\n", 3, "9us",
           "costs:\n  sender:\n    request: 9us\n");
    expect("costs:\n  sender:\n    request:\n      gamma:\n        mean: 5us # m\n"
           "        cv: 1 # c\n    batch: 1us\n",
           3, "9us", "costs:\n  sender:\n    request:\n      9us # c\n    batch: 1us\n");
}

Test(yaml_put, where_there_is_none)
{
    expect("costs:\n  preset: typical # p\nload: {rate: 1/s}\n", 3, "9us",
           "costs:\n  sender: {request: 9us}\n  preset: typical # p\nload: {rate: 1/s}\n");
    expect("costs: {preset: typical}\n", 3, "9us",
           "costs: {sender: {request: 9us}, preset: typical}\n");
    expect("costs:\n  sender:\n    byte: 1ns\n", 3, "9us",
           "costs:\n  sender:\n    request: 9us\n    byte: 1ns\n");
    expect("load: {rate: 1/s} # é\n", 3, "9us",
           "load: {rate: 1/s} # é\ncosts: {sender: {request: 9us}}\n");
    expect("load: 1", 1, "9us", "load: 1\ncosts: 9us\n");
    expect("costs:\nload: 1\n", 3, "9us", "costs: {sender: {request: 9us}}\nload: 1\n");
    expect("{load: 1}\n", 1, "9us", "{costs: 9us, load: 1}\n");
    expect("costs: {}\n", 2, "9us", "costs: {sender: 9us}\n");
}

Test(yaml_put, behind_letters_of_more_bytes_and_quotes)
{
    expect("name: 'é: {'\ncosts: {note: \"é}\", sender: {request: 1us}, x: 'it''s'}\n", 3, "9us",
           "name: 'é: {'\ncosts: {note: \"é}\", sender: {request: 9us}, x: 'it''s'}\n");
    expect("costs:\n  - a\n", 1, "9us", "costs:\n  9us\n");
}

Test(yaml_put, only_into_maps)
{
    cr_expect_null(yaml_put(&arena, "[1, 2]\n", path, 3, "9us"));
    cr_expect_null(yaml_put(&arena, "costs: {a: 1\n", path, 3, "9us"));
}

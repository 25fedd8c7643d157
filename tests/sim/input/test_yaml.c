/*
 * test_yaml.c - the tree with its places, and every way in which a file can be no scenario.
 *
 * guards: sim/input/yaml, sim/input/tree
 */
#include <sys/stat.h>
#include <unistd.h>

#include "sim/input/yaml.h"
#include "tests/said.h"

static struct arena arena;
static struct diag diag;

/* Each test has a directory of its own, so messages name plain files. */
static void begin(void)
{
    char directory[] = "/tmp/test_yaml.XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    arena_init(&arena);
    diag_init(&diag, &arena);
}

static void end(void)
{
    char directory[256];
    cr_assert_not_null(getcwd(directory, sizeof directory));
    unlink("s.yaml");
    rmdir(directory);
    arena_free(&arena);
}

TestSuite(yaml, .init = begin, .fini = end);

static const struct node *read_bytes(const char *bytes, size_t count)
{
    FILE *const out = fopen("s.yaml", "wb");
    cr_assert_not_null(out);
    fwrite(bytes, 1, count, out);
    fclose(out);
    return yaml_read(&arena, &diag, "s.yaml");
}

static const struct node *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void expect_place(struct place place, int line, int column)
{
    cr_assert_eq(place.line, line, "line %d, not %d", place.line, line);
    cr_assert_eq(place.column, column, "column %d, not %d", place.column, column);
}

static void expect_error(const char *text, const char *expected)
{
    diag_init(&diag, &arena);
    read_text(text);
    expect_said(&diag, expected);
}

Test(yaml, makes_a_tree_with_places)
{
    const struct node *const root = read_text("# a comment\n"
                                              "run:\n"
                                              "  seed: 1\n"
                                              "  \"name\": 'a: b'\n"
                                              "list: [x, {y: z}]\n"
                                              "none:\n");
    expect_said(&diag, "");
    cr_assert_eq(root->kind, NODE_MAP);
    cr_assert_eq(root->count, 3);
    expect_place(root->place, 2, 1);
    cr_assert_str_eq(root->place.file, "s.yaml");

    const struct node *const run = tree_get(root, "run");
    cr_assert_eq(run->kind, NODE_MAP);
    expect_place(run->place, 3, 3);
    expect_place(run->entries[1].key_place, 4, 3);
    cr_assert_str_eq(run->entries[1].key, "name");
    const struct node *const name = tree_get(run, "name");
    cr_assert_str_eq(name->text, "a: b");
    cr_assert(name->quoted);
    expect_place(name->place, 4, 11);
    cr_assert_not(tree_get(run, "seed")->quoted);

    const struct node *const list = tree_get(root, "list");
    cr_assert_eq(list->kind, NODE_LIST);
    cr_assert_eq(list->count, 2);
    cr_assert_str_eq(tree_get(list->items[1], "y")->text, "z");
    expect_place(list->items[1]->place, 5, 11);
    cr_assert(tree_is_empty(tree_get(root, "none")));
    cr_assert_null(tree_get(root, "nothing"));
    cr_assert_null(tree_get(list, "x"));
}

Test(yaml, counts_characters_not_bytes)
{
    const struct node *const root = read_text("\"\xc3\xa9\xe2\x82\xac\": x\n");
    expect_place(root->entries[0].value->place, 1, 7);
}

Test(yaml, holds_many_items_in_order)
{
    const size_t count = 1000;
    char *const text = malloc(16 * count);
    char *next = text;
    for (size_t i = 0; i < count; i++)
        next += sprintf(next, "k%zu: %zu\n", i, i);
    const struct node *const root = read_text(text);
    cr_assert_eq(root->count, count);
    for (size_t i = 0; i < count; i++) {
        char number[32];
        sprintf(number, "%zu", i);
        cr_assert_str_eq(root->entries[i].value->text, number);
    }
    free(text);
}

Test(yaml, reads_a_text_where_it_stands)
{
    const struct place place = {.file = "--set a", .line = 1, .column = 3};
    const struct node *const list = yaml_read_text(&arena, &diag, place, "[5s, 9s]");
    cr_assert_eq(list->count, 2);
    expect_place(list->items[1]->place, 1, 8);
    cr_assert(tree_is_empty(yaml_read_text(&arena, &diag, place, "")));
    expect_said(&diag, "");
    cr_assert_null(yaml_read_text(&arena, &diag, place, "a: b: c"));
    expect_said(&diag, "--set a:1:7: error: not YAML: mapping values are not allowed in this "
                       "context\n");
}

Test(yaml, repeated_keys)
{
    expect_error("a: 1\nb: {c: 1,\n  c: 2}\na: 3\na: 4\n",
                 "s.yaml:3:3: error: c is given twice; first in line 2\n"
                 "s.yaml:4:1: error: a is given twice; first in line 1\n"
                 "s.yaml:5:1: error: a is given twice; first in line 1\n");
    const struct node *const root = read_text("b: 1\na: 1\nb: 2\nc: 3\n");
    cr_assert_eq(root->count, 3);
    cr_assert_str_eq(root->entries[0].value->text, "1");
    cr_assert_str_eq(root->entries[2].key, "c");
}

Test(yaml, anchors_aliases_tags)
{
    expect_error("a: &x 1\nb: *x\nc: [*x]\nd: !!str 5\ne: &y {}\n",
                 "s.yaml:1:4: error: anchors are not supported; write the value out\n"
                 "s.yaml:2:4: error: aliases are not supported; write the value out\n"
                 "s.yaml:3:5: error: aliases are not supported; write the value out\n"
                 "s.yaml:4:4: error: tags are not supported; write the plain value\n"
                 "s.yaml:5:4: error: anchors are not supported; write the value out\n");
    /* A cycle must not become one. */
    expect_error("a: &x [*x]\n",
                 "s.yaml:1:4: error: anchors are not supported; write the value out\n"
                 "s.yaml:1:8: error: aliases are not supported; write the value out\n");
}

Test(yaml, second_document)
{
    expect_error("a: 1\n---\nb: 2\n", "s.yaml:2:1: error: a second document; only one is read\n");
    expect_error("---\na: 1\n...\n", "");
}

Test(yaml, nothing_to_read)
{
    expect_error("", "s.yaml: error: the file is empty\n");
    expect_error("# a comment\n\n", "s.yaml: error: the file is empty\n");
    expect_error("---\n", "s.yaml: error: the file is empty\n");
}

Test(yaml, root_that_is_no_map)
{
    expect_error("- a\n", "s.yaml:1:1: error: expected a map of keys and values, not a list\n");
    expect_error("\nword\n",
                 "s.yaml:2:1: error: expected a map of keys and values, not a single value\n");
}

Test(yaml, tabs)
{
    expect_error("a:\n\tb: 1\n", "s.yaml:2:1: error: a tab; YAML is indented with spaces\n");
    expect_error("a:\n  b: 1\n \tc: 1\n",
                 "s.yaml:3:2: error: a tab; YAML is indented with spaces\n");
}

Test(yaml, bytes_that_are_no_text)
{
    expect_error("a: 1\n\xc3\xa9: \xff\n",
                 "s.yaml:2:4: error: not a text: invalid leading UTF-8 octet; YAML is UTF-8\n");
    expect_error("a: 1\nb: \x01\n",
                 "s.yaml:2:4: error: not a text: control characters are not allowed; YAML is "
                 "UTF-8\n");
    diag_init(&diag, &arena);
    read_bytes("a: 1\nb: \0\n", 10);
    expect_said(&diag, "s.yaml:2:4: error: not a text: control characters are not allowed; YAML "
                       "is UTF-8\n");
    expect_error("a: \"x\\0y\"\n", "s.yaml:1:4: error: a text with a zero byte\n");
}

Test(yaml, keys_that_are_no_words)
{
    expect_error("? [a]\n: 1\nb: 2\n? {c: d}\n: 3\n",
                 "s.yaml:1:3: error: a key must be a single word, not a list\n"
                 "s.yaml:4:3: error: a key must be a single word, not a map\n");
}

Test(yaml, broken)
{
    expect_error("a: [1, 2\nb: 3\n", "s.yaml:2:2: error: not YAML: did not find expected ',' or "
                                     "']', while parsing a flow sequence that begins in line 1\n");
    expect_error("a: b: c\n",
                 "s.yaml:1:5: error: not YAML: mapping values are not allowed in this context\n");
    expect_error("@a: 1\n", "s.yaml:1:1: error: not YAML: found character that cannot start any "
                            "token, while scanning for the next token\n");
}

/* 64 levels are read, 65 are not: the root is one. */
Test(yaml, nesting)
{
    char text[1000] = "a: ";
    memset(text + 3, '[', 63);
    memset(text + 3 + 63, ']', 63);
    expect_error(text, "");
    memset(text + 3, '[', 64);
    memset(text + 3 + 64, ']', 64);
    expect_error(text, "s.yaml:1:67: error: nested deeper than 64 levels\n");
}

Test(yaml, files_that_cannot_be_read)
{
    cr_assert_null(yaml_read(&arena, &diag, "none.yaml"));
    cr_assert_null(yaml_read(&arena, &diag, "/"));
    expect_said(&diag, "none.yaml: error: cannot open none.yaml: No such file or directory\n"
                       "/: error: cannot read /: Is a directory\n");
}

Test(yaml, standard_input)
{
    read_text("a: [\n");
    diag_init(&diag, &arena);
    cr_assert_not_null(freopen("s.yaml", "r", stdin));
    cr_assert_null(yaml_read(&arena, &diag, "-"));
    cr_assert_eq(strncmp(said(&diag), "<stdin>:2:1: error: not YAML: ", 30), 0, "%s", said(&diag));
}

/* Longer than any buffer on the way. */
Test(yaml, long_files)
{
    const size_t bytes = 3 << 20;
    char *const text = malloc(bytes + 1);
    memset(text, 'x', bytes);
    memcpy(text, "a: ", 3);
    text[bytes] = '\0';
    const struct node *const root = read_text(text);
    cr_assert_eq(strlen(root->entries[0].value->text), bytes - 3);
    free(text);
}

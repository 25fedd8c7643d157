/*
 * test_pairs.c - properties as Java's documentation of Properties.load() has them; Flink's flat
 * files, nested ones, lists.
 *
 * guards: models/import/pairs, models/import/character
 */
#include "models/import/pairs.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/input/yaml.h"
#include "tests/diagnosed.h"

static void expect(const struct pairs *pairs, const char *key, const char *text, int line)
{
    const struct pair *const pair = pairs_find(pairs, key);
    cr_assert_not_null(pair, "%s is missing", key);
    cr_expect_str_eq(pair->text, text);
    cr_expect_eq(pair->place.line, line, "%s stands in line %d", key, pair->place.line);
}

TestSuite(pairs, .init = diagnosed_begin, .fini = diagnosed_end);

Test(pairs, are_read_as_java_does)
{
    struct pairs pairs = {0};
    pairs_read_properties(&pairs, &arena, "p",
                          "Truth1 = Beauty\n"
                          " Truth2:Beauty\r\n"
                          "Truth3                    :Beauty\n"
                          "# a comment \\\n"
                          "! another\n"
                          "fruits                           apple, banana, pear, \\\n"
                          "                                 cantaloupe, watermelon, \\\n"
                          "                                 kiwi, mango\n"
                          "cheeses\n"
                          "\n"
                          "a\\ b\\=c=d\\te\\u00e4\\\\\n"
                          "pair=\\ud83d\\ude00 \\ud83d.\n"
                          "twice=1\n"
                          "twice=2");
    expect(&pairs, "Truth1", "Beauty", 1);
    expect(&pairs, "Truth2", "Beauty", 2);
    expect(&pairs, "Truth3", "Beauty", 3);
    expect(&pairs, "fruits", "apple, banana, pear, cantaloupe, watermelon, kiwi, mango", 6);
    expect(&pairs, "cheeses", "", 9);
    expect(&pairs, "a b=c", "d\te\xc3\xa4\\", 11);
    expect(&pairs, "pair", "\xf0\x9f\x98\x80 \xef\xbf\xbd.", 12);
    expect(&pairs, "twice", "2", 14);
    cr_expect_eq(pairs.count, 8);
}

Test(pairs, of_flink_are_lines)
{
    struct pairs pairs = {0};
    pairs_read_lines(&pairs, &arena, &diag, "f",
                     "# conf\n"
                     "parallelism.default: 12 # slots\n"
                     "env.java.opts: -Da=\"b: c\"\n"
                     "broken:5\n");
    expect(&pairs, "parallelism.default", "12", 2);
    expect(&pairs, "env.java.opts", "-Da=\"b: c\"", 3);
    cr_expect_eq(pairs.count, 2);
    expect_said(&diag, "f:4:1: warning: \"broken:5\" is passed over: Flink wants \"key: value\"\n");
}

Test(pairs, are_flattened)
{
    static const char text[] = "execution:\n"
                               "  checkpointing: {interval: 30 s}\n"
                               "  buffer-timeout.interval: 0x10\n"
                               "properties:\n"
                               "  - linger.ms: 30\n"
                               "  - acks: all\n"
                               "patterns: [a, b]\n";
    struct node documents;
    struct pairs pairs = {0};
    cr_assert(yaml_read_documents(&arena, &diag, "f", text, strlen(text), &documents));
    pairs_flatten(&pairs, &arena, documents.items[0]);
    expect(&pairs, "execution.checkpointing.interval", "30 s", 2);
    expect(&pairs, "execution.buffer-timeout.interval", "16", 3);
    expect(&pairs, "properties.linger.ms", "30", 5);
    expect(&pairs, "properties.acks", "all", 6);
    expect(&pairs, "patterns", "a,b", 7);
    cr_expect_eq(pairs.count, 5);
}

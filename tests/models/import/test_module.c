/*
 * test_module.c - StateFun modules against the answers of the real loader of 3.3.0 (in statefun/):
 * the same verdict, the same values.
 *
 * guards: models/import/module, models/import/module_egress, models/import/module_ingress,
 * models/import/module_endpoint, models/import/module_fields; flink-statefun.md 11, 11.6
 */
#include "models/import/module.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/text.h"
#include "sim/input/file.h"
#include "sim/input/yaml.h"
#include "tests/said.h"

#define DATA TESTS_DIR "/models/import/statefun/"

static struct arena arena;
static struct diag diag;

static const char *text_of(const char *path)
{
    size_t length;
    const char *const text = file_read(&arena, &diag, (struct place){.file = path}, path, &length);
    cr_assert_not_null(text);
    return text;
}

static int by_key(const void *left, const void *right)
{
    return strcmp(((const struct pair *)left)->key, ((const struct pair *)right)->key);
}

/* As the real loader's answers were printed: {acks=all, ..}, a class without its package. */
static void print_config(struct text *out, const struct pairs *config)
{
    qsort(config->items, config->count, sizeof *config->items, by_key);
    text_add(out, " config {");
    for (size_t i = 0; i < config->count; i++) {
        const struct pair *const pair = &config->items[i];
        const char *const class = strstr(pair->text, "ByteArray");
        text_format(out, "%s%s=%s", i > 0 ? ", " : "", pair->key,
                    class != NULL ? class : pair->text);
    }
    text_add(out, "}");
}

static const char *capitals(const char *word)
{
    char *const text = ARENA_ARRAY(&arena, char, strlen(word) + 1);
    for (size_t i = 0; word[i] != '\0'; i++)
        text[i] = word[i] == '-' ? '_' : (char)toupper((unsigned char)word[i]);
    return text;
}

static const char *answer(const struct module *module)
{
    struct text out;
    text_init(&out, &arena);
    text_add(&out, "OK");
    for (size_t i = 0; i < module->egress_count; i++) {
        const struct module_egress *const egress = &module->egresses[i];
        const struct text_word word = text_word(MODULE_DELIVERIES, (int64_t)egress->delivery);
        text_format(&out, " egress %s semantic %s pool 5", egress->id,
                    capitals(arena_format(&arena, "%.*s", (int)word.bytes, word.start)));
        print_config(&out, &egress->config);
    }
    for (size_t i = 0; i < module->ingress_count; i++) {
        const struct module_ingress *const ingress = &module->ingresses[i];
        text_add(&out, " ingress [");
        for (size_t k = 0; k < ingress->topic_count; k++)
            text_format(&out, "%s%s", k > 0 ? ", " : "", ingress->topics[k].name);
        text_format(&out, "] startup %s", capitals(ingress->startup));
        print_config(&out, &ingress->config);
    }
    for (size_t i = 0; i < module->endpoint_count; i++) {
        const char *const functions = module->endpoints[i].functions;
        const char *const slash = strchr(functions, '/');
        if (strcmp(slash, "/*") != 0) /* a namespace was not printed */
            text_format(&out, " function FunctionType(%.*s, %s)", (int)(slash - functions),
                        functions, slash + 1);
    }
    return out.start;
}

static bool load(const char *text, enum module_runtime runtime, struct module *module)
{
    struct node documents;
    diag_init(&diag, &arena);
    *module = (struct module){0};
    return yaml_read_documents(&arena, &diag, "m.yaml", text, strlen(text), &documents) &&
           module_read(&arena, &diag, runtime, &documents, module);
}

/* "NAME: answer": refused is refused, for whatever reason the JVM had. */
static void compare(const char *name, const char *text, const char *expected)
{
    struct module module;
    const bool good = load(text, MODULE_STATEFUN_3_3, &module);
    cr_expect_eq(good, diag.errors == 0, "%s: %s", name, said(&diag));
    if (strncmp(expected, "REFUSED", 7) == 0)
        cr_expect(!good, "%s was taken", name);
    else
        cr_expect(good && strcmp(answer(&module), expected) == 0, "%s:\n%s\nnot\n%s\n%s", name,
                  good ? answer(&module) : "REFUSED", expected, said(&diag));
}

Test(module, has_the_answers_of_the_real_loader)
{
    static const char mark[] = "# CASE ";
    arena_init(&arena);
    diag_init(&diag, &arena);
    const char *const modules = text_of(DATA "modules.txt");
    const char *line = text_of(DATA "parse-3.3.0.txt");
    int cases = 0;
    for (const char *at = strstr(modules, mark); at != NULL; cases++) {
        const char *const next = strstr(at + 1, mark);
        const size_t bytes = next != NULL ? (size_t)(next - at) : strlen(at);
        const size_t name = strcspn(at, "\n") - (sizeof mark - 1);
        const size_t answer_bytes = strcspn(line, "\n");
        cr_assert_eq(strncmp(line, at + sizeof mark - 1, name), 0, "other cases than answers");
        cr_assert_eq(line[name], ':');
        compare(arena_format(&arena, "%.*s", (int)name, line),
                arena_format(&arena, "%.*s", (int)bytes, at),
                arena_format(&arena, "%.*s", (int)(answer_bytes - name - 2), line + name + 2));
        line += answer_bytes + (line[answer_bytes] == '\n');
        at = next;
    }
    cr_expect_eq(cases, 25);
    arena_free(&arena);
}

#define EGRESS  "kind: io.statefun.kafka.v1/egress\nspec:\n  id: app/out\n  address: k:1\n"
#define TOPIC   "{topic: a, valueType: x/y, targets: [f/g]}"
#define INGRESS "kind: io.statefun.kafka.v1/ingress\nspec:\n  id: app/in\n  address: k:1\n"

#define LEGACY   "version: \"3.0\"\nmodule: "
#define EXACTLY  EGRESS "  deliverySemantic: {type: exactly-once, transactionTimeoutMillis: "
#define TOPICS   INGRESS "  consumerGroupId: g\n  topics: ["
#define STARTUP  TOPICS TOPIC "]\n  startupPosition: "
#define OFFSETS  STARTUP "{type: specific-offsets, offsets: "
#define ENDPOINT "kind: io.statefun.endpoints.v2/http\nspec:\n  urlPathTemplate: x\n  functions: "

/* What is refused, and with which words; NULL: it is taken. flink-statefun.md 11.1 to 11.5. */
static const struct {
    const char *text, *said;
} verdicts[] = {
    {"kind: io.statefun.kafka.v1/egress\nspec: {id: app/out}", "an egress without address"},
    {EGRESS "---\n" EGRESS, "the egress app/out is there already, from m.yaml:3"},
    {EGRESS "  deliverySemantic: {type: exactly-once, transactionTimeout: PT15M}",
     "\"PT15M\" is no duration"},
    {EGRESS "  deliverySemantic: {type: exactly-once, transactionTimeoutMillis: 100000}", NULL},
    {EGRESS "  deliverySemantic: {type: Exactly-Once}", "is none of at-least-once"},
    {EGRESS "  deliverySemantic:", "deliverySemantic is"},
    {EGRESS "  deliverySemantic: {}", "deliverySemantic without type"},
    {EGRESS "  properties:", "properties is empty"},
    {EGRESS "  properties: []", NULL},
    {EGRESS "  properties: {}", NULL},
    {EGRESS "  properties: x", NULL},
    {EGRESS "  properties: [{}]", "NoSuchElementException"},
    {EGRESS "  properties: [linger.ms]", "NoSuchElementException"},
    {"kind: io.statefun.kafka.v1/egress/\nspec: {id: a/b/, address: k}", NULL},
    {"kind: io.statefun.kafka.v1/egress\nspec: {id: /b, address: k}", NULL},
    {"kind: io.statefun.kafka.v1/egress\nspec: {id: a/b/c, address: k}", "is no type name"},
    {"kind: io.statefun.kafka.v1/egress\nspec: {id: a/, address: k}", "is no type name"},
    {"kind: io.statefun.kafka.v1/egress", "a component without spec"},
    {"spec: {}", "a component without kind"},
    {"{\"kind\": \"io.statefun.kafka.v1/egress\", \"spec\": {\"id\": \"a/b\", "
     "\"address\": \"k\"}}",
     NULL},
    {"---\n# nothing\n---\n" EGRESS, NULL},
    {"version: 3.0\nmodule: {meta: {type: remote}}", "version: \"3.0\""},
    {"version: \"2.0\"\nmodule: {meta: {type: remote}}", "StateFun 3.3 reads"},
    {LEGACY "{meta: {type: REMOTE}, spec: {}}", NULL},
    {LEGACY "{meta: {type: remote}, spec: {}}\n---\n", "one document"},
    {LEGACY "{meta: {type: remote}}", "needs a spec"},
    {LEGACY "{meta: {type: remote}, spec: }", NULL},
    {LEGACY "{meta: {type: remote}, spec: {egresses: x}}", "StateFun wants a list"},
    {LEGACY "{meta: {type: remote}, spec: {egresses: }}", "egresses is empty"},
    {"version: 3\n" EGRESS, "version is no text"},
    {"version: 3\n" EGRESS "---\n" INGRESS "  consumerGroupId: g\n  topics: [" TOPIC "]", NULL},
    {EGRESS "  properties: {x: {linger.ms: 30}}", NULL},
    {EXACTLY "true}", NULL},
    {EXACTLY "1e7}", NULL},
    {EXACTLY "-5}", NULL},
    {EXACTLY "soon}", "must be larger than 0"},
    {TOPICS "{topic: a, valueType: string, targets: [f/g]}]", NULL},
    {TOPICS "{topic: a, valueType: 5, targets: [f/g]}]", "needs a valueType that is a text"},
    {TOPICS "{topic: a, valueType: x/y, targets: f/g}]", NULL},
    {TOPICS "{topic: a, valueType: x/y, targets: }]", NULL},
    {TOPICS "{topic: a, valueType: x/y, targets: {b: f}}]", "is no type name"},
    {TOPICS "{topic: , valueType: x/y, targets: [f/g]}]", NULL},
    {OFFSETS "[{a/0: abc}]}", NULL},
    {OFFSETS "[{a/99999999999: 1}]}", "is no offset"},
    {OFFSETS "[{a/-1: 1}]}", "is no offset"},
    {OFFSETS "{a/0: 7}}", "is no offset"},
    {STARTUP "{type: date, date: '2020-13-01 04:15:00.000 +0000'}", "is no date"},
    {STARTUP "{type: date, date: 2020-02-31 23:59:59.999 -1130}", NULL},
    {ENDPOINT "a*/b", "is no pattern"},
    {ENDPOINT "'*/b'", "is no pattern"},
    {ENDPOINT "a/b*", "is no pattern"},
    {ENDPOINT "a/*\n---\n" ENDPOINT "a/b", NULL},
    {ENDPOINT "a/b\n---\n" ENDPOINT "a/b/", "are there already"},
    {ENDPOINT "a/b\n  maxNumBatchRequests: 10.5", NULL},
    {ENDPOINT "a/b\n  maxNumBatchRequests: \"10\"", NULL},
    {ENDPOINT "a/b\n  maxNumBatchRequests:", NULL},
    {ENDPOINT "a/b\n  maxNumBatchRequests: true", "is no int"},
    {ENDPOINT "a/b\n  maxNumBatchRequests: ten", "is no int"},
    {ENDPOINT "a/b\n  maxNumBatchRequests: 3000000000", "is no int"},
    {ENDPOINT "a/b\n  transport:", "StateFun wants a map"},
    {ENDPOINT "a/b\n  transport: {call: banana, pool_size: none, timeouts: x}", NULL},
    {"kind: io.statefun.endpoints.v1/http\nspec: {functions: a/b, urlPathTemplate: x, "
     "maxNumBatchRequests: \"10\"}",
     "is no int"},
    {INGRESS "  topics: [" TOPIC "]", "an ingress without consumerGroupId"},
    {INGRESS "  properties: [{group.id: g}]\n  topics: [" TOPIC "]", NULL},
    {INGRESS "  consumerGroupId: g", "an ingress needs topics"},
    {INGRESS "  consumerGroupId: g\n  topics: [{topic: a, valueType: x/y}]", "without targets"},
    {INGRESS "  consumerGroupId: g\n  topics: [" TOPIC "]\n  autoOffsetResetPosition: Earliest",
     NULL},
    {INGRESS "  consumerGroupId: g\n  topics: [" TOPIC "]\n  autoOffsetResetPosition: none",
     "neither earliest nor latest"},
    {INGRESS "  consumerGroupId: g\n  topics: [" TOPIC "]\n"
             "  startupPosition: {type: date, date: \"2020-02-01 04:15:00.000 +0000\"}",
     NULL},
    {INGRESS "  consumerGroupId: g\n  topics: [" TOPIC "]\n"
             "  startupPosition: {type: specific-offsets, offsets: [{a: 7}]}",
     "is no offset"},
    {INGRESS "  consumerGroupId: g\n  topics: [" TOPIC "]\n  startupPosition: {type: at-timestamp}",
     "is none of group-offsets"},
    {"kind: io.statefun.endpoints.v2/http\nspec: {functions: a/*}", "without urlPathTemplate"},
    {"kind: io.statefun.kinesis.v1/egress\nspec: {id: a/b}", NULL},
};

Test(module, is_refused_where_the_loader_refuses)
{
    arena_init(&arena);
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        struct module module;
        const bool good = load(verdicts[i].text, MODULE_STATEFUN_3_3, &module);
        cr_expect_eq(good, verdicts[i].said == NULL, "%s\n%s", verdicts[i].text, said(&diag));
        cr_expect(good || strstr(said(&diag), verdicts[i].said) != NULL, "%s\n%s", verdicts[i].text,
                  said(&diag));
    }
    arena_free(&arena);
}

static const char *config_of(const char *text, enum module_runtime runtime, const char *key)
{
    struct module module;
    cr_assert(load(text, runtime, &module), "%s", said(&diag));
    const struct pair *const pair = pairs_find(&module.egresses[0].config, key);
    return pair != NULL ? pair->text : "nothing";
}

/* What is lost without a word there is a warning here; the runtimes differ in the address. */
Test(module, warns_of_what_is_lost)
{
    static const char both[] = EGRESS "  adress: x\n  properties:\n"
                                      "    - linger.ms: 5\n      batch.size: 7\n"
                                      "    - bootstrap.servers: other:1\n"
                                      "    - acks: 1\n    - acks: 010\n";
    arena_init(&arena);
    cr_expect_str_eq(config_of(both, MODULE_STATEFUN_3_3, "batch.size"), "nothing");
    cr_expect_str_eq(config_of(both, MODULE_STATEFUN_3_3, "bootstrap.servers"), "k:1");
    cr_expect_str_eq(config_of(both, MODULE_SINK_V2, "bootstrap.servers"), "other:1");
    cr_expect_str_eq(config_of(both, MODULE_STATEFUN_3_3, "acks"), "8");
    expect_said(
        &diag,
        "m.yaml:5:3: warning: an egress: StateFun ignores adress; did you mean address?\n"
        "m.yaml:8:7: warning: batch.size is lost: of an element of properties StateFun reads the "
        "first key, here linger.ms; write one element for each\n"
        "m.yaml:9:26: warning: bootstrap.servers: other:1 is overridden by address: k:1; --runtime "
        "sink-v2 has it the other way round\n"
        "m.yaml:11:13: warning: acks: \"8\" takes the place of \"1\", from line 10\n");
    arena_free(&arena);
}

/* transport, what is read of it: limit, call, connect, pool_size. NettyRequestReplySpec,
 * DefaultHttpRequestReplyClientSpec of 3.3.0; remote-functions.md 4, 6, 7. */
static const struct {
    const char *text, *values;
} endpoints[] = {
    {ENDPOINT "a/b", "1000 2min 20s 1024"},
    {ENDPOINT "a/b\n  maxNumBatchRequests: 10.5\n  transport: {call: 90 s, pool_size: 50}",
     "10 90s 20s 50"},
    {ENDPOINT "a/b\n  maxNumBatchRequests: -1\n  transport: {call: 3min, timeouts: {}}",
     "0 1min 10s 1024"},
    {ENDPOINT "a/b\n  transport: {timeouts: {connect: 5s}}", "1000 1min 5s 1024"},
    {ENDPOINT "a/b\n  transport: {type: io.statefun.transports.v1/okhttp, call: 3min}",
     "1000 1min 10s 1000000"},
    {"kind: io.statefun.endpoints.v1/http\nspec: {functions: a/b, urlPathTemplate: x, "
     "maxNumBatchRequests: 0x10, timeouts: {call: 5min}}",
     "16 5min 10s 1000000"},
};

Test(module, knows_what_a_request_may_do)
{
    static const char *const keys[] = {"maxNumBatchRequests", "call", "connect", "pool_size"};
    arena_init(&arena);
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        struct module module;
        struct text values;
        text_init(&values, &arena);
        cr_assert(load(endpoints[i].text, MODULE_STATEFUN_3_3, &module), "%s", said(&diag));
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            text_format(&values, "%s%s", k > 0 ? " " : "",
                        pairs_find(&module.endpoints[0].config, keys[k])->text);
        cr_expect_str_eq(values.start, endpoints[i].values, "%s", endpoints[i].text);
    }
    arena_free(&arena);
}

Test(module, may_have_a_transactional_id_where_it_is_taken_away)
{
    static const char text[] = EGRESS "  properties: [{transactional.id: x}]";
    struct module module;
    arena_init(&arena);
    cr_expect(load(text, MODULE_STATEFUN_3_3, &module));
    cr_expect_not(load(text, MODULE_SINK_V2, &module));
    arena_free(&arena);
}

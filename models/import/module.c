/*
 * module.c - documents, of either format, to egresses, ingresses and endpoints.
 */
#include "models/import/module.h"

#include <string.h>
#include <strings.h>

#include "models/import/module_parts.h"
#include "models/import/scalar.h"
#include "sim/core/text.h"

#define KINDS                                                                                      \
    "io.statefun.kafka.v1/egress|io.statefun.kafka.v1/ingress|io.statefun.endpoints.v1/http|"      \
    "io.statefun.endpoints.v2/http|io.statefun.kinesis.v1/egress|io.statefun.kinesis.v1/ingress"
enum kind {
    KIND_EGRESS,
    KIND_INGRESS,
    KIND_ENDPOINT_1,
    KIND_ENDPOINT_2,
    KIND_KINESIS_EGRESS,
    KIND_KINESIS_INGRESS
};

static bool is_null(const struct node *node)
{
    return node->kind == NODE_SCALAR && scalar_type(node) == SCALAR_NULL;
}

static bool is_text(const struct node *node)
{
    return node->kind == NODE_SCALAR && scalar_type(node) == SCALAR_TEXT;
}

static bool read_spec(const struct loader *loader, enum kind kind, const struct node *spec)
{
    switch (kind) {
    case KIND_EGRESS:
        return module_read_egress(loader, spec);
    case KIND_INGRESS:
        return module_read_ingress(loader, spec);
    case KIND_ENDPOINT_1:
        return module_read_endpoint(loader, spec, 1);
    case KIND_ENDPOINT_2:
        return module_read_endpoint(loader, spec, 2);
    case KIND_KINESIS_EGRESS:
    case KIND_KINESIS_INGRESS:
        diag_warning(loader->diag, spec->place, "Kinesis is not simulated; left out");
    }
    return true;
}

/* kind is NULL after an error. */
static bool read_component(const struct loader *loader, const struct node *kind,
                           const struct node *spec)
{
    const char *name;
    if (!module_typename(loader, kind, "kind", &name))
        return false;
    const int64_t which = text_find_word(KINDS, name);
    if (which < 0) {
        enum { KINDS_COUNT = 6 };
        const char *names[KINDS_COUNT];
        for (int i = 0; i < KINDS_COUNT; i++) {
            const struct text_word word = text_word(KINDS, i);
            names[i] = arena_format(loader->arena, "%.*s", (int)word.bytes, word.start);
        }
        const char *const near = diag_nearest(name, names, KINDS_COUNT);
        diag_error(loader->diag, kind->place, "StateFun knows no kind %s; %s%s",
                   diag_shown(loader->diag, name),
                   near != NULL ? "did you mean "
                                : "write io.statefun.kafka.v1/egress or ingress,"
                                  " or io.statefun.endpoints.v2/http",
                   near != NULL ? near : "");
        return false;
    }
    if (spec->kind != NODE_MAP) {
        diag_error(loader->diag, spec->place, "spec is %s; write a map of fields",
                   tree_kind_name(spec));
        return false;
    }
    return read_spec(loader, (enum kind)which, spec);
}

static bool read_document(const struct loader *loader, const struct node *document)
{
    const struct node *const kind = tree_get(document, "kind");
    const struct node *const spec = tree_get(document, "spec");
    if (kind == NULL || spec == NULL) {
        const bool legacy = tree_get(document, "module") != NULL;
        diag_error(loader->diag, document->place,
                   legacy ? "a module of the old format is one document that begins with version: "
                            "\"3.0\""
                          : "a component without %s; write kind: io.statefun.kafka.v1/egress and "
                            "spec: ..",
                   kind == NULL ? "kind" : "spec");
        return false;
    }
    return read_component(loader, kind, spec);
}

/* An item of a list of the old format: {egress: {meta: {type, id}, spec}}; its type is a kind
 * without the version, and its id is copied into the spec. */
static bool read_legacy_item(const struct loader *loader, const struct node *item, const char *name)
{
    const struct node *const component = tree_get(item, name);
    const struct node *const meta = component != NULL ? tree_get(component, "meta") : NULL;
    const struct node *const spec = component != NULL ? tree_get(component, "spec") : NULL;
    const bool endpoint = strcmp(name, "endpoint") == 0;
    const char *const field = endpoint ? "kind" : "type";
    const struct node *const type = meta != NULL ? tree_get(meta, field) : NULL;
    if (type == NULL || spec == NULL || spec->kind != NODE_MAP) {
        diag_error(loader->diag, item->place,
                   "%s of the old format needs %s: {meta: {%s: ..}, spec: ..}", name, name, field);
        return false;
    }
    const char *text = scalar_text(loader->arena, type);
    static const char *const renamed[][2] = {
        {"http", "io.statefun.endpoints.v1/http"},
        {"io.statefun.kafka/egress", "io.statefun.kafka.v1/egress"},
        {"io.statefun.kafka/ingress", "io.statefun.kafka.v1/ingress"},
        {"io.statefun.kinesis/egress", "io.statefun.kinesis.v1/egress"},
        {"io.statefun.kinesis/ingress", "io.statefun.kinesis.v1/ingress"}};
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(text, renamed[i][0]) == 0)
            text = renamed[i][1];
    struct node *const whole = tree_new(loader->arena, NODE_MAP, spec->place);
    for (size_t i = 0; i < spec->count; i++)
        if (endpoint || strcmp(spec->entries[i].key, "id") != 0)
            tree_add_entry(loader->arena, whole, spec->entries[i]);
    const struct node *const id = tree_get(meta, "id");
    if (id != NULL && !endpoint)
        tree_add_entry(loader->arena, whole,
                       (struct node_entry){.key = "id", .key_place = id->place, .value = id});
    return read_component(loader, tree_new_scalar(loader->arena, type->place, text), whole);
}

/* Has the root a version that 3.3 takes, and a module of type remote? */
static bool is_readable_legacy(const struct loader *loader, const struct node *root)
{
    const struct node *const version = tree_get(root, "version");
    const struct node *const module = tree_get(root, "module");
    const struct node *const meta = module != NULL ? tree_get(module, "meta") : NULL;
    const struct node *const type = meta != NULL ? tree_get(meta, "type") : NULL;
    if (strcmp(version->text, "3.0") != 0) {
        diag_error(loader->diag, version->place,
                   "version: StateFun 3.3 reads \"3.0\" of the old format, not %s",
                   diag_shown(loader->diag, version->text));
        return false;
    }
    if (type == NULL || strcasecmp(scalar_text(loader->arena, type), "remote") != 0) {
        diag_error(loader->diag, type != NULL ? type->place : root->place,
                   "a module of the old format needs meta: {type: remote}");
        return false;
    }
    if (tree_get(module, "spec") == NULL) {
        diag_error(loader->diag, module->place,
                   "a module of the old format needs a spec; add spec: {egresses: [..]}");
        return false;
    }
    return true;
}

static bool read_legacy(const struct loader *loader, const struct node *root)
{
    if (!is_readable_legacy(loader, root))
        return false;
    static const char *const lists[][2] = {
        {"endpoints", "endpoint"}, {"ingresses", "ingress"}, {"egresses", "egress"}};
    const struct node *const spec = tree_get(tree_get(root, "module"), "spec");
    bool good = true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct node *const list = tree_get(spec, lists[i][0]);
        if (list != NULL && list->kind != NODE_LIST) {
            diag_error(loader->diag, list->place, "%s is %s, and StateFun wants a list; write []",
                       lists[i][0], is_null(list) ? "empty" : tree_kind_name(list));
            good = false;
            continue;
        }
        for (size_t k = 0; list != NULL && k < list->count; k++)
            good &= read_legacy_item(loader, list->items[k], lists[i][1]);
    }
    return good;
}

/* So many components there may be. */
static size_t count_components(const struct node *documents)
{
    size_t count = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const struct node *const module = tree_get(documents->items[i], "module");
        const struct node *const spec = module != NULL ? tree_get(module, "spec") : NULL;
        count++;
        for (size_t k = 0; spec != NULL && spec->kind == NODE_MAP && k < spec->count; k++)
            count += spec->entries[k].value->count;
    }
    return count;
}

/* A copy with room for more. */
static void *grown(struct arena *arena, const void *items, size_t count, size_t more,
                   size_t bytes_each)
{
    void *const larger = arena_take(arena, count + more, bytes_each);
    if (count > 0)
        memcpy(larger, items, count * bytes_each);
    return larger;
}

bool module_read(struct arena *arena, struct diag *diag, enum module_runtime runtime,
                 const struct node *documents, struct module *module)
{
    const size_t more = count_components(documents);
    module->egresses =
        grown(arena, module->egresses, module->egress_count, more, sizeof *module->egresses);
    module->ingresses =
        grown(arena, module->ingresses, module->ingress_count, more, sizeof *module->ingresses);
    module->endpoints =
        grown(arena, module->endpoints, module->endpoint_count, more, sizeof *module->endpoints);
    const struct loader loader = {
        .arena = arena, .diag = diag, .runtime = runtime, .module = module};
    const struct node *const version =
        documents->count == 1 ? tree_get(documents->items[0], "version") : NULL;
    if (version != NULL && !is_text(version)) {
        diag_error(diag, version->place,
                   "version is no text, and the loader fails; write version: \"3.0\" for the old "
                   "format, or remove it");
        return false;
    }
    if (version != NULL)
        return read_legacy(&loader, documents->items[0]);
    bool good = true;
    for (size_t i = 0; i < documents->count; i++) {
        const struct node *const document = documents->items[i];
        if (!is_null(document))
            good &= read_document(&loader, document);
    }
    return good;
}

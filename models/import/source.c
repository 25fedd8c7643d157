/*
 * source.c - the notations are tried from the one that is hardest to mistake on.
 */
#include "models/import/source.h"

#include <string.h>

#include "models/import/broker_part.h"
#include "models/import/job_part.h"
#include "models/import/producer_part.h"
#include "models/import/rates.h"
#include "models/import/topic_part.h"
#include "sim/input/file.h"
#include "sim/input/yaml.h"

/* The line that begins with `start`, or NULL. */
static const char *line_with(const char *text, const char *start)
{
    const size_t bytes = strlen(start);
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, start, bytes) == 0)
            return at;
    }
    return NULL;
}

bool source_is_module(const char *text)
{
    static const char family[] = "io.statefun.";
    const char *kind = line_with(text, "kind:");
    if (kind != NULL)
        kind += strcspn(kind, ":") + 1;
    else if (text[strspn(text, " \t\r\n")] == '{' && strstr(text, "\"kind\"") != NULL)
        kind = strstr(text, "\"io.statefun.");
    if (kind != NULL)
        kind += strspn(kind, " \t\"'");
    return (kind != NULL && strncmp(kind, family, sizeof family - 1) == 0) ||
           (line_with(text, "module:") != NULL && line_with(text, "version:") != NULL);
}

static bool is_component(const struct node *document)
{
    return tree_get(document, "kind") != NULL || tree_get(document, "spec") != NULL ||
           (tree_get(document, "version") != NULL && tree_get(document, "module") != NULL);
}

static bool is_scenario(const struct node *document)
{
    static const char *const sections[] = {"topics", "load", "costs", "brokers", "egress"};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (tree_get(document, sections[i]) != NULL)
            return true;
    return false;
}

static bool is_flat(const struct node *map)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->entries[i].value->kind != NODE_SCALAR)
            return false;
    return true;
}

/* Whose are the keys? False: nobody's. */
static bool settle_owner(struct source *source, struct arena *arena)
{
    const size_t producer = producer_part_count(arena, &source->pairs);
    const size_t job = job_part_count(&source->pairs);
    if (producer == 0 && job == 0 && !broker_part_is(&source->pairs))
        return false;
    source->kind = broker_part_is(&source->pairs) ? SOURCE_BROKER
                   : job > producer               ? SOURCE_JOB
                                                  : SOURCE_PRODUCER;
    return true;
}

/* A document that is a map, or a list of maps. Flink before 2.0 reads a flat file line by line. */
static bool read_yaml(struct source *source, struct arena *arena, struct diag *diag)
{
    const struct node *const root = source->documents.items[0];
    pairs_flatten(&source->pairs, arena, root);
    if (!settle_owner(source, arena))
        return false;
    if (source->kind == SOURCE_JOB && root->kind == NODE_MAP && is_flat(root)) {
        source->pairs = (struct pairs){0};
        pairs_read_lines(&source->pairs, arena, diag, source->name, source->text);
    }
    return true;
}

/* Lines that are no YAML: properties, or what Flink alone reads. */
static bool read_lines(struct source *source, struct arena *arena, struct diag *diag)
{
    pairs_read_properties(&source->pairs, arena, source->name, source->text);
    if (!settle_owner(source, arena))
        return false;
    if (source->kind == SOURCE_JOB) {
        source->pairs = (struct pairs){0};
        pairs_read_lines(&source->pairs, arena, diag, source->name, source->text);
    }
    return true;
}

static bool read_module(struct source *source, struct arena *arena, struct diag *diag)
{
    source->kind = SOURCE_MODULE;
    return yaml_read_documents(arena, diag, source->name, source->text, strlen(source->text),
                               &source->documents);
}

/* What can be told without YAML; false: nothing of that. */
static bool read_plain(struct source *source)
{
    if (topic_part_is(source->text))
        source->kind = SOURCE_TOPICS;
    else if (rates_is_csv(source->text))
        source->kind = SOURCE_RATES;
    else if (rates_is_scrape(source->text))
        source->kind = SOURCE_SCRAPE;
    else
        return false;
    return true;
}

bool source_read_text(struct source *source, struct arena *arena, struct diag *diag,
                      const char *name, const char *text, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    const struct place whole = {.file = name};
    *source = (struct source){.name = name, .text = text};
    if (strlen(text) != length) {
        diag_error(diag, whole, "it holds a NUL byte, so it is not a text file");
        return false;
    }
    if (strncmp(text, mark, sizeof mark - 1) == 0)
        source->text += sizeof mark - 1;
    if (read_plain(source))
        return true;

    struct diag silent;
    diag_init(&silent, arena);
    const bool yaml = yaml_read_documents(arena, &silent, name, source->text, strlen(source->text),
                                          &source->documents) &&
                      source->documents.count > 0 &&
                      source->documents.items[0]->kind != NODE_SCALAR;
    bool component = source_is_module(source->text);
    for (size_t i = 0; yaml && i < source->documents.count; i++)
        component = component || is_component(source->documents.items[i]);
    if (component)
        return read_module(source, arena, diag);
    if (yaml && is_scenario(source->documents.items[0])) {
        diag_error(diag, whole, "this is a scenario already; import reads " SOURCE_KINDS);
        return false;
    }
    if (yaml ? read_yaml(source, arena, diag) : read_lines(source, arena, diag))
        return true;
    diag_error(diag, whole, "nothing of this is known here; import reads " SOURCE_KINDS);
    return false;
}

bool source_read(struct source *source, struct arena *arena, struct diag *diag, const char *path)
{
    const char *const name = arena_text(arena, yaml_shown_name(path));
    size_t length;
    const char *const text = file_read(arena, diag, (struct place){.file = name}, path, &length);
    return text != NULL && source_read_text(source, arena, diag, name, text, length);
}

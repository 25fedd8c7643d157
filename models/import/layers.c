/*
 * layers.c - what a file says becomes a draft, and that is a layer of values.
 */
#include "models/import/layers.h"

#include <string.h>

#include "models/import/module_part.h"
#include "models/import/producer_part.h"
#include "models/import/source.h"
#include "models/params/params.h"
#include "sim/input/file.h"

#define CLIENT_DEFAULT "3.9"
#define SINK_V2_CLIENT "flink-connector-"

const char *layers_foreign(const char *text)
{
    return source_is_module(text) ? "this is a StateFun module; fanout-sim import" : NULL;
}

/* The text of a row that is given as one. */
static const char *given_text(const struct node *const *given, enum fanout_row row,
                              const char *fallback)
{
    return given[row] != NULL && given[row]->kind == NODE_SCALAR ? given[row]->text : fallback;
}

/* An egress for each topic is not counted by a module. */
static void drop_shards(struct node *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->entries[i].key, "egress.shards") == 0)
            values->entries[i] = values->entries[--values->count];
}

void layers_beneath(struct param_context *context, const struct node *const *given,
                    const struct node **map)
{
    struct arena *const arena = context->arena;
    const struct node *const named = given[ROW_module];
    if (named == NULL || named->kind != NODE_SCALAR || named->text[0] == '\0')
        return; /* or it has been said what is wrong with it */
    const char *const client = given_text(given, ROW_client, CLIENT_DEFAULT);
    const bool sink_v2 = strncmp(client, SINK_V2_CLIENT, strlen(SINK_V2_CLIENT)) == 0;
    const enum module_runtime runtime = sink_v2 ? MODULE_SINK_V2 : MODULE_STATEFUN_3_3;
    struct source source;
    if (!source_read(&source, arena, context->diag,
                     file_beside(arena, context->directory, named->text)))
        return;
    if (source.kind != SOURCE_MODULE) {
        diag_error(context->diag, named->place, "egress.module: %s is no StateFun module; %s",
                   named->text,
                   source.kind == SOURCE_PRODUCER ? "--properties takes properties of a producer"
                                                  : "fanout-sim import makes a scenario of it");
        return;
    }
    struct draft draft;
    struct module module = {0};
    draft_init(&draft, arena, context->diag);
    if (!module_read(arena, context->diag, runtime, &source.documents, &module) ||
        !module_part_put_egresses(&draft, &module, runtime, client))
        return;
    if (strcmp(given_text(given, ROW_shard_by, ""), "declaration") == 0)
        drop_shards(draft.values);
    *map = draft.values;
}

void layers_overlay(struct param_context *context, const char *path, const struct node **map)
{
    struct source source;
    if (!source_read(&source, context->arena, context->diag, path))
        return;
    if (source.kind != SOURCE_PRODUCER) {
        diag_error(context->diag, (struct place){.file = source.name},
                   "--properties takes properties of a producer; %s",
                   source.kind == SOURCE_MODULE
                       ? "a StateFun module stands in the scenario: egress: {module: FILE}"
                       : "fanout-sim import makes a scenario of this");
        return;
    }
    size_t others;
    const struct pairs plain = producer_part_plain(context->arena, &source.pairs, &others);
    if (others > 0)
        diag_note(context->diag, (struct place){.file = source.name},
                  "%zu other keys are no producer's", others);
    struct draft draft;
    draft_init(&draft, context->arena, context->diag);
    producer_part_put(&draft, &plain, NULL);
    *map = draft.values; /* after an error the rest of it is looked at too */
}

/*
 * shrink_text.c - what is left, as a scenario that works where it will lie.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/advice/shrink_parts.h"
#include "models/import/scenario_print.h"
#include "sim/core/check.h"
#include "sim/input/file.h"

/* A text is tried in twice as many bytes, and twice that. */
#define ROOM 8192

/* A name of a file: as it is where the directory stays, else from the root on. */
static const struct node *moved_name(const struct shrink *shrink, const struct node *node,
                                     const char *directory)
{
    char here[PATH_MAX];
    char there[PATH_MAX];
    char name[PATH_MAX];
    struct arena *const arena = shrink->arena;
    const char *const from = shrink->scenario.directory;
    if (realpath(from, here) != NULL && realpath(directory, there) != NULL &&
        strcmp(here, there) == 0)
        return node;
    if (realpath(file_beside(arena, from, node->text), name) == NULL)
        return node;
    return tree_new_scalar(arena, node->place, arena_text(arena, name));
}

/* Measured distributions have their values in files. */
static const struct node *moved(const struct shrink *shrink, const struct node *node,
                                const char *directory)
{
    struct arena *const arena = shrink->arena;
    if (node->kind == NODE_SCALAR)
        return node;
    struct node *const copy = tree_new(arena, node->kind, node->place);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == NODE_LIST) {
            tree_add_item(arena, copy, moved(shrink, node->items[i], directory));
            continue;
        }
        struct node_entry entry = node->entries[i];
        entry.value = strcmp(entry.key, "empirical") == 0 && entry.value->kind == NODE_SCALAR
                          ? moved_name(shrink, entry.value, directory)
                          : moved(shrink, entry.value, directory);
        tree_add_entry(arena, copy, entry);
    }
    return copy;
}

static void fill(struct draft *draft, const struct shrink *shrink, const char *directory)
{
    for (size_t row = 0; row < ROW_COUNT; row++) {
        const struct node *const node = shrink->scenario.given[row];
        if (node == NULL || (node->kind == NODE_LIST && node->count == 0))
            continue;
        const bool is_name = node->kind == NODE_SCALAR && (row == ROW_trace || row == ROW_module);
        draft_put_node(draft, fanout_param_table.rows[row].path,
                       is_name ? moved_name(shrink, node, directory)
                               : moved(shrink, node, directory));
    }
}

const char *shrink_text(const struct shrink *shrink, const char *path, const char *command)
{
    struct arena *const arena = shrink->arena;
    struct draft draft;
    struct diag diag;
    diag_init(&diag, arena);
    draft_init(&draft, arena, &diag);
    fill(&draft, shrink, file_directory(arena, path));
    const char *const heading =
        arena_format(arena,
                     "yaml-language-server: $schema=fanout-sim.schema.json\n"
                     "The smallest scenario found that still stalls as %s does, made by\n  %s\n"
                     "Behind each value is where it comes from.",
                     shrink->scenario.path, command);
    char *text;
    size_t room = ROOM;
    do {
        room *= 2;
        text = ARENA_ARRAY(arena, char, room);
        FILE *const out = fmemopen(text, room, "w");
        CHECK(out != NULL);
        scenario_print(&draft, heading, out);
        fclose(out);
    } while (strlen(text) + 1 >= room);
    return text;
}

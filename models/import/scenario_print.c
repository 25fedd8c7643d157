/*
 * scenario_print.c - sections as blocks, lists of topics a line each, all else on the line of its
 * key.
 */
#include "models/import/scenario_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/character.h"
#include "models/params/params.h"
#include "sim/core/text.h"

#define INDENT 2

const char *scenario_print_quoted(struct arena *arena, const char *text)
{
    struct text out;
    text_init(&out, arena);
    text_add(&out, "\"");
    while (*text != '\0') {
        const uint32_t code = character_next(&text);
        if (code == '"' || code == '\\')
            text_format(&out, "\\%c", (int)code);
        else if (code == '\n')
            text_add(&out, "\\n");
        else if (character_is_plain(code))
            character_add(&out, code);
        else
            text_format(&out, code < 0x100 ? "\\x%02" PRIx32 : "\\u%04" PRIx32, code);
    }
    text_add(&out, "\"");
    return out.start;
}

const char *scenario_print_text(struct arena *arena, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "._/%-";
    const bool begins = strchr(plain, text[0]) != NULL && strchr("%", text[0]) == NULL;
    const bool dashes = text[0] == '-' && (text[1] < '0' || text[1] > '9');
    if (text[0] != '\0' && begins && !dashes && text[strspn(text, plain)] == '\0')
        return text;
    return scenario_print_quoted(arena, text);
}

static const char *flow(struct arena *arena, const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return scenario_print_text(arena, node->text);
    struct text out;
    text_init(&out, arena);
    const bool map = node->kind == NODE_MAP;
    text_add(&out, map ? "{" : "[");
    for (size_t i = 0; i < node->count; i++) {
        text_add(&out, i > 0 ? ", " : "");
        if (map)
            text_format(&out, "%s: ", node->entries[i].key);
        text_add(&out, flow(arena, map ? node->entries[i].value : node->items[i]));
    }
    text_add(&out, map ? "}" : "]");
    return out.start;
}

/* The section of the path: all of it but the key. */
static size_t section_bytes(const char *path)
{
    const struct param_table *const table = &fanout_param_table;
    size_t found = 0;
    for (size_t i = 0; i < table->section_count; i++) {
        const size_t bytes = strlen(table->sections[i].path);
        if (bytes > found && strncmp(path, table->sections[i].path, bytes) == 0 &&
            path[bytes] == '.')
            found = bytes;
    }
    return found;
}

static void add_origin(struct text *comment, struct place place)
{
    const bool first = comment->length == 0;
    if (draft_is_file(place))
        text_format(comment, "%s%s:%d", first ? "" : ", ", place.file, place.line);
    else
        text_format(comment, "%s%s", first ? "" : ", ", place.file);
}

/* A name of a file may hold anything; a comment ends with its line. */
static const char *in_a_line(struct arena *arena, const char *text)
{
    struct text out;
    text_init(&out, arena);
    while (*text != '\0') {
        const uint32_t code = character_next(&text);
        character_add(&out, character_is_plain(code) ? code : '?');
    }
    return out.start;
}

static void put_comment(struct arena *arena, const char *comment, FILE *out)
{
    fprintf(out, " # %s\n", in_a_line(arena, comment));
}

/* Of a value as a whole, and of what in it comes from elsewhere. */
static void put_origins(struct arena *arena, const struct node *value, FILE *out)
{
    struct text comment;
    text_init(&comment, arena);
    add_origin(&comment, value->place);
    for (size_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        const struct place place = value->entries[i].value->place;
        const bool said =
            strcmp(place.file, value->place.file) == 0 && place.line == value->place.line;
        struct text origin;
        text_init(&origin, arena);
        add_origin(&origin, place);
        if (!said && strstr(comment.start, origin.start) == NULL)
            add_origin(&comment, place);
    }
    put_comment(arena, comment.start, out);
}

static void print_value(struct arena *arena, int depth, const char *key, const struct node *value,
                        FILE *out)
{
    fprintf(out, "%*s%s:", INDENT * depth, "", key);
    if (value->kind == NODE_LIST) {
        fputc('\n', out);
        for (size_t i = 0; i < value->count; i++) {
            fprintf(out, "%*s", INDENT * (depth + 1), "");
            fprintf(out, "- %s", flow(arena, value->items[i]));
            put_origins(arena, value->items[i], out);
        }
        return;
    }
    fprintf(out, " %s", flow(arena, value));
    put_origins(arena, value, out);
}

/* Opens the sections of the path that were not open for the one before; how deep it lies. */
static int open_sections(const char *path, size_t bytes, const char *before, FILE *out)
{
    int depth = 0;
    size_t start = 0;
    while (start < bytes) {
        size_t end = start;
        while (end < bytes && path[end] != '.')
            end++;
        const bool open =
            strncmp(path, before, end) == 0 && before[end] == '.' && end <= section_bytes(before);
        if (!open)
            fprintf(out, "%*s%.*s:\n", INDENT * depth, "", (int)(end - start), path + start);
        start = end + 1;
        depth++;
    }
    return depth;
}

/* Rows in the order of the table, what has no effect behind the last row of its section. */
static size_t rank_of(const char *path)
{
    const struct param_table *const table = &fanout_param_table;
    const size_t bytes = section_bytes(path);
    size_t rank = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->rows[i].path, path) == 0)
            return 2 * i;
        if (strncmp(table->rows[i].path, path, bytes) == 0 && table->rows[i].path[bytes] == '.')
            rank = 2 * i + 1;
    }
    return rank;
}

struct ranked {
    size_t rank, number;
};

static int by_rank(const void *left, const void *right)
{
    const struct ranked *const a = left, *const b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void print_remarks(struct arena *arena, const char *title, const struct pairs *remarks,
                          bool places, FILE *out)
{
    if (remarks->count == 0)
        return;
    fprintf(out, "#\n# %s\n", title);
    for (size_t i = 0; i < remarks->count; i++) {
        const struct pair *const remark = &remarks->items[i];
        fputs("#   ", out);
        if (places)
            fprintf(out, "%s:%d: ", in_a_line(arena, remark->place.file), remark->place.line);
        fprintf(out, "%s: %s\n", in_a_line(arena, remark->key), in_a_line(arena, remark->text));
    }
}

static void print_heading(struct arena *arena, const char *heading, FILE *out)
{
    while (*heading != '\0') {
        const size_t bytes = strcspn(heading, "\n");
        const char *const line = arena_format(arena, "%.*s", (int)bytes, heading);
        fprintf(out, "# %s\n", in_a_line(arena, line));
        heading += bytes + (heading[bytes] != '\0');
    }
}

void scenario_print(const struct draft *draft, const char *heading, FILE *out)
{
    const struct node *const values = draft->values;
    struct ranked *const order = ARENA_ARRAY(draft->arena, struct ranked, values->count);
    for (size_t i = 0; i < values->count; i++)
        order[i] = (struct ranked){rank_of(values->entries[i].key), i};
    qsort(order, values->count, sizeof *order, by_rank);

    print_heading(draft->arena, heading, out);
    print_remarks(draft->arena, "Not in the files, and assumed:", &draft->assumed, false, out);
    print_remarks(draft->arena, "In the files, and left out:", &draft->left_out, true, out);
    const char *before = "";
    for (size_t i = 0; i < values->count; i++) {
        const struct node_entry *const entry = &values->entries[order[i].number];
        const size_t bytes = section_bytes(entry->key);
        const int depth = open_sections(entry->key, bytes, before, out);
        print_value(draft->arena, depth, entry->key + bytes + (bytes > 0), entry->value, out);
        before = entry->key;
    }
}

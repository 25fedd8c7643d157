/*
 * pairs.c - three notations, one list.
 */
#include "models/import/pairs.h"

#include <ctype.h>
#include <string.h>

#include "models/import/character.h"
#include "models/import/scalar.h"
#include "sim/core/text.h"

enum { FIRST_PAIRS = 32 };

void pairs_add(struct pairs *pairs, struct arena *arena, struct pair pair)
{
    if (pairs->count == pairs->room) {
        const size_t room = pairs->room == 0 ? (size_t)FIRST_PAIRS : 2 * pairs->room;
        struct pair *const larger = ARENA_ARRAY(arena, struct pair, room);
        if (pairs->count > 0)
            memcpy(larger, pairs->items, pairs->count * sizeof *larger);
        pairs->items = larger;
        pairs->room = room;
    }
    pairs->items[pairs->count++] = pair;
}

static struct pair *find(const struct pairs *pairs, const char *key)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].key, key) == 0)
            return &pairs->items[i];
    return NULL;
}

const struct pair *pairs_find(const struct pairs *pairs, const char *key)
{
    return find(pairs, key);
}

void pairs_put(struct pairs *pairs, struct arena *arena, struct pair pair)
{
    struct pair *const found = find(pairs, pair.key);
    if (found != NULL)
        *found = pair;
    else
        pairs_add(pairs, arena, pair);
}

/* Of a text of characters that are passed on one by one. */
struct cursor {
    const char *at, *line_start;
    int line;
};

static struct place place_at(const struct cursor *cursor, const char *name)
{
    return (struct place){
        .file = name, .line = cursor->line, .column = 1 + (int)(cursor->at - cursor->line_start)};
}

static void next_line(struct cursor *cursor)
{
    cursor->at += cursor->at[0] == '\r' && cursor->at[1] == '\n';
    cursor->at++;
    cursor->line_start = cursor->at;
    cursor->line++;
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

static void skip_spaces(struct cursor *cursor)
{
    cursor->at += strspn(cursor->at, " \t\f");
}

/* The four digits of \uXXXX, as far as they are there. */
static uint32_t take_digits(struct cursor *cursor)
{
    uint32_t code = 0;
    for (int i = 0; i < 4 && isxdigit((unsigned char)cursor->at[0]); i++) {
        const char digit = (char)tolower((unsigned char)*cursor->at++);
        code = 16 * code + (uint32_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return code;
}

/* Behind \u: a character, of which those beyond the basic plane are written as two. */
static void take_unicode(struct cursor *cursor, struct text *text)
{
    uint32_t code = take_digits(cursor);
    if (code >= 0xd800 && code < 0xdc00 && cursor->at[0] == '\\' && cursor->at[1] == 'u') {
        cursor->at += 2;
        const uint32_t low = take_digits(cursor);
        code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
                                             : low;
    }
    if (code != 0)
        character_add(text, code);
}

/* What is behind a backslash. */
static void take_escape(struct cursor *cursor, struct text *text)
{
    static const char letters[] = "tnrf", meant[] = "\t\n\r\f";
    const char c = *cursor->at;
    if (c == '\0')
        return;
    if (ends_line(c)) {
        next_line(cursor);
        skip_spaces(cursor);
        return;
    }
    cursor->at++;
    const char *const letter = strchr(letters, c);
    if (c == 'u')
        take_unicode(cursor, text);
    else
        text_format(text, "%c", letter != NULL ? meant[letter - letters] : c);
}

/* Up to the end of the line, or one of `ends`. */
static const char *take(struct cursor *cursor, struct arena *arena, const char *ends)
{
    struct text text;
    text_init(&text, arena);
    while (!ends_line(*cursor->at) && strchr(ends, *cursor->at) == NULL) {
        const char c = *cursor->at++;
        if (c == '\\')
            take_escape(cursor, &text);
        else
            text_format(&text, "%c", c);
    }
    return text.start;
}

void pairs_read_properties(struct pairs *pairs, struct arena *arena, const char *name,
                           const char *text)
{
    struct cursor cursor = {.at = text, .line_start = text, .line = 1};
    while (*cursor.at != '\0') {
        skip_spaces(&cursor);
        if (*cursor.at == '#' || *cursor.at == '!')
            cursor.at += strcspn(cursor.at, "\r\n");
        if (ends_line(*cursor.at)) {
            if (*cursor.at != '\0')
                next_line(&cursor);
            continue;
        }
        const char *const key = take(&cursor, arena, "=: \t\f");
        skip_spaces(&cursor);
        if (*cursor.at == '=' || *cursor.at == ':')
            cursor.at++;
        skip_spaces(&cursor);
        const struct place place = place_at(&cursor, name);
        pairs_put(pairs, arena, (struct pair){key, take(&cursor, arena, ""), place});
    }
}

static const char *trimmed(struct arena *arena, const char *start, size_t length)
{
    while (length > 0 && isspace((unsigned char)*start)) {
        start++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)start[length - 1]))
        length--;
    return arena_format(arena, "%.*s", (int)length, start);
}

void pairs_read_lines(struct pairs *pairs, struct arena *arena, struct diag *diag, const char *name,
                      const char *text)
{
    for (int line = 1; *text != '\0'; line++) {
        const size_t length = strcspn(text, "\n");
        const char *const code = trimmed(arena, text, strcspn(text, "#\n"));
        const struct place place = {.file = name, .line = line, .column = 1};
        const char *const colon = strstr(code, ": ");
        if (colon != NULL)
            pairs_put(pairs, arena,
                      (struct pair){trimmed(arena, code, (size_t)(colon - code)),
                                    trimmed(arena, colon + 1, strlen(colon + 1)), place});
        else if (code[0] != '\0')
            diag_warning(diag, place, "%s is passed over: Flink wants \"key: value\"",
                         diag_shown(diag, code));
        text += length + (text[length] == '\n');
    }
}

static void flatten(struct pairs *pairs, struct arena *arena, const char *prefix,
                    const struct node *node)
{
    if (node->kind == NODE_SCALAR) {
        pairs_put(pairs, arena, (struct pair){prefix, scalar_text(arena, node), node->place});
        return;
    }
    for (size_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
        const struct node_entry *const entry = &node->entries[i];
        flatten(pairs, arena,
                prefix[0] == '\0' ? entry->key : arena_format(arena, "%s.%s", prefix, entry->key),
                entry->value);
    }
    const char *list = "";
    bool texts = false;
    for (size_t i = 0; node->kind == NODE_LIST && i < node->count; i++) {
        const struct node *const item = node->items[i];
        if (item->kind == NODE_SCALAR) {
            list = arena_format(arena, "%s%s%s", list, texts ? "," : "", scalar_text(arena, item));
            texts = true;
        } else {
            flatten(pairs, arena, prefix, item);
        }
    }
    if (texts)
        pairs_put(pairs, arena, (struct pair){prefix, list, node->place});
}

void pairs_flatten(struct pairs *pairs, struct arena *arena, const struct node *map)
{
    flatten(pairs, arena, "", map);
}

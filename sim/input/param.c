/*
 * param.c - a node becomes a field: one reader per kind.
 */
#include "sim/input/param.h"

#include <math.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/input/param_parts.h"

const struct quantity *param_quantity(enum param_kind kind)
{
    switch (kind) {
    case PARAM_COUNT:
    case PARAM_DIST_COUNT:
        return &quantity_count;
    case PARAM_BYTES:
    case PARAM_DIST_BYTES:
        return &quantity_bytes;
    case PARAM_MILLIS:
        return &quantity_millis;
    case PARAM_TIME:
    case PARAM_TIMES:
    case PARAM_DIST_TIME:
        return &quantity_time;
    case PARAM_RATE:
        return &quantity_rate;
    case PARAM_BYTE_RATE:
        return &quantity_byte_rate;
    case PARAM_NUMBER:
        return &quantity_number;
    case PARAM_TEXT:
    case PARAM_BOOL:
    case PARAM_CHOICE:
    case PARAM_CUSTOM:
        break;
    }
    return NULL;
}

const char *param_scalar(struct param_context *context, const char *name, const char *expected,
                         const struct node *node)
{
    if (node->kind != NODE_SCALAR) {
        diag_error(context->diag, node->place, "%s: expected %s, not %s", name, expected,
                   tree_kind_name(node));
        return NULL;
    }
    if (tree_is_empty(node)) {
        diag_error(context->diag, node->place, "%s: no value; expected %s", name, expected);
        return NULL;
    }
    return node->text;
}

bool param_number(struct param_context *context, const struct quantity *quantity, double min,
                  double max, const char *name, const struct node *node,
                  struct quantity_value *value)
{
    const char *const text = param_scalar(context, name, quantity_what(quantity), node);
    return text != NULL &&
           quantity_read(quantity, min, max, context->diag, node->place, name, text, value);
}

static bool read_whole(struct param_context *context, const struct quantity *quantity, double min,
                       double max, const char *name, const struct node *node, int64_t *field)
{
    struct quantity_value value;
    if (!param_number(context, quantity, min, max, name, node, &value) ||
        !quantity_must_be_whole(quantity, context->diag, node->place, name, node->text, &value))
        return false;
    *field = value.whole;
    return true;
}

static bool read_time(struct param_context *context, double min, double max, const char *name,
                      const struct node *node, sim_time *field)
{
    struct quantity_value value;
    if (!param_number(context, &quantity_time, min, max, name, node, &value))
        return false;
    *field = value.whole;
    return true;
}

static bool read_real(struct param_context *context, const struct quantity *quantity, double min,
                      double max, const char *name, const struct node *node, double *field)
{
    struct quantity_value value;
    if (!param_number(context, quantity, min, max, name, node, &value))
        return false;
    *field = value.real;
    return true;
}

static bool read_times(struct param_context *context, double min, double max, const char *name,
                       const struct node *node, struct param_times *field)
{
    const size_t count = node->kind == NODE_LIST ? node->count : 1;
    sim_time *const at = ARENA_ARRAY(context->arena, sim_time, count + 1);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        const struct node *const item = node->kind == NODE_LIST ? node->items[i] : node;
        if (!read_time(context, min, max, name, item, &at[i])) {
            good = false;
        } else if (good && i > 0 && at[i] <= at[i - 1]) {
            diag_error(context->diag, item->place, "%s: %s is not after the time before it", name,
                       item->text);
            good = false;
        }
    }
    *field = (struct param_times){.at = at, .count = count};
    return good;
}

static bool read_bool(struct param_context *context, const char *name, const struct node *node,
                      int64_t *field)
{
    const char *const text = param_scalar(context, name, "true or false", node);
    if (text == NULL)
        return false;
    *field = strcmp(text, "true") == 0;
    if (*field == 0 && strcmp(text, "false") != 0) {
        diag_error(context->diag, node->place, "%s: %s is neither true nor false", name,
                   diag_shown(context->diag, text));
        return false;
    }
    return true;
}

static bool read_text(struct param_context *context, const char *name, const struct node *node,
                      const char **field)
{
    const char *const text = param_scalar(context, name, "a text", node);
    if (text != NULL)
        *field = arena_text(context->arena, text);
    return text != NULL;
}

/* The words of "a|b|c". */
static const char **split_words(struct arena *arena, const char *text, size_t *count)
{
    size_t most = 1;
    for (const char *c = text; *c != '\0'; c++)
        most += *c == '|';
    const char **const words = ARENA_ARRAY(arena, const char *, most);
    *count = 0;
    for (struct text_word word; text_next_word(&text, &word);)
        words[(*count)++] = arena_format(arena, "%.*s", (int)word.bytes, word.start);
    return words;
}

/* "a, b or c" */
static const char *join_words(struct arena *arena, const char *const *words, size_t count)
{
    const char *list = words[0];
    for (size_t i = 1; i < count; i++)
        list = arena_format(arena, "%s%s%s", list, i + 1 == count ? " or " : ", ", words[i]);
    return list;
}

static bool read_choice(struct param_context *context, const struct param *row,
                        const struct node *node, int64_t *field)
{
    if (node->kind == NODE_SCALAR && !tree_is_empty(node)) {
        *field = text_find_word(row->choices, node->text);
        if (*field >= 0)
            return true;
    }
    size_t count;
    const char *const *const words = split_words(context->arena, row->choices, &count);
    const char *const list = join_words(context->arena, words, count);
    const char *const text = param_scalar(context, row->path, list, node);
    if (text == NULL)
        return false;
    const char *const nearest = diag_nearest(text, words, count);
    diag_error(context->diag, node->place, "%s: unknown word %s; expected %s%s%s%s", row->path,
               diag_shown(context->diag, text), list, nearest != NULL ? "; did you mean " : "",
               nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    return false;
}

/* The word of a row's `later` that a node says, alone or as {word: ..}; NULL if it says something
 * else. */
static const char *later_word(const struct param *row, const struct node *node)
{
    const char *word = NULL;
    if (node->kind == NODE_SCALAR)
        word = node->text;
    else if (node->kind == NODE_MAP && node->count == 1)
        word = node->entries[0].key;
    return word != NULL && text_find_word(row->later, word) >= 0 ? word : NULL;
}

/* A word instead of a number. */
static bool says_word(const struct param *row, const struct node *node)
{
    return node->kind == NODE_SCALAR && !tree_is_empty(node) &&
           text_find_word(row->choices, node->text) == 0;
}

/* False after an error: nearly that word. */
static bool spells_word(struct param_context *context, const struct param *row,
                        const struct node *node)
{
    if (row->choices == NULL || node->kind != NODE_SCALAR ||
        diag_nearest(node->text, &row->choices, 1) == NULL)
        return true;
    diag_error(context->diag, node->place, "%s: unknown word %s; did you mean %s?", row->path,
               diag_shown(context->diag, node->text), row->choices);
    return false;
}

static void set_unbounded(enum param_kind kind, void *field)
{
    CHECK(kind == PARAM_TIME || kind == PARAM_RATE);
    if (kind == PARAM_TIME)
        *(sim_time *)field = SIM_NEVER;
    else
        *(double *)field = INFINITY;
}

bool param_read(struct param_context *context, const struct param *row, const struct node *node,
                void *params)
{
    void *const field = (char *)params + row->offset;
    if (row->kind == PARAM_CUSTOM)
        return row->read(context, node, field);
    if (node == NULL)
        return true;
    const char *const word = later_word(row, node);
    if (word != NULL) {
        diag_error(context->diag, node->place, "%s: %s is not built yet", row->path, word);
        return false;
    }
    if (row->kind == PARAM_CHOICE)
        return read_choice(context, row, node, field);
    if (says_word(row, node)) {
        set_unbounded(row->kind, field);
        return true;
    }
    return spells_word(context, row, node) &&
           param_read_value(context, row->kind, row->min, row->max, row->path, node, field);
}

bool param_read_value(struct param_context *context, enum param_kind kind, double min, double max,
                      const char *name, const struct node *node, void *field)
{
    CHECK(kind != PARAM_CHOICE && kind != PARAM_CUSTOM);
    const struct quantity *const quantity = param_quantity(kind);
    switch (kind) {
    case PARAM_TEXT:
        return read_text(context, name, node, field);
    case PARAM_COUNT:
    case PARAM_BYTES:
    case PARAM_MILLIS:
        return read_whole(context, quantity, min, max, name, node, field);
    case PARAM_TIME:
        return read_time(context, min, max, name, node, field);
    case PARAM_RATE:
    case PARAM_BYTE_RATE:
    case PARAM_NUMBER:
        return read_real(context, quantity, min, max, name, node, field);
    case PARAM_BOOL:
        return read_bool(context, name, node, field);
    case PARAM_TIMES:
        return read_times(context, min, max, name, node, field);
    case PARAM_DIST_COUNT:
    case PARAM_DIST_BYTES:
    case PARAM_DIST_TIME:
        return param_dist(context, quantity, min, max, name, node, field);
    case PARAM_CHOICE: /* needs a row, for its words */
    case PARAM_CUSTOM: /* reads itself */
        break;
    }
    return false;
}

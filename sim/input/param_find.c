/*
 * param_find.c - names of parameters: in full, by suffix, and what was meant.
 *
 * A name is compared with every row: tens of rows, once per key that a user wrote.
 */
#include <string.h>

#include "sim/input/param.h"

enum {
    KEYS_LISTED = 12, /* a section with more keys than this is not worth a list */
    GUESSES = 4       /* nor are more guesses than this */
};

static bool path_is(const char *path, const char *text, size_t bytes)
{
    return strncmp(path, text, bytes) == 0 && path[bytes] == '\0';
}

static const struct param_section *find_section(const struct param_table *table, const char *path,
                                                size_t bytes)
{
    for (size_t i = 0; i < table->section_count; i++)
        if (path_is(table->sections[i].path, path, bytes))
            return &table->sections[i];
    return NULL;
}

const struct param *param_row(const struct param_table *table, const char *path)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->rows[i].path, path) == 0)
            return &table->rows[i];
    return NULL;
}

const struct param_section *param_section(const struct param_table *table, const char *path)
{
    return find_section(table, path, strlen(path));
}

/* May a name begin at `start` of the path: is all before it a section? */
static bool begins_key(const struct param_table *table, const char *path, const char *start)
{
    if (start == path)
        return true;
    return start[-1] == '.' && find_section(table, path, (size_t)(start - 1 - path)) != NULL;
}

/* The whole path, or a suffix of it that begins at a key. */
static bool names_path(const struct param_table *table, const char *path, const char *name)
{
    const size_t path_bytes = strlen(path), name_bytes = strlen(name);
    if (name_bytes > path_bytes)
        return false;
    const char *const start = path + (path_bytes - name_bytes);
    return strcmp(start, name) == 0 && begins_key(table, path, start);
}

bool param_preset_holds(const struct param_table *table, const struct param_preset *preset,
                        const char *text)
{
    return table->preset_holds != NULL ? table->preset_holds(preset, text)
                                       : strcmp(preset->value, text) == 0;
}

bool param_is_later(const struct param_table *table, const char *path)
{
    for (size_t i = 0; i < table->later_count; i++) {
        const size_t bytes = strlen(table->later[i]);
        if (strncmp(path, table->later[i], bytes) == 0 &&
            (path[bytes] == '\0' || path[bytes] == '.'))
            return true;
    }
    return false;
}

bool param_is_inert(const struct param_table *table, const char *path)
{
    for (size_t i = 0; i < table->inert_count; i++) {
        const char *const star = strchr(table->inert[i], '*');
        if (star == NULL ? strcmp(path, table->inert[i]) == 0
                         : strncmp(path, table->inert[i], (size_t)(star - table->inert[i])) == 0)
            return true;
    }
    return false;
}

/* The path for which `is` holds and that is the name, or a section and the name; NULL if there is
 * none. */
static const char *find_known(const struct param_table *table, struct arena *arena,
                              const char *name,
                              bool (*is)(const struct param_table *table, const char *path))
{
    if (is(table, name))
        return name;
    for (size_t i = 0; i < table->section_count; i++) {
        const char *const path = arena_format(arena, "%s.%s", table->sections[i].path, name);
        if (is(table, path))
            return path;
    }
    return NULL;
}

const char *param_find_inert(const struct param_table *table, struct arena *arena, const char *name)
{
    return find_known(table, arena, name, param_is_inert);
}

/* The innermost section that the path lies in; NULL at the top. */
static const struct param_section *section_of(const struct param_table *table, const char *path)
{
    const struct param_section *found = NULL;
    for (size_t i = 0; i < table->section_count; i++) {
        const size_t bytes = strlen(table->sections[i].path);
        if (strncmp(path, table->sections[i].path, bytes) == 0 && path[bytes] == '.' &&
            (found == NULL || bytes > strlen(found->path)))
            found = &table->sections[i];
    }
    return found;
}

/* A list of names on its way to a message. */
struct names {
    struct arena *arena;
    const char **items;
    size_t count, capacity;
};

static void names_add(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return;
    if (names->count == names->capacity) {
        const size_t capacity = names->capacity == 0 ? 32 : 2 * names->capacity;
        const char **const items = ARENA_ARRAY(names->arena, const char *, capacity);
        if (names->count > 0)
            memcpy(items, names->items, names->count * sizeof *items);
        names->items = items;
        names->capacity = capacity;
    }
    names->items[names->count++] = name;
}

static const char *names_join(const struct names *names, const char *before_last)
{
    const char *list = names->count > 0 ? names->items[0] : "";
    for (size_t i = 1; i < names->count; i++)
        list = arena_format(names->arena, "%s%s%s", list,
                            i + 1 == names->count ? before_last : ", ", names->items[i]);
    return list;
}

/* Adds the key under which the section holds this path, if it holds it directly. */
static void add_key(const struct param_table *table, const struct param_section *section,
                    const char *path, struct names *names)
{
    if (section_of(table, path) == section && strchr(path, '*') == NULL)
        names_add(names, section == NULL ? path : path + strlen(section->path) + 1);
}

/* Rows and sections directly in the section (NULL: at the top). */
static struct names keys_of(const struct param_table *table, struct arena *arena,
                            const struct param_section *section)
{
    struct names names = {.arena = arena};
    for (size_t i = 0; i < table->count; i++)
        add_key(table, section, table->rows[i].path, &names);
    for (size_t i = 0; i < table->section_count; i++)
        add_key(table, section, table->sections[i].path, &names);
    return names;
}

/* And what is known there but does nothing. */
static void add_known(const struct param_table *table, const struct param_section *section,
                      struct names *names)
{
    for (size_t i = 0; i < table->later_count; i++)
        add_key(table, section, table->later[i], names);
    for (size_t i = 0; i < table->inert_count; i++)
        add_key(table, section, table->inert[i], names);
}

/* Does the key have the words between its dots: linger.ms has linger, max.request.size has
 * request.size? */
static bool has_words(const char *key, const char *words)
{
    const size_t bytes = strlen(words);
    if (bytes == 0)
        return false;
    for (const char *at = strstr(key, words); at != NULL; at = strstr(at + 1, words))
        if ((at == key || at[-1] == '.') && (at[bytes] == '\0' || at[bytes] == '.'))
            return true;
    return false;
}

/* What may have been meant: the nearest name, else those that have its words; "" if there is none.
 */
static const char *guess(const struct names *known, const char *name)
{
    struct names meant = {.arena = known->arena};
    const char *const nearest = diag_nearest(name, known->items, known->count);
    if (nearest != NULL)
        names_add(&meant, nearest);
    for (size_t i = 0; i < known->count && nearest == NULL; i++)
        if (has_words(known->items[i], name))
            names_add(&meant, known->items[i]);
    if (meant.count == 0 || meant.count > GUESSES)
        return "";
    return arena_format(known->arena, "; did you mean %s?", names_join(&meant, " or "));
}

/* Rows that the name may mean. */
static struct names rows_named(const struct param_table *table, struct arena *arena,
                               const char *name)
{
    struct names names = {.arena = arena};
    for (size_t i = 0; i < table->count; i++)
        if (names_path(table, table->rows[i].path, name))
            names_add(&names, table->rows[i].path);
    return names;
}

void param_unknown(const struct param_table *table, struct diag *diag, struct place place,
                   const char *path)
{
    const struct param_section *const section = section_of(table, path);
    const char *const key = section == NULL ? path : path + strlen(section->path) + 1;
    const char *const what =
        section != NULL && section->unknown != NULL ? section->unknown : "unknown key";

    const struct names keys = keys_of(table, diag->arena, section);
    struct names known = keys;
    add_known(table, section, &known);
    const struct names elsewhere = rows_named(table, diag->arena, key);

    const char *advice = guess(&known, key);
    if (advice[0] == '\0' && elsewhere.count == 1)
        advice = arena_format(diag->arena, "; did you mean %s?", elsewhere.items[0]);
    if (advice[0] == '\0' && keys.count <= KEYS_LISTED)
        advice = arena_format(diag->arena, "; expected %s", names_join(&keys, " or "));
    diag_error(diag, place, "%s%s%.80s: %s%s", section == NULL ? "" : section->path,
               section == NULL ? "" : ".", key, what, advice);
}

static void say_section(const struct param_table *table, struct diag *diag, struct place place,
                        const char *path)
{
    const struct names keys = keys_of(table, diag->arena, param_section(table, path));
    diag_error(diag, place, "%s is a section; name one of its keys: %s", path,
               names_join(&keys, " or "));
}

/* Guesses among the short names of rows, then among all their names. */
static const char *guess_row(const struct param_table *table, struct arena *arena, const char *name)
{
    struct names names = {.arena = arena};
    for (size_t i = 0; i < table->count; i++)
        names_add(&names, param_short_name(table, &table->rows[i]));
    const char *const advice = guess(&names, name);
    if (advice[0] != '\0')
        return advice;
    for (size_t i = 0; i < table->count; i++) {
        const char *const path = table->rows[i].path;
        names_add(&names, path);
        for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
            if (begins_key(table, path, dot + 1))
                names_add(&names, dot + 1);
    }
    return guess(&names, name);
}

/* No row has it: why not, and what might have been meant. */
static void say_missing(const struct param_table *table, struct diag *diag, struct place place,
                        const char *name)
{
    const char *const later = find_known(table, diag->arena, name, param_is_later);
    const char *const inert = param_find_inert(table, diag->arena, name);
    if (later != NULL)
        diag_error(diag, place, "%s is not built yet", later);
    else if (inert != NULL)
        diag_error(diag, place, "%s has no effect on this model", inert);
    else if (section_of(table, name) != NULL)
        param_unknown(table, diag, place, name);
    else
        diag_error(diag, place, "unknown parameter %s%s", diag_shown(diag, name),
                   guess_row(table, diag->arena, name));
}

const struct param *param_find(const struct param_table *table, struct diag *diag,
                               struct place place, const char *name)
{
    const struct param *const exact = param_row(table, name);
    if (exact != NULL)
        return exact;
    if (param_section(table, name) != NULL) {
        say_section(table, diag, place, name);
        return NULL;
    }

    struct names found = rows_named(table, diag->arena, name);
    const size_t rows = found.count;
    for (size_t i = 0; i < table->section_count; i++)
        if (names_path(table, table->sections[i].path, name))
            names_add(&found, table->sections[i].path);
    if (found.count == 0)
        say_missing(table, diag, place, name);
    else if (found.count > 1)
        diag_error(diag, place, "%s is ambiguous; it may be %s", name, names_join(&found, " or "));
    else if (rows == 0)
        say_section(table, diag, place, found.items[0]);
    return found.count == 1 && rows == 1 ? param_row(table, found.items[0]) : NULL;
}

/* How many rows and sections the name may mean. */
static size_t meanings(const struct param_table *table, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += names_path(table, table->rows[i].path, name);
    for (size_t i = 0; i < table->section_count; i++)
        count += names_path(table, table->sections[i].path, name);
    return count;
}

const char *param_short_name(const struct param_table *table, const struct param *row)
{
    for (const char *dot = strrchr(row->path, '.'); dot != NULL;) {
        const char *const start = dot + 1;
        if (begins_key(table, row->path, start) && meanings(table, start) == 1)
            return start;
        const char *before = dot;
        while (before > row->path && before[-1] != '.')
            before--;
        dot = before > row->path ? before - 1 : NULL;
    }
    return row->path;
}

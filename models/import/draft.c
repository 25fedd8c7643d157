/*
 * draft.c - a map whose keys are full paths is a scenario too.
 */
#include "models/import/draft.h"

#include <string.h>

void draft_init(struct draft *draft, struct arena *arena, struct diag *diag)
{
    *draft = (struct draft){
        .arena = arena, .diag = diag, .values = tree_new(arena, NODE_MAP, (struct place){0})};
}

struct place draft_place(const char *who)
{
    return (struct place){.file = who, .line = 1, .column = 1};
}

bool draft_is_file(struct place place)
{
    return strcmp(place.file, DRAFT_ASSUMED) != 0 && strncmp(place.file, "--", 2) != 0;
}

static const char *shown_place(struct arena *arena, struct place place)
{
    return draft_is_file(place) ? arena_format(arena, "%s:%d", place.file, place.line) : place.file;
}

void draft_put_node(struct draft *draft, const char *path, const struct node *value)
{
    for (size_t i = 0; i < draft->values->count; i++) {
        struct node_entry *const entry = &draft->values->entries[i];
        if (strcmp(entry->key, path) != 0)
            continue;
        const char *const before = tree_text(draft->arena, entry->value);
        const char *const now = tree_text(draft->arena, value);
        if (strcmp(before, now) != 0)
            diag_warning(draft->diag, value->place, "%s: %s here, %s in %s; this one counts", path,
                         diag_shown(draft->diag, now), diag_shown(draft->diag, before),
                         shown_place(draft->arena, entry->value->place));
        entry->value = value;
        entry->key_place = value->place;
        return;
    }
    tree_add_entry(draft->arena, draft->values,
                   (struct node_entry){.key = path, .key_place = value->place, .value = value});
}

void draft_put(struct draft *draft, const char *path, struct place place, const char *text)
{
    struct node *const value = tree_new(draft->arena, NODE_SCALAR, place);
    value->text = text;
    value->quoted = true; /* an empty text is a text */
    draft_put_node(draft, path, value);
}

const struct node *draft_get(const struct draft *draft, const char *path)
{
    return tree_get(draft->values, path);
}

void draft_assume(struct draft *draft, const char *path, const char *text, const char *why)
{
    const struct place place = draft_place(DRAFT_ASSUMED);
    if (draft_get(draft, path) != NULL)
        return;
    if (text != NULL)
        draft_put(draft, path, place, text);
    pairs_add(&draft->assumed, draft->arena, (struct pair){path, why, place});
}

void draft_pass_over(struct draft *draft, struct place place, const char *what, const char *why)
{
    pairs_add(&draft->left_out, draft->arena, (struct pair){what, why, place});
}

void draft_leave_out(struct draft *draft, struct place place, const char *what, const char *why)
{
    diag_warning(draft->diag, place, "%s is left out: %s", what, why);
    draft_pass_over(draft, place, what, why);
}

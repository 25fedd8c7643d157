/*
 * space.c - commas stand between values and between axes; what has a = before the next comma is an
 * axis.
 */
#include "sim/study/space.h"

#include <string.h>

/* Behind a comma that is in no bracket; NULL: there is none. */
static const char *next_piece(const char *text)
{
    int depth = 0;
    for (; *text != '\0'; text++) {
        depth += strchr("[{", *text) != NULL;
        depth -= strchr("]}", *text) != NULL;
        if (*text == ',' && depth == 0)
            return text + 1;
    }
    return NULL;
}

static bool begins_axis(const char *piece)
{
    const size_t bytes = strcspn(piece, "=,[{:");
    return bytes > 0 && piece[bytes] == '=';
}

/* Where the axis that begins here ends: before the comma and the next one. */
static size_t axis_bytes(const char *text)
{
    const char *piece = next_piece(text);
    while (piece != NULL && !begins_axis(piece))
        piece = next_piece(piece);
    return piece != NULL ? (size_t)(piece - text - 1) : strlen(text);
}

static bool add_axis(struct space *space, struct axis_reader *reader, const char *option)
{
    const struct place place = {.file = "--over", .line = 1, .column = 1};
    if (space->count == SPACE_AXES_MAX) {
        diag_error(reader->diag, place, "more than %d parameters", SPACE_AXES_MAX);
        return false;
    }
    struct axis_part *const part = &space->parts[space->count];
    if (!axis_read_option(reader, option, part))
        return false;
    for (size_t i = 0; i < space->count; i++) {
        if (space->parts[i].row == part->row) {
            diag_error(reader->diag, part->place, "%s is there twice", part->row->path);
            return false;
        }
    }
    space->is_listed = space->is_listed && part->count > 0;
    if (!axis_fill(reader, part, SPACE_LEVELS))
        return false;
    space->size *= (double)part->count;
    space->count++;
    return true;
}

bool space_read(struct space *space, const struct scenario *scenario, struct arena *arena,
                struct diag *diag, const char *const *options, size_t option_count)
{
    *space = (struct space){.size = 1, .is_listed = true, .arena = arena};
    struct axis_reader reader;
    axis_reader_init(&reader, scenario, arena, diag);
    reader.option = "--over";
    bool good = true;
    for (size_t i = 0; i < option_count; i++) {
        for (const char *text = options[i]; *text != '\0';) {
            const size_t bytes = axis_bytes(text);
            good = add_axis(space, &reader, arena_format(arena, "%.*s", (int)bytes, text)) && good;
            text += bytes + (text[bytes] == ',');
        }
    }
    return good;
}

const char *const *space_sets(const struct space *space, const size_t *place)
{
    const char **const sets = ARENA_ARRAY(space->arena, const char *, space->count);
    for (size_t a = 0; a < space->count; a++) {
        const struct axis_part *const part = &space->parts[a];
        sets[a] = arena_format(space->arena, "%s=%s", part->name,
                               tree_text(space->arena, part->nodes[place[a]]));
    }
    return sets;
}

double space_share(const struct space *space, size_t axis, size_t place)
{
    const size_t count = space->parts[axis].count;
    return count > 1 ? (double)place / (double)(count - 1) : 0;
}

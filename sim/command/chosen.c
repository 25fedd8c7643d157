/*
 * chosen.c - a list of names.
 */
#include "sim/command/chosen.h"

#include <string.h>

#include "sim/study/goal.h"

bool chosen_read(struct chosen *chosen, const struct model *model, const char *list,
                 struct arena *arena)
{
    const struct place place = {.file = "--columns"};
    *chosen = (struct chosen){.columns = NULL};
    if (list == NULL)
        return true;
    size_t *const columns = ARENA_ARRAY(arena, size_t, strlen(list) + 1);
    struct diag diag;
    diag_init(&diag, arena);
    for (const char *at = list; at != NULL; at = *at == ',' ? at + 1 : NULL) {
        const size_t bytes = strcspn(at, ",");
        const char *const name = arena_format(arena, "%.*s", (int)bytes, at);
        const size_t column = goal_column(model, &diag, place, name);
        for (size_t i = 0; i < chosen->count; i++)
            if (columns[i] == column && column < model->column_count)
                diag_error(&diag, place, "%s is there twice", name);
        columns[chosen->count++] = column;
        at += bytes;
    }
    chosen->columns = columns;
    diag_print(&diag, stderr);
    return diag.errors == 0;
}

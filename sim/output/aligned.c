/*
 * aligned.c - widths first.
 */
#include "sim/output/aligned.h"

#include <string.h>

#include "sim/core/check.h"

#define GAP 2

void aligned_init(struct aligned *aligned, struct arena *arena, size_t columns, size_t headings)
{
    CHECK(columns > 0);
    *aligned = (struct aligned){.arena = arena, .columns = columns, .headings = headings};
}

void aligned_add(struct aligned *aligned, const char *cell)
{
    if (aligned->count == aligned->room) {
        const size_t room = 2 * aligned->room + aligned->columns;
        const char **const cells = ARENA_ARRAY(aligned->arena, const char *, room);
        if (aligned->count > 0)
            memcpy(cells, aligned->cells, aligned->count * sizeof *cells);
        aligned->cells = cells;
        aligned->room = room;
    }
    aligned->cells[aligned->count++] = cell;
}

static size_t rows_of(const struct aligned *aligned)
{
    return aligned->count / aligned->columns;
}

static const char *cell_at(const struct aligned *aligned, size_t row, size_t column)
{
    return aligned->cells[row * aligned->columns + column];
}

static int width_of(const struct aligned *aligned, size_t column)
{
    int width = 0;
    for (size_t r = 0; r < rows_of(aligned); r++) {
        const int its = screen_columns(cell_at(aligned, r, column));
        width = its > width ? its : width;
    }
    return width;
}

/* A dash or nothing says neither. */
static bool are_figures(const struct aligned *aligned, size_t column)
{
    for (size_t r = aligned->headings; r < rows_of(aligned); r++) {
        const char *const cell = cell_at(aligned, r, column);
        if (*cell != '\0' && strchr("0123456789-", *cell) == NULL)
            return false;
    }
    return true;
}

size_t aligned_fitting(const struct aligned *aligned, int width)
{
    int used = 0;
    for (size_t c = 0; c < aligned->columns; c++) {
        used += width_of(aligned, c) + (c > 0 ? GAP : 0);
        if (used > width)
            return c > 0 ? c : 1;
    }
    return aligned->columns;
}

struct layout { /* of one column */
    int width;
    bool right;
};

static void print_row(const struct aligned *aligned, size_t row, const struct layout *layouts,
                      size_t columns, FILE *out)
{
    int owed = 0; /* blanks that nobody sees at the end of a line */
    for (size_t c = 0; c < columns; c++) {
        const char *const cell = cell_at(aligned, row, c);
        const int left = layouts[c].width - screen_columns(cell);
        const int before = layouts[c].right ? left : 0;
        if (*cell != '\0') {
            fprintf(out, "%*s%s", owed + before, "", cell);
            owed = 0;
        } else {
            owed += before;
        }
        owed += left - before + GAP;
    }
    fputc('\n', out);
}

void aligned_print(const struct aligned *aligned, size_t columns, const struct screen *screen)
{
    CHECK(aligned->count % aligned->columns == 0);
    struct layout *const layouts = ARENA_ARRAY(aligned->arena, struct layout, columns);
    for (size_t c = 0; c < columns; c++)
        layouts[c] = (struct layout){width_of(aligned, c), are_figures(aligned, c)};
    for (size_t r = 0; r < rows_of(aligned); r++) {
        const bool heading = r < aligned->headings;
        fputs(heading ? screen_begin(screen, SCREEN_STRONG) : "", screen->out);
        print_row(aligned, r, layouts, columns, screen->out);
        fputs(heading ? screen_end(screen) : "", screen->out);
    }
}

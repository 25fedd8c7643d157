/*
 * aligned.c - widths first.
 */
#include "sim/output/aligned.h"

#include <ctype.h>
#include <string.h>

#include "sim/core/check.h"

#define GAP           2
#define HEADING_WIDTH 11 /* no name is broken into shorter lines */

void aligned_init(struct aligned *aligned, struct arena *arena, size_t columns)
{
    CHECK(columns > 0);
    *aligned = (struct aligned){.arena = arena,
                                .headings = ARENA_ARRAY(arena, struct aligned_heading, columns),
                                .columns = columns};
}

void aligned_name(struct aligned *aligned, const char *name, const char *unit)
{
    CHECK(aligned->named < aligned->columns);
    aligned->headings[aligned->named++] = (struct aligned_heading){.name = name, .unit = unit};
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

/* A dash or nothing says neither. */
static bool are_figures(const struct aligned *aligned, size_t column)
{
    for (size_t r = 0; r < rows_of(aligned); r++) {
        const char *const cell = cell_at(aligned, r, column);
        if (*cell != '\0' && strchr("0123456789-", *cell) == NULL)
            return false;
    }
    return true;
}

static bool may_break(const char *name, size_t at)
{
    return name[at] != '\0' &&
           (name[at - 1] == '-' || name[at - 1] == '.' ||
            (islower((unsigned char)name[at - 1]) && isupper((unsigned char)name[at])));
}

/* Bytes of the next line of a name: as much as fits, up to where it may be broken; the first part
 * whether it fits or not. */
static size_t line_bytes(const char *name, size_t width)
{
    size_t bytes = 0;
    for (size_t at = 1; at <= strlen(name); at++)
        if ((name[at] == '\0' || may_break(name, at)) && (bytes == 0 || at <= width))
            bytes = at;
    return bytes;
}

struct layout { /* of one column */
    int width;
    bool right;
    size_t name_width; /* of the lines of its name */
    size_t lines;
};

static struct layout layout_of(const struct aligned *aligned, size_t column)
{
    const struct aligned_heading *const heading = &aligned->headings[column];
    struct layout layout = {.width = screen_columns(heading->unit),
                            .right = are_figures(aligned, column)};
    for (size_t r = 0; r < rows_of(aligned); r++) {
        const int its = screen_columns(cell_at(aligned, r, column));
        layout.width = its > layout.width ? its : layout.width;
    }
    layout.name_width = layout.width > HEADING_WIDTH ? (size_t)layout.width : HEADING_WIDTH;
    for (const char *at = heading->name; *at != '\0'; layout.lines++) {
        const size_t bytes = line_bytes(at, layout.name_width);
        layout.width = (int)bytes > layout.width ? (int)bytes : layout.width;
        at += bytes;
    }
    return layout;
}

size_t aligned_fitting(const struct aligned *aligned, int width)
{
    int used = 0;
    CHECK(aligned->named == aligned->columns);
    for (size_t c = 0; c < aligned->columns; c++) {
        used += layout_of(aligned, c).width + (c > 0 ? GAP : 0);
        if (used > width)
            return c > 0 ? c : 1;
    }
    return aligned->columns;
}

/* `owed` are blanks that nobody sees at the end of a line. */
static void print_cell(const struct layout *layout, const char *cell, size_t bytes, int *owed,
                       FILE *out)
{
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)bytes, cell);
    const int left = layout->width - screen_columns(text);
    const int before = layout->right ? left : 0;
    *owed += before;
    if (text[0] != '\0') {
        fprintf(out, "%*s%s", *owed, "", text);
        *owed = 0;
    }
    *owed += left - before + GAP;
}

/* The line of a name, from the last one upwards: 0. */
static void print_name(const struct layout *layout, const char *name, size_t from_below, int *owed,
                       FILE *out)
{
    size_t bytes = 0;
    if (from_below < layout->lines) {
        bytes = line_bytes(name, layout->name_width);
        for (size_t i = layout->lines - 1; i > from_below; i--) {
            name += bytes;
            bytes = line_bytes(name, layout->name_width);
        }
    }
    print_cell(layout, name, bytes, owed, out);
}

static void print_headings(const struct aligned *aligned, const struct layout *layouts,
                           size_t columns, FILE *out)
{
    size_t lines = 0;
    bool units = false;
    for (size_t c = 0; c < columns; c++) {
        lines = layouts[c].lines > lines ? layouts[c].lines : lines;
        units |= aligned->headings[c].unit[0] != '\0';
    }
    for (size_t i = lines; i-- > 0; fputc('\n', out)) {
        int owed = 0;
        for (size_t c = 0; c < columns; c++)
            print_name(&layouts[c], aligned->headings[c].name, i, &owed, out);
    }
    int owed = 0;
    for (size_t c = 0; units && c < columns; c++)
        print_cell(&layouts[c], aligned->headings[c].unit, strlen(aligned->headings[c].unit), &owed,
                   out);
    fputs(units ? "\n" : "", out);
}

void aligned_print(const struct aligned *aligned, size_t columns, const struct screen *screen)
{
    CHECK(aligned->named == aligned->columns && aligned->count % aligned->columns == 0);
    struct layout *const layouts = ARENA_ARRAY(aligned->arena, struct layout, columns);
    for (size_t c = 0; c < columns; c++)
        layouts[c] = layout_of(aligned, c);
    fputs(screen_begin(screen, SCREEN_STRONG), screen->out);
    print_headings(aligned, layouts, columns, screen->out);
    fputs(screen_end(screen), screen->out);
    for (size_t r = 0; r < rows_of(aligned); r++) {
        int owed = 0;
        for (size_t c = 0; c < columns; c++) {
            const char *const cell = cell_at(aligned, r, c);
            print_cell(&layouts[c], cell, strlen(cell), &owed, screen->out);
        }
        fputc('\n', screen->out);
    }
}

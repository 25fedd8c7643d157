/*
 * columns_print.c - what `columns` says.
 */
#include "sim/study/columns_print.h"

#include <string.h>

static void print_markdown_cell(const char *text, FILE *out)
{
    fputs(" | ", out);
    for (; *text != '\0'; text++) {
        if (*text == '|')
            putc('\\', out);
        putc(*text, out);
    }
}

static void print_words(const struct column *column, FILE *out)
{
    for (size_t i = 0; column->words != NULL && column->words[i] != NULL; i++)
        fprintf(out, "%s%s", i == 0 ? ": " : ", ", column->words[i]);
}

static void print_markdown(const struct column *columns, size_t count, FILE *out)
{
    fputs("| column | unit | meaning |\n|---|---|---|\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "| `%s`", columns[i].name);
        print_markdown_cell(columns[i].unit, out);
        print_markdown_cell(columns[i].help, out);
        print_words(&columns[i], out);
        fputs(" |\n", out);
    }
}

static int wider(int width, const char *text)
{
    const int length = (int)strlen(text);
    return length > width ? length : width;
}

void columns_print(const struct column *columns, size_t count, FILE *out, bool markdown)
{
    if (markdown) {
        print_markdown(columns, count, out);
        return;
    }
    int name_width = wider(0, "column");
    int unit_width = wider(0, "unit");
    for (size_t i = 0; i < count; i++) {
        name_width = wider(name_width, columns[i].name);
        unit_width = wider(unit_width, columns[i].unit);
    }
    fprintf(out, "%-*s  %-*s  meaning\n", name_width, "column", unit_width, "unit");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%-*s  %-*s  %s", name_width, columns[i].name, unit_width, columns[i].unit,
                columns[i].help);
        print_words(&columns[i], out);
        putc('\n', out);
    }
}

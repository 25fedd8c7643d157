/*
 * columns_print.c - what `columns` says.
 */
#include "sim/command/columns_print.h"

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

/* What the replications of a point make of it. */
static const char *statistic(const struct column *column)
{
    static const char *const names[] = {
        [COLUMN_MEAN] = "mean",
        [COLUMN_QUANTILE] = "median",
        [COLUMN_LARGEST] = "largest",
        [COLUMN_SMALLEST] = "smallest",
        [COLUMN_STEADY] = "smallest",
        [COLUMN_VOTE] = "vote",
        [COLUMN_WITH_LARGEST] = "of the largest",
    };
    return column->words != NULL ? "vote" : names[column->kind];
}

static void print_words(const struct column *column, FILE *out)
{
    for (size_t i = 0; column->words != NULL && column->words[i] != NULL; i++)
        fprintf(out, "%s%s", i == 0 ? ": " : ", ", column->words[i]);
}

static void print_markdown(const struct column *columns, size_t count, FILE *out)
{
    fputs("| column | unit | replications | meaning |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "| `%s`", columns[i].name);
        print_markdown_cell(columns[i].unit, out);
        print_markdown_cell(statistic(&columns[i]), out);
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
    const int statistic_width = (int)strlen("replications");
    fprintf(out, "%-*s  %-*s  replications  meaning\n", name_width, "column", unit_width, "unit");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%-*s  %-*s  %-*s  %s", name_width, columns[i].name, unit_width,
                columns[i].unit, statistic_width, statistic(&columns[i]), columns[i].help);
        print_words(&columns[i], out);
        putc('\n', out);
    }
}

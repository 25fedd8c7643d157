/*
 * troff.c - a point or a quote that begins a line, a backslash and a hyphen are troff's.
 */
#include "sim/command/troff.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static void print_bytes(FILE *out, const char *text, size_t bytes)
{
    bool begins = true;
    for (; bytes > 0; bytes--, text++) {
        if (begins && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        begins = *text == '\n';
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else if (*text == '"')
            fputs("\\(dq", out);
        else
            putc(*text, out);
    }
}

static void print_text(FILE *out, const char *text)
{
    print_bytes(out, text, strlen(text));
}

static void print_line(FILE *out, const char *text)
{
    print_text(out, text);
    putc('\n', out);
}

void troff_title(FILE *out, const char *name, int section, const char *date, const char *source)
{
    fputs(".TH \"", out);
    for (; *name != '\0'; name++)
        print_text(out, (const char[]){(char)toupper((unsigned char)*name), '\0'});
    fprintf(out, "\" %d \"%s\" \"", section, date);
    print_text(out, source);
    fputs("\"\n", out);
}

void troff_section(FILE *out, const char *name)
{
    fprintf(out, ".SH %s\n", name);
}

void troff_subsection(FILE *out, const char *name)
{
    fputs(".SS ", out);
    print_line(out, name);
}

void troff_command(FILE *out, const char *program, const char *command, const char *rest)
{
    fputs("\\fB", out);
    print_text(out, program);
    if (command != NULL) {
        putc(' ', out);
        print_text(out, command);
    }
    fputs(rest[0] == '(' || rest[0] == '\0' ? "\\fR" : "\\fR ", out);
    print_line(out, rest);
}

void troff_paragraphs(FILE *out, const char *text)
{
    const char *at = text;
    while (*at != '\0') {
        const size_t bytes = strcspn(at, "\n");
        if (bytes == 0)
            fputs(".PP", out);
        print_bytes(out, at, bytes);
        putc('\n', out);
        at += bytes + (at[bytes] == '\n');
    }
}

void troff_example(FILE *out, const char *text)
{
    fputs(".nf\n.RS\n", out);
    print_line(out, text);
    fputs(".RE\n.fi\n", out);
}

void troff_item(FILE *out, const char *term, const char *more, const char *text)
{
    fputs(".TP\n\\fB", out);
    print_text(out, term);
    fputs("\\fR", out);
    if (more != NULL && more[0] != '\0') {
        fputs(" \\fI", out);
        print_text(out, more);
        fputs("\\fR", out);
    }
    putc('\n', out);
    print_line(out, text);
}

void troff_more(FILE *out, const char *text)
{
    fputs(".IP\n", out);
    print_line(out, text);
}

/*
 * lines.c - words, as many as fit.
 */
#include "models/advice/lines.h"

#include <string.h>

/* Characters, not bytes. */
static int width_of(const char *text, size_t bytes)
{
    int width = 0;
    for (size_t i = 0; i < bytes; i++)
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

void lines_field(FILE *out, const char *text, int width)
{
    fputs(text, out);
    for (int i = width_of(text, strlen(text)); i < width; i++)
        fputc(' ', out);
}

void lines_print(FILE *out, const char *head, const char *text)
{
    const char *at = text + strspn(text, " ");
    int column = LINES_HEAD;
    lines_field(out, head, LINES_HEAD);
    while (*at != '\0') {
        const size_t bytes = strcspn(at, " ");
        const int width = width_of(at, bytes);
        if (column > LINES_HEAD && column + 1 + width > LINES_WIDTH) {
            fputc('\n', out);
            lines_field(out, "", LINES_HEAD);
            column = LINES_HEAD;
        } else if (column > LINES_HEAD) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)bytes, at);
        column += width;
        at += bytes;
        at += strspn(at, " ");
    }
    fputc('\n', out);
}

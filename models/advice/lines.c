/*
 * lines.c - a head, and a paragraph behind it.
 */
#include "models/advice/lines.h"

#include "sim/study/screen.h"

void lines_print(FILE *out, const char *head, const char *text)
{
    screen_field(out, head, LINES_HEAD);
    screen_break(out, LINES_HEAD, LINES_HEAD, LINES_WIDTH, text);
    fputc('\n', out);
}

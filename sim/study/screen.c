/*
 * screen.c - what a terminal says of itself.
 */
#define _DEFAULT_SOURCE /* TIOCGWINSZ */

#include "sim/study/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool likes_colours(void)
{
    const char *const no = getenv("NO_COLOR");
    const char *const term = getenv("TERM");
    return (no == NULL || *no == '\0') && term != NULL && *term != '\0' &&
           strcmp(term, "dumb") != 0;
}

void screen_open(struct screen *screen, FILE *out, bool verbose)
{
    const int file = fileno(out);
    struct winsize size;
    *screen = (struct screen){.out = out, .width = SCREEN_WIDTH, .verbose = verbose};
    screen->terminal = file >= 0 && isatty(file);
    screen->coloured = screen->terminal && likes_colours();
    if (screen->terminal && ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        screen->width = size.ws_col;
}

const char *screen_begin(const struct screen *screen, enum screen_colour colour)
{
    static const char *const codes[] = {
        [SCREEN_PLAIN] = "",         [SCREEN_GOOD] = "\033[32m",  [SCREEN_DOUBT] = "\033[33m",
        [SCREEN_BAD] = "\033[1;31m", [SCREEN_STRONG] = "\033[1m",
    };
    return screen->coloured ? codes[colour] : "";
}

const char *screen_end(const struct screen *screen)
{
    return screen->coloured ? "\033[0m" : "";
}

static int columns_of(const char *text, size_t bytes)
{
    int columns = 0;
    for (size_t i = 0; i < bytes; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

int screen_columns(const char *text)
{
    return columns_of(text, strlen(text));
}

void screen_field(FILE *out, const char *text, int width)
{
    fputs(text, out);
    const int rest = width - screen_columns(text);
    if (rest > 0)
        fprintf(out, "%*s", rest, "");
}

void screen_break(FILE *out, int at, int indent, int width, const char *text)
{
    bool first = true;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        const size_t bytes = strcspn(text, " ");
        const int columns = columns_of(text, bytes);
        if (!first && at + 1 + columns > width) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            fputc(' ', out);
            at++;
        }
        fwrite(text, 1, bytes, out);
        at += columns;
        text += bytes;
        first = false;
    }
}

void screen_say(const struct screen *screen, enum screen_colour colour, int indent,
                const char *text)
{
    fputs(screen_begin(screen, colour), screen->out);
    screen_break(screen->out, 0, indent, SCREEN_WIDTH, text);
    fprintf(screen->out, "%s\n", screen_end(screen));
}

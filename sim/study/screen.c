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

int screen_columns(const char *text)
{
    int columns = 0;
    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

/* Bytes of the word that begins there. */
static int word_bytes(const char *text)
{
    return (int)strcspn(text, " ");
}

static int word_columns(const char *text, int bytes)
{
    int columns = 0;
    for (int i = 0; i < bytes; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

void screen_say(const struct screen *screen, enum screen_colour colour, int indent,
                const char *text)
{
    int at = 0;
    fputs(screen_begin(screen, colour), screen->out);
    while (*text != '\0') {
        const int bytes = word_bytes(text);
        const int columns = word_columns(text, bytes);
        if (at > 0 && at + 1 + columns > SCREEN_WIDTH) {
            fprintf(screen->out, "\n%*s", indent, "");
            at = indent;
        } else if (at > 0) {
            fputc(' ', screen->out);
            at++;
        }
        fprintf(screen->out, "%.*s", bytes, text);
        at += columns;
        text += bytes;
        text += *text == ' ';
    }
    fprintf(screen->out, "%s\n", screen_end(screen));
}

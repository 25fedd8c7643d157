/*
 * screen.h - where people read: a terminal, or what its text goes to instead.
 *
 * A terminal is coloured unless NO_COLOR is set or TERM is dumb (no-color.org).
 */
#ifndef SIM_STUDY_SCREEN_H
#define SIM_STUDY_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#define SCREEN_WIDTH 80 /* of what is no terminal */

struct screen {
    FILE *out;
    bool terminal, coloured;
    int width;    /* columns */
    bool verbose; /* more than fits one screen is asked for */
};

enum screen_colour { SCREEN_PLAIN, SCREEN_GOOD, SCREEN_DOUBT, SCREEN_BAD, SCREEN_STRONG };

void screen_open(struct screen *screen, FILE *out, bool verbose);

/* What begins a colour, and what ends any; "" where there are none. */
const char *screen_begin(const struct screen *screen, enum screen_colour colour);
const char *screen_end(const struct screen *screen);

/* A paragraph, broken at blanks so that no line is wider than SCREEN_WIDTH where that can be; all
 * but the first begin with so many blanks. */
void screen_say(const struct screen *screen, enum screen_colour colour, int indent,
                const char *text);

/* Words from column `at` on, broken at blanks so that no line is wider than `width` where that can
 * be; further lines begin with `indent` blanks. The last one is not ended. */
void screen_break(FILE *out, int at, int indent, int width, const char *text);

/* So many columns wide, as far as it is shorter. */
void screen_field(FILE *out, const char *text, int width);

/* Columns that a text of UTF-8 takes. */
int screen_columns(const char *text);

#endif

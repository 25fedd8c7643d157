/*
 * lines.h - text on a screen of 80 columns.
 */
#ifndef MODELS_ADVICE_LINES_H
#define MODELS_ADVICE_LINES_H

#include <stdio.h>

#define LINES_WIDTH 79
#define LINES_HEAD  14 /* where texts begin, behind their heads */

/* The head, then the text, broken at blanks; further lines begin where the text does. */
void lines_print(FILE *out, const char *head, const char *text);

#endif

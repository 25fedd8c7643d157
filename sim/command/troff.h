/*
 * troff.h - text for manual pages: what troff would take for an order is made plain.
 */
#ifndef SIM_COMMAND_TROFF_H
#define SIM_COMMAND_TROFF_H

#include <stdio.h>

/* .TH, .SH or .SS with its words; none of them has a quote. */
void troff_title(FILE *out, const char *name, int section, const char *date, const char *source);
void troff_section(FILE *out, const char *name);
void troff_subsection(FILE *out, const char *name);

/* A command line: the program, a command or NULL, and the rest. */
void troff_command(FILE *out, const char *program, const char *command, const char *rest);

/* Lines of text; an empty one begins a paragraph. */
void troff_paragraphs(FILE *out, const char *text);
/* Lines as they are. */
void troff_example(FILE *out, const char *text);
/* A term in bold, more of it in italics (or NULL), and what it is. */
void troff_item(FILE *out, const char *term, const char *more, const char *text);
/* Another paragraph of what it is. */
void troff_more(FILE *out, const char *text);

#endif

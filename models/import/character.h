/*
 * character.h - texts of unknown origin, a character at a time.
 */
#ifndef MODELS_IMPORT_CHARACTER_H
#define MODELS_IMPORT_CHARACTER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/text.h"

/* The code at *at, which moves behind it. What is no UTF-8 is a byte of ISO-8859-1, as Java reads
 * properties. Not at the end of the text. */
uint32_t character_next(const char **at);

/* May it stand in YAML as it is, within a line? */
bool character_is_plain(uint32_t code);

/* As UTF-8; one that is none, such as half a surrogate pair, as U+FFFD. */
void character_add(struct text *text, uint32_t code);

/* Does the text have the form, an extended regular expression of POSIX? */
bool character_match(const char *text, const char *form);

#endif

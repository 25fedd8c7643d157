/*
 * scalar.c - SnakeYAML's resolver and YAMLParser of jackson-dataformat-yaml 2.12, rule by rule.
 */
#include "models/import/scalar.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/character.h"
#include "sim/core/check.h"
#include "sim/core/text.h"

#define TRUE_WORDS  "yes|Yes|YES|true|True|TRUE|on|On|ON"
#define FALSE_WORDS "no|No|NO|false|False|FALSE|off|Off|OFF"
#define NULL_WORDS  "~|null|Null|NULL"

/* A number of base 60 is none to Jackson, so it is left out here. */
#define INT_FORM                                                                                   \
    "^([-+]?0b_*[01][01_]*|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x_*[0-9a-fA-F][0-9a-fA-F_]*)" \
    "$"
#define FLOAT_FORM "^[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?$"

enum scalar_type scalar_type(const struct node *node)
{
    const char *const text = node->text;
    if (node->quoted)
        return SCALAR_TEXT;
    if (text[0] == '\0' || text_find_word(NULL_WORDS, text) >= 0)
        return SCALAR_NULL;
    if (text_find_word(TRUE_WORDS "|" FALSE_WORDS, text) >= 0)
        return SCALAR_BOOL;
    if (strchr("+-.0123456789", text[0]) == NULL)
        return SCALAR_TEXT;
    if (character_match(text, INT_FORM))
        return SCALAR_INT;
    return character_match(text, FLOAT_FORM) ? SCALAR_FLOAT : SCALAR_TEXT;
}

static const char *without_underscores(struct arena *arena, const char *text)
{
    char *const digits = ARENA_ARRAY(arena, char, strlen(text) + 1);
    size_t count = 0;
    for (; *text != '\0'; text++)
        if (*text != '_')
            digits[count++] = *text;
    return digits;
}

/* 0b101, 0x10, 010, 4_194_304, +5: all digits of a decimal number stay, however many they are. */
static const char *whole_text(struct arena *arena, const char *text)
{
    const char *digits = without_underscores(arena, text);
    const bool negative = digits[0] == '-';
    digits += digits[0] == '-' || digits[0] == '+';
    if (digits[0] != '0')
        return negative ? arena_format(arena, "-%s", digits) : digits;
    const int base = digits[1] == 'x' ? 16 : digits[1] == 'b' ? 2 : 8;
    const uint64_t value = strtoull(base == 8 ? digits : digits + 2, NULL, base);
    return arena_format(arena, "%s%" PRIu64, negative && value > 0 ? "-" : "", value);
}

/* Double.toString(): the fewest digits that are this number, one at least behind the point, and a
 * power of ten below 1e-3 and from 1e7 on. */
static const char *real_text(struct arena *arena, const char *text)
{
    enum { DIGITS_MAX = 17 };
    const double value = strtod(without_underscores(arena, text), NULL);
    const char *form = "";
    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        form = arena_format(arena, "%.*e", digits - 1, fabs(value));
        if (strtod(form, NULL) == fabs(value))
            break;
    }
    const char *const sign = signbit(value) != 0 ? "-" : "";
    const char *const e = strchr(form, 'e');
    if (e == NULL)
        return isinf(value) ? arena_format(arena, "%sInfinity", sign) : "NaN";
    const long power = strtol(e + 1, NULL, 10);
    const char *const rest = form[1] == '.' ? form + 2 : e; /* of the digits */
    const int count = (int)(e - rest);
    if (value != 0 && (power < -3 || power >= 7))
        return arena_format(arena, "%s%c.%.*sE%ld", sign, form[0], count > 0 ? count : 1,
                            count > 0 ? rest : "0", power);
    const int behind = count > power ? count - (int)power : 1;
    return arena_format(arena, "%s%.*f", sign, behind, fabs(value));
}

const char *scalar_text(struct arena *arena, const struct node *node)
{
    if (node->kind != NODE_SCALAR)
        return "";
    switch (scalar_type(node)) {
    case SCALAR_NULL:
        return "null";
    case SCALAR_BOOL:
        return text_find_word(TRUE_WORDS, node->text) >= 0 ? "true" : "false";
    case SCALAR_INT:
        return whole_text(arena, node->text);
    case SCALAR_FLOAT:
        return real_text(arena, node->text);
    case SCALAR_TEXT:
        break;
    }
    return node->text;
}

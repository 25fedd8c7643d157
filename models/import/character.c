/*
 * character.c - UTF-8 there and back; forms.
 */
#include "models/import/character.h"

#include <regex.h>
#include <stddef.h>

#include "sim/core/check.h"

#define REPLACEMENT 0xfffd

uint32_t character_next(const char **at)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *const bytes = (const unsigned char *)*at;
    const int count = bytes[0] < 0xc2 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    ++*at;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4)
        return bytes[0];
    uint32_t code = bytes[0] & (0xffU >> (count + 1));
    for (int i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return bytes[0];
        code = code << 6 | (bytes[i] & 0x3fU);
    }
    if (code < smallest[count] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return bytes[0];
    *at += count - 1;
    return code;
}

bool character_is_plain(uint32_t code)
{
    if (code < ' ' || (code >= 0x7f && code < 0xa0))
        return false;
    if (code == 0x2028 || code == 0x2029 || code == 0xfeff) /* ends of lines, a mark */
        return false;
    return code < 0xd800 || (code >= 0xe000 && code < 0xfffe) ||
           (code >= 0x10000 && code < 0x110000);
}

void character_add(struct text *text, uint32_t code)
{
    if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
        code = REPLACEMENT;
    if (code < 0x80)
        text_format(text, "%c", (int)code);
    else if (code < 0x800)
        text_format(text, "%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 0x3f)));
    else if (code < 0x10000)
        text_format(text, "%c%c%c", (int)(0xe0 | code >> 12), (int)(0x80 | (code >> 6 & 0x3f)),
                    (int)(0x80 | (code & 0x3f)));
    else
        text_format(text, "%c%c%c%c", (int)(0xf0 | code >> 18), (int)(0x80 | (code >> 12 & 0x3f)),
                    (int)(0x80 | (code >> 6 & 0x3f)), (int)(0x80 | (code & 0x3f)));
}

bool character_match(const char *text, const char *form)
{
    regex_t expression;
    CHECK(regcomp(&expression, form, REG_EXTENDED | REG_NOSUB) == 0);
    const bool matches = regexec(&expression, text, 0, NULL, 0) == 0;
    regfree(&expression);
    return matches;
}

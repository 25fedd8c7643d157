/*
 * test_lines.c - texts are broken at blanks, and no line is wider than a screen.
 *
 * guards: models/advice/lines
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "models/advice/lines.h"

Test(lines, fit)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    lines_print(out, "head",
                "twelve \u00b1 more words than can stand in one line of eighty columns "
                "behind a head of fourteen");
    fclose(out);
    cr_expect_str_eq(text,
                     "head          twelve \u00b1 more words than can stand in one line of eighty"
                     " columns\n              behind a head of fourteen\n");
    free(text);
}

/*
 * budget.c - a count, such as 50M.
 */
#include "models/advice/budget.h"

#include "sim/input/quantity.h"

#define BUDGET_MAX 1e15

bool budget_read(const struct options *options, double fallback, struct arena *arena,
                 double *records)
{
    const char *const text = options_own(options, "budget");
    *records = fallback;
    if (text == NULL)
        return true;
    struct diag diag;
    struct quantity_value value;
    diag_init(&diag, arena);
    const struct place place = {.file = "--budget", .line = 1, .column = 1};
    const bool good =
        quantity_read(&quantity_count, 1, BUDGET_MAX, &diag, place, "budget", text, &value);
    diag_print(&diag, stderr);
    if (good)
        *records = value.real;
    return good;
}

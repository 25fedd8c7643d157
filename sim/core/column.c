/*
 * column.c - a column that nobody fills.
 */
#include "sim/core/column.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/check.h"

#define UNFILLED      UINT64_C(0x7ff80000c01de175) /* quiet */
#define SIGN          UINT64_C(0x8000000000000000) /* arithmetic may turn it round */
#define MESSAGE_BYTES 256

double column_unfilled(void)
{
    const uint64_t bits = UNFILLED;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool column_is_unfilled(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & ~SIGN) == UNFILLED;
}

void columns_clear(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = column_unfilled();
}

void columns_check(const struct column *columns, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!column_is_unfilled(values[i]))
            continue;
        char message[MESSAGE_BYTES];
        snprintf(message, sizeof message, "the column %s has been filled", columns[i].name);
        check_failed(message, __FILE__, __LINE__);
    }
}

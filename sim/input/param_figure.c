/*
 * param_figure.c - what a field holds, as a number in the unit that results use.
 */
#include <math.h>

#include "sim/input/param.h"

#define NS_PER_MS 1e6

static double real_of(enum param_kind kind, const void *field)
{
    switch (kind) {
    case PARAM_COUNT:
    case PARAM_BYTES:
    case PARAM_MILLIS:
        return (double)*(const int64_t *)field;
    case PARAM_TIME:
        return *(const sim_time *)field == SIM_NEVER ? (double)INFINITY
                                                     : (double)*(const sim_time *)field / NS_PER_MS;
    case PARAM_RATE:
    case PARAM_BYTE_RATE:
    case PARAM_NUMBER:
        return *(const double *)field;
    case PARAM_DIST_COUNT:
    case PARAM_DIST_BYTES:
        return dist_spec_mean(field);
    case PARAM_DIST_TIME:
        return dist_spec_mean(field) / NS_PER_MS;
    case PARAM_TEXT:
    case PARAM_BOOL:
    case PARAM_CHOICE:
    case PARAM_TIMES:
    case PARAM_CUSTOM:
        break;
    }
    return (double)NAN;
}

bool param_figure(const struct param *row, const void *params, double *figure)
{
    *figure = real_of(row->kind, (const char *)params + row->offset);
    return !isnan(*figure);
}

bool param_is_random(const struct param *row, const void *params)
{
    switch (row->kind) {
    case PARAM_DIST_COUNT:
    case PARAM_DIST_BYTES:
    case PARAM_DIST_TIME:
        return !dist_is_constant((const void *)((const char *)params + row->offset));
    case PARAM_TEXT:
    case PARAM_COUNT:
    case PARAM_BYTES:
    case PARAM_MILLIS:
    case PARAM_TIME:
    case PARAM_RATE:
    case PARAM_BYTE_RATE:
    case PARAM_NUMBER:
    case PARAM_BOOL:
    case PARAM_CHOICE:
    case PARAM_TIMES:
    case PARAM_CUSTOM:
        break;
    }
    return false;
}

/*
 * dist_scale.c - the same distribution in other units, so to speak.
 */
#include "sim/core/dist.h"

struct dist_spec dist_spec_scaled(struct arena *arena, const struct dist_spec *spec, double factor)
{
    struct dist_spec scaled = *spec;
    scaled.mean *= factor;
    scaled.min *= factor;
    scaled.max *= factor;
    if (spec->values != NULL) {
        double *const values = ARENA_ARRAY(arena, double, spec->count);
        for (size_t i = 0; i < spec->count; i++)
            values[i] = factor * spec->values[i];
        scaled.values = values;
    }
    if (spec->parts != NULL) {
        struct dist_spec *const parts = ARENA_ARRAY(arena, struct dist_spec, spec->count);
        for (size_t i = 0; i < spec->count; i++)
            parts[i] = dist_spec_scaled(arena, &spec->parts[i], factor);
        scaled.parts = parts;
    }
    return scaled;
}

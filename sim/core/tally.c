/*
 * tally.c - the parts of the statistics that are not hot.
 */
#include "sim/core/tally.h"

#include <math.h>

#include "sim/core/check.h"

void tally_merge(struct tally *into, const struct tally *from)
{
    if (from->count == 0)
        return;
    into->max = into->count == 0 || from->max > into->max ? from->max : into->max;
    into->count += from->count;
    into->sum += from->sum;
}

double tally_mean(const struct tally *tally)
{
    return tally->count == 0 ? NAN : tally->sum / (double)tally->count;
}

double tally_max(const struct tally *tally)
{
    return tally->count == 0 ? NAN : tally->max;
}

void level_init(struct level *level, sim_time now, double value)
{
    *level = (struct level){.value = value, .min = value, .max = value, .since = now, .start = now};
}

void level_forget(struct level *level, sim_time now)
{
    level_init(level, now, level->value);
}

double level_mean(const struct level *level, sim_time now)
{
    CHECK(now >= level->since);
    if (now == level->start)
        return level->value;
    const double rest = level->value * (double)(now - level->since);
    return (level->area + rest) / (double)(now - level->start);
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    into->count += from->count;
    for (int i = 0; i < HISTOGRAM_CELLS; i++)
        into->cells[i] += from->cells[i];
}

static unsigned shift_of(unsigned cell)
{
    return cell < 2 * HISTOGRAM_SUB ? 0 : cell / HISTOGRAM_SUB - 1;
}

int64_t histogram_least(unsigned cell)
{
    const unsigned shift = shift_of(cell);
    return (int64_t)((uint64_t)(cell - shift * HISTOGRAM_SUB) << shift);
}

/* Of the whole numbers that histogram_cell() puts into this cell. */
static double middle(unsigned cell)
{
    return (double)histogram_least(cell) + 0.5 * (double)(((uint64_t)1 << shift_of(cell)) - 1);
}

double histogram_quantile(const struct histogram *histogram, double p)
{
    CHECK(p >= 0 && p <= 1);
    if (histogram->count == 0)
        return NAN;
    const double rank = fmax(1, ceil(p * (double)histogram->count));
    int64_t below = 0;
    unsigned cell = 0;
    for (; cell < HISTOGRAM_CELLS - 1; cell++) {
        below += histogram->cells[cell];
        if ((double)below >= rank)
            break;
    }
    return middle(cell);
}

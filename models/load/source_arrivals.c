/*
 * source_arrivals.c - when input records arrive, and how many have.
 *
 * Poisson and constant arrivals at one rate have loops of their own. Everything else is a walk in
 * units of the mean gap, warped twice: a profile changes how long a unit is, and the quiet phases
 * of bursts are left out of the clock. So phases keep their lengths whatever the profile does.
 */
#include <math.h>

#include "models/load/source_parts.h"

static sim_time instant(double ns)
{
    return ns < 0x1p62 ? (sim_time)ns : SIM_NEVER;
}

/* The clock that stands still in quiet phases, at an instant of the run. */
static double to_clock(const struct source *source, double ns)
{
    if (!(source->cycle > 0))
        return ns;
    const double cycles = floor((ns + source->phase) / source->cycle);
    const double within = ns + source->phase - cycles * source->cycle;
    return cycles * source->busy + fmin(within, source->busy);
}

/* And back: the end of a busy phase is the start of the next one. */
static double from_clock(const struct source *source, double clock)
{
    if (!(source->cycle > 0))
        return clock;
    const double cycles = floor(clock / source->busy);
    const double within = fmax(clock - cycles * source->busy, 0);
    return cycles * source->cycle + within - source->phase;
}

/* The rate changes at walk->until: what holds from there. */
static void turn(const struct source *source, struct source_walk *walk)
{
    const struct load_spec *const spec = source->load->spec;
    const struct profile *const profile = spec->profile;
    const double rate = walk->change > 0 ? profile->changes[walk->change - 1].rate : spec->rate;
    const double stretched = source->cycle > 0 ? source->busy / source->cycle : 1;
    walk->gap = rate > 0 ? 1e9 / (rate * source->unit->share) * stretched : INFINITY;
    walk->until = walk->change < profile->count
                      ? to_clock(source, (double)profile->changes[walk->change].at)
                      : INFINITY;
    walk->change++;
}

static double draw_units(const struct source *source, struct source_walk *walk)
{
    const struct load *const load = source->load;
    switch (load->spec->arrivals->kind) {
    case ARRIVALS_POISSON:
    case ARRIVALS_BURSTS:
        break;
    case ARRIVALS_CONSTANT:
        return walk->count == 0 ? rng_uniform(&walk->rng) : 1;
    case ARRIVALS_GAMMA:
        if (walk->count == 0)
            return rng_uniform(&walk->rng) * dist_draw(load->first_gap, &walk->rng);
        return dist_draw(load->gaps, &walk->rng);
    }
    return rng_exponential(&walk->rng);
}

static void step_varying(const struct source *source, struct source_walk *walk)
{
    double units = draw_units(source, walk);
    walk->count++;
    while (!(units * walk->gap < walk->until - walk->clock)) {
        if (isinf(walk->until)) {
            walk->clock = INFINITY; /* nothing comes any more */
            return;
        }
        units = fmax(units - (walk->until - walk->clock) / walk->gap, 0);
        walk->clock = walk->until;
        turn(source, walk);
    }
    walk->clock += units * walk->gap;
}

static void step_poisson(struct source_walk *walk, double gap)
{
    walk->clock += gap * rng_exponential(&walk->rng);
    walk->count++;
}

static enum source_kind choose_kind(const struct source *source)
{
    const struct load_spec *const spec = source->load->spec;
    if (spec->trace != NULL)
        return SOURCE_TRACE;
    if (source->unit->keys->alias.count == 0)
        return SOURCE_SILENT;
    if (isinf(spec->rate))
        return SOURCE_SATURATED;
    if (spec->profile->count == 0 && spec->arrivals->kind == ARRIVALS_POISSON)
        return SOURCE_POISSON;
    if (spec->profile->count == 0 && spec->arrivals->kind == ARRIVALS_CONSTANT)
        return SOURCE_CONSTANT;
    return SOURCE_VARYING;
}

void source_begin_arrivals(struct source *source)
{
    const struct arrivals_spec *const arrivals = source->load->spec->arrivals;
    source->kind = choose_kind(source);
    if (source->kind == SOURCE_POISSON || source->kind == SOURCE_CONSTANT)
        source->gap = 1e9 / (source->load->spec->rate * source->unit->share);
    if (source->kind == SOURCE_CONSTANT)
        source->phase = source->gap * rng_uniform(&source->drawn.rng);
    if (source->kind != SOURCE_VARYING)
        return;
    if (arrivals->kind == ARRIVALS_BURSTS) {
        source->busy = (double)arrivals->busy;
        source->cycle = source->busy + (double)arrivals->quiet;
        source->phase = source->cycle * rng_uniform(&source->drawn.rng);
    }
    source->drawn.clock = to_clock(source, 0);
    turn(source, &source->drawn);
}

/* The k-th arrival, from 0: computed afresh, so the spacing has no drift. */
static sim_time constant_arrival(const struct source *source, int64_t k)
{
    return instant(floor(source->phase + (double)k * source->gap + 0.5));
}

static sim_time trace_arrival(const struct source *source, size_t k)
{
    return source->load->spec->trace->rows[source->unit->rows[k]].at;
}

static void draw_poisson(struct source *source)
{
    struct source_walk walk = source->drawn;
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        step_poisson(&walk, source->gap);
        source->inputs[i].when = instant(walk.clock);
    }
    source->drawn = walk;
}

static void draw_varying(struct source *source)
{
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        step_varying(source, &source->drawn);
        source->inputs[i].when = instant(from_clock(source, source->drawn.clock));
    }
}

static void draw_constant(struct source *source)
{
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->inputs[i].when = constant_arrival(source, source->drawn.count++);
}

/* The next rows; behind the last there is nothing to come, which emits nothing. */
static void take_from_trace(struct source *source)
{
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        struct source_input *const input = &source->inputs[i];
        const size_t k = (size_t)source->drawn.count++;
        const bool there = k < source->unit->row_count;
        *input = (struct source_input){.when = there ? trace_arrival(source, k) : SIM_NEVER,
                                       .emit = there};
    }
}

void source_fill_arrivals(struct source *source)
{
    switch (source->kind) {
    case SOURCE_POISSON:
        draw_poisson(source);
        break;
    case SOURCE_CONSTANT:
        draw_constant(source);
        break;
    case SOURCE_VARYING:
        draw_varying(source);
        break;
    case SOURCE_SATURATED: /* at 0, as they are made */
        source->drawn.count += SOURCE_BLOCK;
        break;
    case SOURCE_TRACE:
    case SOURCE_SILENT: /* as if behind the last row */
        take_from_trace(source);
        break;
    }
}

static void step(const struct source *source, struct source_walk *walk)
{
    if (source->kind == SOURCE_POISSON)
        step_poisson(walk, source->gap);
    else
        step_varying(source, walk);
}

static int64_t ahead_of_walk(struct source *source, sim_time now)
{
    CHECK(now >= source->scouted);
    source->scouted = now;
    for (uint32_t i = source->next_input; i < SOURCE_BLOCK; i++)
        if (source->inputs[i].when > now)
            return i - source->next_input;
    struct source_walk *const scout = &source->scout;
    if (scout->count <= source->drawn.count) {
        *scout = source->drawn;
        step(source, scout);
    }
    while (instant(from_clock(source, scout->clock)) <= now)
        step(source, scout);
    return scout->count - 1 - source_announced(source);
}

/* The quotient, rounded down, is the count or one less. */
static int64_t ahead_of_constant(const struct source *source, sim_time now)
{
    const int64_t first = source_announced(source);
    int64_t count = (int64_t)(((double)now + 0.5 - source->phase) / source->gap);
    count = count < first ? first : count;
    while (constant_arrival(source, count) <= now)
        count++;
    return count - first;
}

static int64_t ahead_of_trace(const struct source *source, sim_time now)
{
    const size_t rows = source->unit->row_count;
    const size_t first = (size_t)source_announced(source);
    size_t low = first < rows ? first : rows;
    const size_t start = low;
    size_t high = rows;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (trace_arrival(source, middle) <= now)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)(low - start);
}

int64_t source_ahead(struct source *source, sim_time now)
{
    CHECK(now < SIM_NEVER);
    switch (source->kind) {
    case SOURCE_POISSON:
    case SOURCE_VARYING:
        return ahead_of_walk(source, now);
    case SOURCE_CONSTANT:
        return ahead_of_constant(source, now);
    case SOURCE_SATURATED:
        return SOURCE_UNLIMITED;
    case SOURCE_TRACE:
        return ahead_of_trace(source, now);
    case SOURCE_SILENT:
        break;
    }
    return 0;
}

/* What has been announced ahead of its arrival is in the block still. */
int64_t source_arrived(struct source *source, sim_time now)
{
    const int64_t ahead = source_ahead(source, now);
    uint32_t at = source->next_input;
    if (ahead == SOURCE_UNLIMITED)
        return SOURCE_UNLIMITED;
    while (at > 0 && source->inputs[at - 1].when > now)
        at--;
    return source_announced(source) - (source->next_input - at) + ahead;
}

/* The k-th arrival, from 0, of those that need no walk. */
static sim_time arrival_of(const struct source *source, int64_t k)
{
    if (source->kind == SOURCE_CONSTANT)
        return constant_arrival(source, k);
    const bool there = source->kind == SOURCE_TRACE && (size_t)k < source->unit->row_count;
    return there ? trace_arrival(source, (size_t)k) : SIM_NEVER;
}

/* The generator in registers, as in draw_poisson(). */
static void pass_poisson(const struct source *source, struct source_look *look, sim_time until)
{
    struct source_walk walk = look->walk;
    const int64_t before = walk.count;
    do {
        step_poisson(&walk, source->gap);
        look->next = instant(walk.clock);
    } while (look->next <= until);
    look->passed += walk.count - before;
    look->walk = walk;
}

static void pass_varying(const struct source *source, struct source_look *look)
{
    step_varying(source, &look->walk);
    look->passed++;
    look->next = instant(from_clock(source, look->walk.clock));
}

void source_look_begin(const struct source *source, struct source_look *look)
{
    CHECK(source->drawn.count == 0);
    *look = (struct source_look){.walk = source->drawn, .next = SIM_NEVER};
    if (source->kind == SOURCE_SATURATED) {
        look->passed = SOURCE_UNLIMITED;
    } else if (source->kind == SOURCE_POISSON || source->kind == SOURCE_VARYING) {
        step(source, &look->walk);
        look->next = instant(from_clock(source, look->walk.clock));
    } else {
        look->next = arrival_of(source, 0);
    }
}

void source_look_pass(const struct source *source, struct source_look *look, sim_time until)
{
    CHECK(until < SIM_NEVER);
    while (look->next <= until) {
        if (source->kind == SOURCE_POISSON)
            pass_poisson(source, look, until);
        else if (source->kind == SOURCE_VARYING)
            pass_varying(source, look);
        else
            look->next = arrival_of(source, ++look->passed);
    }
}

double source_look_rate(const struct source *source, const struct source_look *look)
{
    const double gap = source->kind == SOURCE_VARYING ? look->walk.gap : source->gap;
    return gap > 0 ? 1 / gap : 0;
}

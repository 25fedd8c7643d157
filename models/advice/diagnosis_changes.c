/*
 * diagnosis_changes.c - changes are made of remedies and run beside the job as it stands.
 */
#include <math.h>
#include <string.h>

#include "models/advice/diagnosis.h"
#include "sim/core/check.h"
#include "sim/core/text.h"

/* Changes of several remedies are many: two runs of each, of as many as the budget is enough for,
 * but at least of some. */
#define EXTENSION_TRIES 2
#define EXTENSIONS_MIN  6

/* Of the budget, what single remedies may take. */
#define SINGLE 0.6

static struct change *next_of(struct diagnosis *diagnosis)
{
    if (diagnosis->count == diagnosis->room) {
        const size_t room = diagnosis->room == 0 ? 64 : 2 * diagnosis->room;
        struct change *const changes = ARENA_ARRAY(diagnosis->arena, struct change, room);
        if (diagnosis->count > 0)
            memcpy(changes, diagnosis->changes, diagnosis->count * sizeof(*changes));
        diagnosis->changes = changes;
        diagnosis->room = room;
    }
    return &diagnosis->changes[diagnosis->count++];
}

static bool is_same(const struct change *change, const struct change *other)
{
    if (change->set_count != other->set_count)
        return false;
    for (size_t i = 0; i < change->set_count; i++)
        if (strcmp(change->sets[i], other->sets[i]) != 0)
            return false;
    return true;
}

static size_t find(const struct diagnosis *diagnosis, const struct change *change)
{
    for (size_t i = 0; i < diagnosis->count; i++)
        if (is_same(&diagnosis->changes[i], change))
            return i;
    return DIAGNOSIS_NONE;
}

/* What its parts say together. */
static void put_together(struct change *change, struct arena *arena)
{
    struct text name;
    text_init(&name, arena);
    change->sets = ARENA_ARRAY(arena, const char *, change->part_count *REMEDY_WORDS_MAX);
    change->set_count = 0;
    change->price = 0;
    for (size_t p = 0; p < change->part_count; p++) {
        const struct part *const part = &change->parts[p];
        text_format(&name, "%s%s", p > 0 ? ", " : "", part->words.change);
        change->price += part->times * remedies[part->remedy].price;
        for (size_t w = 0; w < part->words.count; w++)
            change->sets[change->set_count++] = part->words.sets[w];
    }
    change->name = name.start;
}

/* The part that sets what the remedy sets; NULL: there is none. */
static struct part *part_of(struct change *change, size_t remedy)
{
    for (size_t p = 0; p < change->part_count; p++)
        if (remedies[change->parts[p].remedy].row == remedies[remedy].row)
            return &change->parts[p];
    return NULL;
}

/* The same step once more goes further; another value of the same parameter undoes it. */
static bool may_have(struct change *change, size_t remedy)
{
    const struct part *const part = part_of(change, remedy);
    if (part == NULL)
        return change->part_count < PARTS_MAX;
    return part->remedy == remedy && remedies[remedy].how == REMEDY_TIMES;
}

/* The number of the change `from` (NULL: none) with what the remedy is of a job so changed;
 * DIAGNOSIS_NONE: that is nothing, or cannot be. */
static size_t add(struct diagnosis *diagnosis, const struct change *from, size_t remedy)
{
    struct change change = from != NULL ? *from : (struct change){.name = NULL};
    const struct fanout_params *const params =
        from != NULL ? diagnosis->trials.list[from->trial].point.params : diagnosis->params;
    const struct remedy_words words = remedy_words(&remedies[remedy], params, diagnosis->arena);
    if (words.count == 0 || !may_have(&change, remedy))
        return DIAGNOSIS_NONE;
    struct part *part = part_of(&change, remedy);
    if (part == NULL)
        part = &change.parts[change.part_count++];
    *part = (struct part){.remedy = remedy, .times = part->times + 1, .words = words};
    change.whole = DIAGNOSIS_NONE;
    put_together(&change, diagnosis->arena);
    const size_t found = find(diagnosis, &change);
    if (found != DIAGNOSIS_NONE)
        return found;
    change.trial = diagnosis_add(diagnosis, change.sets, change.set_count, false);
    if (diagnosis->trials.list[change.trial].refused != NULL)
        return DIAGNOSIS_NONE;
    *next_of(diagnosis) = change;
    return diagnosis->count - 1;
}

size_t changes_set(struct diagnosis *diagnosis, enum fanout_row row, int64_t value)
{
    struct change change = {.set_count = 1, .whole = DIAGNOSIS_NONE};
    const char *const name = fanout_param_table.rows[row].path;
    change.sets = ARENA_ARRAY(diagnosis->arena, const char *, 1);
    change.sets[0] = remedy_word(row, value, diagnosis->arena);
    change.name = arena_format(diagnosis->arena, "%s %s", strchr(name, '.') + 1,
                               remedy_value(row, value, diagnosis->arena));
    const size_t found = find(diagnosis, &change);
    if (found != DIAGNOSIS_NONE)
        return found;
    change.trial = diagnosis_add(diagnosis, change.sets, 1, false);
    *next_of(diagnosis) = change;
    return diagnosis->count - 1;
}

static double cost_of_a_run(const struct diagnosis *diagnosis)
{
    return diagnosis_cost(diagnosis, diagnosis->window.warm_up + diagnosis->window.duration);
}

void changes_run(struct diagnosis *diagnosis, size_t first, size_t tries, const char *doing)
{
    const size_t count = diagnosis->count - first;
    size_t *const numbers = ARENA_ARRAY(diagnosis->arena, size_t, count);
    for (size_t i = 0; i < count; i++)
        numbers[i] = diagnosis->changes[first + i].trial;
    diagnosis_run(diagnosis, doing, numbers, count, tries);
    diagnosis->spent += cost_of_a_run(diagnosis) * (double)(tries * count);
    for (size_t i = first; i < diagnosis->count; i++) {
        struct change *const change = &diagnosis->changes[i];
        change->effect = diagnosis_effect(diagnosis, change->trial, diagnosis->base);
        if (change->effect != EFFECT_UNKNOWN)
            change->gain = diagnosis_gain(diagnosis, change->trial, diagnosis->base);
    }
}

void changes_screen(struct diagnosis *diagnosis)
{
    struct remedy_words words;
    size_t count = 1; /* the job as it stands */
    for (size_t i = 0; i < remedy_count; i++) {
        words = remedy_words(&remedies[i], diagnosis->params, diagnosis->arena);
        count += words.count > 0;
    }
    window_choose(diagnosis, count, SINGLE * diagnosis->budget);
    for (size_t i = 0; i < remedy_count; i++)
        add(diagnosis, NULL, i);
    changes_run(diagnosis, 0, diagnosis->tries, "remedies");
}

/* What the remedy gains alone. */
static double gain_alone(const struct diagnosis *diagnosis, size_t remedy)
{
    for (size_t i = 0; i < diagnosis->count; i++) {
        const struct change *const change = &diagnosis->changes[i];
        if (change->part_count == 1 && change->parts[0].remedy == remedy &&
            change->parts[0].times == 1 && change->effect != EFFECT_UNKNOWN)
            return change->gain.value;
    }
    return -INFINITY;
}

/* By what they gain alone, the most first. */
static void sort(const struct diagnosis *diagnosis, size_t *sorted)
{
    for (size_t i = 0; i < remedy_count; i++) {
        const double its = gain_alone(diagnosis, i);
        size_t at = i;
        for (; at > 0 && gain_alone(diagnosis, sorted[at - 1]) < its; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = i;
    }
}

void changes_extend(struct diagnosis *diagnosis, size_t number)
{
    const struct change from = diagnosis->changes[number];
    const size_t first = diagnosis->count;
    const double left = diagnosis->budget - diagnosis->spent;
    const double enough = left / EXTENSION_TRIES / fmax(cost_of_a_run(diagnosis), 1);
    const double most = fmax(enough, EXTENSIONS_MIN);
    size_t *const sorted = ARENA_ARRAY(diagnosis->arena, size_t, remedy_count);
    sort(diagnosis, sorted);
    for (size_t i = 0; i < remedy_count && (double)(diagnosis->count - first) + 1 <= most; i++)
        add(diagnosis, &from, sorted[i]);
    changes_run(diagnosis, first, EXTENSION_TRIES, "together");
}

/* Its parts are put together again but for one; what they are depends on those before. */
size_t changes_without(struct diagnosis *diagnosis, size_t number, size_t part)
{
    const struct change whole = diagnosis->changes[number];
    const size_t first = diagnosis->count;
    struct change from;
    size_t last = DIAGNOSIS_NONE;
    for (size_t p = 0; p < whole.part_count; p++) {
        for (int i = 0; p != part && i < whole.parts[p].times; i++) {
            last = add(diagnosis, last != DIAGNOSIS_NONE ? &from : NULL, whole.parts[p].remedy);
            if (last == DIAGNOSIS_NONE)
                return DIAGNOSIS_NONE;
            from = diagnosis->changes[last];
        }
    }
    changes_run(diagnosis, first, EXTENSION_TRIES, "together");
    return last;
}

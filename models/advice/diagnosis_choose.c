/*
 * diagnosis_choose.c - the smallest change that removes the limit: one remedy, else several.
 */
#include <math.h>

#include "models/advice/diagnosis.h"

/* A short window may be wrong as often before nothing is believed any more. */
#define CONFIRMATIONS_MAX 4

/* Remedies that are put together one after the other. */
#define TOGETHER_MAX 4

/* Changes that do nearly as much, as a share of the throughput, are as good: the smaller one is
 * taken. A remedy more must do so much more. */
#define AS_GOOD 0.02

static double p99_of(const struct diagnosis *diagnosis, const struct change *change)
{
    return diagnosis_columns(diagnosis, change->trial)[COLUMN_latency_p99].value;
}

static bool is_smaller(const struct diagnosis *diagnosis, const struct change *change,
                       const struct change *than)
{
    if (change->part_count != than->part_count)
        return change->part_count < than->part_count;
    if (change->price != than->price)
        return change->price < than->price;
    return p99_of(diagnosis, change) < p99_of(diagnosis, than);
}

/* Of those from `first` on; DIAGNOSIS_NONE: nobody removes it. */
static size_t smallest_remover(const struct diagnosis *diagnosis, size_t first)
{
    const struct change *const changes = diagnosis->changes;
    size_t found = DIAGNOSIS_NONE;
    for (size_t i = first; i < diagnosis->count; i++)
        if (changes[i].effect == EFFECT_REMOVES &&
            (found == DIAGNOSIS_NONE || is_smaller(diagnosis, &changes[i], &changes[found])))
            found = i;
    return found;
}

static bool helps(enum effect effect)
{
    return effect == EFFECT_HELPS || effect == EFFECT_REMOVES;
}

static bool is_candidate(const struct change *change, bool helping)
{
    return helping ? helps(change->effect) : change->effect != EFFECT_UNKNOWN;
}

/* Of those from `first` on that have been run, or that help. */
static size_t most_gain(const struct diagnosis *diagnosis, size_t first, bool helping)
{
    const struct change *const changes = diagnosis->changes;
    size_t found = DIAGNOSIS_NONE;
    double most = -INFINITY;
    for (size_t i = first; i < diagnosis->count; i++)
        if (is_candidate(&changes[i], helping))
            most = fmax(most, changes[i].gain.value);
    for (size_t i = first; i < diagnosis->count; i++)
        if (is_candidate(&changes[i], helping) && changes[i].gain.value >= most - AS_GOOD &&
            (found == DIAGNOSIS_NONE || is_smaller(diagnosis, &changes[i], &changes[found])))
            found = i;
    return found;
}

enum effect changes_confirm(struct diagnosis *diagnosis, size_t number)
{
    struct change *const change = &diagnosis->changes[number];
    if (change->whole == DIAGNOSIS_NONE) {
        change->whole = diagnosis->window.whole
                            ? change->trial
                            : diagnosis_add(diagnosis, change->sets, change->set_count, true);
        diagnosis_run(diagnosis, "at full length", &change->whole, 1, diagnosis->replications);
    }
    change->effect = diagnosis_effect(diagnosis, change->whole, diagnosis->whole);
    return change->effect;
}

/* True: there is one, and it is chosen. */
static bool choose_remover(struct diagnosis *diagnosis, size_t first)
{
    for (int i = 0; i < CONFIRMATIONS_MAX; i++) {
        const size_t number = smallest_remover(diagnosis, first);
        if (number == DIAGNOSIS_NONE)
            return false;
        if (changes_confirm(diagnosis, number) == EFFECT_REMOVES) {
            diagnosis->chosen = &diagnosis->changes[number];
            return true;
        }
    }
    return false;
}

/* Whatever can be left out of it is. */
static void prune(struct diagnosis *diagnosis, size_t number)
{
    for (size_t part = 0; part < diagnosis->changes[number].part_count;) {
        const bool some = diagnosis->changes[number].part_count > 1;
        const size_t without = some ? changes_without(diagnosis, number, part) : DIAGNOSIS_NONE;
        if (without != DIAGNOSIS_NONE && diagnosis->changes[without].effect == EFFECT_REMOVES)
            number = without;
        else
            part++;
    }
}

/* The best so far with each of the others, and so on. */
static bool choose_together(struct diagnosis *diagnosis)
{
    size_t best = most_gain(diagnosis, 0, false);
    for (int together = 2; best != DIAGNOSIS_NONE && together <= TOGETHER_MAX; together++) {
        const size_t first = diagnosis->count;
        changes_extend(diagnosis, best);
        const size_t remover = smallest_remover(diagnosis, first);
        if (remover != DIAGNOSIS_NONE)
            prune(diagnosis, remover);
        if (choose_remover(diagnosis, first))
            return true;
        const size_t better = most_gain(diagnosis, first, false);
        if (better == DIAGNOSIS_NONE ||
            diagnosis->changes[better].gain.value < diagnosis->changes[best].gain.value + AS_GOOD)
            return false;
        best = better;
    }
    return false;
}

/* Nothing removes it: what does most. */
static void choose_helper(struct diagnosis *diagnosis)
{
    for (int i = 0; i < CONFIRMATIONS_MAX; i++) {
        const size_t number = most_gain(diagnosis, 0, true);
        if (number == DIAGNOSIS_NONE)
            return;
        if (helps(changes_confirm(diagnosis, number))) {
            diagnosis->chosen = &diagnosis->changes[number];
            return;
        }
    }
}

void changes_choose(struct diagnosis *diagnosis)
{
    if (!diagnosis_is_limited(diagnosis, diagnosis_columns(diagnosis, diagnosis->whole)) ||
        choose_remover(diagnosis, 0) || choose_together(diagnosis))
        return;
    choose_helper(diagnosis);
}

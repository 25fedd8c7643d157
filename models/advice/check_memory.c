/*
 * check_memory.c - what a producer's batches hold of buffer.memory (kafka-producer.md 4; runbook.md
 * C11, C12, C82).
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/check_parts.h"

/* The runbook's: 30 % are to stay free. */
#define RUNBOOK_SHARE 0.7

static const enum fanout_row rows[] = {ROW_batch_size, ROW_buffer_memory, ROW_COUNT};

/* Without answers a request is done when it is written. */
static int64_t in_flight(const struct check *check)
{
    return check->params->acks == ACKS_NONE ? 0 : check->params->max_in_flight;
}

/* Every partition with a batch open and one in each request that may be under way. */
static double bound(const struct check *check, double slots)
{
    return slots * (1 + (double)in_flight(check)) * check->facts.batch_bytes;
}

/* "open 115 + in flight 323 batches x 512 KiB = 219 MiB" */
static const char *occupancy(const struct check *check)
{
    const struct facts_waves *const waves = &check->facts.waves;
    struct arena *const arena = check->arena;
    return arena_format(arena, "%s open + %s in flight (%s batches/s x %s) x %s = %s",
                        words_figure(arena, waves->open), words_figure(arena, waves->in_flight),
                        words_figure(arena, waves->batches), words_time(arena, waves->latency_ns),
                        words_bytes(arena, check->facts.borrowed_bytes),
                        words_bytes(arena, waves->pinned_bytes));
}

/* The runbook's rule, the bound and what is to be expected, side by side. */
static const char *compare(const struct check *check, double open, double most)
{
    const struct facts *const facts = &check->facts;
    struct arena *const arena = check->arena;
    const double allowed = RUNBOOK_SHARE * (double)check->params->buffer_memory;
    const char *const batch = words_bytes(arena, facts->batch_bytes);
    return arena_format(
        arena,
        "the rule: %" PRId32 " x %s = %s %s 0.7 x %s = %s, it %s; the bound: %" PRId32
        " x (1 open + %" PRId64 " in flight) x %s = %s; to be expected: %s",
        facts->slots, batch, words_bytes(arena, open), open <= allowed ? "<=" : ">",
        words_bytes(arena, (double)check->params->buffer_memory), words_bytes(arena, allowed),
        open <= allowed ? "fits" : "does not fit", facts->slots, in_flight(check), batch,
        words_bytes(arena, most), occupancy(check));
}

/* Where it and the truth are not of one mind. */
static void check_rule(struct check *check)
{
    const struct facts *const facts = &check->facts;
    struct arena *const arena = check->arena;
    const double memory = (double)check->params->buffer_memory;
    const double open = facts->slots * facts->batch_bytes;
    const double most = bound(check, facts->slots);
    const bool says_fits = open <= RUNBOOK_SHARE * memory;
    const bool fits =
        says_fits ? most <= memory : facts->waves.peak_bytes <= RUNBOOK_SHARE * memory;
    const char *right = "nothing needs to change for memory's sake";
    if (says_fits == fits || check->params->allocation == ALLOCATION_INCREMENTAL || !facts->known ||
        facts->waves.pinned_bytes > memory)
        return;
    if (says_fits)
        right = arena_format(
            arena,
            "buffer.memory %s, or batch.size of at most %.0f, to hold all that may be in "
            "flight; while brokers answer within %s it holds the load",
            words_bytes(arena, most), floor(memory / most * facts->batch_bytes),
            words_time(arena, facts->waves.latency_ns));
    check_say(check, RULE_MEMORY_RULE, check_place_of_first(check, rows),
              compare(check, open, most), right);
}

static void check_full(struct check *check)
{
    const struct facts *const facts = &check->facts;
    const double memory = (double)check->params->buffer_memory;
    struct arena *const arena = check->arena;
    if (!facts->known || facts->waves.pinned_bytes <= memory)
        return;
    const double fill = facts->waves.batch_records * facts->record_bytes;
    check_say(check, RULE_MEMORY_FULL, check_place_of_first(check, rows),
              arena_format(arena, "%s of %s: send() waits for memory, and a batch has %s in it",
                           occupancy(check), words_bytes(arena, memory), words_bytes(arena, fill)),
              arena_format(arena, "batch.size of at most %.0f, or buffer.memory of at least %s",
                           floor(facts->batch_bytes * memory / facts->waves.pinned_bytes),
                           words_bytes(arena, facts->waves.peak_bytes)));
}

static void check_one_broker(struct check *check)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double memory = (double)params->buffer_memory;
    const double most = bound(check, facts->broker_slots);
    const double others = facts->waves.pinned_bytes * (1 - facts->broker_share);
    if (params->brokers == 1 || most + others <= memory ||
        params->allocation == ALLOCATION_INCREMENTAL)
        return;
    check_say(
        check, RULE_MEMORY_ONE_BROKER, check_place_of_first(check, rows),
        arena_format(arena,
                     "%" PRId32 " partitions led by one broker x (1 open + %" PRId64
                     " in flight) x %s = %s, and %s for the other %" PRId64 ", of %s: when it "
                     "does not answer, their records wait too",
                     facts->broker_slots, in_flight(check), words_bytes(arena, facts->batch_bytes),
                     words_bytes(arena, most), words_bytes(arena, others), params->brokers - 1,
                     words_bytes(arena, memory)),
        arena_format(arena, "batch.size of at most %.0f, or buffer.memory of %s",
                     floor(memory / (most + others) * facts->batch_bytes),
                     words_bytes(arena, most + others)));
}

void check_memory(struct check *check)
{
    if (check->params->batch_size == 0)
        return;
    check_rule(check);
    check_full(check);
    check_one_broker(check);
}

double check_pool_ns(const struct check *check, double share)
{
    const struct facts *const facts = &check->facts;
    const double record = facts->record_bytes * facts->batch_bytes / facts->room_bytes;
    return 1e9 * (double)check->params->buffer_memory /
           (facts_producer_rate(facts) * share * record);
}

/*
 * latency.c - the average is a matter of sums: of all instants of a batch, none is taken by record
 * but those that a record has for itself.
 */
#include "models/producer/latency.h"

#include <math.h>

#include "sim/core/check.h"

/* What is taken apart: what is slower than so many of those before, and where that is far more, as
 * in an overload, part of it. What decides is the same at all producers, whoever runs ahead. */
#define APART_FROM 0.985
#define APART_MOST 0.04
#define APART_FEW  100 /* records between two looks are never too many */

#define AROUND_FROM 0.985
#define AROUND_TO   0.995

/* What all records of a request have in common. Without an answer (acks: 0) nothing is known of
 * the broker. */
static void take_request_apart(const struct request *request, sim_time parts[LATENCY_PARTS])
{
    parts[LATENCY_WIRE] = request->due - request->dispatched;
    parts[LATENCY_BROKER_QUEUE] = parts[LATENCY_APPEND] = parts[LATENCY_REPLICATION] = 0;
    if (request->unanswered)
        return;
    parts[LATENCY_BROKER_QUEUE] = request->queued_ns - request->read_ns;
    parts[LATENCY_APPEND] = request->served_ns;
    parts[LATENCY_REPLICATION] = request->replicated_ns;
    parts[LATENCY_WIRE] -=
        parts[LATENCY_BROKER_QUEUE] + parts[LATENCY_APPEND] + parts[LATENCY_REPLICATION];
}

/* Of the first attempt. */
static inline struct batch_way way_of(const struct latency_batch *its)
{
    return __builtin_expect(its->batch->again, 0)
               ? its->batch->way
               : latency_way(its->batch, its->request, its->owner->linger_ms);
}

/* Record i of the batch. */
static void take_apart(const struct latency_batch *its, int32_t i, const struct batch_times *times,
                       sim_time parts[LATENCY_PARTS])
{
    const struct request *const request = its->request;
    const struct batch *const batch = its->batch;
    const struct batch_way way = way_of(its);
    const sim_time granted = times->sent + (i == batch->waiter ? batch->waited_ns : 0);
    const sim_time ripe = sim_later(granted, way.ripe);
    const sim_time freed = sim_later(granted, way.freed);
    const sim_time left = batch->again ? batch->left : request->dispatched;
    parts[LATENCY_SOURCE] = times->reached - times->arrived;
    parts[LATENCY_MAILBOX] = times->sent - times->reached;
    parts[LATENCY_MEMORY] = granted - times->sent;
    parts[LATENCY_LINGER] = ripe - granted;
    parts[LATENCY_IN_FLIGHT] = freed - ripe;
    parts[LATENCY_SENDER] = left - freed + its->now - request->due;
    parts[LATENCY_RETRIES] = request->dispatched - left;
    take_request_apart(request, parts);
    for (int p = 0; p < LATENCY_PARTS; p++)
        CHECK(parts[p] >= 0);
}

static struct latency_class *class_of(struct latency *latency, sim_time ns)
{
    return &latency->classes[histogram_cell(ns) / LATENCY_CLASS_CELLS];
}

/* Of two that took as long the one that arrived first, then of the first subtask and shard. */
static bool is_slower(const struct latency_slowest *a, const struct latency_slowest *b)
{
    if (b->owner == NULL || a->latency != b->latency)
        return a->latency > b->latency;
    if (a->arrived != b->arrived)
        return a->arrived < b->arrived;
    if (a->owner->subtask != b->owner->subtask)
        return a->owner->subtask < b->owner->subtask;
    if (a->owner->shard != b->owner->shard)
        return a->owner->shard < b->owner->shard;
    return a->partition < b->partition;
}

/* A record that took long. */
static void add_slow(struct latency *latency, const struct latency_slowest *its)
{
    struct latency_class *const class = class_of(latency, its->latency);
    class->records += latency->stride;
    latency->apart++;
    for (int p = 0; p < LATENCY_PARTS; p++)
        class->parts[p] += (double)latency->stride * (double)its->parts[p];
    if (is_slower(its, &latency->slowest))
        latency->slowest = *its;
}

static void take_slow_apart(struct latency *latency, const struct latency_batch *its)
{
    const struct batch_chunk *chunk = batch_first(its->batch);
    for (int32_t i = 0; i < its->batch->records; i++) {
        const struct batch_times *const times = &chunk->records[i % CHUNK_RECORDS].times;
        if (i % CHUNK_RECORDS == CHUNK_RECORDS - 1)
            chunk = chunk->next;
        if (its->now - times->arrived < latency->apart_from)
            continue;
        struct latency_slowest slow = {.latency = its->now - times->arrived,
                                       .arrived = times->arrived,
                                       .owner = its->owner,
                                       .partition =
                                           its->owner->cluster->slots[its->batch->slot].global};
        take_apart(its, i, times, slow.parts);
        add_slow(latency, &slow);
    }
}

/* Records come in the order of send(), and mostly the last few, if any, after the batch was ripe:
 * those count from then on. */
static void add_detours(struct latency_sums *sums, const struct latency_batch *its,
                        struct batch_way way)
{
    const struct batch *const batch = its->batch;
    const struct batch_chunk *chunk = batch_first(batch);
    int32_t i = 0;
    while (batch->records - i >= CHUNK_RECORDS &&
           chunk->records[CHUNK_RECORDS - 1].times.sent + batch->waited_ns <= way.ripe) {
        chunk = chunk->next;
        i += CHUNK_RECORDS;
    }
    sums->in_flight += i * (way.freed - way.ripe);
    for (int32_t k = 0; i < batch->records; i++, k++) {
        if (k == CHUNK_RECORDS) {
            chunk = chunk->next;
            k = 0;
        }
        const sim_time waited = i == batch->waiter ? batch->waited_ns : 0;
        const sim_time late = sim_later(chunk->records[k].times.sent + waited - way.ripe, 0);
        sums->linger += late;
        sums->in_flight += sim_later(way.freed - way.ripe - late, 0);
    }
    sums->linger -= batch->waited_ns;
    sums->memory += batch->waited_ns;
    if (batch->again)
        sums->retries += batch->records * (its->request->dispatched - batch->left);
}

/* In whole nanoseconds, and a chunk at a time: this is done for every record. Sums of instants are
 * taken modulo 2^64; only their differences count. */
sim_time latency_acknowledge(struct latency *latency, struct latency_sums *sums,
                             const struct latency_batch *its)
{
    const struct batch *const batch = its->batch;
    const sim_time now = its->now;
    const uint64_t records = (uint64_t)batch->records;
    uint64_t arrived = 0;
    uint64_t reached = 0;
    uint64_t sent = 0;
    sim_time first = now;
    sim_time last = 0;
    int32_t rest = batch->records;
    for (const struct batch_chunk *chunk = batch_first(batch); rest > 0; chunk = chunk->next) {
        const int32_t here = rest < CHUNK_RECORDS ? rest : CHUNK_RECORDS;
        for (int32_t i = 0; i < here; i++) {
            const struct batch_times *const times = &chunk->records[i].times;
            last = times->sent;
            arrived += (uint64_t)times->arrived;
            reached += (uint64_t)times->reached;
            sent += (uint64_t)last;
            first = sim_earlier(first, times->arrived);
            latency->histogram.cells[histogram_cell(now - times->arrived)]++;
        }
        rest -= here;
    }
    const struct batch_way way = way_of(its);
    const sim_time sum = (sim_time)(records * (uint64_t)now - arrived);
    latency->histogram.count += batch->records;
    sums->records += batch->records;
    sums->total += sum;
    sums->longest = sim_later(sums->longest, now - first);
    sums->source += (sim_time)(reached - arrived);
    sums->mailbox += (sim_time)(sent - reached);
    sums->linger += (sim_time)(records * (uint64_t)way.ripe - sent);
    if (last > way.ripe || way.freed != way.ripe || batch->waited_ns != 0 || batch->again)
        add_detours(sums, its, way);
    if (now - first >= latency->apart_from && batch->serial % (uint32_t)latency->stride == 0)
        take_slow_apart(latency, its);
    return sum;
}

/* What is left is the Sender's. */
void latency_book(struct latency_sums *sums, const struct request *request, struct tally *total,
                  double parts[LATENCY_PARTS])
{
    if (sums->records == 0)
        return;
    sim_time its[LATENCY_PARTS] = {0};
    sim_time rest = sums->total;
    take_request_apart(request, its);
    for (int p = 0; p < LATENCY_PARTS; p++)
        its[p] *= sums->records;
    its[LATENCY_SOURCE] = sums->source;
    its[LATENCY_MAILBOX] = sums->mailbox;
    its[LATENCY_MEMORY] = sums->memory;
    its[LATENCY_LINGER] = sums->linger;
    its[LATENCY_IN_FLIGHT] = sums->in_flight;
    its[LATENCY_RETRIES] = sums->retries;
    for (int p = 0; p < LATENCY_PARTS; p++)
        rest -= its[p];
    its[LATENCY_SENDER] = rest;
    tally_add_many(total, sums->records, (double)sums->total, (double)sums->longest);
    for (int p = 0; p < LATENCY_PARTS; p++)
        parts[p] += (double)its[p];
    *sums = (struct latency_sums){0};
}

static int class_of_quantile(const struct latency *latency, double p)
{
    const double ns = histogram_quantile(&latency->histogram, p);
    return (int)(histogram_cell((int64_t)ns) / LATENCY_CLASS_CELLS);
}

/* A whole class is taken apart, or none of it from now on. */
void latency_look(struct latency *latency)
{
    if (latency->histogram.count == 0)
        return;
    const int class = class_of_quantile(latency, APART_FROM);
    const double slow = (double)latency->apart * latency->stride;
    const double seen = (double)(latency->histogram.count - latency->seen);
    latency->apart_from = histogram_least((unsigned)(class * LATENCY_CLASS_CELLS));
    latency->stride = slow > APART_FEW ? (int32_t)fmax(slow / seen / APART_MOST, 1) : 1;
    latency->seen = latency->histogram.count;
    latency->apart = 0;
}

void latency_around_p99(const struct latency *latency, double parts[LATENCY_PARTS])
{
    struct latency_class sum = {0};
    if (latency->histogram.count > 0) {
        const int to = class_of_quantile(latency, AROUND_TO);
        for (int c = class_of_quantile(latency, AROUND_FROM); c <= to; c++) {
            sum.records += latency->classes[c].records;
            for (int p = 0; p < LATENCY_PARTS; p++)
                sum.parts[p] += latency->classes[c].parts[p];
        }
    }
    for (int p = 0; p < LATENCY_PARTS; p++)
        parts[p] = sum.records > 0 ? sum.parts[p] / (double)sum.records : NAN;
}

void latency_init(struct latency *latency)
{
    *latency = (struct latency){.apart_from = SIM_NEVER, .stride = 1};
}

void latency_forget(struct latency *latency)
{
    *latency = (struct latency){.stride = 1};
}

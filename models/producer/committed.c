/*
 * committed.c - one list; an end is an entry without records.
 */
#include "models/producer/committed.h"

#include "sim/core/check.h"
#include "sim/core/fifo.h"

/* As many as most transactions have batches. */
#define FIRST_BATCHES 256
#define BATCHES_MAX   ((int64_t)1 << 24)

struct committed_batch {
    struct committed_batch *next;
    sim_time time; /* of arrival; of an end: when the transaction is aborted */
    sim_time acknowledged;
    int64_t records;
    int64_t checkpoint; /* of an end */
};

void committed_init(struct committed *committed, struct arena *arena,
                    struct committed_latency *latency)
{
    *committed = (struct committed){.latency = latency};
    supply_init(&committed->supply, arena, "batches that wait for a commit",
                sizeof(struct committed_batch), FIRST_BATCHES, BATCHES_MAX);
}

static void push(struct committed *committed, const struct committed_batch *its)
{
    struct committed_batch *batch = committed->free;
    if (batch != NULL)
        committed->free = batch->next;
    else
        batch = supply_take(&committed->supply);
    *batch = *its;
    FIFO_PUSH(committed, batch);
}

static struct committed_batch pop(struct committed *committed)
{
    struct committed_batch *const batch = committed->first;
    const struct committed_batch its = *batch;
    FIFO_POP(committed);
    batch->next = committed->free;
    committed->free = batch;
    return its;
}

void committed_add(struct committed *committed, sim_time arrived, sim_time now, int64_t records)
{
    CHECK(records > 0);
    push(committed,
         &(struct committed_batch){.time = arrived, .acknowledged = now, .records = records});
}

void committed_end(struct committed *committed, int64_t checkpoint, sim_time aborts)
{
    committed->ended++;
    push(committed, &(struct committed_batch){.time = aborts, .checkpoint = checkpoint});
}

/* The end of the oldest transaction, if it is of that checkpoint or before it. */
static const struct committed_batch *ended(const struct committed *committed, int64_t checkpoint)
{
    const struct committed_batch *batch = committed->first;
    while (batch != NULL && batch->records > 0)
        batch = batch->next;
    return batch != NULL && batch->checkpoint <= checkpoint ? batch : NULL;
}

static void see(struct committed_latency *latency, const struct committed_batch *batch,
                sim_time now)
{
    const sim_time waited = now - batch->time;
    const sim_time commit = now - batch->acknowledged;
    tally_add_many(&latency->commit, batch->records, (double)commit * (double)batch->records,
                   (double)commit);
    tally_add_many(&latency->tally, batch->records, (double)waited * (double)batch->records,
                   (double)waited);
    histogram_add_many(&latency->histogram, waited, batch->records);
}

int64_t committed_commit(struct committed *committed, int64_t checkpoint, sim_time now)
{
    const struct committed_batch *end;
    int64_t lost = 0;
    while ((end = ended(committed, checkpoint)) != NULL) {
        const bool aborted = end->time <= now;
        committed->ended--;
        for (struct committed_batch its = pop(committed); its.records > 0; its = pop(committed)) {
            lost += aborted ? its.records : 0;
            if (!aborted)
                see(committed->latency, &its, now);
        }
    }
    return lost;
}

void committed_keep(struct committed *committed, int64_t checkpoint)
{
    struct committed_batch *last = NULL; /* to be kept */
    committed->ended = 0;
    for (struct committed_batch *batch = committed->first; batch != NULL; batch = batch->next) {
        if (batch->records > 0 || batch->checkpoint > checkpoint)
            continue;
        committed->ended++;
        last = batch;
    }
    struct committed_batch **const rest = last != NULL ? &last->next : &committed->first;
    if (*rest != NULL) {
        committed->last->next = committed->free;
        committed->free = *rest;
        *rest = NULL;
    }
    committed->last = last;
}

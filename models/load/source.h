/*
 * source.h - the input records of one unit of the load, in the order of their arrival.
 *
 * Arrivals are drawn when somebody asks, however far behind: nothing waits in a queue, and how many
 * wait is counted by walking a copy of the arrival stream. Arrival times, topics, keys and sizes
 * have streams of their own, so the n-th record is the same whatever the producer does with it.
 *
 * A key is drawn by its class (classes.h): its partition in each topic, its length, its owner.
 * Draws are made a block at a time, each stream in a loop of its own with the generator in
 * registers.
 *
 * A source may be copied by assignment: the copy goes on with exactly the records that the original
 * would have had.
 */
#ifndef MODELS_LOAD_SOURCE_H
#define MODELS_LOAD_SOURCE_H

#include "models/load/load.h"
#include "sim/core/check.h"

#define SOURCE_BLOCK     64
#define SOURCE_UNLIMITED INT64_MAX

/* One egress record. */
struct source_record {
    int32_t topic;
    int32_t partition; /* of the topic; -1: the sticky partitioner decides */
    int32_t key_bytes; /* -1: no key */
    int32_t value_bytes;
    /* wire_payload_bytes(); INT32_MAX for more, which no max.request.size lets through */
    int32_t payload_bytes;
    int32_t key_shard; /* floorMod(hashCode(key), K) if egress.shard-by is entity, else 0 */
    uint32_t key;      /* its number if keys are drawn exactly, else LOAD_NO_KEY */
};

enum source_kind {
    SOURCE_SILENT,
    SOURCE_POISSON,
    SOURCE_CONSTANT,
    SOURCE_VARYING, /* everything else with a rate */
    SOURCE_SATURATED,
    SOURCE_TRACE
};

/* A point of an arrival stream. The clock is a double: its last bit is below a ns for a hundred
 * days, it is rounded to the nearest and so does not drift, and rounding each arrival down moves
 * none by as much as a ns. */
struct source_walk {
    struct rng rng;
    double clock; /* of arrival number `count`, counted from 1 */
    int64_t count;
    /* Of SOURCE_VARYING, whose clock stands still in quiet phases: the rate is the same up to
     * `until`. */
    double until;
    double gap;      /* between arrivals, the mean; INFINITY: none */
    uint32_t change; /* of the profile, the next one */
};

struct source { /* taken from the arena; what it holds is its own business */
    const struct load *load;
    const struct load_unit *unit;
    const struct load_class *classes;
    const struct load_class *class; /* of the input announced last */
    int32_t topic;                  /* of what it sends; -1: drawn */
    bool singly; /* a record at a time: of a trace, or of a topic that only the input tells */
    enum source_kind kind;
    int64_t due; /* records of that input that have not been taken */
    uint32_t next_input, next_draw;
    struct source_input {
        sim_time when;
        uint32_t class;
        int32_t emit;
    } inputs[SOURCE_BLOCK];
    struct source_draw { /* of a record; what is constant is not in the sizes */
        int32_t topic;
        int32_t value_bytes;
        int32_t payload_bytes;
    } draws[SOURCE_BLOCK];

    double gap;               /* ns between arrivals, the mean; unless SOURCE_VARYING */
    double phase;             /* of constant arrivals, of bursts: where in the cycle it begins */
    double busy, cycle;       /* of bursts; the cycle is 0 without them */
    struct source_walk drawn; /* the end of the block; its count serves all kinds */
    struct source_walk scout; /* of source_ahead(): the first arrival after `scouted` */
    sim_time scouted;
    struct rng emit, keys, topics, sizes, headers;
};

struct source *source_new(struct arena *arena, const struct load *load, struct rng_seed seed,
                          int32_t unit);

/* Of inputs that come from other tasks (source_announce()): it draws only what they send. */
struct source *source_of_subtask(struct arena *arena, const struct load *load, struct rng_seed seed,
                                 int32_t subtask);

void source_fill_inputs(struct source *source);
void source_fill_draws(struct source *source);
void source_record_singly(struct source *source, struct source_record *record);

/* The arrival of the next input record, SIM_NEVER after the last; and how many records it sends.
 * Does not decrease; of a saturated load it is 0 for ever, the records are already there. Each of
 * those records must have been taken before the next call. */
static inline sim_time source_next(struct source *source, int64_t *emit)
{
    CHECK(source->due == 0);
    if (source->next_input == SOURCE_BLOCK)
        source_fill_inputs(source);
    const struct source_input *const input = &source->inputs[source->next_input++];
    source->class = &source->classes[input->class];
    *emit = source->due = input->emit;
    return input->when;
}

/* The input that source_next() announced last goes on to another task: its egress records are drawn
 * there. */
static inline void source_pass(struct source *source)
{
    source->due = 0;
}

/* An input record of that class, which sends so many records to that topic (-1: to topics that are
 * drawn), has been announced elsewhere. */
static inline void source_announce(struct source *source, const struct load_class *class,
                                   int32_t topic, int64_t emit)
{
    CHECK(source->due == 0);
    source->class = class;
    source->topic = topic;
    source->due = emit;
}

/* The input record announced last has not been begun: it will be announced again. */
static inline void source_withdraw(struct source *source)
{
    CHECK(source->next_input > 0);
    source->next_input--;
    source->due = 0;
}

/* Where a record with a key of that class goes. */
static inline uint32_t source_partition(const struct load_class *class,
                                        const struct load_topic *topic)
{
    return modulo_of(topic->partitions, class->residue);
}

/* The next egress record of the input that was announced last. */
static inline void source_record(struct source *source, struct source_record *record)
{
    CHECK(source->due > 0);
    source->due--;
    if (source->singly) {
        source_record_singly(source, record);
        return;
    }
    if (source->next_draw == SOURCE_BLOCK)
        source_fill_draws(source);
    const struct load_class *const class = source->class;
    const struct source_draw *const draw = &source->draws[source->next_draw++];
    const struct load_topic *const topic = &source->load->topics[draw->topic];
    const int64_t payload_bytes =
        (int64_t)draw->payload_bytes + topic->payload_bytes + class->field_bytes;
    const int32_t partition = (int32_t)source_partition(class, topic);
    record->topic = draw->topic;
    record->partition = source->load->sticky ? -1 : partition;
    record->key_bytes = class->key_bytes;
    record->value_bytes = topic->value_bytes + draw->value_bytes;
    record->payload_bytes = payload_bytes < INT32_MAX ? (int32_t)payload_bytes : INT32_MAX;
    record->key_shard = class->shard;
    record->key = class->key;
}

/* How many input records arrive at or before `now` that source_next() has not announced;
 * SOURCE_UNLIMITED of a saturated load. `now` does not decrease. Over a run an arrival is walked
 * once, however often this is asked. */
int64_t source_ahead(struct source *source, sim_time now);

/* How many have arrived at or before `now` since the beginning, whatever has been announced of them
 * and however often; SOURCE_UNLIMITED of a saturated load. `now` does not decrease. */
int64_t source_arrived(struct source *source, sim_time now);

/* How many inputs source_next() has announced. */
static inline int64_t source_announced(const struct source *source)
{
    return source->drawn.count - (SOURCE_BLOCK - source->next_input);
}

/* A look at arrivals only, which may be ahead of what has been announced, and of the clock. */
struct source_look {
    struct source_walk walk;
    int64_t passed; /* arrivals; SOURCE_UNLIMITED of a saturated load */
    sim_time next;  /* the first one that has not been passed; SIM_NEVER: there is none */
};

/* Before the first arrival, of a source that has announced nothing yet. */
void source_look_begin(const struct source *source, struct source_look *look);

/* For source_look_on(): there is one to pass. */
void source_look_pass(const struct source *source, struct source_look *look, sim_time until);

/* Passes all arrivals at or before `until` < SIM_NEVER. */
static inline void source_look_on(const struct source *source, struct source_look *look,
                                  sim_time until)
{
    if (look->next <= until)
        source_look_pass(source, look, until);
}

/* Arrivals per ns from here on, about; 0 where nobody knows. */
double source_look_rate(const struct source *source, const struct source_look *look);

#endif

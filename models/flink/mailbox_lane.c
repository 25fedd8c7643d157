/*
 * mailbox_lane.c - the plain path: one record after the other, with all that moves in registers.
 *
 * It does what the states of mailbox.c do, which remain the reference: where a record needs more
 * than this, it is left to them, untouched. So every condition here may be stricter than it must
 * be. That both do the same is what the swarm compares.
 *
 * The loop is compiled for the records of a source, for those of an inbox, and for either where
 * cores are few: so all that has a stretch must be inline.
 */
#include "models/flink/mailbox_parts.h"

#define IN_LANE static inline __attribute__((always_inline))

/* A stretch of records, and where it is; what can be told from that when it ends is not kept. */
struct stretch {
    struct calendar_walk walk;
    int64_t now_ms;  /* of walk.now */
    sim_time end_ms; /* of that ms */
    sim_time first, free;
    sim_time busy;   /* so far */
    int64_t records; /* so far */
    int64_t drawn;   /* up to so many need no new block */
    const struct load_topic *topics;
    const struct route *routes;
    const struct load_class *classes;
    const struct source_input *next; /* behind that of the record that begins now */
    const struct source_draw *draw;  /* of the record that begins now */

    /* Out of the buffer that the inbox has in hand; NULL: of a source. */
    struct inbox *inbox;
    const struct exchange_entry *entry; /* instead of `next` */
    sim_time reached;                   /* of all of them */
};

/* The record that begins now, as far as it matters to its append. */
struct plain_record {
    struct producer *producer;
    int32_t shard;
    int32_t topic; /* of the scenario */
    int32_t slot;
    int64_t payload_bytes;
    int64_t bytes; /* of key and value */
};

bool mailbox_has_lane(const struct mailbox *mailbox)
{
    const struct mailbox_model *const model = mailbox->model;
    const struct source *const source = mailbox->source;
    return mailbox->remote == NULL && cost_is_free(&model->function) &&
           model->record.dist == NULL && model->byte.dist == NULL && !source->singly &&
           !source->load->sticky && source->load->emit != NULL &&
           source->load->emit->family == DIST_CONSTANT && source->load->emit->whole == 1 &&
           !mailbox->producers->acc.store->origins;
}

IN_LANE sim_time arrived(const struct stretch *stretch)
{
    return stretch->inbox != NULL ? stretch->entry[-1].arrived : stretch->next[-1].when;
}

IN_LANE sim_time reached(const struct stretch *stretch)
{
    return stretch->inbox != NULL ? stretch->reached : arrived(stretch);
}

IN_LANE const struct load_class *class_of(const struct stretch *stretch)
{
    return stretch->inbox != NULL ? stretch->entry[-1].class
                                  : &stretch->classes[stretch->next[-1].class];
}

IN_LANE void set_ms(struct stretch *stretch)
{
    stretch->now_ms = stretch->walk.now / SIM_MS;
    stretch->end_ms = (stretch->now_ms + 1) * SIM_MS;
}

/* How many inputs are there. The last one of a buffer gives its memory back, which concerns others,
 * and so it is not for the lane. */
IN_LANE ptrdiff_t find_inputs(struct source *source, struct stretch *stretch)
{
    if (stretch->inbox != NULL) {
        const struct exchange_buffer *const buffer = stretch->inbox->current;
        return &buffer->entries[buffer->count - 1] - stretch->entry;
    }
    const struct source_input *const inputs_end = &source->inputs[SOURCE_BLOCK];
    if (stretch->next == inputs_end) {
        source_fill_inputs(source);
        stretch->next = source->inputs;
    }
    return inputs_end - stretch->next;
}

IN_LANE void pass_input(struct stretch *stretch)
{
    if (stretch->inbox != NULL) {
        stretch->entry++;
        __builtin_prefetch(&stretch->entry[5]);
    } else {
        stretch->next++;
    }
}

/* Of what has been drawn one of the two has come to its end, or both; false: no input is left. */
IN_LANE bool draw_more(struct source *source, struct stretch *stretch)
{
    const struct source_draw *const draws_end = &source->draws[SOURCE_BLOCK];
    const ptrdiff_t inputs = find_inputs(source, stretch);
    if (stretch->draw == draws_end) {
        source_fill_draws(source);
        stretch->draw = source->draws;
    }
    const ptrdiff_t draws = draws_end - stretch->draw;
    stretch->drawn = stretch->records + (inputs < draws ? inputs : draws);
    return inputs > 0;
}

IN_LANE struct stretch begin(const struct mailbox *mailbox, struct calendar *cal,
                             struct inbox *inbox)
{
    struct source *const source = mailbox->source;
    const struct exchange_buffer *const buffer = inbox != NULL ? inbox->current : NULL;
    struct stretch stretch = {
        .walk = calendar_walk_begin(cal, &mailbox->timer),
        .first = cal->now,
        .free = mailbox->free,
        .topics = source->load->topics,
        .routes = mailbox->model->routes,
        .classes = source->classes,
        .next = &source->inputs[source->next_input - 1],
        .draw = &source->draws[source->next_draw],
        .inbox = inbox,
        .entry = inbox != NULL ? &buffer->entries[buffer->taken - 1] : NULL,
        .reached = mailbox->append.times.reached,
    };
    set_ms(&stretch);
    draw_more(source, &stretch);
    pass_input(&stretch);
    return stretch;
}

/* What the stretch has made of them; begun: the record in hand is one of it, else it has not been
 * touched. */
IN_LANE void end(struct mailbox *mailbox, struct calendar *cal, const struct stretch *stretch,
                 bool begun)
{
    struct source *const source = mailbox->source;
    calendar_walk_end(cal, &stretch->walk);
    source->next_draw = (uint32_t)(stretch->draw - source->draws);
    if (stretch->inbox != NULL)
        inbox_have_taken(stretch->inbox, stretch->entry);
    else
        source->next_input = (uint32_t)(stretch->next - source->inputs);
    source->due = !begun;
    mailbox->announced = !begun;
    if (!begun) {
        source->class = class_of(stretch);
        mailbox->append.times.arrived = arrived(stretch);
        mailbox->append.times.reached = reached(stretch);
    }
    mailbox->free = stretch->free;
    mailbox->start = begun ? stretch->free : stretch->walk.now;
    mailbox->times.busy += stretch->busy;
    mailbox->times.idle += mailbox->start - stretch->first - stretch->busy;
    mailbox->started += stretch->records;
    mailbox->sent += stretch->records;
    mailbox->number += (uint32_t)stretch->records;
}

IN_LANE struct plain_record record_of(const struct mailbox *mailbox, const struct stretch *stretch)
{
    const struct source_draw *const draw = stretch->draw;
    const struct load_class *const class = class_of(stretch);
    const struct load_topic *const topic = &stretch->topics[draw->topic];
    const struct route *const route = &stretch->routes[draw->topic];
    const int32_t shard = mailbox->model->by_key ? class->shard : route->shard;
    return (struct plain_record){
        .producer = &mailbox->producers[shard],
        .shard = shard,
        .topic = draw->topic,
        .slot = route->first_slot + (int32_t)source_partition(class, topic),
        .payload_bytes = (int64_t)draw->payload_bytes + topic->payload_bytes + class->field_bytes,
        .bytes = (int64_t)topic->value_bytes + draw->value_bytes +
                 (class->key_bytes > 0 ? class->key_bytes : 0),
    };
}

IN_LANE struct batch_times times_of(const struct stretch *stretch)
{
    return (struct batch_times){
        .arrived = arrived(stretch), .reached = reached(stretch), .sent = stretch->walk.now};
}

/* The record opens a batch, which the Sender is told of, and may cost *ns more: false if it is not
 * that simple, and nothing has been done. */
IN_LANE bool open_batch(struct mailbox *mailbox, struct calendar *cal, struct stretch *stretch,
                        const struct plain_record *record, double *ns)
{
    struct producer *const producer = record->producer;
    if (!accumulator_open(&producer->acc, stretch->routes[record->topic].topic, record->slot,
                          (int32_t)record->payload_bytes, times_of(stretch), stretch->now_ms))
        return false;
    calendar_walk_end(cal, &stretch->walk);
    if (producer_opened(producer, cal))
        *ns += cost_draw(&mailbox->model->batch, &mailbox->costs);
    stretch->walk = calendar_walk_begin(cal, &mailbox->timer);
    return true;
}

/* send() as all others have it. */
IN_LANE enum append_result send(struct mailbox *mailbox, struct calendar *cal,
                                struct stretch *stretch, const struct plain_record *record)
{
    struct append *const append = &mailbox->append;
    calendar_walk_end(cal, &stretch->walk);
    *append = (struct append){
        .times = times_of(stretch),
        .timestamp_ms = stretch->now_ms,
        .payload_bytes = (int32_t)record->payload_bytes,
        .topic = stretch->routes[record->topic].topic,
        .slot = record->slot,
    };
    mailbox->shard = record->shard;
    mailbox->bytes = record->bytes;
    const enum append_result result = producer_send(record->producer, cal, append);
    stretch->walk = calendar_walk_begin(cal, &mailbox->timer);
    return result;
}

/* As next() and calendar_skip_to() would go on: false if somebody else is due before the next
 * record, or it is not for the lane. */
IN_LANE bool step(struct mailbox *mailbox, struct stretch *stretch)
{
    if (stretch->records == stretch->drawn && !draw_more(mailbox->source, stretch))
        return false;
    const sim_time start =
        stretch->inbox != NULL ? stretch->free : sim_later(stretch->next->when, stretch->free);
    if (start > stretch->walk.last)
        return false;
    pass_input(stretch);
    if (start != stretch->walk.now)
        calendar_walk_to(&stretch->walk, start);
    if (start >= stretch->end_ms)
        set_ms(stretch);
    return true;
}

/* few: there are cores to be waited for. */
IN_LANE enum lane_end lane(struct mailbox *mailbox, struct calendar *cal, struct inbox *inbox,
                           bool few)
{
    const double record_ns = mailbox->model->record.constant;
    const double byte_ns = mailbox->model->byte.constant;
    struct stretch stretch = begin(mailbox, cal, inbox);
    enum lane_end why = LANE_SENT;
    do {
        const struct plain_record record = record_of(mailbox, &stretch);
        struct accumulator *const acc = &record.producer->acc;
        if (record.payload_bytes > acc->largest_payload) {
            why = LANE_STRANGE;
            break;
        }
        double ns = record_ns + byte_ns * (double)record.bytes;
        const bool sent = accumulator_add(acc, record.slot, (int32_t)record.payload_bytes,
                                          times_of(&stretch), stretch.now_ms) ||
                          open_batch(mailbox, cal, &stretch, &record, &ns);
        stretch.draw++;
        stretch.records++;
        if (!sent) {
            if (send(mailbox, cal, &stretch, &record) == APPEND_BLOCKED) {
                stretch.free = stretch.walk.now;
                why = LANE_BLOCKED;
                break;
            }
            ns = mailbox_send_ns(mailbox);
        }
        const sim_time cost = cost_ns(ns);
        stretch.free =
            few ? mailbox_work_ends(mailbox, stretch.walk.now, cost) : stretch.walk.now + cost;
        stretch.busy += stretch.free - stretch.walk.now;
    } while (step(mailbox, &stretch));
    end(mailbox, cal, &stretch, why != LANE_STRANGE);
    mailbox->emit_left = why != LANE_SENT;
    return why;
}

enum lane_end mailbox_lane(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->cores != NULL)
        return lane(mailbox, cal, mailbox->inbox, true);
    return mailbox->inbox != NULL ? lane(mailbox, cal, mailbox->inbox, false)
                                  : lane(mailbox, cal, NULL, false);
}

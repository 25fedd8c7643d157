/*
 * log_write.c - the tables as CSV.
 */
#include "models/log/log.h"
#include "sim/output/lines.h"

static struct lines *begin(struct log *log, FILE *out, const char *header)
{
    struct lines *const lines = ARENA_NEW(&log->arena, struct lines);
    lines_begin(lines, out);
    lines_text(lines, header, '\n');
    return lines;
}

static void add_time(struct lines *lines, sim_time time, char after)
{
    if (time == SIM_NEVER)
        lines_char(lines, after);
    else
        lines_whole(lines, time, after);
}

static void add_producer(struct lines *lines, int32_t subtask, int32_t shard)
{
    lines_whole(lines, subtask, ',');
    lines_whole(lines, shard, ',');
}

static void add_partition(struct lines *lines, const struct topic_list *topics, int32_t partition)
{
    const struct topic *const topic = topics_of(topics, partition);
    lines_text(lines, topic->name, ',');
    lines_whole(lines, partition - topic->first, ',');
}

/* Neighbours have much in common, which is not made anew. */
struct batch_lines {
    struct lines *lines;
    const struct topic_list *topics;
    struct log_batch last;
    struct lines_part head, middle; /* of its line */
};

static bool same_producer(const struct log_batch *a, const struct log_batch *b)
{
    return a->subtask == b->subtask && a->shard == b->shard;
}

static bool same_request(const struct log_batch *a, const struct log_batch *b)
{
    return same_producer(a, b) && a->request == b->request && a->broker == b->broker;
}

static void add_request(struct batch_lines *batch, const struct log_batch *row)
{
    struct lines *const lines = batch->lines;
    if (same_request(&batch->last, row) && lines_repeat(lines, &batch->head))
        return;
    lines_part_begin(lines, &batch->head);
    add_producer(lines, row->subtask, row->shard);
    lines_whole(lines, row->request, ',');
    lines_whole(lines, row->broker, ',');
    lines_part_end(lines, &batch->head);
}

static void add_leaving(struct batch_lines *batch, const struct log_batch *row)
{
    struct lines *const lines = batch->lines;
    const struct log_batch *const last = &batch->last;
    if (last->drained == row->drained && last->dispatched == row->dispatched &&
        lines_repeat(lines, &batch->middle))
        return;
    lines_part_begin(lines, &batch->middle);
    add_time(lines, row->drained, ',');
    add_time(lines, row->dispatched, ',');
    lines_part_end(lines, &batch->middle);
}

static void add_batch(struct batch_lines *batch, const struct log_batch *row)
{
    struct lines *const lines = batch->lines;
    add_request(batch, row);
    add_partition(lines, batch->topics, row->partition);
    lines_whole(lines, row->records, ',');
    lines_whole(lines, row->bytes, ',');
    add_leaving(batch, row);
    add_time(lines, row->completed, ',');
    lines_text(lines, broker_error_name(row->error), '\n');
}

static void add_timeline_head(struct batch_lines *batch, const struct log_batch *row)
{
    struct lines *const lines = batch->lines;
    const struct log_batch *const last = &batch->last;
    if (same_producer(last, row) && last->partition == row->partition &&
        last->broker == row->broker && lines_repeat(lines, &batch->head))
        return;
    lines_part_begin(lines, &batch->head);
    add_producer(lines, row->subtask, row->shard);
    lines_whole(lines, row->broker, ',');
    add_partition(lines, batch->topics, row->partition);
    lines_part_end(lines, &batch->head);
}

static void add_timeline(struct batch_lines *batch, const struct log_batch *row)
{
    struct lines *const lines = batch->lines;
    add_timeline_head(batch, row);
    lines_whole(lines, row->request, ',');
    lines_whole(lines, row->records, ',');
    add_time(lines, row->opened, ',');
    add_time(lines, row->ripe, ',');
    add_time(lines, row->drained, ',');
    add_time(lines, row->dispatched, ',');
    add_time(lines, row->arrived, ',');
    add_time(lines, row->answered, ',');
    add_time(lines, row->completed, '\n');
}

static void write_batches(struct log *log, size_t order, struct batch_lines *batch,
                          void (*add)(struct batch_lines *, const struct log_batch *))
{
    const struct log_batch *row;
    batch->last.subtask = batch->last.shard = -1;
    batch->last.drained = -1;
    log_rows_begin(&log->batches, order);
    while ((row = log_rows_next(&log->batches)) != NULL) {
        add(batch, row);
        batch->last = *row;
    }
    lines_end(batch->lines);
}

void log_write_batches(struct log *log, const struct topic_list *topics, FILE *out)
{
    struct batch_lines batch = {.lines = begin(log, out,
                                               "subtask,shard,request,broker,topic,partition,"
                                               "records,bytes,drained_ns,dispatched_ns,"
                                               "completed_ns,error"),
                                .topics = topics};
    write_batches(log, 0, &batch, add_batch);
}

void log_write_timeline(struct log *log, const struct topic_list *topics, FILE *out)
{
    struct batch_lines batch = {.lines = begin(log, out,
                                               "subtask,shard,broker,topic,partition,request,"
                                               "records,opened_ns,ready_ns,drained_ns,sent_ns,"
                                               "arrived_ns,answered_ns,completed_ns"),
                                .topics = topics};
    write_batches(log, 1, &batch, add_timeline);
}

void log_write_failures(struct log *log, const struct topic_list *topics, FILE *out)
{
    struct lines *const lines =
        begin(log, out, "subtask,shard,topic,partition,records,retries,created_ns,failed_ns,error");
    const struct log_failure *row;
    log_rows_begin(&log->failures, 0);
    while ((row = log_rows_next(&log->failures)) != NULL) {
        add_producer(lines, row->subtask, row->shard);
        add_partition(lines, topics, row->partition);
        lines_whole(lines, row->records, ',');
        lines_whole(lines, row->attempts, ',');
        lines_whole(lines, row->created, ',');
        lines_whole(lines, row->failed, ',');
        lines_text(lines, broker_error_name(row->error), '\n');
    }
    lines_end(lines);
}

void log_write_stalls(struct log *log, FILE *out)
{
    struct lines *const lines = begin(log, out, "subtask,shard,start_ns,end_ns,bytes");
    const struct log_stall *row;
    log_rows_begin(&log->stalls, 0);
    while ((row = log_rows_next(&log->stalls)) != NULL) {
        add_producer(lines, row->subtask, row->shard);
        add_time(lines, row->start, ',');
        add_time(lines, row->end, ',');
        lines_whole(lines, row->bytes, '\n');
    }
    lines_end(lines);
}

void log_write_flushes(struct log *log, FILE *out)
{
    struct lines *const lines = begin(log, out, "subtask,shard,due_ns,start_ns,end_ns");
    const struct log_flush *row;
    log_rows_begin(&log->flushes, 0);
    while ((row = log_rows_next(&log->flushes)) != NULL) {
        add_producer(lines, row->subtask, row->shard);
        add_time(lines, row->due, ',');
        add_time(lines, row->start, ',');
        add_time(lines, row->end, '\n');
    }
    lines_end(lines);
}

void log_write_checkpoints(struct log *log, FILE *out)
{
    struct lines *const lines =
        begin(log, out,
              "checkpoint,subtask,trigger_ns,start_delay_ns,alignment_ns,flush_ns,sync_ns,"
              "async_ns,end_to_end_ns");
    const struct log_checkpoint *row;
    log_rows_begin(&log->checkpoints, 0);
    while ((row = log_rows_next(&log->checkpoints)) != NULL) {
        lines_whole(lines, row->checkpoint, ',');
        lines_whole(lines, row->subtask, ',');
        lines_whole(lines, row->trigger, ',');
        lines_whole(lines, row->start_delay, ',');
        lines_whole(lines, row->alignment, ',');
        lines_whole(lines, row->flush, ',');
        lines_whole(lines, row->sync, ',');
        lines_whole(lines, row->async, ',');
        lines_whole(lines, row->end_to_end, '\n');
    }
    lines_end(lines);
}

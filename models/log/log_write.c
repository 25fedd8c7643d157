/*
 * log_write.c - the tables as CSV.
 */
#include "models/log/log.h"
#include "sim/output/lines.h"

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
struct sheet {
    struct lines *lines;
    const struct topic_list *topics; /* NULL where none is named */
    struct log_batch last;           /* of batches and the timeline; its subtask is -1 at first */
    struct lines_part head, middle;  /* of its line */
};

static bool same_producer(const struct log_batch *a, const struct log_batch *b)
{
    return a->subtask == b->subtask && a->shard == b->shard;
}

static bool same_request(const struct log_batch *a, const struct log_batch *b)
{
    return same_producer(a, b) && a->request == b->request && a->broker == b->broker;
}

static void add_request(struct sheet *sheet, const struct log_batch *row)
{
    struct lines *const lines = sheet->lines;
    if (same_request(&sheet->last, row) && lines_repeat(lines, &sheet->head))
        return;
    lines_part_begin(lines, &sheet->head);
    add_producer(lines, row->subtask, row->shard);
    lines_whole(lines, row->request, ',');
    lines_whole(lines, row->broker, ',');
    lines_part_end(lines, &sheet->head);
}

static void add_leaving(struct sheet *sheet, const struct log_batch *row)
{
    struct lines *const lines = sheet->lines;
    const struct log_batch *const last = &sheet->last;
    if (last->drained == row->drained && last->dispatched == row->dispatched &&
        lines_repeat(lines, &sheet->middle))
        return;
    lines_part_begin(lines, &sheet->middle);
    add_time(lines, row->drained, ',');
    add_time(lines, row->dispatched, ',');
    lines_part_end(lines, &sheet->middle);
}

static void add_batch(struct sheet *sheet, const void *of)
{
    const struct log_batch *const row = of;
    struct lines *const lines = sheet->lines;
    add_request(sheet, row);
    add_partition(lines, sheet->topics, row->partition);
    lines_whole(lines, row->records, ',');
    lines_whole(lines, row->bytes, ',');
    add_leaving(sheet, row);
    add_time(lines, row->completed, ',');
    lines_text(lines, broker_error_name(row->error), '\n');
    sheet->last = *row;
}

static void add_timeline_head(struct sheet *sheet, const struct log_batch *row)
{
    struct lines *const lines = sheet->lines;
    const struct log_batch *const last = &sheet->last;
    if (same_producer(last, row) && last->partition == row->partition &&
        last->broker == row->broker && lines_repeat(lines, &sheet->head))
        return;
    lines_part_begin(lines, &sheet->head);
    add_producer(lines, row->subtask, row->shard);
    lines_whole(lines, row->broker, ',');
    add_partition(lines, sheet->topics, row->partition);
    lines_part_end(lines, &sheet->head);
}

static void add_timeline(struct sheet *sheet, const void *of)
{
    const struct log_batch *const row = of;
    struct lines *const lines = sheet->lines;
    add_timeline_head(sheet, row);
    lines_whole(lines, row->request, ',');
    lines_whole(lines, row->records, ',');
    add_time(lines, row->opened, ',');
    add_time(lines, row->ripe, ',');
    add_time(lines, row->drained, ',');
    add_time(lines, row->dispatched, ',');
    add_time(lines, row->arrived, ',');
    add_time(lines, row->answered, ',');
    add_time(lines, row->completed, '\n');
    sheet->last = *row;
}

static void add_failure(struct sheet *sheet, const void *of)
{
    const struct log_failure *const row = of;
    struct lines *const lines = sheet->lines;
    add_producer(lines, row->subtask, row->shard);
    add_partition(lines, sheet->topics, row->partition);
    lines_whole(lines, row->records, ',');
    lines_whole(lines, row->attempts, ',');
    lines_whole(lines, row->created, ',');
    lines_whole(lines, row->failed, ',');
    lines_text(lines, broker_error_name(row->error), '\n');
}

static void add_stall(struct sheet *sheet, const void *of)
{
    const struct log_stall *const row = of;
    struct lines *const lines = sheet->lines;
    add_producer(lines, row->subtask, row->shard);
    add_time(lines, row->start, ',');
    add_time(lines, row->end, ',');
    lines_whole(lines, row->bytes, '\n');
}

static void add_flush(struct sheet *sheet, const void *of)
{
    const struct log_flush *const row = of;
    struct lines *const lines = sheet->lines;
    add_producer(lines, row->subtask, row->shard);
    add_time(lines, row->due, ',');
    add_time(lines, row->start, ',');
    add_time(lines, row->end, '\n');
}

static void add_checkpoint(struct sheet *sheet, const void *of)
{
    const struct log_checkpoint *const row = of;
    struct lines *const lines = sheet->lines;
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

struct table {
    const char *header;
    size_t order;
    void (*add)(struct sheet *, const void *row);
};

static void write_table(struct log *log, struct log_rows *rows, const struct table *table,
                        const struct topic_list *topics, FILE *out)
{
    struct sheet sheet = {.lines = ARENA_NEW(&log->arena, struct lines),
                          .topics = topics,
                          .last = {.subtask = -1, .drained = -1}};
    const void *row;
    lines_begin(sheet.lines, out);
    lines_text(sheet.lines, table->header, '\n');
    log_rows_begin(rows, table->order);
    while ((row = log_rows_next(rows)) != NULL)
        table->add(&sheet, row);
    lines_end(sheet.lines);
}

void log_write_batches(struct log *log, const struct topic_list *topics, FILE *out)
{
    static const struct table table = {"subtask,shard,request,broker,topic,partition,records,bytes,"
                                       "drained_ns,dispatched_ns,completed_ns,error",
                                       LOG_BY_REQUEST, add_batch};
    write_table(log, &log->batches, &table, topics, out);
}

void log_write_timeline(struct log *log, const struct topic_list *topics, FILE *out)
{
    static const struct table table = {"subtask,shard,broker,topic,partition,request,records,"
                                       "opened_ns,ready_ns,drained_ns,sent_ns,arrived_ns,"
                                       "answered_ns,completed_ns",
                                       LOG_BY_PARTITION, add_timeline};
    write_table(log, &log->batches, &table, topics, out);
}

void log_write_failures(struct log *log, const struct topic_list *topics, FILE *out)
{
    static const struct table table = {"subtask,shard,topic,partition,records,retries,created_ns,"
                                       "failed_ns,error",
                                       0, add_failure};
    write_table(log, &log->failures, &table, topics, out);
}

void log_write_stalls(struct log *log, FILE *out)
{
    static const struct table table = {"subtask,shard,start_ns,end_ns,bytes", 0, add_stall};
    write_table(log, &log->stalls, &table, NULL, out);
}

void log_write_flushes(struct log *log, FILE *out)
{
    static const struct table table = {"subtask,shard,due_ns,start_ns,end_ns", 0, add_flush};
    write_table(log, &log->flushes, &table, NULL, out);
}

void log_write_checkpoints(struct log *log, FILE *out)
{
    static const struct table table = {"checkpoint,subtask,trigger_ns,start_delay_ns,alignment_ns,"
                                       "flush_ns,sync_ns,async_ns,end_to_end_ns",
                                       0, add_checkpoint};
    write_table(log, &log->checkpoints, &table, NULL, out);
}

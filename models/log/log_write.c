/*
 * log_write.c - the tables as CSV.
 */
#include "models/log/log.h"
#include "sim/output/lines.h"

/* Neighbours have much in common, which is not made anew. */
struct sheet {
    struct lines *lines;
    const struct topic_list *topics; /* NULL where none is named */
    struct log_batch last;           /* of batches and the timeline; its subtask is -1 at first */
    const struct topic *topic;       /* in `name`; NULL at first */
    struct lines_part head, name, leaving;
};

static char *add_time(const struct sheet *sheet, char *at, sim_time time, char after)
{
    if (time != SIM_NEVER)
        return lines_whole(sheet->lines, at, time, after);
    *at = after;
    return at + 1;
}

static char *add_producer(const struct sheet *sheet, char *at, int32_t subtask, int32_t shard)
{
    at = lines_whole(sheet->lines, at, subtask, ',');
    return lines_whole(sheet->lines, at, shard, ',');
}

static char *add_partition(struct sheet *sheet, char *at, int32_t partition)
{
    const struct topic *topic = sheet->topic;
    if (topic == NULL || partition < topic->first ||
        partition - topic->first >= topic->partitions) {
        topic = sheet->topic = topics_of(sheet->topics, partition);
        lines_part_end(&sheet->name, lines_text(sheet->name.text, topic->name, ','));
    }
    at = lines_part(at, &sheet->name);
    return lines_whole(sheet->lines, at, partition - topic->first, ',');
}

static bool same_producer(const struct log_batch *a, const struct log_batch *b)
{
    return a->subtask == b->subtask && a->shard == b->shard;
}

static char *add_request(struct sheet *sheet, char *at, const struct log_batch *row)
{
    const struct log_batch *const last = &sheet->last;
    if (!same_producer(last, row) || last->request != row->request || last->broker != row->broker) {
        char *end = add_producer(sheet, sheet->head.text, row->subtask, row->shard);
        end = lines_whole(sheet->lines, end, row->request, ',');
        end = lines_whole(sheet->lines, end, row->broker, ',');
        lines_part_end(&sheet->head, end);
    }
    return lines_part(at, &sheet->head);
}

static char *add_leaving(struct sheet *sheet, char *at, const struct log_batch *row)
{
    const struct log_batch *const last = &sheet->last;
    if (last->drained != row->drained || last->dispatched != row->dispatched) {
        char *const end = add_time(sheet, sheet->leaving.text, row->drained, ',');
        lines_part_end(&sheet->leaving, add_time(sheet, end, row->dispatched, ','));
    }
    return lines_part(at, &sheet->leaving);
}

static char *add_error(char *at, enum broker_error error)
{
    return lines_text(at, broker_error_name(error), '\n');
}

static char *add_batch(struct sheet *sheet, char *at, const void *of)
{
    const struct log_batch *const row = of;
    at = add_request(sheet, at, row);
    at = add_partition(sheet, at, row->partition);
    at = lines_whole(sheet->lines, at, row->records, ',');
    at = lines_whole(sheet->lines, at, row->bytes, ',');
    at = add_leaving(sheet, at, row);
    at = add_time(sheet, at, row->completed, ',');
    sheet->last = *row;
    return add_error(at, row->error);
}

static char *add_timeline_head(struct sheet *sheet, char *at, const struct log_batch *row)
{
    const struct log_batch *const last = &sheet->last;
    if (!same_producer(last, row) || last->partition != row->partition ||
        last->broker != row->broker) {
        char *end = add_producer(sheet, sheet->head.text, row->subtask, row->shard);
        end = lines_whole(sheet->lines, end, row->broker, ',');
        lines_part_end(&sheet->head, add_partition(sheet, end, row->partition));
    }
    return lines_part(at, &sheet->head);
}

static char *add_timeline(struct sheet *sheet, char *at, const void *of)
{
    const struct log_batch *const row = of;
    at = add_timeline_head(sheet, at, row);
    at = lines_whole(sheet->lines, at, row->request, ',');
    at = lines_whole(sheet->lines, at, row->records, ',');
    at = add_time(sheet, at, row->opened, ',');
    at = add_time(sheet, at, row->ripe, ',');
    at = add_time(sheet, at, row->drained, ',');
    at = add_time(sheet, at, row->dispatched, ',');
    at = add_time(sheet, at, row->arrived, ',');
    at = add_time(sheet, at, row->answered, ',');
    sheet->last = *row;
    return add_time(sheet, at, row->completed, '\n');
}

static char *add_failure(struct sheet *sheet, char *at, const void *of)
{
    const struct log_failure *const row = of;
    at = add_producer(sheet, at, row->subtask, row->shard);
    at = add_partition(sheet, at, row->partition);
    at = lines_whole(sheet->lines, at, row->records, ',');
    at = lines_whole(sheet->lines, at, row->attempts, ',');
    at = lines_whole(sheet->lines, at, row->created, ',');
    at = lines_whole(sheet->lines, at, row->failed, ',');
    return add_error(at, row->error);
}

static char *add_stall(struct sheet *sheet, char *at, const void *of)
{
    const struct log_stall *const row = of;
    at = add_producer(sheet, at, row->subtask, row->shard);
    at = add_time(sheet, at, row->start, ',');
    at = add_time(sheet, at, row->end, ',');
    return lines_whole(sheet->lines, at, row->bytes, '\n');
}

static char *add_flush(struct sheet *sheet, char *at, const void *of)
{
    const struct log_flush *const row = of;
    at = add_producer(sheet, at, row->subtask, row->shard);
    at = add_time(sheet, at, row->due, ',');
    at = add_time(sheet, at, row->start, ',');
    return add_time(sheet, at, row->end, '\n');
}

static char *add_checkpoint(struct sheet *sheet, char *at, const void *of)
{
    const struct log_checkpoint *const row = of;
    at = lines_whole(sheet->lines, at, row->checkpoint, ',');
    at = lines_whole(sheet->lines, at, row->subtask, ',');
    at = lines_whole(sheet->lines, at, row->trigger, ',');
    at = lines_whole(sheet->lines, at, row->start_delay, ',');
    at = lines_whole(sheet->lines, at, row->alignment, ',');
    at = lines_whole(sheet->lines, at, row->flush, ',');
    at = lines_whole(sheet->lines, at, row->sync, ',');
    at = lines_whole(sheet->lines, at, row->async, ',');
    return lines_whole(sheet->lines, at, row->end_to_end, '\n');
}

struct table {
    const char *header;
    char *(*add)(struct sheet *, char *at, const void *row);
    void (*begin)(struct log_rows *);
    const void *(*next)(struct log_rows *);
};

static void write_table(struct log *log, struct log_rows *rows, const struct table *table,
                        const struct topic_list *topics, FILE *out)
{
    struct sheet *const sheet = ARENA_NEW(&log->arena, struct sheet);
    struct lines *const lines = ARENA_NEW(&log->arena, struct lines);
    sheet->lines = lines;
    sheet->topics = topics;
    sheet->last.subtask = -1;
    sheet->last.drained = -1;
    lines_begin(lines, out);
    lines_close(lines, lines_text(lines_open(lines), table->header, '\n'));
    table->begin(rows);
    for (const void *row; (row = table->next(rows)) != NULL;)
        lines_close(lines, table->add(sheet, lines_open(lines), row));
    lines_end(lines);
}

void log_write_batches(struct log *log, const struct topic_list *topics, FILE *out)
{
    static const struct table table = {"subtask,shard,request,broker,topic,partition,records,bytes,"
                                       "drained_ns,dispatched_ns,completed_ns,error",
                                       add_batch, log_rows_begin, log_rows_next};
    write_table(log, &log->batches, &table, topics, out);
}

void log_write_timeline(struct log *log, const struct topic_list *topics, FILE *out)
{
    static const struct table table = {"subtask,shard,broker,topic,partition,request,records,"
                                       "opened_ns,ready_ns,drained_ns,sent_ns,arrived_ns,"
                                       "answered_ns,completed_ns",
                                       add_timeline, log_rows_begin_second, log_rows_next_second};
    write_table(log, &log->batches, &table, topics, out);
}

void log_write_failures(struct log *log, const struct topic_list *topics, FILE *out)
{
    static const struct table table = {"subtask,shard,topic,partition,records,retries,created_ns,"
                                       "failed_ns,error",
                                       add_failure, log_rows_begin, log_rows_next};
    write_table(log, &log->failures, &table, topics, out);
}

void log_write_stalls(struct log *log, FILE *out)
{
    static const struct table table = {"subtask,shard,start_ns,end_ns,bytes", add_stall,
                                       log_rows_begin, log_rows_next};
    write_table(log, &log->stalls, &table, NULL, out);
}

void log_write_flushes(struct log *log, FILE *out)
{
    static const struct table table = {"subtask,shard,due_ns,start_ns,end_ns", add_flush,
                                       log_rows_begin, log_rows_next};
    write_table(log, &log->flushes, &table, NULL, out);
}

void log_write_checkpoints(struct log *log, FILE *out)
{
    static const struct table table = {"checkpoint,subtask,trigger_ns,start_delay_ns,alignment_ns,"
                                       "flush_ns,sync_ns,async_ns,end_to_end_ns",
                                       add_checkpoint, log_rows_begin, log_rows_next};
    write_table(log, &log->checkpoints, &table, NULL, out);
}

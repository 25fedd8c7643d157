/*
 * log.c - growing tables.
 */
#include "models/log/log.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/core/check.h"

/* Room for one more row. */
static void *grown(void *rows, size_t count, size_t *room, size_t row_bytes)
{
    if (count < *room)
        return rows;
    *room = *room == 0 ? 1024 : 2 * *room;
    void *const more = realloc(rows, *room * row_bytes);
    if (more == NULL)
        check_limit("rows in a log: no memory", (long long)count);
    return more;
}

int64_t log_add_batch(struct log *log, const struct log_batch *row)
{
    log->batches = grown(log->batches, log->batch_count, &log->batch_room, sizeof *row);
    log->batches[log->batch_count] = *row;
    return (int64_t)log->batch_count++;
}

int64_t log_add_failure(struct log *log, const struct log_failure *row)
{
    log->failures = grown(log->failures, log->failure_count, &log->failure_room, sizeof *row);
    log->failures[log->failure_count] = *row;
    return (int64_t)log->failure_count++;
}

int64_t log_add_stall(struct log *log, const struct log_stall *row)
{
    log->stalls = grown(log->stalls, log->stall_count, &log->stall_room, sizeof *row);
    log->stalls[log->stall_count] = *row;
    return (int64_t)log->stall_count++;
}

int64_t log_add_flush(struct log *log, const struct log_flush *row)
{
    log->flushes = grown(log->flushes, log->flush_count, &log->flush_room, sizeof *row);
    log->flushes[log->flush_count] = *row;
    return (int64_t)log->flush_count++;
}

int64_t log_add_checkpoint(struct log *log, const struct log_checkpoint *row)
{
    log->checkpoints =
        grown(log->checkpoints, log->checkpoint_count, &log->checkpoint_room, sizeof *row);
    log->checkpoints[log->checkpoint_count] = *row;
    return (int64_t)log->checkpoint_count++;
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int batch_order(const void *left, const void *right)
{
    const struct log_batch *const a = left;
    const struct log_batch *const b = right;
    if (a->subtask != b->subtask)
        return order(a->subtask, b->subtask);
    if (a->shard != b->shard)
        return order(a->shard, b->shard);
    if (a->request != b->request)
        return order(a->request, b->request);
    return order(a->partition, b->partition);
}

/* What a partition had, one after the other. */
static int timeline_order(const void *left, const void *right)
{
    const struct log_batch *const a = left;
    const struct log_batch *const b = right;
    if (a->subtask != b->subtask || a->shard != b->shard || a->partition == b->partition)
        return batch_order(left, right);
    return order(a->partition, b->partition);
}

static int failure_order(const void *left, const void *right)
{
    const struct log_failure *const a = left;
    const struct log_failure *const b = right;
    if (a->failed != b->failed)
        return order(a->failed, b->failed);
    if (a->subtask != b->subtask)
        return order(a->subtask, b->subtask);
    if (a->shard != b->shard)
        return order(a->shard, b->shard);
    return a->partition != b->partition ? order(a->partition, b->partition)
                                        : order(a->created, b->created);
}

static int stall_order(const void *left, const void *right)
{
    const struct log_stall *const a = left;
    const struct log_stall *const b = right;
    if (a->start != b->start)
        return order(a->start, b->start);
    return a->subtask != b->subtask ? order(a->subtask, b->subtask) : order(a->shard, b->shard);
}

static int flush_order(const void *left, const void *right)
{
    const struct log_flush *const a = left;
    const struct log_flush *const b = right;
    if (a->start != b->start)
        return order(a->start, b->start);
    if (a->subtask != b->subtask)
        return order(a->subtask, b->subtask);
    return a->due != b->due ? order(a->due, b->due) : order(a->shard, b->shard);
}

static int checkpoint_order(const void *left, const void *right)
{
    const struct log_checkpoint *const a = left;
    const struct log_checkpoint *const b = right;
    return a->checkpoint != b->checkpoint ? order(a->checkpoint, b->checkpoint)
                                          : order(a->subtask, b->subtask);
}

/* qsort wants a pointer to something even for no rows. */
static void sort(void *rows, size_t count, size_t row_bytes,
                 int (*compare)(const void *, const void *))
{
    if (count > 0)
        qsort(rows, count, row_bytes, compare);
}

static void write_time(FILE *out, sim_time time, const char *end)
{
    if (time != SIM_NEVER)
        fprintf(out, "%" PRId64, time);
    fputs(end, out);
}

void log_write_batches(struct log *log, const struct topic_list *topics, FILE *out)
{
    sort(log->batches, log->batch_count, sizeof *log->batches, batch_order);
    fputs("subtask,shard,request,broker,topic,partition,records,bytes,drained_ns,dispatched_ns,"
          "completed_ns,"
          "error\n",
          out);
    for (size_t i = 0; i < log->batch_count; i++) {
        const struct log_batch *const row = &log->batches[i];
        const struct topic *const topic = topics_of(topics, row->partition);
        fprintf(out,
                "%" PRId32 ",%" PRId32 ",%" PRId64 ",%" PRId32 ",%s,%" PRId32 ",%" PRId32
                ",%" PRId32 ",",
                row->subtask, row->shard, row->request, row->broker, topic->name,
                row->partition - topic->first, row->records, row->bytes);
        write_time(out, row->drained, ",");
        write_time(out, row->dispatched, ",");
        write_time(out, row->completed, ",");
        fprintf(out, "%s\n", broker_error_name(row->error));
    }
}

void log_write_timeline(struct log *log, const struct topic_list *topics, FILE *out)
{
    sort(log->batches, log->batch_count, sizeof *log->batches, timeline_order);
    fputs("subtask,shard,broker,topic,partition,request,records,opened_ns,ready_ns,drained_ns,"
          "sent_ns,arrived_ns,answered_ns,completed_ns\n",
          out);
    for (size_t i = 0; i < log->batch_count; i++) {
        const struct log_batch *const row = &log->batches[i];
        const struct topic *const topic = topics_of(topics, row->partition);
        fprintf(out, "%" PRId32 ",%" PRId32 ",%" PRId32 ",%s,%" PRId32 ",%" PRId64 ",%" PRId32 ",",
                row->subtask, row->shard, row->broker, topic->name, row->partition - topic->first,
                row->request, row->records);
        write_time(out, row->opened, ",");
        write_time(out, row->ripe, ",");
        write_time(out, row->drained, ",");
        write_time(out, row->dispatched, ",");
        write_time(out, row->arrived, ",");
        write_time(out, row->answered, ",");
        write_time(out, row->completed, "\n");
    }
}

void log_write_failures(struct log *log, const struct topic_list *topics, FILE *out)
{
    sort(log->failures, log->failure_count, sizeof *log->failures, failure_order);
    fputs("subtask,shard,topic,partition,records,retries,created_ns,failed_ns,error\n", out);
    for (size_t i = 0; i < log->failure_count; i++) {
        const struct log_failure *const row = &log->failures[i];
        const struct topic *const topic = topics_of(topics, row->partition);
        fprintf(out,
                "%" PRId32 ",%" PRId32 ",%s,%" PRId32 ",%" PRId32 ",%" PRId32 ",%" PRId64
                ",%" PRId64 ",%s\n",
                row->subtask, row->shard, topic->name, row->partition - topic->first, row->records,
                row->attempts, row->created, row->failed, broker_error_name(row->error));
    }
}

void log_write_stalls(struct log *log, FILE *out)
{
    sort(log->stalls, log->stall_count, sizeof *log->stalls, stall_order);
    fputs("subtask,shard,start_ns,end_ns,bytes\n", out);
    for (size_t i = 0; i < log->stall_count; i++) {
        const struct log_stall *const row = &log->stalls[i];
        fprintf(out, "%" PRId32 ",%" PRId32 ",", row->subtask, row->shard);
        write_time(out, row->start, ",");
        write_time(out, row->end, ",");
        fprintf(out, "%" PRId64 "\n", row->bytes);
    }
}

void log_write_flushes(struct log *log, FILE *out)
{
    sort(log->flushes, log->flush_count, sizeof *log->flushes, flush_order);
    fputs("subtask,shard,due_ns,start_ns,end_ns\n", out);
    for (size_t i = 0; i < log->flush_count; i++) {
        const struct log_flush *const row = &log->flushes[i];
        fprintf(out, "%" PRId32 ",%" PRId32 ",", row->subtask, row->shard);
        write_time(out, row->due, ",");
        write_time(out, row->start, ",");
        write_time(out, row->end, "\n");
    }
}

void log_write_checkpoints(struct log *log, FILE *out)
{
    sort(log->checkpoints, log->checkpoint_count, sizeof *log->checkpoints, checkpoint_order);
    fputs("checkpoint,subtask,trigger_ns,start_delay_ns,alignment_ns,flush_ns,sync_ns,async_ns,"
          "end_to_end_ns\n",
          out);
    for (size_t i = 0; i < log->checkpoint_count; i++) {
        const struct log_checkpoint *const row = &log->checkpoints[i];
        fprintf(out, "%" PRId64 ",%" PRId32, row->checkpoint, row->subtask);
        const sim_time times[] = {row->trigger, row->start_delay, row->alignment, row->flush,
                                  row->sync,    row->async,       row->end_to_end};
        for (size_t t = 0; t < sizeof times / sizeof *times; t++)
            fprintf(out, ",%" PRId64, times[t]);
        fputc('\n', out);
    }
}

void log_free(struct log *log)
{
    free(log->batches);
    free(log->failures);
    free(log->stalls);
    free(log->flushes);
    free(log->checkpoints);
    *log = (struct log){0};
}

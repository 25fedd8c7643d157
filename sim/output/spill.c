/*
 * spill.c - the runs' heads stand in a heap; a run goes on as long as it has the least row, which
 * costs two comparisons.
 */
#include "sim/output/spill.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "sim/core/check.h"

#define WRITE_BYTES  (1 << 16)
#define MERGE_BYTES  (1 << 24) /* of all runs */
#define READER_BYTES (1 << 16) /* of each, at most */

struct run { /* what has not been read */
    struct run *older;
    off_t at, end;
};

struct reader {
    struct radix_key key; /* of the row at `next`; its index is the run's number */
    off_t at, end;        /* what is not in the buffer */
    char *buffer;
    size_t next, filled; /* bytes of the buffer */
};

struct spill {
    struct arena *arena;
    const char *directory;
    size_t row_bytes;
    spill_key_fn *key;
    int file;
    off_t written, run_at;
    struct run *newest;
    size_t run_count;
    char *buffer;
    size_t filled;
    struct reader **heap; /* the least row first */
    size_t heap_count;
    size_t reader_bytes;
    bool begun; /* the first has been given out */
};

static _Noreturn void stop(const struct spill *spill)
{
    check_stop("%s: %s", spill->directory, strerror(errno));
}

struct spill *spill_new(struct arena *arena, const char *directory, size_t row_bytes,
                        spill_key_fn *key)
{
    struct spill *const spill = ARENA_NEW(arena, struct spill);
    static const char pattern[] = "/.rows-XXXXXX";
    const size_t bytes = strlen(directory) + sizeof pattern;
    char *const name = ARENA_ARRAY(arena, char, bytes);
    snprintf(name, bytes, "%s%s", directory, pattern);
    *spill = (struct spill){.arena = arena,
                            .directory = directory,
                            .row_bytes = row_bytes,
                            .key = key,
                            .file = mkstemp(name),
                            .buffer = arena_take(arena, 1, WRITE_BYTES)};
    if (spill->file < 0 || unlink(name) != 0)
        stop(spill);
    return spill;
}

static void flush(struct spill *spill)
{
    for (size_t done = 0; done < spill->filled;) {
        const ssize_t bytes =
            pwrite(spill->file, spill->buffer + done, spill->filled - done, spill->written);
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes < 0)
            stop(spill);
        done += (size_t)bytes;
        spill->written += bytes;
    }
    spill->filled = 0;
}

void spill_add(struct spill *spill, const void *row)
{
    if (WRITE_BYTES - spill->filled < spill->row_bytes)
        flush(spill);
    memcpy(spill->buffer + spill->filled, row, spill->row_bytes);
    spill->filled += spill->row_bytes;
}

void spill_end_run(struct spill *spill)
{
    flush(spill);
    if (spill->written == spill->run_at)
        return;
    struct run *const run = ARENA_NEW(spill->arena, struct run);
    *run = (struct run){.older = spill->newest, .at = spill->run_at, .end = spill->written};
    spill->newest = run;
    spill->run_count++;
    spill->run_at = spill->written;
}

/* False at the end of the run. */
static bool fill(const struct spill *spill, struct reader *reader)
{
    const off_t left = reader->end - reader->at;
    const size_t wanted = left < (off_t)spill->reader_bytes ? (size_t)left : spill->reader_bytes;
    reader->next = reader->filled = 0;
    while (reader->filled < wanted) {
        const ssize_t bytes = pread(spill->file, reader->buffer + reader->filled,
                                    wanted - reader->filled, reader->at);
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes == 0)
            errno = EIO; /* somebody has cut it */
        if (bytes <= 0)
            stop(spill);
        reader->filled += (size_t)bytes;
        reader->at += bytes;
    }
    return wanted > 0;
}

static bool is_less(const struct reader *a, const struct reader *b)
{
    const int order = radix_compare(&a->key, &b->key);
    return order != 0 ? order < 0 : a->key.index < b->key.index;
}

static void sink(struct spill *spill, size_t at)
{
    struct reader *const reader = spill->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= spill->heap_count)
            break;
        if (child + 1 < spill->heap_count && is_less(spill->heap[child + 1], spill->heap[child]))
            child++;
        if (!is_less(spill->heap[child], reader))
            break;
        spill->heap[at] = spill->heap[child];
        at = child;
    }
    spill->heap[at] = reader;
}

void spill_rewind(struct spill *spill)
{
    CHECK(spill->heap == NULL && spill->filled == 0);
    const size_t share = MERGE_BYTES / (spill->run_count + 1);
    const size_t bytes = share < READER_BYTES ? share : READER_BYTES;
    const size_t rows = bytes / spill->row_bytes;
    spill->reader_bytes = (rows > 0 ? rows : 1) * spill->row_bytes;
    spill->heap = ARENA_ARRAY(spill->arena, struct reader *, spill->run_count);
    struct reader *const readers = ARENA_ARRAY(spill->arena, struct reader, spill->run_count);
    for (struct run *run = spill->newest; run != NULL; run = run->older) {
        struct reader *const reader = &readers[spill->heap_count];
        reader->key.index = (uint32_t)(spill->run_count - spill->heap_count);
        reader->at = run->at;
        reader->end = run->end;
        reader->buffer = arena_take(spill->arena, 1, spill->reader_bytes);
        fill(spill, reader);
        spill->key(reader->buffer, &reader->key);
        spill->heap[spill->heap_count++] = reader;
    }
    for (size_t at = spill->heap_count; at-- > 0;)
        sink(spill, at);
}

/* What has been given out makes way for the one behind it. */
static void go_on(struct spill *spill)
{
    struct reader *const reader = spill->heap[0];
    reader->next += spill->row_bytes;
    if (reader->next < reader->filled || fill(spill, reader))
        spill->key(reader->buffer + reader->next, &reader->key);
    else
        spill->heap[0] = spill->heap[--spill->heap_count];
    if (spill->heap_count > 0)
        sink(spill, 0);
}

const void *spill_next(struct spill *spill)
{
    if (spill->begun && spill->heap_count > 0)
        go_on(spill);
    spill->begun = true;
    if (spill->heap_count == 0)
        return NULL;
    return spill->heap[0]->buffer + spill->heap[0]->next;
}

void spill_close(struct spill *spill)
{
    close(spill->file);
}

/*
 * spill.c - the runs' heads stand in a heap; a run goes on as long as it has the least row, which
 * costs two comparisons. Before each row stands a byte that says whether what it may share with
 * the one before it in its run follows (1) or is the same (0).
 */
#include "sim/output/spill.h"

#include <errno.h>
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
#define RUNS_FIRST   64
#define ALIGNED      64

struct run {
    off_t begin, end;
};

struct reader {
    uint64_t key[RADIX_WORDS]; /* of its row */
    off_t at, end;             /* what is not in the buffer */
    char *row, *buffer;
    size_t next, filled; /* bytes of the buffer */
    size_t number;       /* of its run */
};

struct spill {
    struct arena *arena;
    const char *directory;
    const struct spill_row *row;
    const struct spill_key *key;
    int file;
    off_t written, run_at;
    struct run *runs;
    size_t run_count, run_room;
    char *buffer;
    size_t filled;
    char *last; /* what the last row shares, if there is one in this run */
    bool follows;
    struct reader *readers, **heap; /* the least row first */
    size_t reader_room, heap_count;
    char *read; /* the readers' rows and buffers */
    size_t read_room, reader_bytes;
    bool begun; /* the first has been given out */
};

static _Noreturn void stop(const struct spill *spill)
{
    check_stop("%s: %s", spill->directory, strerror(errno));
}

struct spill *spill_new(struct arena *arena, const char *directory, const struct spill_row *row,
                        const struct spill_key *key)
{
    struct spill *const spill = ARENA_NEW(arena, struct spill);
    static const char pattern[] = "/.rows-XXXXXX";
    const size_t bytes = strlen(directory) + sizeof pattern;
    char *const name = ARENA_ARRAY(arena, char, bytes);
    snprintf(name, bytes, "%s%s", directory, pattern);
    *spill = (struct spill){.arena = arena,
                            .directory = directory,
                            .row = row,
                            .key = key,
                            .file = mkstemp(name),
                            .buffer = arena_take(arena, 1, WRITE_BYTES),
                            .last = arena_take(arena, 1, row->shared)};
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

static void put(struct spill *spill, const void *bytes, size_t count)
{
    memcpy(spill->buffer + spill->filled, bytes, count);
    spill->filled += count;
}

void spill_add(struct spill *spill, const void *row)
{
    const struct spill_row *const of = spill->row;
    if (WRITE_BYTES - spill->filled < 1 + of->bytes)
        flush(spill);
    const bool is_new = !spill->follows || memcmp(spill->last, row, of->shared) != 0;
    spill->buffer[spill->filled++] = is_new ? 1 : 0;
    if (is_new) {
        memcpy(spill->last, row, of->shared);
        put(spill, row, of->shared);
    }
    put(spill, (const char *)row + of->shared, of->bytes - of->shared);
    spill->follows = true;
}

static void grow(struct spill *spill)
{
    spill->run_room = spill->run_room == 0 ? RUNS_FIRST : 2 * spill->run_room;
    struct run *const more = ARENA_ARRAY(spill->arena, struct run, spill->run_room);
    if (spill->run_count > 0)
        memcpy(more, spill->runs, spill->run_count * sizeof *more);
    spill->runs = more;
}

void spill_end_run(struct spill *spill)
{
    flush(spill);
    spill->follows = false;
    if (spill->written == spill->run_at)
        return;
    if (spill->run_count == spill->run_room)
        grow(spill);
    spill->runs[spill->run_count++] = (struct run){.begin = spill->run_at, .end = spill->written};
    spill->run_at = spill->written;
}

/* Behind what is left in it. */
static void fill(const struct spill *spill, struct reader *reader)
{
    const size_t room = spill->reader_bytes - spill->row->bytes;
    reader->filled -= reader->next;
    memmove(reader->buffer, reader->buffer + reader->next, reader->filled);
    reader->next = 0;
    while (reader->at < reader->end && reader->filled < room) {
        const off_t left = reader->end - reader->at;
        const size_t more = room - reader->filled;
        const ssize_t bytes = pread(spill->file, reader->buffer + reader->filled,
                                    left < (off_t)more ? (size_t)left : more, reader->at);
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes == 0)
            errno = EIO; /* somebody has cut it */
        if (bytes <= 0)
            stop(spill);
        reader->filled += (size_t)bytes;
        reader->at += bytes;
    }
}

static void get(struct reader *reader, char *into, size_t count)
{
    memcpy(into, reader->buffer + reader->next, count);
    reader->next += count;
}

/* False at the end of the run. */
static bool read_row(const struct spill *spill, struct reader *reader)
{
    const struct spill_row *const of = spill->row;
    if (reader->filled - reader->next < 1 + of->bytes && reader->at < reader->end)
        fill(spill, reader);
    if (reader->next == reader->filled)
        return false;
    if (reader->buffer[reader->next++] != 0)
        get(reader, reader->row, of->shared);
    get(reader, reader->row + of->shared, of->bytes - of->shared);
    spill->key->of(reader->row, reader->key);
    return true;
}

static bool is_less(const struct spill *spill, const struct reader *a, const struct reader *b)
{
    const int order = radix_compare(a->key, b->key, spill->key->words);
    return order != 0 ? order < 0 : a->number < b->number;
}

static void sink(struct spill *spill, size_t at)
{
    struct reader *const reader = spill->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= spill->heap_count)
            break;
        if (child + 1 < spill->heap_count &&
            is_less(spill, spill->heap[child + 1], spill->heap[child]))
            child++;
        if (!is_less(spill, spill->heap[child], reader))
            break;
        spill->heap[at] = spill->heap[child];
        at = child;
    }
    spill->heap[at] = reader;
}

bool spill_is_empty(const struct spill *spill)
{
    return spill->run_count == 0;
}

/* For as many readers as there are runs. */
static void take_readers(struct spill *spill)
{
    const size_t share = MERGE_BYTES / (spill->run_count + 1);
    const size_t least = 2 * spill->row->bytes + 1;
    const size_t most = least > READER_BYTES ? least : READER_BYTES;
    const size_t bytes = share < least ? least : share > most ? most : share;
    spill->reader_bytes = (bytes + ALIGNED - 1) / ALIGNED * ALIGNED;
    if (spill->reader_room < spill->run_count) {
        spill->reader_room = spill->run_room;
        spill->readers = ARENA_ARRAY(spill->arena, struct reader, spill->reader_room);
        spill->heap = ARENA_ARRAY(spill->arena, struct reader *, spill->reader_room);
    }
    if (spill->read_room < spill->run_count * spill->reader_bytes) {
        spill->read_room = spill->reader_room * spill->reader_bytes;
        spill->read = arena_take(spill->arena, 1, spill->read_room);
    }
}

void spill_rewind(struct spill *spill)
{
    CHECK(spill->filled == 0);
    take_readers(spill);
    for (size_t number = 0; number < spill->run_count; number++) {
        const struct run *const run = &spill->runs[number];
        struct reader *const reader = &spill->readers[number];
        char *const room = spill->read + number * spill->reader_bytes;
        *reader = (struct reader){.at = run->begin,
                                  .end = run->end,
                                  .row = room,
                                  .buffer = room + spill->row->bytes,
                                  .number = number};
        read_row(spill, reader);
        spill->heap[number] = reader;
    }
    spill->begun = false;
    spill->heap_count = spill->run_count;
    for (size_t at = spill->heap_count; at-- > 0;)
        sink(spill, at);
}

/* What has been given out makes way for the one behind it. */
static void go_on(struct spill *spill)
{
    if (!read_row(spill, spill->heap[0]))
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
    return spill->heap[0]->row;
}

void spill_empty(struct spill *spill)
{
    spill->written = spill->run_at = 0;
    spill->run_count = 0;
}

void spill_close(struct spill *spill)
{
    close(spill->file);
}

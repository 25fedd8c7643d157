/*
 * arena.c - chunks of pages from the system, in a list.
 *
 * Small takes share chunks; a large one has its own, so that the pages of a big table come from the
 * system one by one as they are touched. calloc would do the same only as long as it pleases: once
 * a large block has been freed, glibc keeps such blocks and clears them by hand.
 *
 * A large run touches its memory all over, and with small pages their addresses are missed as the
 * data are. So chunks grow with the arena, and those that are large ask for large pages. A system
 * that has none does without.
 *
 * Under the address sanitizer every take is an allocation of its own, so that it sees what runs
 * over from one object into the next, and says who took them.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, madvise */

#include "sim/core/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/core/check.h"

#define CHUNK_BYTES ((size_t)1 << 20)
#define LARGE_BYTES ((size_t)64 << 10)
#define HUGE_BYTES  ((size_t)4 << 20)
#define LINE_BYTES  ((size_t)64)

#if defined(__SANITIZE_ADDRESS__)
#define TAKES_APART
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TAKES_APART
#endif
#endif

#ifdef TAKES_APART

struct arena_chunk {
    struct arena_chunk *next;
    void *object;
};

/* Large ones are lazily backed here too, and on a cache line anyway. */
static void *take(struct arena *arena, size_t bytes)
{
    void *object = NULL;
    if (bytes >= LARGE_BYTES)
        object = calloc(1, bytes);
    else if (posix_memalign(&object, bytes >= LINE_BYTES ? LINE_BYTES : 16, bytes) == 0)
        memset(object, 0, bytes);
    struct arena_chunk *const chunk = malloc(sizeof *chunk);
    if (object == NULL || chunk == NULL)
        check_no_memory(bytes);
    CHECK(bytes < LARGE_BYTES || (uintptr_t)object % LINE_BYTES == 0);
    *chunk = (struct arena_chunk){.next = arena->chunks, .object = object};
    arena->chunks = chunk;
    return object;
}

static void give_chunk(struct arena_chunk *chunk)
{
    free(chunk->object);
    free(chunk);
}

#else

struct arena_chunk {
    struct arena_chunk *next;
    size_t bytes; /* all of it */
};

/* At least `bytes` of zeros that begin on a cache line. */
static char *add_chunk(struct arena *arena, size_t bytes)
{
    const size_t whole = bytes + sizeof(struct arena_chunk) + LINE_BYTES;
    void *const pages = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED)
        check_no_memory(bytes);
#ifdef MADV_HUGEPAGE
    if (whole >= HUGE_BYTES)
        (void)madvise(pages, whole, MADV_HUGEPAGE);
#endif
    struct arena_chunk *const chunk = pages;
    chunk->bytes = whole;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    char *const start = (char *)(chunk + 1);
    return start + (-(uintptr_t)start & (LINE_BYTES - 1));
}

static void *take_small(struct arena *arena, size_t bytes)
{
    const size_t alignment = bytes >= LINE_BYTES ? LINE_BYTES : 16;
    size_t gap = -(uintptr_t)arena->next & (alignment - 1);
    if (gap + bytes > arena->left_bytes) {
        const size_t part = arena->taken_bytes / 8;
        const size_t chunk_bytes = part > CHUNK_BYTES ? part : CHUNK_BYTES;
        arena->next = add_chunk(arena, chunk_bytes);
        arena->left_bytes = chunk_bytes;
        gap = 0;
    }
    char *const start = arena->next + gap;
    arena->next = start + bytes;
    arena->left_bytes -= gap + bytes;
    return start;
}

static void *take(struct arena *arena, size_t bytes)
{
    return bytes >= LARGE_BYTES ? add_chunk(arena, bytes) : take_small(arena, bytes);
}

static void give_chunk(struct arena_chunk *chunk)
{
    munmap(chunk, chunk->bytes);
}

#endif

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_free(struct arena *arena)
{
    while (arena->chunks != NULL) {
        struct arena_chunk *const chunk = arena->chunks;
        arena->chunks = chunk->next;
        give_chunk(chunk);
    }
    arena_init(arena);
}

void arena_seal(struct arena *arena)
{
    arena->sealed = true;
}

void *arena_take(struct arena *arena, size_t count, size_t bytes_each)
{
    CHECK(!arena->sealed);
    return arena_outgrow(arena, count, bytes_each);
}

void *arena_outgrow(struct arena *arena, size_t count, size_t bytes_each)
{
    if (bytes_each != 0 && count > SIZE_MAX / 2 / bytes_each)
        check_no_memory(SIZE_MAX);
    const size_t bytes = count * bytes_each;
    arena->taken_bytes += bytes;
    return take(arena, bytes == 0 ? 1 : bytes);
}

const char *arena_text(struct arena *arena, const char *text)
{
    const size_t bytes = strlen(text) + 1;
    return memcpy(arena_take(arena, bytes, 1), text, bytes);
}

const char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(length >= 0);
    char *const text = arena_take(arena, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

/*
 * file.c - reads until the end instead of asking for the size: standard input has none.
 */
#include "sim/input/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_BYTES = 1 << 14 };

static const char *read_all(struct arena *arena, FILE *in, size_t *length)
{
    size_t capacity = FIRST_BYTES;
    char *text = ARENA_ARRAY(arena, char, capacity);
    size_t count = 0;
    for (;;) {
        count += fread(text + count, 1, capacity - 1 - count, in);
        if (count < capacity - 1)
            break; /* the end, or an error */
        char *const larger = ARENA_ARRAY(arena, char, 2 * capacity);
        memcpy(larger, text, count);
        text = larger;
        capacity *= 2;
    }
    text[count] = '\0';
    *length = count;
    return text;
}

const char *file_read(struct arena *arena, struct diag *diag, struct place place, const char *path,
                      size_t *length)
{
    const bool standard = strcmp(path, "-") == 0;
    FILE *const in = standard ? stdin : fopen(path, "rb");
    if (in == NULL) {
        diag_error(diag, place, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    file_note(diag, path);
    errno = 0;
    const char *const text = read_all(arena, in, length);
    const int problem = ferror(in) ? errno : 0;
    if (!standard)
        fclose(in);
    if (problem != 0) {
        diag_error(diag, place, "cannot read %s: %s", path, strerror(problem));
        return NULL;
    }
    return text;
}

void file_note(struct diag *diag, const char *path)
{
    struct stat status;
    const int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &status) : stat(path, &status);
    if (failed != 0 || !S_ISREG(status.st_mode))
        return;
    for (const struct diag_file *file = diag->files; file != NULL; file = file->next)
        if (file->device == status.st_dev && file->inode == status.st_ino)
            return;
    struct diag_file *const file = ARENA_NEW(diag->arena, struct diag_file);
    *file = (struct diag_file){.next = diag->files,
                               .path = arena_text(diag->arena, path),
                               .device = status.st_dev,
                               .inode = status.st_ino};
    diag->files = file;
}

const char *file_beside(struct arena *arena, const char *directory, const char *name)
{
    if (name[0] == '/' || directory == NULL || strcmp(directory, ".") == 0)
        return name;
    return arena_format(arena, "%s/%s", directory, name);
}

const char *file_directory(struct arena *arena, const char *path)
{
    const char *const slash = strrchr(path, '/');
    if (slash == NULL)
        return ".";
    if (slash == path)
        return "/";
    return arena_format(arena, "%.*s", (int)(slash - path), path);
}

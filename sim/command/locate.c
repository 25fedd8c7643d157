/*
 * locate.c - the program knows where it lies: Linux tells, and elsewhere only files are found.
 */
#include "sim/command/locate.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/input/diag.h"
#include "sim/input/file.h"

#define EXTENSION  ".yaml"
#define PATH_BYTES 4096
#define NAMES_MAX  1000

static const char *const places[] = {"../share", "share"};

#define PLACES (sizeof places / sizeof *places)

/* NULL: nobody tells. */
static const char *directory_of_program(struct arena *arena)
{
    char *const path = ARENA_ARRAY(arena, char, PATH_BYTES);
    const ssize_t length = readlink("/proc/self/exe", path, PATH_BYTES);
    return length > 0 && length < PATH_BYTES ? file_directory(arena, path) : NULL;
}

/* The scenarios in one of the places. */
static const char *directory_in(struct arena *arena, const char *program, size_t place)
{
    const char *const directory = directory_of_program(arena);
    return directory == NULL
               ? NULL
               : arena_format(arena, "%s/%s/%s/scenarios", directory, places[place], program);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

const char *locate_scenario(struct arena *arena, const char *program, const char *name)
{
    if (strpbrk(name, "./") != NULL || name[0] == '\0' || is_file(name))
        return name;
    for (size_t i = 0; i < PLACES; i++) {
        const char *const directory = directory_in(arena, program, i);
        const char *const path =
            directory != NULL ? arena_format(arena, "%s/%s" EXTENSION, directory, name) : name;
        if (is_file(path))
            return path;
    }
    return name;
}

static void add_names(struct arena *arena, DIR *directory, const char **names, size_t *count)
{
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL && *count < NAMES_MAX) {
        const char *const dot = strrchr(entry->d_name, '.');
        if (dot != NULL && strcmp(dot, EXTENSION) == 0)
            names[(*count)++] =
                arena_format(arena, "%.*s", (int)(dot - entry->d_name), entry->d_name);
    }
}

const char *const *locate_names(struct arena *arena, const char *program, size_t *count)
{
    const char **const names = ARENA_ARRAY(arena, const char *, NAMES_MAX);
    *count = 0;
    for (size_t i = 0; i < PLACES; i++) {
        const char *const path = directory_in(arena, program, i);
        DIR *const directory = path != NULL ? opendir(path) : NULL;
        if (directory == NULL)
            continue;
        add_names(arena, directory, names, count);
        closedir(directory);
    }
    return names;
}

const char *locate_nearest(struct arena *arena, const char *program, const char *written)
{
    size_t count;
    const char *const *const names = locate_names(arena, program, &count);
    return strpbrk(written, "./") == NULL ? diag_nearest(written, names, count) : NULL;
}

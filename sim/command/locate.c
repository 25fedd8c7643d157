/*
 * locate.c - the program knows where it lies: Linux tells, if /proc is there.
 */
#include "sim/command/locate.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/input/diag.h"
#include "sim/input/file.h"

#define EXTENSION  ".yaml"
#define PATH_BYTES 4096
#define NAMES_MAX  1000
#define PLACES_MAX 16

/* Where shared data lies as seen from the program, and where it lies in a system (XDG Base
 * Directory Specification), for where nobody tells where the program is. */
static const char *const near_program[] = {"../share", "share"};
#define SYSTEM_DATA "/usr/local/share:/usr/share"

#define NEAR_PROGRAM (sizeof near_program / sizeof *near_program)

struct places {
    struct arena *arena;
    const char *program;
    const char *directories[PLACES_MAX]; /* of scenarios; they need not exist */
    size_t count;
};

static void add_place(struct places *places, const char *share, size_t bytes)
{
    if (bytes > 0 && places->count < PLACES_MAX)
        places->directories[places->count++] =
            arena_format(places->arena, "%.*s/%s/scenarios", (int)bytes, share, places->program);
}

static void add_near_program(struct places *places)
{
    char *const path = ARENA_ARRAY(places->arena, char, PATH_BYTES);
    const ssize_t length = readlink("/proc/self/exe", path, PATH_BYTES);
    if (length <= 0 || length >= PATH_BYTES)
        return;
    for (size_t i = 0; i < NEAR_PROGRAM; i++) {
        const char *const share = arena_format(
            places->arena, "%s/%s", file_directory(places->arena, path), near_program[i]);
        add_place(places, share, strlen(share));
    }
}

static struct places find_places(struct arena *arena, const char *program)
{
    struct places places = {.arena = arena, .program = program};
    const char *const given = getenv("XDG_DATA_DIRS");
    const char *list = given != NULL && *given != '\0' ? given : SYSTEM_DATA;
    add_near_program(&places);
    while (*list != '\0') {
        const size_t bytes = strcspn(list, ":");
        add_place(&places, list, bytes);
        list += bytes + (list[bytes] == ':');
    }
    return places;
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

const char *locate_scenario(struct arena *arena, const char *program, const char *name)
{
    if (name[0] == '\0' || name[0] == '/' || strchr(name, '.') != NULL || is_file(name))
        return name;
    const struct places places = find_places(arena, program);
    for (size_t i = 0; i < places.count; i++) {
        const char *const path =
            arena_format(arena, "%s/%s" EXTENSION, places.directories[i], name);
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
    const struct places places = find_places(arena, program);
    for (size_t i = 0; i < places.count; i++) {
        DIR *const directory = opendir(places.directories[i]);
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

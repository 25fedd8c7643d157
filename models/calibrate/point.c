/*
 * point.c - the argument is taken apart, its files are read.
 */
#include "models/calibrate/point.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "sim/input/quantity.h"

/* The colon before the words: one that KEY= follows. The whole is a file where there is one. */
static size_t path_bytes(const char *argument)
{
    const char *at = argument;
    if (access(argument, F_OK) == 0)
        return strlen(argument);
    while ((at = strchr(at, ':')) != NULL) {
        const char *key = ++at;
        while (isalnum((unsigned char)*key) || strchr(".-_", *key) != NULL)
            if (*key++ == '\0')
                break;
        if (key > at && *key == '=')
            return (size_t)(at - 1 - argument);
    }
    return strlen(argument);
}

/* Of a word: up to a comma outside brackets and quotes. */
static size_t word_bytes(const char *word)
{
    int depth = 0;
    char quote = '\0';
    size_t i = 0;
    for (; word[i] != '\0'; i++) {
        const char c = word[i];
        if (quote != '\0' && c == quote)
            quote = '\0';
        else if (quote != '\0')
            continue;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == ',' && depth == 0)
            break;
        else
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
    return i;
}

struct said {
    const char *since;
    double elapsed_s;
};

static bool take_word(struct point *point, struct said *said, struct diag *diag, const char *word)
{
    const char *const value = strchr(word, '=') != NULL ? strchr(word, '=') + 1 : "";
    const struct place place = {.file = word, .line = 1, .column = 1};
    if (strncmp(word, "since=", strlen("since=")) == 0) {
        said->since = value;
        return true;
    }
    if (strncmp(word, "elapsed=", strlen("elapsed=")) == 0) {
        struct quantity_value time;
        if (!quantity_read(&quantity_time, 1e6, 1e18, diag, place, "elapsed", value, &time))
            return false;
        said->elapsed_s = 1e-9 * time.real;
        return true;
    }
    point->sets[point->set_count++] = word;
    return true;
}

static bool take_words(struct point *point, struct said *said, struct arena *arena,
                       struct diag *diag)
{
    bool good = true;
    point->sets = ARENA_ARRAY(arena, const char *, strlen(point->words) + 1);
    for (const char *at = point->words; *at != '\0'; at += *at == ',') {
        const size_t bytes = word_bytes(at);
        if (bytes > 0)
            good =
                take_word(point, said, diag, arena_format(arena, "%.*s", (int)bytes, at)) && good;
        at += bytes;
    }
    return good;
}

bool point_read(struct point *point, struct arena *arena, struct diag *diag, const char *argument)
{
    const size_t bytes = path_bytes(argument);
    struct said said = {.elapsed_s = NAN};
    struct metrics before;
    *point = (struct point){.path = arena_format(arena, "%.*s", (int)bytes, argument),
                            .words = argument[bytes] == ':' ? argument + bytes + 1 : ""};
    if (!take_words(point, &said, arena, diag) ||
        !metrics_read(&point->metrics, arena, diag, point->path) ||
        (said.since != NULL && !metrics_read(&before, arena, diag, said.since)))
        return false;
    if (isnan(said.elapsed_s))
        said.elapsed_s = point->metrics.elapsed_s;
    return figures_find(&point->figures, arena, diag, &point->metrics,
                        said.since != NULL ? &before : NULL, said.elapsed_s);
}

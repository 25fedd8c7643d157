/*
 * words.c - units that fit.
 */
#include "models/advice/words.h"

#include "sim/core/figure.h"
#include "sim/study/screen.h"

const char *words_figure(struct arena *arena, double value)
{
    char text[FIGURE_BYTES];
    return arena_text(arena, figure_exact(text, value));
}

const char *words_bytes(struct arena *arena, double value)
{
    char text[FIGURE_BYTES];
    return arena_text(arena, figure_bytes(text, value));
}

const char *words_share(struct arena *arena, double value)
{
    char text[FIGURE_BYTES];
    return arena_text(arena, figure_per_cent(text, value));
}

const char *words_count(struct arena *arena, double count, const char *thing)
{
    const bool one = count > 0.5 && count < 1.5;
    return arena_format(arena, "%s %s%s", words_figure(arena, count), thing, one ? "" : "s");
}

const char *words_time(struct arena *arena, double ns)
{
    static const struct {
        double ns, most; /* of one; so many are shown */
        const char *name;
    } units[] = {{1e3, 1e3, "us"},   {1e6, 1e3, "ms"},  {1e9, 300, "s"},
                 {60e9, 120, "min"}, {3600e9, 96, "h"}, {86400e9, 0, "days"}};
    size_t u = ns > 0 ? 0 : 1;
    while (units[u].most > 0 && ns >= units[u].most * units[u].ns)
        u++;
    return arena_format(arena, "%s %s", words_figure(arena, ns / units[u].ns), units[u].name);
}

const char *words_ms(struct arena *arena, int64_t ms)
{
    return words_time(arena, 1e6 * (double)ms);
}

void words_wrap(const char *text, int indent, FILE *out)
{
    if (*text == '\0')
        return;
    fprintf(out, "%*s", indent, "");
    screen_break(out, indent, indent, SCREEN_WIDTH, text);
    fputc('\n', out);
}

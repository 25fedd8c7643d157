/*
 * diagnose_stall.c - when, who, what, how much; and what would avoid it.
 */
#include <math.h>

#include "models/advice/diagnose_parts.h"
#include "models/advice/lines.h"
#include "models/advice/stall.h"
#include "models/report/summary_parts.h"
#include "sim/core/text.h"

#define TOPICS_SHOWN  3
#define BROKERS_SHOWN 6

/* Less than this share of what had piled up is nothing. */
#define WORKED_OFF 0.1

static const char *const state_names[STALL_STATES] = {
    [STALL_OPEN] = "open", [STALL_QUEUED] = "queued", [STALL_IN_FLIGHT] = "in flight"};

/* Seconds; ms where a run is short. */
static const char *time_text(struct arena *arena, sim_time time, sim_time scale)
{
    return scale < 1000 * SIM_MS ? arena_format(arena, "%.3g ms", 1e-6 * (double)time)
                                 : arena_format(arena, "%.2f s", 1e-9 * (double)time);
}

static const char *share_text(struct arena *arena, double share)
{
    const double per_cent = 100 * share;
    return arena_format(arena, "%.*f %%", per_cent >= 10 ? 0 : 2, per_cent);
}

static void print_when(const struct diagnosis *diagnosis, FILE *out)
{
    const struct stall *const stall = diagnosis->stall;
    struct arena *const arena = diagnosis->arena;
    const sim_time scale = stall->end;
    struct text text;
    text_init(&text, arena);
    if (stall->ended)
        text_format(&text, "%s to ", time_text(arena, stall->begin, scale));
    else
        text_format(&text, "from %s on, watched until ", time_text(arena, stall->begin, scale));
    text_add(&text, time_text(arena, stall->ended ? stall->end : stall->watched, scale));
    if (stall->silent && stall->ended && stall->end > stall->silent_until)
        text_format(&text, ", %s longer than broker %d was silent",
                    time_text(arena, stall->end - stall->silent_until, scale), stall->holder);
    if (stall->silent)
        text_format(&text, " (%s to %s)", time_text(arena, stall->silent_from, scale),
                    time_text(arena, stall->silent_until, scale));
    text_format(&text, "; %d of %.0f mailboxes, waiting %s of it", stall->waiters,
                (double)diagnosis->params->parallelism, share_text(arena, stall->waited));
    if (stall->count > 1)
        text_format(&text, "; the longest of %d", stall->count);
    lines_print(out, "stall", text.start);
}

/* The state in which that broker's partitions hold most. */
static enum stall_state main_state(const struct stall_hold *hold)
{
    enum stall_state main = STALL_OPEN;
    for (int s = STALL_OPEN; s < STALL_STATES; s++)
        if (hold->bytes[s] > hold->bytes[main])
            main = (enum stall_state)s;
    return main;
}

static void print_holder(const struct diagnosis *diagnosis, FILE *out)
{
    const struct stall *const stall = diagnosis->stall;
    const struct stall_hold *const hold = &stall->brokers[stall->holder];
    const enum stall_state state = main_state(hold);
    const double lent = (double)stall->lent;
    struct arena *const arena = diagnosis->arena;
    char bytes[FIGURE_BYTES];
    struct text text;
    text_init(&text, arena);
    text_format(&text, "at %s the pools had lent %s: ", time_text(arena, stall->at, stall->end),
                figure_bytes(bytes, lent));
    text_format(&text, "%s for broker %d, ", share_text(arena, (double)stall_held(hold) / lent),
                stall->holder);
    text_format(&text, "%s %s; ", share_text(arena, (double)hold->bytes[state] / lent),
                state_names[state]);
    text_format(&text, "%s of all is data", share_text(arena, (double)stall->all.data / lent));
    lines_print(out, "memory", text.start);
}

/* What ended it, or that nothing does. */
static void print_end(const struct diagnosis *diagnosis, FILE *out)
{
    const struct stall *const stall = diagnosis->stall;
    char piled[FIGURE_BYTES];
    char left[FIGURE_BYTES];
    figure_exact(piled, floor(stall->piled_up));
    figure_exact(left, floor(stall->left_over));
    const char *text;
    if (!stall->ended)
        text = arena_format(diagnosis->arena, "it does not end by itself: %s records have piled up",
                            piled);
    else if (stall->left_over <= WORKED_OFF * stall->piled_up)
        text =
            arena_format(diagnosis->arena,
                         "by itself, when the %s records that had piled up were worked off", piled);
    else if (stall->silent && stall->end <= stall->silent_until + stall->end / 100)
        text = arena_format(diagnosis->arena, "when broker %d answered again", stall->holder);
    else
        text = arena_format(diagnosis->arena,
                            "by itself: memory came back faster than it was asked for; %s of %s "
                            "records that had piled up were left",
                            left, piled);
    lines_print(out, stall->ended ? "ended" : "end", text);
}

static void print_bounds(const struct diagnosis *diagnosis, FILE *out)
{
    struct arena *const arena = diagnosis->arena;
    const char *const batch =
        diagnosis->stall_batch > 0
            ? arena_format(arena, "up to batch.size %s",
                           remedy_value(ROW_batch_size, diagnosis->stall_batch, arena))
            : "with no batch.size";
    const char *const memory =
        diagnosis->stall_memory > 0
            ? arena_format(arena, "from buffer.memory %s on",
                           remedy_value(ROW_buffer_memory, diagnosis->stall_memory, arena))
            : "with no buffer.memory";
    lines_print(out, "avoided", arena_format(arena, "%s, or %s", batch, memory));
}

static void print_hold(const char *name, const struct stall_hold *hold, const struct stall *stall,
                       FILE *out)
{
    const double lent = (double)stall->lent;
    fprintf(out, "  %-24s", name);
    for (int s = 0; s < STALL_STATES; s++)
        fprintf(out, " %8.1f %%", 100 * (double)hold->bytes[s] / lent);
    fprintf(out, " %14.0f %8.2f %%\n", (double)stall_held(hold), 100 * (double)hold->data / lent);
}

/* By what they hold, the most first: numbers of `holds`. */
static size_t most(const struct stall_hold *holds, size_t count, size_t *sorted, size_t shown)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = found < shown ? found++ : shown;
        for (; at > 0 && stall_held(&holds[sorted[at - 1]]) < stall_held(&holds[i]); at--)
            if (at < shown)
                sorted[at] = sorted[at - 1];
        if (at < shown)
            sorted[at] = i;
    }
    return found;
}

static void print_holds(const struct diagnosis *diagnosis, FILE *out)
{
    const struct stall *const stall = diagnosis->stall;
    const struct topic_list *const topics = &diagnosis->params->topics;
    size_t sorted[BROKERS_SHOWN];
    fprintf(out, "\n  %-24s %10s %10s %10s %14s %10s\n", "of what was lent", "open", "queued",
            "in flight", "bytes", "data");
    size_t count =
        most(stall->brokers, (size_t)diagnosis->params->brokers + 1, sorted, BROKERS_SHOWN);
    for (size_t i = 0; i < count; i++)
        if (stall_held(&stall->brokers[sorted[i]]) > 0)
            print_hold((int64_t)sorted[i] == diagnosis->params->brokers
                           ? "led by nobody"
                           : arena_format(diagnosis->arena, "broker %zu", sorted[i]),
                       &stall->brokers[sorted[i]], stall, out);
    count = most(stall->topics, (size_t)topics->count, sorted, TOPICS_SHOWN);
    for (size_t i = 0; i < count; i++)
        print_hold(topics->items[sorted[i]].name, &stall->topics[sorted[i]], stall, out);
    print_hold("all batches", &stall->all, stall, out);
    fprintf(out, "  %-24s %47.0f\n", "given to who waits", (double)stall->granted);
    fprintf(out, "  %-24s %47.0f\n", "lent by the pools", (double)stall->lent);
}

void stall_print(const struct diagnosis *diagnosis, bool more, FILE *out)
{
    if (!diagnosis->stall->found) {
        lines_print(out, "stall", "none: no mailbox waits for memory for long");
        return;
    }
    print_when(diagnosis, out);
    print_holder(diagnosis, out);
    print_end(diagnosis, out);
    print_bounds(diagnosis, out);
    if (more)
        print_holds(diagnosis, out);
}

/*
 * summary_latency.c - two columns of figures, and a story.
 */
#include <math.h>

#include "models/producer/latency.h"
#include "models/report/summary_parts.h"

/* Less than this on average and around p99 is nothing, in ms. */
#define NOTHING 0.005
/* So much of the time makes a share worth telling, */
#define WORTH_TELLING 0.05
/* of at most so many parts. */
#define TOLD 4

#define TOLD_BYTES (TOLD * 2 * FIGURE_BYTES)

static const char *const words[LATENCY_PARTS] = {
    [LATENCY_SOURCE] = "source and exchange",
    [LATENCY_MAILBOX] = "behind the mailbox",
    [LATENCY_MEMORY] = "waiting for memory",
    [LATENCY_LINGER] = "linger or company",
    [LATENCY_IN_FLIGHT] = "behind requests in flight",
    [LATENCY_SENDER] = "Sender",
    [LATENCY_WIRE] = "wire",
    [LATENCY_BROKER_QUEUE] = "in the broker's queue",
    [LATENCY_APPEND] = "append",
    [LATENCY_REPLICATION] = "replication",
    [LATENCY_RETRIES] = "retries",
};

/* All of one column have as many digits. */
static void print_row(const char *name, double average, double around, const char *more, FILE *out)
{
    fprintf(out, "  %-26s %10.2f", name, average);
    if (!isnan(around))
        fprintf(out, " %12.2f", around);
    fprintf(out, "%s%s\n", more[0] != '\0' ? "  " : "", more);
}

/* Average and around p99, below each other. */
static void print_parts(const struct summary *summary)
{
    const double *const columns = summary->columns;
    FILE *const out = summary->screen->out;
    double around = 0;
    fprintf(out, "where the time goes, ms         average   around p99\n");
    for (int p = 0; p < LATENCY_PARTS; p++) {
        const double average = columns[COLUMN_latency_source_avg + p];
        const double its_around = columns[COLUMN_latency_source_p99 + p];
        char share[FIGURE_BYTES];
        char more[2 * FIGURE_BYTES] = "";
        around += its_around;
        if (average < NOTHING && !(its_around >= NOTHING))
            continue;
        if (p == LATENCY_MAILBOX && columns[COLUMN_blocked_ratio] > WORTH_TELLING)
            snprintf(more, sizeof more, "%s of its time it waits for memory",
                     figure_per_cent(share, columns[COLUMN_blocked_ratio]));
        else if (p == LATENCY_MAILBOX && !isnan(columns[COLUMN_remote_request_rate]))
            snprintf(more, sizeof more, "the remote function included");
        print_row(words[p], average, its_around, more, out);
    }
    print_row("latency", columns[COLUMN_latency_avg], around, "", out);
    if (!isnan(columns[COLUMN_latency_commit_avg]))
        print_row("and until the commit", columns[COLUMN_latency_commit_avg], NAN, "", out);
}

/* The longest parts first: "11.2 s waiting for memory, 0.9 s behind requests in flight" */
static void tell_parts(const double *parts, double whole, int most, char *text, size_t bytes)
{
    bool told[LATENCY_PARTS] = {false};
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < most; i++) {
        int longest = 0;
        for (int p = 1; p < LATENCY_PARTS; p++)
            if (!told[p] && (told[longest] || parts[p] > parts[longest]))
                longest = p;
        if (told[longest] || parts[longest] < WORTH_TELLING * whole || used >= bytes)
            return;
        char time[FIGURE_BYTES];
        used += (size_t)snprintf(text + used, bytes - used, "%s%s %s", i > 0 ? ", " : "",
                                 figure_millis(time, parts[longest]), words[longest]);
        told[longest] = true;
    }
}

/* As much of it as a line has room for. */
static void say_parts(const struct summary *summary, const char *what, const double *parts,
                      double whole)
{
    char told[TOLD_BYTES];
    int most = TOLD;
    do
        tell_parts(parts, whole, most, told, sizeof told);
    while (--most > 0 && screen_columns(what) + 2 + screen_columns(told) > SCREEN_WIDTH);
    summary_say(summary->screen, SCREEN_PLAIN, "%s: %s", what, told);
}

static void tell_average(const struct summary *summary)
{
    const double *const columns = summary->columns;
    char average[FIGURE_BYTES];
    char what[2 * FIGURE_BYTES];
    snprintf(what, sizeof what, "latency %s", figure_millis(average, columns[COLUMN_latency_avg]));
    say_parts(summary, what, &columns[COLUMN_latency_source_avg], columns[COLUMN_latency_avg]);
}

static void tell_slowest(const struct summary *summary)
{
    const double *const columns = summary->columns;
    const double *const its = &columns[COLUMN_slowest_source];
    const int32_t partition = (int32_t)columns[COLUMN_slowest_partition];
    const struct topic *const topic = topics_of(&summary->params->topics, partition);
    double whole = 0;
    for (int p = 0; p < LATENCY_PARTS; p++)
        whole += its[p];
    char time[FIGURE_BYTES];
    char arrived[FIGURE_BYTES];
    char what[SUMMARY_LINE_BYTES];
    snprintf(what, sizeof what, "slowest: %s, subtask %.0f, %.40s-%d at %s",
             figure_millis(time, whole), columns[COLUMN_slowest_subtask], topic->name,
             (int)(partition - topic->first),
             figure_millis(arrived, 1e3 * columns[COLUMN_slowest_arrived]));
    say_parts(summary, what, its, whole);
}

void summary_print_latency(const struct summary *summary)
{
    if (isnan(summary->columns[COLUMN_latency_avg]))
        return;
    if (summary->screen->verbose)
        print_parts(summary);
    else
        tell_average(summary);
    tell_slowest(summary);
}

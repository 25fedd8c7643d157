/*
 * summary_latency.c - two columns of figures, and a story.
 */
#include <math.h>
#include <string.h>

#include "models/producer/latency.h"
#include "models/report/columns.h"
#include "models/report/summary_parts.h"

/* Less than this on average and around p99 is nothing, in ms. */
#define NOTHING 0.005
/* So much of the time makes a share worth telling, */
#define WORTH_TELLING 0.05
/* of at most so many parts. */
#define TOLD 4

#define LINE 80 /* of a terminal */

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

/* ms as people say them. */
static const char *time_text(char text[SUMMARY_TEXT_BYTES], double ms)
{
    if (ms >= 1000)
        snprintf(text, SUMMARY_TEXT_BYTES, "%.*f s", ms >= 1e5 ? 0 : ms >= 1e4 ? 1 : 2, 1e-3 * ms);
    else
        snprintf(text, SUMMARY_TEXT_BYTES, "%.*f ms", ms >= 100 ? 0 : ms >= 10 ? 1 : 2, ms);
    return text;
}

/* All of one column have as many digits. */
static void print_row(const char *name, double average, double around, const char *more, FILE *out)
{
    fprintf(out, "    %-26s %10.2f", name, average);
    if (!isnan(around))
        fprintf(out, " %12.2f", around);
    fprintf(out, "%s%s\n", more[0] != '\0' ? "  " : "", more);
}

static void print_parts(const double *columns, FILE *out)
{
    double around = 0;
    fprintf(out, "  where the time goes, ms         average   around p99\n");
    for (int p = 0; p < LATENCY_PARTS; p++) {
        const double average = columns[COLUMN_latency_source_avg + p];
        const double its_around = columns[COLUMN_latency_source_p99 + p];
        char share[SUMMARY_TEXT_BYTES];
        char more[2 * SUMMARY_TEXT_BYTES] = "";
        around += its_around;
        if (average < NOTHING && !(its_around >= NOTHING))
            continue;
        if (p == LATENCY_MAILBOX && columns[COLUMN_blocked_ratio] > WORTH_TELLING)
            snprintf(more, sizeof more, "%s of its time it waits for memory",
                     summary_per_cent(share, columns[COLUMN_blocked_ratio]));
        print_row(words[p], average, its_around, more, out);
    }
    print_row("latency", columns[COLUMN_latency_avg], around, "", out);
    if (!isnan(columns[COLUMN_latency_commit_avg]))
        print_row("and until the commit", columns[COLUMN_latency_commit_avg], NAN, "", out);
}

/* The longest parts first: ": 11.2 s waiting for memory, 0.9 s behind requests in flight" */
static void tell_parts(const double *columns, double whole, char *text, size_t bytes)
{
    bool told[LATENCY_PARTS] = {false};
    size_t used = 0;
    for (int i = 0; i < TOLD; i++) {
        int longest = 0;
        for (int p = 1; p < LATENCY_PARTS; p++)
            if (!told[p] && (told[longest] || columns[COLUMN_slowest_source + p] >
                                                  columns[COLUMN_slowest_source + longest]))
                longest = p;
        const double ms = columns[COLUMN_slowest_source + longest];
        if (ms < WORTH_TELLING * whole || used >= bytes)
            return;
        char time[SUMMARY_TEXT_BYTES];
        used += (size_t)snprintf(text + used, bytes - used, "%s%s %s", i > 0 ? ", " : "",
                                 time_text(time, ms), words[longest]);
        told[longest] = true;
    }
}

static void print_slowest(const struct fanout_params *params, const double *columns, FILE *out)
{
    const int32_t partition = (int32_t)columns[COLUMN_slowest_partition];
    const struct topic *const topic = topics_of(&params->topics, partition);
    double whole = 0;
    for (int p = 0; p < LATENCY_PARTS; p++)
        whole += columns[COLUMN_slowest_source + p];
    char time[SUMMARY_TEXT_BYTES];
    char arrived[SUMMARY_TEXT_BYTES];
    char parts[TOLD * SUMMARY_TEXT_BYTES * 2] = "";
    tell_parts(columns, whole, parts, sizeof parts);
    const int used =
        fprintf(out, "  slowest: %s, subtask %.0f, %s-%d, arrived at %s:", time_text(time, whole),
                columns[COLUMN_slowest_subtask], topic->name, (int)(partition - topic->first),
                time_text(arrived, 1e3 * columns[COLUMN_slowest_arrived]));
    fprintf(out, "%s%s\n", used + 1 + (int)strlen(parts) > LINE ? "\n    " : " ", parts);
}

void summary_print_latency(const struct fanout_params *params, const double *columns, FILE *out)
{
    if (isnan(columns[COLUMN_latency_avg]))
        return;
    print_parts(columns, out);
    print_slowest(params, columns, out);
}

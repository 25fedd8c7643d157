/*
 * summary_details.c - what does not fit the first screen: the figures by the names of their
 * columns, as they stand in the CSV.
 */
#include <inttypes.h>
#include <math.h>

#include "models/report/summary_parts.h"

#define NAME_COLUMNS 28

/* Where a unit is said, it is the format's. A name that is longer takes of the room for the value.
 */
static void row(const struct summary *summary, enum fanout_column column, figure_fn *format,
                const char *more)
{
    FILE *const out = summary->screen->out;
    char value[SUMMARY_LINE_BYTES];
    summary_estimate(value, summary, column, format);
    const int width = summary->estimates->replications > 1 ? 24 : 14;
    const int written = fprintf(out, "  %-*s ", NAME_COLUMNS, fanout_columns[column].name);
    const int room = 2 + NAME_COLUMNS + 1 + width - written - screen_columns(value);
    fprintf(out, "%*s%s", room > 0 ? room : 0, "", value);
    fprintf(out, more[0] != '\0' ? "  %s\n" : "%s\n", more);
}

static const char *figure_of(const struct summary *summary, enum fanout_column column,
                             figure_fn *format, const char *before, const char *behind,
                             char text[SUMMARY_LINE_BYTES])
{
    char value[FIGURE_BYTES];
    snprintf(text, SUMMARY_LINE_BYTES, "%.40s%s%.40s", before,
             format(value, summary->columns[column]), behind);
    return text;
}

static void print_rates(const struct summary *summary)
{
    row(summary, COLUMN_throughput, figure_exact, "records/s");
    row(summary, COLUMN_latency_p50, figure_millis, "");
    row(summary, COLUMN_latency_p99, figure_millis, "");
    row(summary, COLUMN_byte_rate, figure_byte_rate, "");
    row(summary, COLUMN_batch_rate, figure_exact, "batches/s");
    row(summary, COLUMN_batch_size_avg, figure_exact, "bytes");
    row(summary, COLUMN_records_per_batch_avg, figure_exact, "");
    row(summary, COLUMN_request_rate, figure_exact, "requests/s");
    row(summary, COLUMN_records_per_request_avg, figure_exact, "");
}

static void print_producers(const struct summary *summary)
{
    char more[SUMMARY_LINE_BYTES];
    char of[FIGURE_BYTES];
    snprintf(of, sizeof of, " of %" PRId32 ", per producer", summary->params->topics.partitions);
    row(summary, COLUMN_record_queue_time_avg, figure_millis,
        figure_of(summary, COLUMN_record_queue_time_max, figure_millis, "the longest ", "", more));
    row(summary, COLUMN_request_latency_avg, figure_millis,
        figure_of(summary, COLUMN_request_latency_max, figure_millis, "the longest ", "", more));
    row(summary, COLUMN_compression_rate_avg, figure_exact, "");
    row(summary, COLUMN_blocked_ratio, figure_per_cent,
        figure_of(summary, COLUMN_blocked_ratio_max, figure_per_cent, "fullest ", "", more));
    row(summary, COLUMN_pinned_bytes_avg, figure_bytes,
        figure_of(summary, COLUMN_pinned_bytes_max, figure_bytes, "at most ", ", per producer",
                  more));
    row(summary, COLUMN_open_slots_avg, figure_exact,
        figure_of(summary, COLUMN_open_slots_max, figure_exact, "at most ", of, more));
    row(summary, COLUMN_requests_in_flight_avg, figure_exact, "per producer");
    row(summary, COLUMN_mailbox_utilisation_avg, figure_per_cent,
        figure_of(summary, COLUMN_mailbox_utilisation_max, figure_per_cent, "busiest ", "", more));
    row(summary, COLUMN_sender_utilisation_avg, figure_per_cent,
        figure_of(summary, COLUMN_sender_utilisation_max, figure_per_cent, "busiest ", "", more));
    row(summary, COLUMN_slots_utilisation_max, figure_per_cent,
        "all slots of the fullest connection");
}

/* busy / backpressured / idle of a vertex, means over its tasks; nothing if there is none. Of a
 * legacy source Flink's UI, too, says NaN. */
static void print_vertex(const struct summary *summary, const char *name, enum fanout_column first)
{
    const double *const columns = summary->columns;
    char busy[SUMMARY_LINE_BYTES] = "NaN";
    if (isnan(columns[first + 4]))
        return;
    if (!isnan(columns[first]))
        snprintf(busy, sizeof busy, "%.0f", columns[first]);
    fprintf(summary->screen->out, "  %-*s %s / %.0f / %.0f ms per s\n", NAME_COLUMNS, name, busy,
            columns[first + 2], columns[first + 4]);
}

static void print_job(const struct summary *summary)
{
    static const enum fanout_column parts[] = {COLUMN_checkpoint_start_delay_avg,
                                               COLUMN_checkpoint_sink_delay_avg,
                                               COLUMN_checkpoint_committer_delay_avg,
                                               COLUMN_checkpoint_alignment_avg,
                                               COLUMN_checkpoint_flush_avg,
                                               COLUMN_checkpoint_sync_avg,
                                               COLUMN_checkpoint_async_avg};
    const double *const columns = summary->columns;
    if (!isnan(columns[COLUMN_source_idle_avg]) || !isnan(columns[COLUMN_sink_idle_avg])) {
        fputs("  busy / backpressured / idle\n", summary->screen->out);
        print_vertex(summary, "  of sources", COLUMN_source_busy_avg);
        print_vertex(summary, "  of functions", COLUMN_function_busy_avg);
        print_vertex(summary, "  of sinks", COLUMN_sink_busy_avg);
        print_vertex(summary, "  of Committers", COLUMN_committer_busy_avg);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char more[SUMMARY_LINE_BYTES];
        if (!isnan(columns[parts[i]]))
            row(summary, parts[i], figure_millis,
                figure_of(summary, parts[i] + 1, figure_millis, "the longest ", ", of a subtask",
                          more));
    }
}

static void print_remote(const struct summary *summary)
{
    char more[SUMMARY_LINE_BYTES];
    if (isnan(summary->columns[COLUMN_remote_request_rate]))
        return;
    row(summary, COLUMN_remote_request_rate, figure_exact, "requests/s");
    row(summary, COLUMN_remote_batch_size_avg, figure_exact,
        figure_of(summary, COLUMN_remote_batch_size_max, figure_exact, "at most ", " invocations",
                  more));
    row(summary, COLUMN_remote_in_flight_avg, figure_exact,
        figure_of(summary, COLUMN_remote_in_flight_max, figure_exact, "at most ", ", per subtask",
                  more));
    row(summary, COLUMN_remote_blocked_avg, figure_exact, "full ids, per subtask");
    row(summary, COLUMN_remote_valve_ratio, figure_per_cent, "of the time, no input");
}

void summary_print_details(const struct summary *summary)
{
    fputc('\n', summary->screen->out);
    print_rates(summary);
    print_producers(summary);
    print_job(summary);
    print_remote(summary);
}

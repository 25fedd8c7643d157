/*
 * summary.c - one screen: the scenario in a line, the load, what limits it, and why.
 */
#include "models/report/summary.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "models/flink/coordinator.h"
#include "models/producer/accumulator.h"
#include "models/report/columns.h"
#include "models/report/summary_parts.h"
#include "sim/core/text.h"

static void print_count(FILE *out, int64_t count, const char *thing, const char *end)
{
    fprintf(out, "%" PRId64 " %s%s%s", count, thing, count == 1 ? "" : "s", end);
}

static void print_scenario(const struct fanout_params *params, FILE *out)
{
    const struct text_word codec =
        text_word(fanout_param_table.rows[ROW_codec].choices, params->codec);
    char batch[SUMMARY_TEXT_BYTES];
    char memory[SUMMARY_TEXT_BYTES];
    fprintf(out, "%s: ", params->name);
    print_count(out, params->topics.count, "topic", ", ");
    print_count(out, params->topics.partitions, "partition", "; ");
    print_count(out, params->parallelism, "subtask", " x ");
    print_count(out, params->shards, "producer", ", ");
    print_count(out, params->brokers, "broker", ", client ");
    fprintf(out, "%" PRId32 ".%" PRId32 ".%" PRId32 "\n", params->client.major,
            params->client.minor, params->client.patch);
    fprintf(out,
            "batch.size %s, linger.ms %" PRId64
            ", buffer.memory %s%s, compression.type %.*s, in flight %" PRId64 "\n",
            summary_bytes(batch, (double)params->batch_size), params->linger_ms,
            summary_bytes(memory, (double)params->buffer_memory),
            params->allocation == ALLOCATION_INCREMENTAL ? " (incremental)" : "", (int)codec.bytes,
            codec.start, params->max_in_flight);
}

static void print_load(const struct fanout_params *params, sim_time warm_up,
                       const struct estimates *estimates, FILE *out)
{
    char number[SUMMARY_TEXT_BYTES];
    if (params->trace.path != NULL)
        fprintf(out, "load: %zu recorded arrivals of %s", params->trace.count, params->trace.path);
    else
        fprintf(out, "load: %s%s input records/s for %g s after %g s of warm-up, seed %" PRId64,
                isinf(params->rate) ? "saturated, " : "",
                summary_figure(number, estimates->columns[COLUMN_offered_rate].value),
                1e-9 * (double)params->duration, 1e-9 * (double)warm_up, params->seed);
    if (estimates->replications > 1)
        fprintf(out, ", %zu replications", estimates->replications);
    fputc('\n', out);
}

/* Without load.keys too: they decide where records go. */
static void print_keys(const struct fanout_params *params, FILE *out)
{
    char number[SUMMARY_TEXT_BYTES];
    if (params->trace.path != NULL)
        return;
    fputs("keys: ", out);
    if (params->keys.none)
        fputs("none, partitions in turn", out);
    else if (params->keys.zipf == 0)
        fprintf(out, "%s, all as frequent", summary_figure(number, (double)params->keys.count));
    else
        fprintf(out, "%s, key i as frequent as i^-%g",
                summary_figure(number, (double)params->keys.count), params->keys.zipf);
    fputs(params->ignore_keys != 0 && !params->keys.none ? ", ignored\n" : "\n", out);
}

typedef const char *format_fn(char text[SUMMARY_TEXT_BYTES], double value);

struct screen {
    const struct estimates *estimates;
    FILE *out;
};

static double value_of(const struct screen *screen, enum fanout_column column)
{
    return screen->estimates->columns[column].value;
}

/* "± 0.12", or nothing where no interval is claimed. */
static const char *half_width(char text[SUMMARY_TEXT_BYTES], const struct screen *screen,
                              enum fanout_column column, format_fn *format)
{
    const double half = screen->estimates->columns[column].half_width;
    char number[SUMMARY_TEXT_BYTES];
    text[0] = '\0';
    if (!isnan(half))
        snprintf(text, SUMMARY_TEXT_BYTES, "\u00b1 %.30s", format(number, half));
    return text;
}

/* The half-widths have a place of their own as soon as there can be any; a plus-minus sign has two
 * bytes. */
static void row(const struct screen *screen, enum fanout_column column, format_fn *format,
                const char *unit, const char *more)
{
    char text[SUMMARY_TEXT_BYTES];
    FILE *const out = screen->out;
    fprintf(out, "  %-26s %12s", fanout_columns[column].name,
            format(text, value_of(screen, column)));
    if (screen->estimates->replications > 1) {
        half_width(text, screen, column, format);
        const int width = text[0] != '\0' ? 13 : 12;
        fprintf(out, " %-*s", unit[0] != '\0' || more[0] != '\0' ? width : 0, text);
    }
    if (more[0] != '\0')
        fprintf(out, " %-10s %s", unit, more);
    else if (unit[0] != '\0')
        fprintf(out, " %s", unit);
    fputc('\n', out);
}

static void print_times(const struct screen *screen)
{
    char a[SUMMARY_TEXT_BYTES];
    char b[SUMMARY_TEXT_BYTES];
    char more[3 * SUMMARY_TEXT_BYTES];
    row(screen, COLUMN_throughput, summary_figure, "records/s", "acknowledged");
    half_width(b, screen, COLUMN_latency_p99, summary_figure);
    snprintf(more, sizeof more, "p99 %s%s%s ms",
             summary_figure(a, value_of(screen, COLUMN_latency_p99)), b[0] != '\0' ? " " : "", b);
    row(screen, COLUMN_latency_p50, summary_figure, "ms", more);
    if (isnan(value_of(screen, COLUMN_committed_latency_p50)))
        return;
    snprintf(more, sizeof more, "p99 %s ms, for consumers that read_committed",
             summary_figure(a, value_of(screen, COLUMN_committed_latency_p99)));
    row(screen, COLUMN_committed_latency_p50, summary_figure, "ms", more);
}

static void print_batches(const struct fanout_params *params, const struct screen *screen)
{
    char text[SUMMARY_TEXT_BYTES];
    char more[3 * SUMMARY_TEXT_BYTES];
    snprintf(more, sizeof more, "of batch.size %s",
             summary_bytes(text, (double)params->batch_size));
    row(screen, COLUMN_batch_size_avg, summary_figure, "bytes", more);
    snprintf(more, sizeof more, "in %s requests/s",
             summary_figure(text, value_of(screen, COLUMN_request_rate)));
    row(screen, COLUMN_records_per_request_avg, summary_figure, "", more);
    row(screen, COLUMN_record_queue_time_avg, summary_figure, "ms", "");
    row(screen, COLUMN_request_latency_avg, summary_figure, "ms", "");
    row(screen, COLUMN_compression_rate_avg, summary_figure, "", "");
}

static void print_use(const struct fanout_params *params, const struct screen *screen)
{
    char text[SUMMARY_TEXT_BYTES];
    char more[3 * SUMMARY_TEXT_BYTES];
    snprintf(more, sizeof more, "of time, waiting for buffer.memory; fullest %s",
             summary_per_cent(text, value_of(screen, COLUMN_blocked_ratio_max)));
    row(screen, COLUMN_blocked_ratio, summary_per_cent, "", more);
    snprintf(more, sizeof more, "at most %s",
             summary_bytes(text, value_of(screen, COLUMN_pinned_bytes_max)));
    row(screen, COLUMN_pinned_bytes_avg, summary_bytes, "", more);
    snprintf(more, sizeof more, "at most %s of %" PRId32 ", per producer",
             summary_figure(text, value_of(screen, COLUMN_open_slots_max)),
             params->topics.partitions);
    row(screen, COLUMN_open_slots_avg, summary_figure, "", more);
    snprintf(more, sizeof more, "busiest %s",
             summary_per_cent(text, value_of(screen, COLUMN_mailbox_utilisation_max)));
    row(screen, COLUMN_mailbox_utilisation_avg, summary_per_cent, "", more);
    snprintf(more, sizeof more, "busiest %s",
             summary_per_cent(text, value_of(screen, COLUMN_sender_utilisation_max)));
    row(screen, COLUMN_sender_utilisation_avg, summary_per_cent, "", more);
}

/* Where one broker is slower than others: which. */
static void print_slow_broker(const struct screen *screen)
{
    char text[SUMMARY_TEXT_BYTES];
    char more[3 * SUMMARY_TEXT_BYTES];
    snprintf(more, sizeof more, "of broker %.0f; %s ms on average",
             value_of(screen, COLUMN_broker_slowest),
             summary_figure(text, value_of(screen, COLUMN_broker_stay_avg)));
    row(screen, COLUMN_broker_stay_max, summary_figure, "ms", more);
}

/* busy / backpressured / idle of a vertex, means over its tasks; nothing if there is none. */
static void print_vertex(const struct screen *screen, const char *name, enum fanout_column first)
{
    if (isnan(value_of(screen, first)))
        return;
    fprintf(screen->out, "%s %.0f / %.0f / %.0f", name, value_of(screen, first),
            value_of(screen, first + 2), value_of(screen, first + 4));
}

/* Where there are tasks around the mailboxes, and what checkpoints take. */
static void print_job(const struct screen *screen)
{
    char text[SUMMARY_TEXT_BYTES];
    char more[3 * SUMMARY_TEXT_BYTES];
    if (!isnan(value_of(screen, COLUMN_source_busy_avg)) ||
        !isnan(value_of(screen, COLUMN_sink_busy_avg))) {
        fputs("  busy / backpressured / idle, ms per s:", screen->out);
        print_vertex(screen, " source", COLUMN_source_busy_avg);
        print_vertex(screen, ", function", COLUMN_function_busy_avg);
        print_vertex(screen, ", sink", COLUMN_sink_busy_avg);
        fputc('\n', screen->out);
    }
    if (!isnan(value_of(screen, COLUMN_checkpoint_duration_avg))) {
        snprintf(more, sizeof more, "longest %s",
                 summary_figure(text, value_of(screen, COLUMN_checkpoint_duration_max)));
        row(screen, COLUMN_checkpoint_duration_avg, summary_figure, "ms", more);
        fprintf(screen->out,
                "  of which, in a subtask      start delay %.3g, alignment %.3g, flush %.3g, "
                "sync %.3g, async %.3g ms\n",
                value_of(screen, COLUMN_checkpoint_start_delay_avg),
                value_of(screen, COLUMN_checkpoint_alignment_avg),
                value_of(screen, COLUMN_checkpoint_flush_avg),
                value_of(screen, COLUMN_checkpoint_sync_avg),
                value_of(screen, COLUMN_checkpoint_async_avg));
    }
    if (value_of(screen, COLUMN_checkpoints_failed) > 0)
        row(screen, COLUMN_checkpoints_failed, summary_figure, "", "");
}

/* "2 by failed checkpoints, 1 by expired records" */
static void describe_restarts(const struct screen *screen, char *text, size_t bytes)
{
    static const char *const causes[RESTART_CAUSES] = {
        [RESTART_CHECKPOINT] = "failed checkpoints",
        [RESTART_EXPIRED] = "records that were not delivered in time",
        [RESTART_REFUSED] = "records that a broker refused",
        [RESTART_FENCED] = "transactions open for longer than transaction.timeout.ms",
        [RESTART_SEND] = "send(): no memory, or too large a record",
    };
    char number[SUMMARY_TEXT_BYTES];
    size_t used = 0;
    text[0] = '\0';
    for (int c = 0; c < RESTART_CAUSES; c++) {
        const double count = value_of(screen, (enum fanout_column)(COLUMN_restarts_checkpoint + c));
        if (count > 0 && used < bytes)
            used += (size_t)snprintf(text + used, bytes - used, "%s%s by %s", used > 0 ? ", " : "",
                                     summary_figure(number, count), causes[c]);
    }
}

static void print_restarts(const struct screen *screen)
{
    char text[SUMMARY_TEXT_BYTES];
    char more[8 * SUMMARY_TEXT_BYTES];
    describe_restarts(screen, more, sizeof more);
    row(screen, COLUMN_restarts, summary_figure, "", more);
    snprintf(more, sizeof more, "records-duplicated %s%s",
             summary_figure(text, value_of(screen, COLUMN_records_duplicated)),
             isnan(value_of(screen, COLUMN_records_duplicated))
                 ? ": consumers are watched only where faults or too large records are given"
                 : "");
    row(screen, COLUMN_records_lost, summary_figure, "records", more);
}

/* What went wrong, where anything did. */
static void print_failures(const struct screen *screen)
{
    const double restarts = value_of(screen, COLUMN_restarts);
    if (restarts > 0)
        print_restarts(screen);
    if (value_of(screen, COLUMN_record_retry_rate) > 0)
        row(screen, COLUMN_record_retry_rate, summary_figure, "records/s", "");
    if (value_of(screen, COLUMN_batch_split_rate) > 0)
        row(screen, COLUMN_batch_split_rate, summary_figure, "batches/s",
            "too large for the broker");
    if (value_of(screen, COLUMN_record_error_rate) > 0)
        row(screen, COLUMN_record_error_rate, summary_figure, "records/s",
            restarts > 0
                ? "FAILED: the job has started again"
                : "FAILED: without checkpoints Flink starts no job again; here it goes on");
}

static void print_causes(const double *columns, FILE *out)
{
    if (isnan(columns[COLUMN_dispatch_flush_ratio]))
        return;
    fputs("  batches left because of   ", out);
    for (int c = 0; c < DISPATCH_CAUSES; c++) {
        /* dispatch-NAME-ratio */
        const char *const name =
            fanout_columns[COLUMN_dispatch_flush_ratio + c].name + sizeof "dispatch-" - 1;
        fprintf(out, "%s %.*s %.0f %%", c > 0 ? "," : "", (int)strcspn(name, "-"), name,
                100 * columns[COLUMN_dispatch_flush_ratio + c]);
    }
    fputc('\n', out);
}

/* What an interval is, or why there is none. */
static void print_intervals(const struct estimates *estimates, FILE *out)
{
    if (estimates->replications == 1)
        return;
    if (estimates->split_count > 0)
        fputs("  TWO CAMPS of replications, see the warning: no mean describes them\n", out);
    else if (estimates->steady)
        fprintf(out, "  \u00b1 is the half-width of a 95 %% interval over %zu replications\n",
                estimates->replications);
}

/* What a stalled run would be on a machine whose threads wake up sooner or later. */
static void print_machines(const double *columns, const struct model_alternatives *machines,
                           FILE *out)
{
    char low[SUMMARY_TEXT_BYTES];
    char high[SUMMARY_TEXT_BYTES];
    if (machines == NULL)
        return;
    const double from = machines->low[COLUMN_throughput];
    const double to = machines->high[COLUMN_throughput];
    const bool near_change =
        machines->split_count > 0 || to - from > ESTIMATE_CAMPS_APART * columns[COLUMN_throughput];
    fprintf(out, "%s%s to %s records/s with the wake-ups of threads halved and doubled\n",
            near_change ? "NEAR A CHANGE OF REGIME: take it as a range, " : "on other machines: ",
            summary_figure(low, from), summary_figure(high, to));
}

void summary_print(const void *opaque, sim_time warm_up, const struct estimates *estimates,
                   const struct model_alternatives *machines, FILE *out)
{
    const struct fanout_params *const params = opaque;
    double columns[COLUMN_COUNT];
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        columns[c] = estimates->columns[c].value;
    const struct screen screen = {.estimates = estimates, .out = out};
    print_scenario(params, out);
    print_load(params, warm_up, estimates, out);
    print_keys(params, out);
    summary_print_limit(params, columns, out);
    print_machines(columns, machines, out);
    fputc('\n', out);
    print_times(&screen);
    print_batches(params, &screen);
    summary_print_latency(params, columns, out);
    print_use(params, &screen);
    if (summary_is_slower(params, columns))
        print_slow_broker(&screen);
    print_job(&screen);
    print_failures(&screen);
    print_causes(columns, out);
    print_intervals(estimates, out);
    summary_print_cautions(params, columns, out);
}

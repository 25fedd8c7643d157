/*
 * summary_figures.c - what an engineer looks for first, and what went wrong.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "models/flink/coordinator.h"
#include "models/producer/accumulator.h"
#include "models/report/summary_parts.h"

static double value_of(const struct summary *summary, enum fanout_column column)
{
    return summary->columns[column];
}

static void print_outcome(const struct summary *summary)
{
    char rate[SUMMARY_LINE_BYTES];
    char p50[SUMMARY_LINE_BYTES];
    char p99[SUMMARY_LINE_BYTES];
    summary_say(summary->screen, SCREEN_PLAIN,
                "acknowledged: %s records/s; their latency p50 %s, p99 %s",
                summary_estimate(rate, summary, COLUMN_throughput, figure_exact),
                summary_estimate(p50, summary, COLUMN_latency_p50, figure_millis),
                summary_estimate(p99, summary, COLUMN_latency_p99, figure_millis));
    if (isnan(value_of(summary, COLUMN_committed_latency_p50)))
        return;
    summary_say(summary->screen, SCREEN_PLAIN,
                "for consumers that read_committed: latency p50 %s, p99 %s",
                summary_estimate(p50, summary, COLUMN_committed_latency_p50, figure_millis),
                summary_estimate(p99, summary, COLUMN_committed_latency_p99, figure_millis));
}

static void print_batches(const struct summary *summary)
{
    char records[FIGURE_BYTES];
    char bytes[FIGURE_BYTES];
    char fill[FIGURE_BYTES];
    char rate[FIGURE_BYTES];
    const double requests = value_of(summary, COLUMN_request_rate);
    if (!(requests > 0))
        return;
    summary_say(summary->screen, SCREEN_PLAIN,
                "a batch: %s records, %s, %s of batch.size; %s batches/s",
                figure_rounded(records, value_of(summary, COLUMN_records_per_batch_avg)),
                figure_bytes(bytes, value_of(summary, COLUMN_batch_size_avg)),
                figure_per_cent(fill, value_of(summary, COLUMN_batch_fill_avg)),
                figure_rounded(rate, value_of(summary, COLUMN_batch_rate)));
    summary_say(summary->screen, SCREEN_PLAIN,
                "a request: %s records in %s batches; %s requests/s, %s",
                figure_rounded(records, value_of(summary, COLUMN_records_per_request_avg)),
                figure_rounded(fill, value_of(summary, COLUMN_batch_rate) / requests),
                figure_rounded(rate, requests),
                figure_byte_rate(bytes, value_of(summary, COLUMN_byte_rate)));
}

/* What goes to functions behind HTTP; nothing if there are none. */
static void print_remote(const struct summary *summary)
{
    char batch[FIGURE_BYTES];
    char most[FIGURE_BYTES];
    char rate[FIGURE_BYTES];
    char in_flight[FIGURE_BYTES];
    const double valve = value_of(summary, COLUMN_remote_valve_ratio);
    if (!(value_of(summary, COLUMN_remote_request_rate) > 0))
        return;
    summary_say(summary->screen, SCREEN_PLAIN,
                "a remote request: %s invocations, at most %s; %s/s, %s in flight a subtask",
                figure_rounded(batch, value_of(summary, COLUMN_remote_batch_size_avg)),
                figure_exact(most, value_of(summary, COLUMN_remote_batch_size_max)),
                figure_rounded(rate, value_of(summary, COLUMN_remote_request_rate)),
                figure_rounded(in_flight, value_of(summary, COLUMN_remote_in_flight_avg)));
    if (valve > 0)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "the valve stops input %s of the time; %s ids of a subtask are full",
                    figure_per_cent(rate, valve),
                    figure_rounded(most, value_of(summary, COLUMN_remote_blocked_avg)));
}

/* Where topics do not weigh the same: the heaviest ones. */
#define TOPICS_SHOWN 3

static double weight_of_all(const struct topic_list *topics, bool *differ)
{
    double sum = 0;
    *differ = false;
    for (int32_t t = 0; t < topics->count; t++) {
        sum += topics->items[t].weight;
        *differ |= topics->items[t].weight != topics->items[0].weight;
    }
    return sum;
}

/* The heaviest that is lighter than `before`, or as heavy and behind it. */
static int32_t next_topic(const struct topic_list *topics, int32_t before)
{
    int32_t next = -1;
    for (int32_t t = 0; t < topics->count; t++) {
        const double weight = topics->items[t].weight;
        const double limit = before >= 0 ? topics->items[before].weight : INFINITY;
        if ((weight < limit || (weight == limit && t > before)) &&
            (next < 0 || weight > topics->items[next].weight))
            next = t;
    }
    return next;
}

static void print_topics(const struct summary *summary)
{
    const struct topic_list *const topics = &summary->params->topics;
    bool differ;
    const double all = weight_of_all(topics, &differ);
    if (!differ || summary->params->trace.path != NULL)
        return;
    char text[512];
    char share[FIGURE_BYTES];
    size_t used = 0;
    double shown = 0;
    int32_t t = -1;
    for (int i = 0; i < TOPICS_SHOWN && (t = next_topic(topics, t)) >= 0; i++) {
        const double weight = topics->items[t].weight / all;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.40s %s",
                                 i > 0 ? ", " : "topics: ", topics->items[t].name,
                                 figure_per_cent(share, weight));
        shown += weight;
    }
    const int32_t others = topics->count - TOPICS_SHOWN;
    if (others > 0)
        snprintf(text + used, sizeof text - used, ", %" PRId32 " other%s %s", others,
                 others == 1 ? "" : "s", figure_per_cent(share, 1 - shown));
    summary_say(summary->screen, SCREEN_PLAIN, "%s", text);
}

static void print_checkpoints(const struct summary *summary)
{
    const double failed = value_of(summary, COLUMN_checkpoints_failed);
    char whole[SUMMARY_LINE_BYTES];
    char longest[FIGURE_BYTES];
    char number[FIGURE_BYTES];
    char failures[SUMMARY_LINE_BYTES] = "";
    if (failed > 0)
        snprintf(failures, sizeof failures, "; %s failed", figure_exact(number, failed));
    if (!isnan(value_of(summary, COLUMN_checkpoint_duration_avg)))
        summary_say(summary->screen, failed > 0 ? SCREEN_BAD : SCREEN_PLAIN,
                    "a checkpoint: %s, the longest %s%s",
                    summary_estimate(whole, summary, COLUMN_checkpoint_duration_avg, figure_millis),
                    figure_millis(longest, value_of(summary, COLUMN_checkpoint_duration_max)),
                    failures);
    else if (failed > 0)
        summary_say(summary->screen, SCREEN_BAD, "checkpoints: none was complete%s", failures);
}

/* Where one broker is slower than others, and the verdict does not say so: which. */
static void print_slow_broker(const struct summary *summary)
{
    char its[FIGURE_BYTES];
    char all[FIGURE_BYTES];
    const int bottleneck = (int)value_of(summary, COLUMN_bottleneck);
    const bool said = bottleneck == BOTTLENECK_BROKER || bottleneck == BOTTLENECK_CONNECTION;
    if (summary_is_slower(summary->params, summary->columns) && !said)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "a request takes %s at broker %.0f, %s on average",
                    figure_millis(its, value_of(summary, COLUMN_broker_stay_max)),
                    value_of(summary, COLUMN_broker_slowest),
                    figure_millis(all, value_of(summary, COLUMN_broker_stay_avg)));
}

/* "2 by failed checkpoints, 1 by expired records" */
static void describe_restarts(const struct summary *summary, char *text, size_t bytes)
{
    static const char *const causes[RESTART_CAUSES] = {
        [RESTART_CHECKPOINT] = "failed checkpoints",
        [RESTART_EXPIRED] = "records that were not delivered in time",
        [RESTART_REFUSED] = "records that a broker refused",
        [RESTART_FENCED] = "transactions open for longer than transaction.timeout.ms",
        [RESTART_SEND] = "send(): no memory, or too large a record",
        [RESTART_REMOTE] = "remote functions that did not answer in time",
        [RESTART_POOL] = "transactions that waited for too many checkpoints",
    };
    char number[FIGURE_BYTES];
    size_t used = 0;
    text[0] = '\0';
    for (int c = 0; c < RESTART_CAUSES; c++) {
        const double count =
            value_of(summary, (enum fanout_column)(COLUMN_restarts_checkpoint + c));
        if (count > 0 && used < bytes)
            used += (size_t)snprintf(text + used, bytes - used, "%s%s by %s", used > 0 ? ", " : "",
                                     figure_exact(number, count), causes[c]);
    }
}

static void print_restarts(const struct summary *summary)
{
    char number[FIGURE_BYTES];
    char lost[FIGURE_BYTES];
    char causes[SUMMARY_LINE_BYTES];
    describe_restarts(summary, causes, sizeof causes);
    summary_say(summary->screen, SCREEN_BAD, "restarts: %s: %s",
                figure_exact(number, value_of(summary, COLUMN_restarts)), causes);
    summary_say(summary->screen, SCREEN_BAD, "records lost %s, duplicated %s%s",
                figure_exact(lost, value_of(summary, COLUMN_records_lost)),
                figure_exact(number, value_of(summary, COLUMN_records_duplicated)),
                isnan(value_of(summary, COLUMN_records_duplicated))
                    ? ": consumers are watched only where faults or too large records are given"
                    : "");
}

static void print_failures(const struct summary *summary)
{
    const struct screen *const screen = summary->screen;
    const double restarts = value_of(summary, COLUMN_restarts);
    char number[FIGURE_BYTES];
    if (restarts > 0)
        print_restarts(summary);
    if (value_of(summary, COLUMN_record_retry_rate) > 0)
        summary_say(screen, SCREEN_DOUBT, "sent again: %s records/s",
                    figure_exact(number, value_of(summary, COLUMN_record_retry_rate)));
    if (value_of(summary, COLUMN_batch_split_rate) > 0)
        summary_say(screen, SCREEN_DOUBT, "split, since too large for the broker: %s batches/s",
                    figure_exact(number, value_of(summary, COLUMN_batch_split_rate)));
    if (value_of(summary, COLUMN_record_error_rate) > 0 && !(restarts > 0))
        summary_say(screen, SCREEN_BAD,
                    "FAILED: %s records/s; without checkpoints Flink starts no job again; here it "
                    "goes on",
                    figure_exact(number, value_of(summary, COLUMN_record_error_rate)));
}

static const char *const meaning[DISPATCH_CAUSES] = {
    [DISPATCH_FLUSH] = "a checkpoint or commit flushes",
    [DISPATCH_FULL] = "it is full, or another one waits behind it",
    [DISPATCH_EXHAUSTED] = "a send() waits for buffer.memory: all goes",
    [DISPATCH_LINGER] = "its linger.ms was over",
    [DISPATCH_NEIGHBOUR] = "only since its broker got a request anyway",
};

/* Shares below it are left to `verbose`. */
#define HARDLY 0.01

/* "-", so that what is never so does not look like what hardly is. */
static const char *share_of(char text[FIGURE_BYTES], double share)
{
    return figure_per_cent(text, share > 0 ? share : NAN);
}

static void print_causes(const struct summary *summary)
{
    const struct screen *const screen = summary->screen;
    const bool troubled = value_of(summary, COLUMN_restarts) > 0; /* by something else */
    if (isnan(value_of(summary, COLUMN_dispatch_flush_ratio)) || (troubled && !screen->verbose))
        return;
    fprintf(screen->out, "%s%-12s %8s %8s%s\n", screen_begin(screen, SCREEN_STRONG), "left because",
            "requests", "batches", screen_end(screen));
    for (enum fanout_column c = 0; c < (enum fanout_column)DISPATCH_CAUSES; c++) {
        char requests[FIGURE_BYTES];
        char batches[FIGURE_BYTES];
        const double of_requests = value_of(summary, COLUMN_request_flush_ratio + c);
        const double of_batches = value_of(summary, COLUMN_dispatch_flush_ratio + c);
        /* dispatch-NAME-ratio */
        const char *const name =
            fanout_columns[COLUMN_dispatch_flush_ratio + c].name + sizeof "dispatch-" - 1;
        if (fmax(of_requests, of_batches) >= HARDLY || screen->verbose)
            fprintf(screen->out, "%-12.*s %8s %8s  %s\n", (int)strcspn(name, "-"), name,
                    share_of(requests, of_requests), share_of(batches, of_batches), meaning[c]);
    }
}

void summary_print_figures(const struct summary *summary)
{
    print_outcome(summary);
    print_batches(summary);
    print_remote(summary);
    print_topics(summary);
    print_checkpoints(summary);
    print_slow_broker(summary);
    print_failures(summary);
    print_causes(summary);
}

/*
 * summary.c - one screen: the scenario in a few lines, what limits it, what is used, and why.
 */
#include "models/report/summary.h"

#include <inttypes.h>
#include <math.h>

#include "models/report/summary_parts.h"
#include "sim/core/text.h"

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* "12 producers", "12 x 3 producers": subtasks and egress.shards. */
static const char *describe_producers(const struct fanout_params *params, char text[FIGURE_BYTES])
{
    const int64_t all = params->parallelism * params->shards;
    if (params->shards == 1)
        snprintf(text, FIGURE_BYTES, "%" PRId64 " producer%s", all, plural(all));
    else
        snprintf(text, FIGURE_BYTES, "%" PRId64 " x %" PRId64 " producers", params->parallelism,
                 params->shards);
    return text;
}

static void print_scenario(const struct summary *summary)
{
    const struct fanout_params *const params = summary->params;
    const struct text_word codec =
        text_word(fanout_param_table.rows[ROW_codec].choices, params->codec);
    const bool compresses = params->codec != 0;
    char producers[FIGURE_BYTES];
    char batch[FIGURE_BYTES];
    char memory[FIGURE_BYTES];
    summary_say(summary->screen, SCREEN_PLAIN,
                "%s: %" PRId32 " topic%s, %" PRId32 " partition%s; %s %" PRId32 ".%" PRId32
                ".%" PRId32 "; %" PRId64 " broker%s",
                params->name, params->topics.count, plural(params->topics.count),
                params->topics.partitions, plural(params->topics.partitions),
                describe_producers(params, producers), params->client.major, params->client.minor,
                params->client.patch, params->brokers, plural(params->brokers));
    summary_say(summary->screen, SCREEN_PLAIN,
                "batch.size %s, linger.ms %" PRId64
                ", buffer.memory %s%s%s%.*s, in flight %" PRId64,
                figure_bytes(batch, (double)params->batch_size), params->linger_ms,
                figure_bytes(memory, (double)params->buffer_memory),
                params->allocation == ALLOCATION_INCREMENTAL ? " (incremental)" : "",
                compresses ? ", " : "", compresses ? (int)codec.bytes : 0, codec.start,
                params->max_in_flight);
}

/* "100,000 keys, key i as frequent as i^-0.9": without load.keys too, they decide where records
 * go. */
static const char *describe_keys(const struct fanout_params *params, char text[SUMMARY_LINE_BYTES])
{
    char number[FIGURE_BYTES];
    const char *const ignored = params->ignore_keys != 0 ? ", ignored" : "";
    figure_exact(number, (double)params->keys.count);
    if (params->keys.none)
        snprintf(text, SUMMARY_LINE_BYTES, "no keys");
    else if (params->keys.zipf == 0)
        snprintf(text, SUMMARY_LINE_BYTES, "%s keys%s", number, ignored);
    else
        snprintf(text, SUMMARY_LINE_BYTES, "%s keys as i^-%g%s", number, params->keys.zipf,
                 ignored);
    return text;
}

static void print_load(const struct summary *summary, sim_time warm_up)
{
    const struct fanout_params *const params = summary->params;
    const size_t replications = summary->estimates->replications;
    char number[FIGURE_BYTES];
    char keys[SUMMARY_LINE_BYTES];
    const bool one_each = dist_is_constant(&params->emit) && dist_spec_mean(&params->emit) == 1;
    char duration[FIGURE_BYTES];
    char before[FIGURE_BYTES];
    char times[FIGURE_BYTES] = "";
    if (replications > 1)
        snprintf(times, sizeof times, "%zu x ", replications);
    if (params->trace.path != NULL)
        summary_say(summary->screen, SCREEN_PLAIN, "offered: %s%zu recorded arrivals of %s", times,
                    params->trace.count, params->trace.path);
    else
        summary_say(summary->screen, SCREEN_PLAIN,
                    "offered: %s%s %s/s, %s; %s%s after %s, seed %" PRId64,
                    isinf(params->rate) ? "saturated, " : "",
                    figure_exact(number, summary->columns[COLUMN_offered_rate]),
                    one_each ? "records" : "input records", describe_keys(params, keys), times,
                    figure_millis(duration, 1e-6 * (double)params->duration),
                    figure_millis(before, 1e-6 * (double)warm_up), params->seed);
}

/* What an interval is, or why there is none. */
static void print_intervals(const struct summary *summary)
{
    const struct estimates *const estimates = summary->estimates;
    if (estimates->replications == 1)
        return;
    if (estimates->split_count > 0)
        summary_say(summary->screen, SCREEN_DOUBT,
                    "TWO CAMPS of replications, see the warning: no mean describes them");
    else if (estimates->steady)
        summary_say(summary->screen, SCREEN_PLAIN,
                    "\u00b1 is the half-width of a 95 %% interval over %zu replications",
                    estimates->replications);
}

/* What a stalled run would be on a machine whose threads wake up sooner or later. */
static void print_machines(const struct summary *summary, const struct model_alternatives *machines)
{
    char low[FIGURE_BYTES];
    char high[FIGURE_BYTES];
    if (machines == NULL)
        return;
    const double from = machines->low[COLUMN_throughput];
    const double to = machines->high[COLUMN_throughput];
    const bool near_change = machines->split_count > 0 ||
                             to - from > ESTIMATE_CAMPS_APART * summary->columns[COLUMN_throughput];
    summary_say(summary->screen, near_change ? SCREEN_DOUBT : SCREEN_PLAIN,
                "%s%s to %s records/s (wake-ups halved, doubled)",
                near_change ? "NEAR A CHANGE OF REGIME: take it as a range, "
                            : "on other machines ",
                figure_exact(low, from), figure_exact(high, to));
}

void summary_print(const void *opaque, sim_time warm_up, const struct estimates *estimates,
                   const struct model_alternatives *machines, const struct screen *screen)
{
    struct summary summary = {.params = opaque, .estimates = estimates, .screen = screen};
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        summary.columns[c] = estimates->columns[c].value;
    print_scenario(&summary);
    print_load(&summary, warm_up);
    fputc('\n', screen->out);
    summary_print_limit(&summary);
    print_machines(&summary, machines);
    summary_print_resources(&summary);
    summary_print_figures(&summary);
    summary_print_latency(&summary);
    print_intervals(&summary);
    if (screen->verbose)
        summary_print_details(&summary);
    summary_print_cautions(&summary);
}

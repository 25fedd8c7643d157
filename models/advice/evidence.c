/*
 * evidence.c - five readings: vertices, the function, the producer, brokers, keys.
 */
#include "models/advice/evidence.h"

#include <math.h>
#include <string.h>

#include "models/advice/lines.h"
#include "models/advice/words.h"
#include "models/producer/accumulator.h"
#include "models/report/summary_parts.h"
#include "sim/core/text.h"

struct reading {
    const struct fanout_params *params;
    const struct interval *columns;
    struct arena *arena;
    FILE *out;
    bool more;
};

/* Whose time is used by so much more than the mean of all is alone with it. */
#define ALONE 1.25

/* Of time, in ms per second: nothing to speak of. */
#define LITTLE_MS 50

/* Less of a batch.size than that is nearly empty. */
#define EMPTY 0.1

/* So many of the most frequent keys are added up one by one. */
#define EXACT_KEYS 10000

static double value(const struct reading *reading, enum fanout_column column)
{
    return reading->columns[column].value;
}

static void print(const struct reading *reading, const char *head, const char *text,
                  const char *meaning)
{
    lines_print(reading->out, head, text);
    if (reading->more && meaning[0] != '\0')
        lines_print(reading->out, "", arena_format(reading->arena, "- %s", meaning));
}

/* runbook.md C51 to C53: who waits behind whom. */
static void read_backpressure(const struct reading *reading)
{
    const double source = value(reading, COLUMN_source_backpressured_avg);
    const double function = value(reading, COLUMN_function_backpressured_avg);
    const double sink = value(reading, COLUMN_sink_busy_avg);
    struct text text;
    text_init(&text, reading->arena);
    if (isnan(source))
        text_add(&text, "records arrive at the functions");
    else
        text_format(&text, "sources %.0f ms/s, functions", source);
    if (!isnan(sink))
        text_format(&text, "%s %.0f; sinks busy %.0f ms/s", isnan(source) ? ", which are" : "",
                    function, sink);
    else
        text_format(&text, "%s chained to their sinks", isnan(source) ? "," : "");
    const char *meaning = "chained, a wait in send() is no backpressure but busy time";
    if (!isnan(sink))
        meaning = "a sink has no output, so it is busy where it waits, and who is before it is "
                  "backpressured";
    else if (source > LITTLE_MS)
        meaning = "what is behind the sources is slower than they are";
    print(reading, "backpressure", text.start, meaning);
}

/* Of a mean subtask, in send(): memory and metadata. */
static double waits_ms(const struct reading *reading)
{
    const double time_ns = (double)(reading->params->duration * reading->params->parallelism);
    return 1000 * (value(reading, COLUMN_blocked_ratio) +
                   value(reading, COLUMN_metadata_wait_time_ns_total) / time_ns);
}

/* runbook.md C54 to C56: busy with what, and all of them? */
static void read_function(const struct reading *reading)
{
    const double busy = value(reading, COLUMN_function_busy_avg);
    const double most = value(reading, COLUMN_function_busy_max);
    const double waits = waits_ms(reading);
    const double works = 1000 * value(reading, COLUMN_mailbox_utilisation_avg);
    struct text text;
    text_init(&text, reading->arena);
    text_format(&text, "busy %.0f ms/s (fullest %.0f)", busy, most);
    if (isnan(value(reading, COLUMN_sink_busy_avg)))
        text_format(&text, ": %.0f at work, %.0f waiting in send()", works, waits);
    const char *meaning = "it has time left";
    if (most > ALONE * busy && most > 500)
        meaning = "some subtasks are full and others are not: skew, or a slow broker behind them";
    else if (waits > LITTLE_MS && waits > works)
        meaning = "it looks as if it were short of CPU, but it waits: bufferpool-wait and "
                  "metadata-wait tell them apart";
    else if (busy > 900)
        meaning = "it works all the time: the function, or send() itself";
    print(reading, "function", text.start, meaning);
}

static const char *main_cause(const struct reading *reading)
{
    int main = 0;
    for (int c = 1; c < DISPATCH_CAUSES; c++)
        if (value(reading, (enum fanout_column)(COLUMN_dispatch_flush_ratio + c)) >
            value(reading, (enum fanout_column)(COLUMN_dispatch_flush_ratio + main)))
            main = c;
    /* dispatch-NAME-ratio */
    const char *const name =
        fanout_columns[COLUMN_dispatch_flush_ratio + main].name + sizeof "dispatch-" - 1;
    return arena_format(
        reading->arena, "%.*s %.0f %%", (int)strcspn(name, "-"), name,
        100 * value(reading, (enum fanout_column)(COLUMN_dispatch_flush_ratio + main)));
}

/* runbook.md C57, C59, C61 to C63. */
static const char *meaning_of_producer(const struct reading *reading)
{
    const double size = value(reading, COLUMN_batch_size_avg);
    if (value(reading, COLUMN_record_error_rate) > 0)
        return "records fail for good: see the broker's answer in --logs, failures.csv";
    if (value(reading, COLUMN_record_retry_rate) > 0)
        return "batches come again: brokers refuse them, or do not answer in time";
    if (value(reading, COLUMN_blocked_ratio_max) > 0.001 &&
        size < EMPTY * (double)reading->params->batch_size)
        return "memory is short of batches that are nearly empty: an open one holds batch.size";
    if (value(reading, COLUMN_blocked_ratio_max) > 0.001)
        return "memory is short; more of it helps bursts, not an overload";
    if (size < EMPTY * (double)reading->params->batch_size)
        return "batches leave nearly empty, so batch.size decides nothing but memory; linger.ms "
               "does";
    return "batches fill";
}

static void read_producer(const struct reading *reading)
{
    char batch[FIGURE_BYTES];
    struct text text;
    text_init(&text, reading->arena);
    text_format(&text, "waits for memory %s, ",
                words_share(reading->arena, value(reading, COLUMN_blocked_ratio)));
    text_format(&text, "Sender %s, ",
                words_share(reading->arena, value(reading, COLUMN_sender_utilisation_max)));
    text_format(&text, "batches %.0f B of %s", value(reading, COLUMN_batch_size_avg),
                figure_bytes(batch, (double)reading->params->batch_size));
    if (value(reading, COLUMN_record_error_rate) > 0)
        text_format(&text, ", %s records/s FAIL",
                    words_figure(reading->arena, value(reading, COLUMN_record_error_rate)));
    print(reading, "producer", text.start, "");
    if (!reading->more)
        return;
    text_init(&text, reading->arena);
    text_format(&text, "batches leave by %s; ", main_cause(reading));
    text_format(&text, "%s requests/s of %s records, answered after %s ms; compression %s",
                words_figure(reading->arena, value(reading, COLUMN_request_rate)),
                words_figure(reading->arena, value(reading, COLUMN_records_per_request_avg)),
                words_figure(reading->arena, value(reading, COLUMN_request_latency_avg)),
                words_figure(reading->arena, value(reading, COLUMN_compression_rate_avg)));
    print(reading, "", text.start, meaning_of_producer(reading));
}

/* runbook.md C60, C64 to C66. */
static void read_brokers(const struct reading *reading)
{
    const double idle = fmin(value(reading, COLUMN_broker_handler_idle_min),
                             value(reading, COLUMN_broker_network_idle_min));
    struct text text;
    text_init(&text, reading->arena);
    text_format(&text, "idle %s", words_share(reading->arena, idle));
    text_format(&text, "; connection %s",
                words_share(reading->arena, value(reading, COLUMN_connection_utilisation_max)));
    text_format(&text, ", slots %s",
                words_share(reading->arena, value(reading, COLUMN_slots_utilisation_max)));
    text_format(&text, ", sockets %s",
                words_share(reading->arena, value(reading, COLUMN_socket_utilisation_max)));
    const char *meaning =
        "threads of the busiest broker; the fullest connection: held by a request, with "
        "all in-flight slots full, its sockets carrying a window";
    if (reading->params->brokers > 1 && value(reading, COLUMN_broker_stay_max) >
                                            SUMMARY_SLOWER * value(reading, COLUMN_broker_stay_avg))
        meaning = arena_format(reading->arena,
                               "broker %.0f is slower than others, and buffer.memory is one pool "
                               "for all of them",
                               value(reading, COLUMN_broker_slowest));
    print(reading, "brokers", text.start, meaning);
}

/* Sum of i^-zipf for 1 .. count: exactly as far as it matters, then by the integral. */
static double weight_of_first(double count, double zipf)
{
    const int exact = (int)fmin(count, EXACT_KEYS);
    double sum = 0;
    for (int i = 1; i <= exact; i++)
        sum += pow(i, -zipf);
    if (count > exact)
        sum += zipf == 1 ? log((count + 0.5) / (exact + 0.5))
                         : (pow(count + 0.5, 1 - zipf) - pow(exact + 0.5, 1 - zipf)) / (1 - zipf);
    return sum;
}

/* runbook.md C68, C69. */
static void read_keys(const struct reading *reading)
{
    const struct key_space *const keys = &reading->params->keys;
    const double parallelism = (double)reading->params->parallelism;
    const double effective = value(reading, COLUMN_effective_parallelism);
    struct text text;
    text_init(&text, reading->arena);
    if (reading->params->trace.path != NULL) {
        text_add(&text, "as recorded");
    } else if (keys->none || reading->params->ignore_keys != 0) {
        text_add(&text, "none");
    } else {
        const double top = fmax(1, floor(0.01 * (double)keys->count));
        text_format(
            &text, "the top 1 %% have %s of records",
            words_share(reading->arena, weight_of_first(top, keys->zipf) /
                                            weight_of_first((double)keys->count, keys->zipf)));
    }
    if (!isnan(effective) && parallelism > 1)
        text_format(&text, "; the %.0f subtasks do the work of %s", parallelism,
                    words_figure(reading->arena, effective));
    print(reading, "hot keys", text.start,
          effective < 0.8 * parallelism ? "the fullest subtask is full before the others are" : "");
}

void evidence_print(const struct fanout_params *params, const struct interval *columns, bool more,
                    bool keys, struct arena *arena, FILE *out)
{
    const struct reading reading = {
        .params = params, .columns = columns, .arena = arena, .out = out, .more = more};
    read_backpressure(&reading);
    read_function(&reading);
    read_producer(&reading);
    read_brokers(&reading);
    if (keys)
        read_keys(&reading);
}

struct evidence_use evidence_next(const struct fanout_params *params,
                                  const struct interval *columns)
{
    const struct {
        enum bottleneck is, or_is;
        double used;
    } uses[] = {
        {BOTTLENECK_MAILBOX, BOTTLENECK_FUNCTION, columns[COLUMN_mailbox_utilisation_max].value},
        {BOTTLENECK_SENDER, BOTTLENECK_SENDER, columns[COLUMN_sender_utilisation_max].value},
        {BOTTLENECK_CONNECTION, BOTTLENECK_CONNECTION,
         columns[COLUMN_connection_utilisation_max].value},
        {BOTTLENECK_SLOTS, BOTTLENECK_ROUND_TRIP, columns[COLUMN_slots_utilisation_max].value},
        {BOTTLENECK_SOCKET, BOTTLENECK_SOCKET, columns[COLUMN_socket_utilisation_max].value},
        {BOTTLENECK_BROKER, BOTTLENECK_BROKER,
         1 - fmin(columns[COLUMN_broker_handler_idle_min].value,
                  columns[COLUMN_broker_network_idle_min].value)},
        {BOTTLENECK_SOURCE, BOTTLENECK_SOURCE, 1e-3 * columns[COLUMN_source_busy_max].value},
        {BOTTLENECK_VALVE, BOTTLENECK_REMOTE, columns[COLUMN_remote_valve_ratio].value},
        {BOTTLENECK_BUFFERPOOL, BOTTLENECK_BUFFERPOOL,
         1 - columns[COLUMN_buffer_available_bytes_min].value / (double)params->buffer_memory},
    };
    const enum bottleneck limit = (enum bottleneck)columns[COLUMN_bottleneck].value;
    struct evidence_use next = {.what = "nothing", .used = 0};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (uses[i].is != limit && uses[i].or_is != limit && uses[i].used > next.used)
            next =
                (struct evidence_use){.what = summary_resource(uses[i].is), .used = uses[i].used};
    return next;
}

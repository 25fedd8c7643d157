/*
 * summary_resources.c - resource, used, full at: how far the run is from trouble.
 *
 * What is hardly used has its line only where more than a screen is asked for.
 */
#include <inttypes.h>
#include <math.h>

#include "models/report/summary_parts.h"

#define HARDLY 0.02 /* of what there is */

/* So full a resource of a run that is not steady is full, whatever it could do with full batches.
 */
#define FULL 0.95

/* What is so full of what it could do is in red. */
#define NEARLY_FULL 0.9

#define WHO_BYTES 64

/* Of what stands behind the used share, without the two blanks. */
#define WHO_COLUMN_END (SCREEN_WIDTH - 30)

struct resource {
    const char *name;
    double used;         /* NaN: there is none */
    char who[WHO_BYTES]; /* is fullest */
    double full_at;      /* NaN: nobody knows */
    bool about;          /* it is */
    bool waits;          /* there is nothing that could be full */
};

/* The resources that have no line, one after the other. */
struct hardly {
    char names[SUMMARY_LINE_BYTES];
    size_t used;
};

static void note_hardly(struct hardly *hardly, const char *name)
{
    if (hardly->used < sizeof hardly->names)
        hardly->used +=
            (size_t)snprintf(hardly->names + hardly->used, sizeof hardly->names - hardly->used,
                             "%s%s", hardly->used > 0 ? ", " : "", name);
}

static bool is_full(const struct summary *summary, const struct resource *resource)
{
    return summary->columns[COLUMN_steady] == 0 && resource->used >= FULL && !resource->waits;
}

/* "about 29,000,000 records/s", or "now" */
static void describe_full_at(const struct summary *summary, const struct resource *resource,
                             char text[SUMMARY_LINE_BYTES])
{
    char rate[FIGURE_BYTES];
    text[0] = '\0';
    if (is_full(summary, resource))
        snprintf(text, SUMMARY_LINE_BYTES, "now");
    else if (!isnan(resource->full_at))
        snprintf(text, SUMMARY_LINE_BYTES, "%s%s records/s", resource->about ? "about " : "",
                 figure_rounded(rate, resource->full_at));
}

static void print_resource(const struct summary *summary, struct hardly *hardly,
                           const struct resource *resource)
{
    const struct screen *const screen = summary->screen;
    char used[FIGURE_BYTES];
    char full_at[SUMMARY_LINE_BYTES];
    if (isnan(resource->used))
        return;
    if (resource->used < HARDLY && !screen->verbose) {
        note_hardly(hardly, resource->name);
        return;
    }
    const double load = summary->columns[COLUMN_offered_rate];
    const bool nearly =
        is_full(summary, resource) ||
        (isnan(resource->full_at) ? resource->used : load / resource->full_at) >= NEARLY_FULL;
    describe_full_at(summary, resource, full_at);
    fprintf(screen->out, "%-18s %s%8s%s", resource->name,
            screen_begin(screen, nearly ? SCREEN_BAD : SCREEN_PLAIN),
            figure_per_cent(used, fmin(resource->used, 1)), nearly ? screen_end(screen) : "");
    if (resource->who[0] != '\0')
        fprintf(screen->out, "  %s", resource->who);
    fprintf(screen->out, full_at[0] != '\0' ? "%*s\n" : "\n",
            WHO_COLUMN_END - (resource->who[0] != '\0' ? 0 : -2) - screen_columns(resource->who),
            full_at);
}

/* Where a subtask has several: "subtask 5, shard 1". */
static void name_producer(const struct summary *summary, double number, char who[WHO_BYTES])
{
    const int64_t shards = summary->params->shards;
    const int64_t producer = isnan(number) ? 0 : (int64_t)number;
    if (shards == 1)
        snprintf(who, WHO_BYTES, "subtask %" PRId64, producer);
    else
        snprintf(who, WHO_BYTES, "subtask %" PRId64 ", shard %" PRId64, producer / shards,
                 producer % shards);
}

static void name_connection(const struct summary *summary, double number, double broker,
                            char who[WHO_BYTES])
{
    char producer[WHO_BYTES];
    name_producer(summary, number, producer);
    snprintf(who, WHO_BYTES, "%.40s to broker %.0f", producer, broker);
}

static void print_task(const struct summary *summary, struct hardly *hardly, const char *name,
                       double used, enum fanout_column fullest, enum fanout_column full_at)
{
    struct resource task = {.name = name, .used = used, .full_at = summary->columns[full_at]};
    snprintf(task.who, sizeof task.who, "subtask %.0f", summary->columns[fullest]);
    print_resource(summary, hardly, &task);
}

/* "93.5 %, others 0": the rest of the mean. */
static void print_waits(const struct summary *summary, struct hardly *hardly)
{
    const double *const columns = summary->columns;
    const double most = columns[COLUMN_blocked_ratio_max];
    const double tasks = (double)summary->params->parallelism;
    const double others =
        tasks > 1 ? (columns[COLUMN_blocked_ratio] * tasks - most) / (tasks - 1) : 0;
    char share[FIGURE_BYTES];
    struct resource waits = {
        .name = "waiting in send()", .used = most, .full_at = NAN, .waits = true};
    if (most > 0 && tasks > 1)
        snprintf(waits.who, sizeof waits.who, "subtask %.0f; the others %s on average",
                 columns[COLUMN_blocked_most], figure_per_cent(share, fmax(others, 0)));
    else if (most > 0)
        snprintf(waits.who, sizeof waits.who, "for buffer.memory");
    print_resource(summary, hardly, &waits);
}

/* At its peak. What it has to do with heap stands here too, which it is. */
static void print_pool(const struct summary *summary, struct hardly *hardly)
{
    const struct fanout_params *const params = summary->params;
    const double memory = (double)params->buffer_memory;
    const double producers = (double)(params->parallelism * params->shards);
    char who[WHO_BYTES];
    char all[FIGURE_BYTES];
    char each[FIGURE_BYTES];
    struct resource pool = {.name = "buffer pool",
                            .used = summary->columns[COLUMN_pinned_bytes_max] / memory,
                            .full_at = NAN};
    name_producer(summary, summary->columns[COLUMN_pool_fullest], who);
    int used = 0;
    if (producers == 1)
        used = snprintf(pool.who, sizeof pool.who, "at its peak");
    else
        used = snprintf(pool.who, sizeof pool.who, "%.24s at its peak; heap %s", who,
                        figure_bytes(all, producers * memory));
    if (params->taskmanagers > 0 && used > 0 && used < WHO_BYTES)
        snprintf(
            pool.who + used, sizeof pool.who - (size_t)used, ", %s a TaskManager",
            figure_bytes(each, ceil((double)params->parallelism / (double)params->taskmanagers) *
                                   (double)params->shards * memory));
    print_resource(summary, hardly, &pool);
}

static void print_sender(const struct summary *summary, struct hardly *hardly)
{
    const double *const columns = summary->columns;
    struct resource sender = {.name = "Senders",
                              .used = columns[COLUMN_sender_utilisation_max],
                              .full_at = columns[COLUMN_sender_full_at],
                              .about = true};
    name_producer(summary, columns[COLUMN_sender_fullest], sender.who);
    print_resource(summary, hardly, &sender);
}

static void print_connections(const struct summary *summary, struct hardly *hardly)
{
    const double *const columns = summary->columns;
    struct resource connection = {.name = "connections",
                                  .used = columns[COLUMN_connection_utilisation_max],
                                  .full_at = columns[COLUMN_connection_full_at],
                                  .about = true};
    struct resource socket = {.name = "sockets",
                              .used = columns[COLUMN_socket_utilisation_max],
                              .full_at = columns[COLUMN_socket_full_at],
                              .about = true};
    name_connection(summary, columns[COLUMN_connection_fullest],
                    columns[COLUMN_connection_fullest_broker], connection.who);
    name_connection(summary, columns[COLUMN_socket_fullest], columns[COLUMN_socket_fullest_broker],
                    socket.who);
    print_resource(summary, hardly, &connection);
    print_resource(summary, hardly, &socket);
}

/* "orders.events-36", as Kafka writes it. */
static void print_partition(const struct summary *summary, struct hardly *hardly)
{
    const struct topic_list *const topics = &summary->params->topics;
    const double number = summary->columns[COLUMN_partition_fullest];
    struct resource partition = {.name = "fullest partition",
                                 .used = summary->columns[COLUMN_partition_utilisation_max],
                                 .full_at = summary->columns[COLUMN_partition_full_at],
                                 .about = true};
    for (int32_t t = 0; t < topics->count; t++) {
        const struct topic *const topic = &topics->items[t];
        if (number >= topic->first && number < topic->first + topic->partitions)
            snprintf(partition.who, sizeof partition.who, "%.40s-%.0f", topic->name,
                     number - topic->first);
    }
    print_resource(summary, hardly, &partition);
}

static void print_broker(const struct summary *summary, struct hardly *hardly, const char *name,
                         double idle, enum fanout_column fullest, enum fanout_column full_at)
{
    struct resource broker = {
        .name = name, .used = 1 - idle, .full_at = summary->columns[full_at], .about = true};
    snprintf(broker.who, sizeof broker.who, "broker %.0f", summary->columns[fullest]);
    print_resource(summary, hardly, &broker);
}

static void print_cores(const struct summary *summary, struct hardly *hardly)
{
    const double *const columns = summary->columns;
    struct resource cores = {.name = "cores",
                             .used = columns[COLUMN_cores_utilisation_max],
                             .full_at = columns[COLUMN_cores_full_at],
                             .about = true};
    snprintf(cores.who, sizeof cores.who, "TaskManager %.0f", columns[COLUMN_cores_fullest]);
    print_resource(summary, hardly, &cores);
}

void summary_print_resources(const struct summary *summary)
{
    const double *const columns = summary->columns;
    const struct screen *const screen = summary->screen;
    struct hardly hardly = {.used = 0};
    const bool chained = isnan(columns[COLUMN_sink_busy_avg]);
    fprintf(screen->out, "%s%-18s %8s  %-23s %26s%s\n", screen_begin(screen, SCREEN_STRONG),
            "resource", "used", "the fullest", "full at", screen_end(screen));
    print_task(summary, &hardly, "sources", columns[COLUMN_source_busy_max] / 1000,
               COLUMN_source_fullest, COLUMN_source_full_at);
    if (!chained)
        print_task(summary, &hardly, "functions", columns[COLUMN_function_busy_max] / 1000,
                   COLUMN_function_fullest, COLUMN_function_full_at);
    print_task(summary, &hardly, chained ? "functions, send()" : "sinks: send()",
               columns[COLUMN_mailbox_utilisation_max], COLUMN_mailbox_fullest,
               COLUMN_mailbox_full_at);
    print_waits(summary, &hardly);
    print_cores(summary, &hardly);
    print_pool(summary, &hardly);
    print_sender(summary, &hardly);
    print_connections(summary, &hardly);
    print_partition(summary, &hardly);
    print_broker(summary, &hardly, "broker handlers", columns[COLUMN_broker_handler_idle_min],
                 COLUMN_broker_busiest, COLUMN_broker_handler_full_at);
    print_broker(summary, &hardly, "network threads", columns[COLUMN_broker_network_idle_min],
                 COLUMN_broker_network_fullest, COLUMN_broker_network_full_at);
    if (screen->verbose && hardly.used > 0)
        summary_say(screen, SCREEN_PLAIN, "less than 2 %%: %s", hardly.names);
}

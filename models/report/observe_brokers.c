/*
 * observe_brokers.c - the figures of each broker, and what the columns make of them.
 */
#include <inttypes.h>
#include <math.h>

#include "models/report/observe.h"
#include "models/report/observe_parts.h"
#include "sim/input/csv.h"

/* Of one broker, all its connections together. */
struct figures {
    double bytes_in, requests; /* per second */
    double handler_idle, network_idle;
    double queued_ms, stay_ms; /* of all its requests, added up */
    double count;
    double connection; /* share of time that it is at a request of its busiest connection */
};

static void add_connection(struct figures *figures, const struct connection_counts *counts,
                           double elapsed_ns)
{
    figures->count += (double)counts->requests;
    figures->bytes_in += 1e9 * (double)counts->appended_bytes / elapsed_ns;
    figures->requests += 1e9 * (double)counts->requests / elapsed_ns;
    figures->queued_ms += 1e-6 * (double)counts->queued_ns;
    figures->stay_ms += 1e-6 * (double)counts->stay_ns;
    figures->connection = fmax(figures->connection, (double)counts->held_ns / elapsed_ns);
}

static struct figures figures_of(const struct world *world, int32_t broker)
{
    const double elapsed_ns = (double)(world->now - world->window_start);
    struct figures figures = {
        .handler_idle = broker_handler_idle(&world->brokers[broker], world->now),
        .network_idle = broker_network_idle(&world->brokers[broker], world->now)};
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++)
            add_connection(&figures, &world->subtasks[s].producers[k].connections[broker].counts,
                           elapsed_ns);
    return figures;
}

static double mean_of(double sum, double count)
{
    return count > 0 ? sum / count : NAN;
}

void observe_brokers(const struct world *world, double *columns)
{
    struct figures all = {.handler_idle = 1, .network_idle = 1};
    double bytes_max = 0;
    double requests_max = 0;
    double slowest = NAN;
    double slowest_ms = NAN;
    double busiest = 0;
    for (int32_t b = 0; b < world->params->brokers; b++) {
        const struct figures its = figures_of(world, b);
        const double stay_ms = mean_of(its.stay_ms, its.count);
        if (isnan(slowest_ms) ? its.count > 0 : stay_ms > slowest_ms) {
            slowest = b;
            slowest_ms = stay_ms;
        }
        if (its.handler_idle < all.handler_idle)
            busiest = b;
        all.handler_idle = fmin(all.handler_idle, its.handler_idle);
        all.network_idle = fmin(all.network_idle, its.network_idle);
        all.bytes_in += its.bytes_in;
        all.count += its.count;
        all.queued_ms += its.queued_ms;
        all.stay_ms += its.stay_ms;
        bytes_max = fmax(bytes_max, its.bytes_in);
        requests_max = fmax(requests_max, its.requests);
    }
    columns[COLUMN_broker_bytes_in_avg] = all.bytes_in / (double)world->params->brokers;
    columns[COLUMN_broker_bytes_in_max] = bytes_max;
    columns[COLUMN_broker_handler_idle_min] = all.handler_idle;
    columns[COLUMN_broker_network_idle_min] = all.network_idle;
    columns[COLUMN_broker_request_rate_max] = requests_max;
    columns[COLUMN_broker_queue_time_avg] = mean_of(all.queued_ms, all.count);
    columns[COLUMN_broker_stay_avg] = mean_of(all.stay_ms, all.count);
    columns[COLUMN_broker_stay_max] = slowest_ms;
    columns[COLUMN_broker_slowest] = slowest;
    columns[COLUMN_broker_busiest] = busiest;
}

const struct column observe_broker_columns[OBSERVE_BROKER_COLUMNS] = {
    {.name = "BytesInPerSec", .unit = "bytes/s"},
    {.name = "request-rate", .unit = "requests/s"},
    {.name = "RequestHandlerAvgIdlePercent", .unit = ""},
    {.name = "NetworkProcessorAvgIdlePercent", .unit = ""},
    {.name = "queue-time-avg", .unit = "ms"},
    {.name = "request-time-avg", .unit = "ms"},
    {.name = "connection-utilisation-max", .unit = ""},
};

void observe_broker(const struct world *world, int32_t broker,
                    double values[OBSERVE_BROKER_COLUMNS])
{
    const struct figures its = figures_of(world, broker);
    values[0] = its.bytes_in;
    values[1] = its.requests;
    values[2] = its.handler_idle;
    values[3] = its.network_idle;
    values[4] = mean_of(its.queued_ms, its.count);
    values[5] = mean_of(its.stay_ms, its.count);
    values[6] = its.connection;
}

void observe_write_brokers(const struct world *world, FILE *out)
{
    fputs("broker", out);
    for (size_t c = 0; c < OBSERVE_BROKER_COLUMNS; c++)
        fprintf(out, ",%s", observe_broker_columns[c].name);
    fputc('\n', out);
    for (int32_t b = 0; b < world->params->brokers; b++) {
        double values[OBSERVE_BROKER_COLUMNS];
        observe_broker(world, b, values);
        fprintf(out, "%" PRId32, b);
        for (size_t c = 0; c < OBSERVE_BROKER_COLUMNS; c++) {
            fputc(',', out);
            csv_number(out, values[c]);
        }
        fputc('\n', out);
    }
}

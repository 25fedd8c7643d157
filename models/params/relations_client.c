/*
 * relations_client.c - what the version of the client has to do with its properties.
 */
#include <inttypes.h>

#include "models/params/relations_parts.h"

static const struct property {
    enum fanout_row row;
    const char *path, *versions; /* that know it */
} properties[] = {
#define PROPERTY(field, path, since) {ROW_##field, path, since " and later"},
#include "models/kafka/client.def"
};

#define PROPERTIES (sizeof properties / sizeof *properties)

/* The client itself only warns of what it does not know; but whoever gives it expects something. */
static void refuse(const struct relations *subject, const struct property *property)
{
    const struct client_version client = subject->params->client;
    diag_error(subject->diag, relations_place_of(subject, property->row),
               "%s: the client %" PRId32 ".%" PRId32 ".%" PRId32
               " does not know this property; %s do",
               property->path, client.major, client.minor, client.patch, property->versions);
}

/* Without retry.backoff.max.ms the backoff is constant, so no harm is done by one that says so. */
static bool complete_backoff(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    const bool same = params->retry_backoff_max_ms == params->retry_backoff_ms;
    params->retry_backoff_max_ms = params->retry_backoff_ms;
    return same;
}

static void check_unknown(const struct relations *subject, const struct property *property)
{
    const bool harmless = property->row == ROW_retry_backoff_max_ms && complete_backoff(subject);
    if (relations_is_given(subject, property->row) && !harmless)
        refuse(subject, property);
}

static void check_rack(const struct relations *subject, const struct property *property)
{
    if (relations_is_given(subject, property->row))
        diag_warning(subject->diag, relations_place_of(subject, property->row),
                     "%s has no effect: brokers have no racks here", property->path);
}

static void check_properties(const struct relations *subject)
{
    for (const struct property *p = properties; p < properties + PROPERTIES; p++) {
        if (!client_version_among(subject->params->client, p->versions))
            check_unknown(subject, p);
        else if (p->row == ROW_rack_aware || p->row == ROW_client_rack)
            check_rack(subject, p);
    }
}

/* KIP-1332: clients.md 4 rules 1 to 2. */
static void check_allocation(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    const struct place place = relations_place_of(subject, ROW_allocation);
    if (params->allocation != ALLOCATION_INCREMENTAL)
        return;
    if (params->batch_size < CLIENT_CHUNK_BYTES) {
        diag_warning(subject->diag, place,
                     "buffer.memory.allocation.strategy falls back to full: batch.size (%" PRId64
                     ") is below a chunk of %d B (so does the client)",
                     params->batch_size, CLIENT_CHUNK_BYTES);
        params->allocation = ALLOCATION_FULL;
    } else if (params->codec != CODEC_NONE) {
        diag_error(subject->diag, place,
                   "buffer.memory.allocation.strategy: incremental needs compression.type: none "
                   "(Kafka throws a ConfigException)");
    }
}

/* A client before 4.0 asks for its partitions, whatever its brokers can do (clients.md 6). */
static void check_transaction_version(const struct relations *subject)
{
    struct fanout_params *const params = subject->params;
    if (params->transaction_version == TRANSACTION_VERSION_1 ||
        client_version_has(params->client, CLIENT_leaves_adding_to_brokers))
        return;
    params->transaction_version = TRANSACTION_VERSION_1;
    if (relations_is_given(subject, ROW_transaction_version))
        diag_error(subject->diag, relations_place_of(subject, ROW_transaction_version),
                   "transaction.version 2 with producer.client %d.%d: clients before 4.0 speak "
                   "version 1; remove transaction.version, or take a client from 4.0 on",
                   (int)params->client.major, (int)params->client.minor);
}

void relations_check_client(const struct relations *subject)
{
    check_properties(subject);
    check_allocation(subject);
    check_transaction_version(subject);
}

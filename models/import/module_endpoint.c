/*
 * module_endpoint.c - io.statefun.endpoints.v1/http and v2/http: where remote functions are.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/module_parts.h"
#include "models/import/scalar.h"
#include "sim/core/text.h"

#define FIELDS_1         "functions|urlPathTemplate|maxNumBatchRequests|timeouts"
#define FIELDS_2         "functions|urlPathTemplate|maxNumBatchRequests|transport"
#define TRANSPORTS       "io.statefun.transports.v1/okhttp|io.statefun.transports.v1/async"
#define TIMEOUTS         "call|connect|read|write"
#define BATCH_MAX        1000
#define TRANSPORT_FIELDS "type|" TIMEOUTS "|timeouts|connect|pool_ttl|pool_size|payload_max_bytes"

static bool read_timeouts(const struct loader *loader, const struct node *timeouts)
{
    bool good = true;
    int64_t ns;
    if (timeouts == NULL)
        return true;
    if (timeouts->kind != NODE_MAP) {
        diag_error(loader->diag, timeouts->place, "timeouts is %s; write {call: 1min}",
                   tree_kind_name(timeouts));
        return false;
    }
    for (size_t i = 0; i < timeouts->count; i++)
        if (text_find_word(TIMEOUTS, timeouts->entries[i].key) >= 0)
            good &= module_duration(loader, timeouts->entries[i].value, timeouts->entries[i].key, 1,
                                    &ns);
    module_ignored(loader, timeouts, "timeouts", TIMEOUTS);
    return good;
}

static bool read_transport(const struct loader *loader, const struct node *transport)
{
    if (transport == NULL)
        return true;
    if (transport->kind != NODE_MAP) {
        diag_error(loader->diag, transport->place,
                   "transport is %s, and StateFun wants a map; write {type: "
                   "io.statefun.transports.v1/async}",
                   tree_kind_name(transport));
        return false;
    }
    const struct node *const node = tree_get(transport, "type");
    const char *type;
    if (node != NULL && !module_typename(loader, node, "transport", &type))
        return false;
    if (node != NULL && text_find_word(TRANSPORTS, type) < 0) {
        diag_error(loader->diag, node->place,
                   "there is no transport %s; write io.statefun.transports.v1/async or "
                   "io.statefun.transports.v1/okhttp",
                   diag_shown(loader->diag, type));
        return false;
    }
    module_ignored(loader, transport, "transport", TRANSPORT_FIELDS);
    return read_timeouts(loader, tree_get(transport, "timeouts"));
}

static bool read_batch(const struct loader *loader, const struct node *node, int64_t *most)
{
    *most = BATCH_MAX;
    if (node == NULL)
        return true;
    const char *const text = scalar_text(loader->arena, node);
    char *end;
    *most = strtoll(text, &end, 10);
    if (end != text && *end == '\0')
        return true;
    diag_error(loader->diag, node->place, "maxNumBatchRequests: %s is no whole number; write 1000",
               diag_shown(loader->diag, text));
    return false;
}

static bool is_new(const struct loader *loader, const struct module_endpoint *endpoint)
{
    for (size_t i = 0; i < loader->module->endpoint_count; i++) {
        const struct module_endpoint *const other = &loader->module->endpoints[i];
        if (strcmp(other->functions, endpoint->functions) != 0)
            continue;
        diag_error(loader->diag, endpoint->place,
                   "functions %s are there already, from %s:%d; remove one of the endpoints",
                   endpoint->functions, other->place.file, other->place.line);
        return false;
    }
    return true;
}

bool module_read_endpoint(const struct loader *loader, const struct node *spec, int version)
{
    static const char what[] = "an endpoint";
    struct module_endpoint endpoint = {.place = spec->place};
    const struct node *const functions = tree_get(spec, "functions");
    bool good = module_text(loader, spec, "functions", what) != NULL &&
                module_typename(loader, functions, "functions", &endpoint.functions);
    if (good)
        endpoint.place = functions->place;
    good &= module_text(loader, spec, "urlPathTemplate", what) != NULL;
    good &= read_batch(loader, tree_get(spec, "maxNumBatchRequests"), &endpoint.batch_max);
    good &= version == 1 ? read_timeouts(loader, tree_get(spec, "timeouts"))
                         : read_transport(loader, tree_get(spec, "transport"));
    module_ignored(loader, spec, what, version == 1 ? FIELDS_1 : FIELDS_2);
    if (!good || !is_new(loader, &endpoint))
        return false;
    loader->module->endpoints[loader->module->endpoint_count++] = endpoint;
    return true;
}

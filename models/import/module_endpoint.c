/*
 * module_endpoint.c - io.statefun.endpoints.v1/http and v2/http: where remote functions are.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/flink_units.h"
#include "models/import/module_parts.h"
#include "models/import/scalar.h"
#include "sim/core/text.h"

#define FIELDS_1     "functions|urlPathTemplate|maxNumBatchRequests|timeouts"
#define FIELDS_2     "functions|urlPathTemplate|maxNumBatchRequests|transport"
#define TRANSPORTS   "io.statefun.transports.v1/async|io.statefun.transports.v1/okhttp"
#define TIMES        "call|connect"
#define SOCKETS      "|read|write"
#define SECURITY     "trust_cacerts|client_cert|client_key|client_key_password"
#define OTHERS       "pool_ttl|payload_max_bytes|" SECURITY
#define ASYNC_FIELDS "type|" TIMES "|timeouts|pool_size|" OTHERS

static const struct pair defaults[] = {{"maxNumBatchRequests", "1000", {0}},
                                       {"call", "2min", {0}},
                                       {"connect", "20s", {0}},
                                       {"pool_size", "1024", {0}}};

/* What a map `timeouts` brings, and okhttp in any case. */
static const struct pair timeouts_defaults[] = {{"call", "1min", {0}}, {"connect", "10s", {0}}};

static void put_all(const struct loader *loader, const struct pair *pairs, size_t count,
                    struct place place, struct pairs *config)
{
    for (size_t i = 0; i < count; i++)
        pairs_put(config, loader->arena, (struct pair){pairs[i].key, pairs[i].text, place});
}

/* A transport is read with the first call: what is wrong in it passes the loader. */
static void warn_of_transport(const struct loader *loader, const struct node *node, const char *key,
                              const char *right)
{
    diag_warning(loader->diag, node->place,
                 "%s: StateFun loads %s, and fails the job with the first call; write %s", key,
                 node->kind == NODE_SCALAR
                     ? diag_shown(loader->diag, scalar_text(loader->arena, node))
                     : tree_kind_name(node),
                 right);
}

static void read_times(const struct loader *loader, const struct node *map, struct pairs *config)
{
    static const char *const keys[] = {"call", "connect"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *const node = tree_get(map, keys[i]);
        int64_t ns = 0;
        if (node == NULL)
            continue;
        if (flink_units_duration(scalar_text(loader->arena, node), &ns) && ns > 0)
            pairs_put(
                config, loader->arena,
                (struct pair){keys[i], flink_units_duration_text(loader->arena, ns), node->place});
        else
            warn_of_transport(loader, node, keys[i], "a duration above 0: 1min");
    }
}

/* `timeouts` wins over the fields beside it. */
static void read_timeouts(const struct loader *loader, const struct node *timeouts,
                          const char *known, struct pairs *config)
{
    if (timeouts == NULL)
        return;
    if (timeouts->kind != NODE_MAP) {
        warn_of_transport(loader, timeouts, "timeouts", "{call: 1min}");
        return;
    }
    put_all(loader, timeouts_defaults, sizeof timeouts_defaults / sizeof *timeouts_defaults,
            timeouts->place, config);
    read_times(loader, timeouts, config);
    module_ignored(loader, timeouts, "timeouts", known);
}

/* It opens a connection for whatever it has to send. */
static void read_okhttp(const struct loader *loader, const struct node *timeouts,
                        struct module_endpoint *endpoint)
{
    endpoint->okhttp = true;
    put_all(loader, timeouts_defaults, sizeof timeouts_defaults / sizeof *timeouts_defaults,
            endpoint->place, &endpoint->config);
    pairs_put(&endpoint->config, loader->arena,
              (struct pair){"pool_size", "1000000", endpoint->place});
    read_timeouts(loader, timeouts, TIMES SOCKETS, &endpoint->config);
}

static void read_async(const struct loader *loader, const struct node *transport,
                       struct pairs *config)
{
    const char *others = OTHERS;
    const struct node *const pool = tree_get(transport, "pool_size");
    read_times(loader, transport, config);
    read_timeouts(loader, tree_get(transport, "timeouts"), TIMES, config);
    if (pool != NULL && module_long(loader, pool) >= 1)
        pairs_put(config, loader->arena,
                  (struct pair){"pool_size",
                                arena_format(loader->arena, "%" PRId64, module_long(loader, pool)),
                                pool->place});
    else if (pool != NULL)
        warn_of_transport(loader, pool, "pool_size", "1024");
    for (struct text_word word; text_next_word(&others, &word);) {
        const char *const key = arena_format(loader->arena, "%.*s", (int)word.bytes, word.start);
        const struct node *const node = tree_get(transport, key);
        if (node != NULL)
            pairs_put(config, loader->arena,
                      (struct pair){key, scalar_text(loader->arena, node), node->place});
    }
    module_ignored(loader, transport, "transport", ASYNC_FIELDS);
}

static bool read_transport(const struct loader *loader, const struct node *transport,
                           struct module_endpoint *endpoint)
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
    const int64_t which = node != NULL ? text_find_word(TRANSPORTS, type) : 0;
    if (which < 0) {
        diag_error(loader->diag, node->place,
                   "there is no transport %s; write io.statefun.transports.v1/async or "
                   "io.statefun.transports.v1/okhttp",
                   diag_shown(loader->diag, type));
        return false;
    }
    if (which == 0) {
        read_async(loader, transport, &endpoint->config);
        return true;
    }
    module_ignored(loader, transport, "transport", "type|timeouts");
    read_okhttp(loader, tree_get(transport, "timeouts"), endpoint);
    return true;
}

/* As Jackson makes an int of it: nothing is 0, a fraction is cut off; v1 looks for an int itself.
 * 0 and less are no limit. */
static bool read_batch(const struct loader *loader, const struct node *node, int version,
                       struct pairs *config)
{
    if (node == NULL)
        return true;
    const enum scalar_type type =
        node->kind == NODE_SCALAR ? scalar_type(node) : SCALAR_BOOL; /* neither is a number */
    const char *const text = scalar_text(loader->arena, node);
    const bool empty = type == SCALAR_NULL || text[strspn(text, " ")] == '\0';
    char *end;
    const double number = strtod(text, &end);
    const bool whole = text[strspn(text, " +-0123456789")] == '\0';
    const bool taken = version == 1 ? type == SCALAR_INT
                       : type == SCALAR_TEXT
                           ? empty || (whole && end != text && end[strspn(end, " ")] == '\0')
                           : type != SCALAR_BOOL;
    if (!taken || number > INT32_MAX || number < INT32_MIN) {
        diag_error(loader->diag, node->place,
                   "maxNumBatchRequests: %s is no int for StateFun; write 1000",
                   diag_shown(loader->diag, text));
        return false;
    }
    pairs_put(config, loader->arena,
              (struct pair){"maxNumBatchRequests",
                            arena_format(loader->arena, "%.0f", number >= 1 ? trunc(number) : 0),
                            node->place});
    return true;
}

/* A whole namespace is "ns/" and an asterisk, and nothing else has one. */
static bool is_target(const struct loader *loader, const struct module_endpoint *endpoint)
{
    const char *const star = strchr(endpoint->functions, '*');
    if (star == NULL || (star > endpoint->functions && star[-1] == '/' && star[1] == '\0'))
        return true;
    diag_error(loader->diag, endpoint->place,
               "functions: %s is no pattern; write namespace/name, or namespace/* for all of it",
               endpoint->functions);
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
    good = good && is_target(loader, &endpoint);
    good &= module_text(loader, spec, "urlPathTemplate", what) != NULL;
    put_all(loader, defaults, sizeof defaults / sizeof *defaults, (struct place){0},
            &endpoint.config);
    good &= read_batch(loader, tree_get(spec, "maxNumBatchRequests"), version, &endpoint.config);
    if (version == 1)
        read_okhttp(loader, tree_get(spec, "timeouts"), &endpoint);
    else
        good &= read_transport(loader, tree_get(spec, "transport"), &endpoint);
    module_ignored(loader, spec, what, version == 1 ? FIELDS_1 : FIELDS_2);
    if (!good || !is_new(loader, &endpoint))
        return false;
    loader->module->endpoints[loader->module->endpoint_count++] = endpoint;
    return true;
}

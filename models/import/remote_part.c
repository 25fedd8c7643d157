/*
 * remote_part.c - which targets of the ingresses are behind HTTP; one configuration for all.
 */
#include "models/import/remote_part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define IN_FLIGHT "statefun.async.max-per-task"
#define NO_LIMIT  "1000000000"
#define LATENCY   "20ms"

/* What both say, in the endpoint's words and in the scenario's. */
static const char *const paths[][2] = {{"maxNumBatchRequests", "job.remote.max-batch-requests"},
                                       {"pool_size", "job.remote.pool"},
                                       {"call", "job.remote.timeout"},
                                       {"connect", "job.remote.connect-timeout"}};

#define PATHS (sizeof paths / sizeof *paths)

bool remote_part_reads(const char *key)
{
    return strcmp(key, IN_FLIGHT) == 0;
}

/* "ns/name" itself, or all of "ns/". */
static bool serves(const struct module_endpoint *endpoint, const char *target)
{
    const size_t bytes = strlen(endpoint->functions);
    if (endpoint->functions[bytes - 1] == '*')
        return strncmp(endpoint->functions, target, bytes - 1) == 0;
    return strcmp(endpoint->functions, target) == 0;
}

static bool is_remote(const struct module *module, const char *target)
{
    for (size_t i = 0; i < module->endpoint_count; i++)
        if (serves(&module->endpoints[i], target))
            return true;
    return false;
}

/* What the ingresses' records go to. */
struct targets {
    const char **names; /* of remote functions, each once */
    size_t count;
    const char *embedded; /* the first that no endpoint serves; NULL: none */
    struct place embedded_place, many_place;
    bool many; /* a topic has several */
};

static size_t count_targets(const struct module *module)
{
    size_t count = 0;
    for (size_t i = 0; i < module->ingress_count; i++)
        for (size_t k = 0; k < module->ingresses[i].topic_count; k++)
            count += module->ingresses[i].topics[k].target_count;
    return count;
}

static void add_target(struct targets *targets, const struct module *module, const char *name,
                       struct place place)
{
    for (size_t i = 0; i < targets->count; i++)
        if (strcmp(targets->names[i], name) == 0)
            return;
    if (is_remote(module, name)) {
        targets->names[targets->count++] = name;
    } else if (targets->embedded == NULL) {
        targets->embedded = name;
        targets->embedded_place = place;
    }
}

static void find_targets(struct targets *targets, const struct module *module, struct arena *arena)
{
    *targets = (struct targets){.names = ARENA_ARRAY(arena, const char *, count_targets(module))};
    for (size_t i = 0; i < module->ingress_count; i++)
        for (size_t k = 0; k < module->ingresses[i].topic_count; k++) {
            const struct module_topic *const topic = &module->ingresses[i].topics[k];
            for (size_t t = 0; t < topic->target_count; t++)
                add_target(targets, module, topic->targets[t], topic->place);
            if (topic->target_count > 1 && !targets->many) {
                targets->many = true;
                targets->many_place = topic->place;
            }
        }
}

/* Those that no record goes to are called by other functions, if at all. */
static void pass_over_uncalled(struct draft *draft, const struct module *module,
                               const struct targets *targets)
{
    for (size_t i = 0; i < module->endpoint_count; i++) {
        const struct module_endpoint *const endpoint = &module->endpoints[i];
        bool called = module->ingress_count == 0;
        for (size_t t = 0; t < targets->count && !called; t++)
            called = serves(endpoint, targets->names[t]);
        if (!called)
            draft_pass_over(draft, endpoint->place,
                            arena_format(draft->arena, "remote functions %s", endpoint->functions),
                            "no ingress has them among its targets");
    }
}

static void put_functions(struct draft *draft, const struct module *module,
                          const struct targets *targets)
{
    static const char path[] = "job.remote.functions";
    const size_t count = module->ingress_count > 0 ? targets->count : module->endpoint_count;
    const char *const text = arena_format(draft->arena, "%zu", count);
    if (module->ingress_count > 0)
        draft_put(draft, path, module->endpoints[0].place, text);
    else
        draft_assume(draft, path, text, "no ingress says which functions records go to");
    if (targets->embedded != NULL)
        draft_leave_out(draft, targets->embedded_place, targets->embedded,
                        "no endpoint serves it, so it is in the job; all functions are remote "
                        "here");
}

static void put_config(struct draft *draft, const struct module_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->config.count; i++) {
        const struct pair *const pair = &endpoint->config.items[i];
        size_t at = 0;
        while (at < PATHS && strcmp(paths[at][0], pair->key) != 0)
            at++;
        if (at == PATHS)
            draft_pass_over(draft, pair->place, pair->key, "no effect on this model");
        else if (pair->place.line > 0)
            draft_put(draft, paths[at][1], pair->place,
                      strcmp(pair->text, "0") == 0 ? NO_LIMIT : pair->text);
    }
}

/* The first key that the other one has another text for. */
static const char *difference(const struct module_endpoint *endpoint,
                              const struct module_endpoint *other)
{
    for (size_t i = 0; i < PATHS; i++)
        if (strcmp(pairs_find(&endpoint->config, paths[i][0])->text,
                   pairs_find(&other->config, paths[i][0])->text) != 0)
            return paths[i][0];
    return NULL;
}

static void warn_of_differences(const struct draft *draft, const struct module *module)
{
    const struct module_endpoint *const first = &module->endpoints[0];
    for (size_t i = 1; i < module->endpoint_count; i++) {
        const struct module_endpoint *const endpoint = &module->endpoints[i];
        const char *const key = difference(first, endpoint);
        if (key != NULL)
            diag_warning(draft->diag, endpoint->place,
                         "functions %s have %s %s where %s have %s; one configuration holds for "
                         "all here, that of %s",
                         endpoint->functions, key, pairs_find(&endpoint->config, key)->text,
                         first->functions, pairs_find(&first->config, key)->text, first->functions);
    }
}

static void put_requests(struct draft *draft, const struct module *module, const struct pairs *conf)
{
    const struct module_endpoint *const first = &module->endpoints[0];
    const struct pair *const in_flight = pairs_find(conf, IN_FLIGHT);
    put_config(draft, first);
    warn_of_differences(draft, module);
    if (first->okhttp)
        draft_leave_out(draft, first->place, "the okhttp transport",
                        "attempts are repeated as the asynchronous one does it: after 2 ms, "
                        "doubling, whatever the error");
    if (in_flight != NULL)
        draft_put(draft, "job.remote.async.max-per-task", in_flight->place, in_flight->text);
    draft_assume(draft, "job.remote.latency", LATENCY,
                 "how long the functions take is in no file: measure it");
    draft_assume(draft, "job.remote.per", NULL,
                 "request: a function answers a batch in that time; the Java SDK takes its "
                 "invocations one after another: invocation");
}

void remote_part_put(struct draft *draft, const struct module *module, const struct pairs *conf)
{
    struct targets targets;
    const struct pair *const in_flight = pairs_find(conf, IN_FLIGHT);
    find_targets(&targets, module, draft->arena);
    if (targets.many)
        draft_leave_out(draft, targets.many_place, "several targets of a topic",
                        "a record goes to one function here, not to each");
    const bool remote =
        module->endpoint_count > 0 && (targets.count > 0 || module->ingress_count == 0);
    if (module->endpoint_count > 0)
        pass_over_uncalled(draft, module, &targets);
    if (!remote) {
        if (in_flight != NULL)
            draft_pass_over(draft, in_flight->place, IN_FLIGHT, "no function is remote");
        return;
    }
    put_functions(draft, module, &targets);
    put_requests(draft, module, conf);
}

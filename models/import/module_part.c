/*
 * module_part.c - many egresses and ingresses become one of each.
 */
#include "models/import/module_part.h"

#include <string.h>

#include "models/import/producer_part.h"
#include "models/params/params.h"
#include "sim/core/text.h"

#define TIMEOUT_KEY "transaction.timeout.ms"

/* Has one a text for a key that the other has another one for? Then both pairs. The timeout of
 * transactions comes with the delivery. */
static bool differs(const struct pairs *config, const struct pairs *other, struct pair *here,
                    struct pair *there)
{
    for (size_t i = 0; i < other->count; i++) {
        const struct pair *const pair = pairs_find(config, other->items[i].key);
        *there = other->items[i];
        if (strcmp(there->key, TIMEOUT_KEY) == 0)
            continue;
        *here = pair != NULL ? *pair : (struct pair){there->key, "nothing", {0}};
        if (strcmp(here->text, there->text) != 0)
            return true;
    }
    for (size_t i = 0; i < config->count; i++) {
        *here = config->items[i];
        *there = (struct pair){here->key, "nothing", {0}};
        if (pairs_find(other, here->key) == NULL)
            return true;
    }
    return false;
}

static void warn_of_difference(const struct draft *draft, const struct module_egress *first,
                               const struct module_egress *egress)
{
    struct pair here, there;
    if (differs(&first->config, &egress->config, &here, &there))
        diag_warning(draft->diag, there.place.line > 0 ? there.place : egress->place,
                     "egress %s has %s for %s where %s has %s; one configuration holds for all "
                     "producers here, that of %s",
                     egress->id, diag_shown(draft->diag, there.text), there.key, first->id,
                     diag_shown(draft->diag, here.text), first->id);
    if (egress->delivery != first->delivery)
        diag_warning(draft->diag, egress->place,
                     "egress %s delivers otherwise than %s; the stronger of both holds for all",
                     egress->id, first->id);
}

/* A timeout that nobody wrote is the runtime's, and counts for exactly-once. */
static struct pairs written(const struct draft *draft, const struct module_egress *egress,
                            enum module_delivery delivery, const char *runtime)
{
    struct pairs config = {0};
    for (size_t i = 0; i < egress->config.count; i++) {
        struct pair pair = egress->config.items[i];
        const bool timeout = strcmp(pair.key, TIMEOUT_KEY) == 0;
        if (pair.place.line == 0 && (!timeout || delivery != MODULE_EXACTLY_ONCE))
            continue;
        if (pair.place.line == 0)
            pair.place = draft_place(runtime);
        pairs_add(&config, draft->arena, pair);
    }
    return config;
}

/* A strong delivery may come from a later egress than the configuration. */
static const struct module_egress *strongest(const struct module *module)
{
    const struct module_egress *found = &module->egresses[0];
    for (size_t i = 1; i < module->egress_count; i++)
        if (module->egresses[i].delivery > found->delivery)
            found = &module->egresses[i];
    return found;
}

bool module_part_put_egresses(struct draft *draft, const struct module *module,
                              enum module_runtime runtime, const char *client)
{
    if (module->egress_count == 0)
        return true;
    const struct module_egress *const first = &module->egresses[0];
    const struct module_egress *const strong = strongest(module);
    for (size_t i = 1; i < module->egress_count; i++)
        warn_of_difference(draft, first, &module->egresses[i]);
    const struct text_word runtime_word = text_word(MODULE_RUNTIMES, (int64_t)runtime);
    const char *const name =
        arena_format(draft->arena, "--runtime %.*s", (int)runtime_word.bytes, runtime_word.start);
    if (strong->delivery_place.line > 0) {
        const struct text_word word = text_word(MODULE_DELIVERIES, (int64_t)strong->delivery);
        draft_put(draft, "egress.delivery", strong->delivery_place,
                  arena_format(draft->arena, "%.*s", (int)word.bytes, word.start));
    }
    draft_put(draft, "egress.shards", module->egresses[module->egress_count - 1].place,
              arena_format(draft->arena, "%zu", module->egress_count));
    struct pairs config = written(draft, first, strong->delivery, name);
    const struct pair *const timeout = pairs_find(&strong->config, TIMEOUT_KEY);
    if (strong != first && strong->delivery == MODULE_EXACTLY_ONCE)
        pairs_put(&config, draft->arena, *timeout);
    return producer_part_put(draft, &config, client);
}

static void put_fetch(struct draft *draft, const struct pair *pair)
{
    const char *const path = arena_format(draft->arena, "job.ingress.%s", pair->key);
    const struct param *const row = param_row(&fanout_param_table, path);
    const bool topics = draft_get(draft, "job.ingress.topics") != NULL;
    if (row != NULL && row->kind != PARAM_CUSTOM && topics)
        draft_put(draft, path, pair->place, pair->text);
    else if (pair->place.line > 0)
        draft_pass_over(draft, pair->place, pair->key,
                        topics ? "no effect on this model"
                               : "no file says what partitions the topics of ingresses have");
}

/* A backlog that a job begins with is not there. */
static void pass_over_startup(struct draft *draft, const struct module_ingress *ingress)
{
    if (strcmp(ingress->startup, "latest") != 0 && strcmp(ingress->startup, "group-offsets") != 0)
        draft_pass_over(
            draft, ingress->place,
            arena_format(draft->arena, "startupPosition %s of %s", ingress->startup, ingress->id),
            "topics are empty when the job begins");
}

void module_part_put_fetches(struct draft *draft, const struct module *module)
{
    for (size_t i = 0; i < module->ingress_count; i++) {
        const struct pairs *const config = &module->ingresses[i].config;
        for (size_t k = 0; k < config->count; k++)
            put_fetch(draft, &config->items[k]);
        pass_over_startup(draft, &module->ingresses[i]);
    }
}

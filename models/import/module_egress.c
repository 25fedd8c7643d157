/*
 * module_egress.c - io.statefun.kafka.v1/egress: GenericKafkaEgressSpec and KafkaSinkProvider.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/module_parts.h"
#include "models/import/scalar.h"
#include "sim/core/text.h"

#define EGRESS_FIELDS   "id|address|deliverySemantic|properties"
#define DELIVERY_FIELDS "type|transactionTimeout|transactionTimeoutMillis"
#define SERIALIZER      "org.apache.kafka.common.serialization.ByteArraySerializer"
#define MILLISECOND_NS  1000000

#define TIMEOUT_KEY "transaction.timeout.ms"

/* The deprecated field wins; only 0 itself is refused. */
static bool read_timeout(const struct loader *loader, const struct node *delivery,
                         struct pairs *config)
{
    static const char what[] = "transactionTimeout of an exactly-once egress";
    const struct node *const millis = tree_get(delivery, "transactionTimeoutMillis");
    const struct node *const timeout = tree_get(delivery, "transactionTimeout");
    const struct node *const node = millis != NULL ? millis : timeout;
    int64_t ns = 0, ms = 0;
    if (node == NULL) {
        diag_error(loader->diag, delivery->place,
                   "exactly-once without a transactionTimeout, and the loader fails "
                   "(NullPointerException); add transactionTimeout: 15min");
        return false;
    }
    if (millis != NULL) {
        ms = module_long(loader, millis);
        if (ms == 0) {
            diag_error(loader->diag, node->place,
                       "transactionTimeoutMillis must be larger than 0; write 900000");
            return false;
        }
        if (ms < 0)
            diag_warning(loader->diag, node->place,
                         "transactionTimeoutMillis: StateFun takes %" PRId64
                         ", and no broker does; write 900000",
                         ms);
    } else if (!module_duration(loader, timeout, what, 1, &ns)) {
        return false;
    } else {
        ms = ns / MILLISECOND_NS;
    }
    const struct pair *const property = pairs_find(config, TIMEOUT_KEY);
    if (property != NULL && property->place.line > 0)
        diag_warning(loader->diag, property->place,
                     TIMEOUT_KEY " of the properties is overridden by transactionTimeout");
    pairs_put(config, loader->arena,
              (struct pair){TIMEOUT_KEY, arena_format(loader->arena, "%" PRId64, ms), node->place});
    return true;
}

static void warn_of_timeouts(const struct loader *loader, const struct node *delivery)
{
    for (size_t i = 0; i < delivery->count; i++)
        if (strncmp(delivery->entries[i].key, "transactionTimeout", 18) == 0)
            diag_warning(loader->diag, delivery->entries[i].key_place,
                         "%s is read for exactly-once only", delivery->entries[i].key);
}

static bool read_delivery(const struct loader *loader, const struct node *spec,
                          struct module_egress *egress)
{
    const struct node *const delivery = tree_get(spec, "deliverySemantic");
    egress->delivery = MODULE_AT_LEAST_ONCE;
    if (delivery == NULL)
        return true;
    if (delivery->kind != NODE_MAP) {
        diag_error(loader->diag, delivery->place,
                   "deliverySemantic is %s, and StateFun wants a map; write {type: "
                   "at-least-once}",
                   delivery->kind == NODE_SCALAR ? diag_shown(loader->diag, delivery->text)
                                                 : tree_kind_name(delivery));
        return false;
    }
    const char *const type = module_text(loader, delivery, "type", "deliverySemantic");
    if (type == NULL)
        return false;
    const int64_t which = text_find_word(MODULE_DELIVERIES, type);
    const struct place place = tree_get(delivery, "type")->place;
    if (which < 0) {
        diag_error(loader->diag, place,
                   "deliverySemantic: %s is none of at-least-once, exactly-once and none, in "
                   "small letters",
                   diag_shown(loader->diag, type));
        return false;
    }
    egress->delivery = (enum module_delivery)which;
    egress->delivery_place = place;
    module_ignored(loader, delivery, "deliverySemantic", DELIVERY_FIELDS);
    if (egress->delivery == MODULE_EXACTLY_ONCE)
        return read_timeout(loader, delivery, &egress->config);
    warn_of_timeouts(loader, delivery);
    return true;
}

/* Which of address and bootstrap.servers the producer gets. */
static void settle_address(const struct loader *loader, struct pair address, struct pairs *config)
{
    const struct pair *const property = pairs_find(config, address.key);
    if (property != NULL && strcmp(property->text, address.text) != 0) {
        const bool wins = loader->runtime == MODULE_SINK_V2;
        diag_warning(loader->diag, property->place,
                     "bootstrap.servers: %s %s address: %s; --runtime %s has it the other way "
                     "round",
                     property->text, wins ? "takes the place of" : "is overridden by", address.text,
                     wins ? "statefun-3.3" : "sink-v2");
        if (wins)
            return;
    }
    pairs_put(config, loader->arena, address);
}

static bool check_transactional_id(const struct loader *loader, const struct module_egress *egress)
{
    const struct pair *const id = pairs_find(&egress->config, "transactional.id");
    if (id == NULL)
        return true;
    if (egress->delivery == MODULE_EXACTLY_ONCE) {
        diag_warning(loader->diag, id->place, "transactional.id: the sink gives its own");
        return true;
    }
    if (loader->runtime == MODULE_STATEFUN_3_3) {
        diag_warning(loader->diag, id->place,
                     "transactional.id is taken away again: the egress is not exactly-once");
        return true;
    }
    diag_error(loader->diag, id->place,
               "transactional.id in an egress that is not exactly-once: every send() of KafkaSink "
               "fails, as nobody calls initTransactions(); remove it");
    return false;
}

static bool is_new(const struct loader *loader, const struct module_egress *egress)
{
    for (size_t i = 0; i < loader->module->egress_count; i++) {
        const struct module_egress *const other = &loader->module->egresses[i];
        if (strcmp(other->id, egress->id) != 0)
            continue;
        diag_error(loader->diag, egress->place,
                   "the egress %s is there already, from %s:%d; give it another id", egress->id,
                   other->place.file, other->place.line);
        return false;
    }
    return true;
}

/* In the order in which the provider puts them together: defaults, properties, named fields. */
bool module_read_egress(const struct loader *loader, const struct node *spec)
{
    static const char what[] = "an egress";
    struct module_egress egress = {.place = spec->place};
    const struct node *const id = tree_get(spec, "id");
    bool good = module_text(loader, spec, "id", what) != NULL &&
                module_typename(loader, id, "id", &egress.id);
    if (good)
        egress.place = id->place;
    const char *const address = module_text(loader, spec, "address", what);
    module_ignored(loader, spec, what, EGRESS_FIELDS);
    const struct pair defaults[] = {{"key.serializer", SERIALIZER, {0}},
                                    {"value.serializer", SERIALIZER, {0}},
                                    {TIMEOUT_KEY, "3600000", {0}}};
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        pairs_put(&egress.config, loader->arena, defaults[i]);
    good &= module_properties(loader, spec, &egress.config);
    good &= read_delivery(loader, spec, &egress);
    if (address == NULL || !good)
        return false;
    settle_address(loader,
                   (struct pair){"bootstrap.servers", address, tree_get(spec, "address")->place},
                   &egress.config);
    if (!check_transactional_id(loader, &egress) || !is_new(loader, &egress))
        return false;
    loader->module->egresses[loader->module->egress_count++] = egress;
    return true;
}

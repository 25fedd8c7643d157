/*
 * producer_part.c - what ConfigDef and Spring make of a text.
 */
#include "models/import/producer_part.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "models/import/flink_units.h"
#include "models/params/params.h"
#include "sim/core/text.h"

#define SECTION "producer."
#define CLIENT  SECTION "client"
#define SECRETS                                                                                    \
    "sasl.jaas.config|ssl.key.password|ssl.keystore.password|ssl.truststore.password|"             \
    "ssl.keystore.key|sasl.oauthbearer.client.credentials.client.secret|"                          \
    "sasl.oauthbearer.assertion.private.key.passphrase"

/* Longer ones before what they begin with. */
static const char *const prefixes[] = {
    "spring.kafka.producer.properties.",
    "spring.kafka.producer.",
    "spring.kafka.properties.",
    "kafka.producer.properties.",
    "kafka.producer.",
    "producer.properties.",
    "producer.",
    "properties.",
};
#define SPRING_PREFIX "spring.kafka.producer."

static const char *prefix_of(const char *key)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(key, prefixes[i], strlen(prefixes[i])) == 0)
            return prefixes[i];
    return NULL;
}

static const char *path_of(struct arena *arena, const char *key)
{
    return arena_format(arena, SECTION "%s", key);
}

static const struct param *row_of(struct arena *arena, const char *key)
{
    const struct param *const row = param_row(&fanout_param_table, path_of(arena, key));
    return row != NULL && row->kind != PARAM_CUSTOM ? row : NULL;
}

static bool is_known(struct arena *arena, const char *key)
{
    const char *const path = path_of(arena, key);
    return row_of(arena, key) != NULL || param_is_inert(&fanout_param_table, path) ||
           param_is_later(&fanout_param_table, path);
}

size_t producer_part_count(struct arena *arena, const struct pairs *pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++)
        count += prefix_of(pairs->items[i].key) != NULL || is_known(arena, pairs->items[i].key);
    return count;
}

/* Spring's own fields have dashes for dots, and sizes with a unit: batch-size: 16KB. */
static struct pair spring_field(struct arena *arena, struct pair pair)
{
    char *const key = ARENA_ARRAY(arena, char, strlen(pair.key) + 1);
    for (size_t i = 0; pair.key[i] != '\0'; i++)
        key[i] = pair.key[i];
    for (char *dash = strchr(key, '-'); dash != NULL; dash = strchr(dash, '-'))
        *dash = '.';
    const struct param *const row = row_of(arena, key);
    int64_t bytes;
    if (row != NULL && row->kind == PARAM_BYTES && flink_units_memory(pair.text, &bytes))
        pair.text = arena_format(arena, "%" PRId64, bytes);
    pair.key = key;
    return pair;
}

struct pairs producer_part_plain(struct arena *arena, const struct pairs *pairs, size_t *others)
{
    struct pairs plain = {0};
    bool prefixed = false;
    *others = 0;
    for (size_t i = 0; i < pairs->count; i++)
        prefixed = prefixed || prefix_of(pairs->items[i].key) != NULL;
    for (size_t i = 0; i < pairs->count; i++) {
        struct pair pair = pairs->items[i];
        const char *const prefix = prefix_of(pair.key);
        if (prefix != NULL)
            pair.key += strlen(prefix);
        if (prefix != NULL && strcmp(prefix, SPRING_PREFIX) == 0)
            pair = spring_field(arena, pair);
        if (prefix != NULL || !prefixed || is_known(arena, pair.key))
            pairs_put(&plain, arena, pair);
        else
            ++*others;
    }
    return plain;
}

/* Without the spaces around it, as ConfigDef takes it. */
static const char *trimmed(struct arena *arena, const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return arena_format(arena, "%.*s", (int)length, text);
}

static bool is_whole(const char *text)
{
    text += *text == '-' || *text == '+';
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* A number must be one to Integer.parseInt(), which takes no units; true and false have any
 * letters. NULL after an error. */
static const char *value_text(const struct draft *draft, const struct param *row,
                              const struct pair *pair)
{
    const char *const text = trimmed(draft->arena, pair->text);
    if (row->kind == PARAM_BOOL && strcasecmp(text, "true") == 0)
        return "true";
    if (row->kind == PARAM_BOOL && strcasecmp(text, "false") == 0)
        return "false";
    const bool number =
        row->kind == PARAM_BYTES || row->kind == PARAM_MILLIS || row->kind == PARAM_COUNT;
    if (!number)
        return text;
    if (is_whole(text))
        return text + (*text == '+');
    diag_error(draft->diag, pair->place,
               "%s: %s is no whole number, and Kafka throws a ConfigException; write it without "
               "a unit",
               pair->key, diag_shown(draft->diag, pair->text));
    return NULL;
}

/* Does the client have the property? */
static bool is_of_client(const char *client, const char *path)
{
    const struct param_table *const table = &fanout_param_table;
    for (size_t i = 0; client != NULL && i < table->preset_count; i++) {
        const struct param_preset *const preset = &table->presets[i];
        if (preset->fallback == NULL && strcmp(preset->selector, CLIENT) == 0 &&
            strcmp(preset->path, path) == 0 && param_preset_holds(table, preset, client))
            return false;
    }
    return true;
}

static const char *unknown_reason(struct arena *arena, const char *key)
{
    const struct param_table *const table = &fanout_param_table;
    const char **const names = ARENA_ARRAY(arena, const char *, table->count);
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        if (strncmp(table->rows[i].path, SECTION, strlen(SECTION)) == 0)
            names[count++] = table->rows[i].path + strlen(SECTION);
    const char *const near = diag_nearest(key, names, count);
    return near == NULL
               ? "Kafka does not know this property, and passes over it"
               : arena_format(arena, "Kafka does not know this property; did you mean %s?", near);
}

static bool put(struct draft *draft, const struct pair *pair, const char *client)
{
    const char *const path = path_of(draft->arena, pair->key);
    const struct param *const row = row_of(draft->arena, pair->key);
    const char *const shown = arena_format(draft->arena, "%s=%s", pair->key, pair->text);
    if (text_find_word(SECRETS, pair->key) >= 0)
        diag_warning(draft->diag, pair->place, "%s is a secret, and the scenario will hold it",
                     pair->key);
    if (row != NULL && !is_of_client(client, path)) {
        draft_leave_out(draft, pair->place, shown,
                        arena_format(draft->arena, "the client of %s does not know it", client));
    } else if (row != NULL) {
        const char *const text = value_text(draft, row, pair);
        if (text == NULL)
            return false;
        draft_put(draft, path, pair->place, text);
    } else if (param_is_inert(&fanout_param_table, path)) {
        draft_put(draft, path, pair->place, pair->text);
    } else if (param_is_later(&fanout_param_table, path)) {
        draft_leave_out(draft, pair->place, shown, "it is not simulated yet");
    } else {
        draft_leave_out(draft, pair->place, shown, unknown_reason(draft->arena, pair->key));
    }
    return true;
}

bool producer_part_put(struct draft *draft, const struct pairs *config, const char *client)
{
    bool good = true;
    for (size_t i = 0; i < config->count; i++)
        good &= put(draft, &config->items[i], client);
    return good;
}

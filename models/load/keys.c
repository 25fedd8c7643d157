/*
 * keys.c - hashes as Kafka and Java compute them, and `load.keys`.
 */
#include "models/load/keys.h"

#include <string.h>

#include "models/kafka/fields.h"
#include "models/kafka/numbered.h"

#define NOT_UTF8 UINT32_MAX

/* One code point, *next behind it; a byte that begins none is NOT_UTF8, and *next behind that byte.
 */
static uint32_t decode(const unsigned char **next, const unsigned char *end)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *const at = (*next)++;
    const unsigned char lead = at[0];
    if (lead < 0x80)
        return lead;
    const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || end - at <= more)
        return NOT_UTF8;
    uint32_t point = lead & (0x3fU >> more);
    for (int i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return NOT_UTF8;
        point = point << 6 | (at[i] & 0x3fU);
    }
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < least[more] || point > 0x10ffff || surrogate)
        return NOT_UTF8;
    *next = at + more + 1;
    return point;
}

static bool pattern_is_good(struct param_context *context, const struct key_space *keys,
                            struct place place)
{
    struct numbered pattern;
    const char *const wrong = numbered_parse(&pattern, context->arena, keys->name);
    if (strlen(keys->name) + NUMBERED_WIDTH_MAX > KEYS_NAME_BYTES_MAX)
        diag_error(context->diag, place, "name of the keys has %zu bytes; at most %d are right",
                   strlen(keys->name), KEYS_NAME_BYTES_MAX - NUMBERED_WIDTH_MAX);
    else if (wrong != NULL)
        diag_error(context->diag, place, "name of the keys '%s': %s", keys->name, wrong);
    else if (!pattern.has_number)
        diag_error(context->diag, place, "name of the keys '%s' has no %%d; write '%s-%%d'",
                   keys->name, keys->name);
    else
        return true;
    return false;
}

static const struct param_key fields[] = {
    {"name", "%d is the key's number; default \"entity-%d\"", {.kind = PARAM_TEXT}, false},
    {"count",
     "so many; default 100000",
     {.kind = PARAM_COUNT, .min = 1, .max = KEYS_COUNT_MAX},
     false},
    {"zipf",
     "exponent of Zipf's law; 0, the default: all alike",
     {.kind = PARAM_NUMBER, .max = KEYS_ZIPF_MAX},
     false},
};

#define FIELDS (sizeof fields / sizeof *fields)

static const struct param_shape map = {.form = SHAPE_MAP, .keys = fields, .key_count = FIELDS};
const struct param_shape key_space_shape = {.form = SHAPE_WORDS, .words = "none", .other = &map};

static bool read_map(struct param_context *context, const struct node *node, struct key_space *keys)
{
    bool good = fields_known(context, node, "load.keys", fields, FIELDS);
    const struct node *const name = tree_get(node, "name");
    if (name != NULL)
        good &= param_read_value(context, PARAM_TEXT, 0, 0, "name", name, &keys->name) &&
                pattern_is_good(context, keys, name->place);
    const struct node *const count = tree_get(node, "count");
    if (count != NULL)
        good &=
            param_read_value(context, PARAM_COUNT, 1, KEYS_COUNT_MAX, "count", count, &keys->count);
    const struct node *const zipf = tree_get(node, "zipf");
    if (zipf != NULL)
        good &=
            param_read_value(context, PARAM_NUMBER, 0, KEYS_ZIPF_MAX, "zipf", zipf, &keys->zipf);
    return good;
}

bool key_space_read(struct param_context *context, const struct node *node, void *field)
{
    struct key_space *const keys = field;
    *keys = (struct key_space){.name = "entity-%d", .count = 100000};
    if (node == NULL)
        return true;
    if (node->kind == NODE_MAP)
        return read_map(context, node, keys);
    if (node->kind == NODE_SCALAR && strcmp(node->text, "none") == 0) {
        keys->none = true;
        return true;
    }
    diag_error(context->diag, node->place,
               "load.keys is %s; write {name: \"entity-%%d\", count: 100000, zipf: 0.9} or none",
               fields_written(context->arena, node));
    return false;
}

int32_t keys_murmur2(const char *bytes, size_t length)
{
    const uint32_t m = 0x5bd1e995U;
    const unsigned char *at = (const unsigned char *)bytes;
    uint32_t h = 0x9747b28cU ^ (uint32_t)length;
    for (; length >= 4; length -= 4, at += 4) {
        uint32_t k = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        k *= m;
        k ^= k >> 24;
        k *= m;
        h *= m;
        h ^= k;
    }
    if (length > 0) {
        for (size_t i = length; i-- > 0;)
            h ^= (uint32_t)at[i] << (8 * i);
        h *= m;
    }
    h ^= h >> 13;
    h *= m;
    h ^= h >> 15;
    return (int32_t)h;
}

int32_t keys_java_hash(const char *text)
{
    return keys_java_hash_bytes(text, strlen(text));
}

int32_t keys_java_hash_bytes(const char *bytes, size_t length)
{
    const unsigned char *next = (const unsigned char *)bytes;
    const unsigned char *const end = next + length;
    uint32_t hash = 0;
    while (next < end) {
        uint32_t point = decode(&next, end);
        if (point == NOT_UTF8)
            point = 0xfffd;
        if (point >= 0x10000) { /* two UTF-16 units */
            hash = 31 * hash + (0xd800 + ((point - 0x10000) >> 10));
            point = 0xdc00 + (point & 0x3ff);
        }
        hash = 31 * hash + point;
    }
    return (int32_t)hash;
}

bool keys_is_utf8(const char *bytes, size_t length)
{
    const unsigned char *next = (const unsigned char *)bytes;
    const unsigned char *const end = next + length;
    while (next < end)
        if (decode(&next, end) == NOT_UTF8)
            return false;
    return true;
}

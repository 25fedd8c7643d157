/*
 * identity.c - FNV-1a, byte by byte.
 */
#include "sim/study/identity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define PRIME      UINT64_C(0x100000001b3)
#define TEXT_BYTES 64 /* of a number */

static uint64_t add_byte(uint64_t identity, unsigned char byte)
{
    return (identity ^ byte) * PRIME;
}

uint64_t identity_add(uint64_t identity, const char *text)
{
    if (text == NULL)
        return add_byte(identity, 1);
    for (; *text != '\0'; text++)
        identity = add_byte(identity, (unsigned char)*text);
    return add_byte(identity, 0);
}

static uint64_t add_real(uint64_t identity, double real)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%a", real == 0 ? 0 : real); /* -0 is 0 */
    return identity_add(identity, text);
}

static uint64_t add_whole(uint64_t identity, int64_t whole)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%" PRId64, whole);
    return identity_add(identity, text);
}

/* A number with its unit counts as what it is: bytes, ns, per second; every other text as it is. */
static uint64_t add_scalar(uint64_t identity, const char *text)
{
    static const struct {
        const struct quantity *quantity;
        const char *unit;
    } ways[] = {
        {&quantity_number, ""}, {&quantity_count, ""},  {&quantity_bytes, "B"},
        {&quantity_time, "ns"}, {&quantity_rate, "/s"}, {&quantity_byte_rate, "B/s"},
    };
    struct arena arena;
    struct diag silent;
    arena_init(&arena);
    diag_init(&silent, &arena);
    const struct place nowhere = {.file = NULL};
    struct quantity_value value;
    size_t way = 0;
    const size_t count = sizeof ways / sizeof *ways;
    while (way < count && !quantity_read(ways[way].quantity, -HUGE_VAL, HUGE_VAL, &silent, nowhere,
                                         "", text, &value))
        way++;
    arena_free(&arena);
    if (way == count)
        return identity_add(identity, text);
    return add_real(identity_add(identity, ways[way].unit), value.real);
}

/* A map is the sum of its entries: their order says nothing. */
static uint64_t add_node(uint64_t identity, const struct node *node)
{
    uint64_t sum = 0;
    switch (node->kind) {
    case NODE_SCALAR:
        return add_scalar(identity, node->text);
    case NODE_LIST:
        identity = add_byte(identity, '[');
        for (size_t i = 0; i < node->count; i++)
            identity = add_node(identity, node->items[i]);
        return add_byte(identity, ']');
    case NODE_MAP:
        for (size_t i = 0; i < node->count; i++)
            sum += add_node(identity_add(IDENTITY_START, node->entries[i].key),
                            node->entries[i].value);
        return add_whole(add_byte(identity, '{'), (int64_t)sum);
    }
    return identity;
}

uint64_t identity_add_value(uint64_t identity, const struct param *row, const struct node *node,
                            const void *params)
{
    const void *const field = (const char *)params + row->offset;
    if (node == NULL)
        return identity_add(identity, NULL);
    switch (row->kind) {
    case PARAM_TEXT:
        return identity_add(identity, *(const char *const *)field);
    case PARAM_COUNT:
    case PARAM_BYTES:
    case PARAM_MILLIS:
    case PARAM_TIME:
    case PARAM_BOOL:
    case PARAM_CHOICE:
        return add_whole(identity, *(const int64_t *)field);
    case PARAM_RATE:
    case PARAM_BYTE_RATE:
    case PARAM_NUMBER:
        return add_real(identity, *(const double *)field);
    case PARAM_TIMES:
    case PARAM_DIST_COUNT:
    case PARAM_DIST_BYTES:
    case PARAM_DIST_TIME:
    case PARAM_CUSTOM:
        break;
    }
    double figure;
    if (param_figure(row, params, &figure) && !param_is_random(row, params))
        return add_real(identity, figure);
    return add_node(identity, node);
}

uint64_t identity_add_file(uint64_t identity, const char *path)
{
    FILE *const in = fopen(path, "rb");
    if (in == NULL)
        return identity;
    for (int c; (c = getc(in)) != EOF;)
        identity = add_byte(identity, (unsigned char)c);
    fclose(in);
    return add_byte(identity, 2);
}

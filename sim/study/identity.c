/*
 * identity.c - FNV-1a, byte by byte.
 */
#include "sim/study/identity.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

#include "sim/core/file.h"

#define PRIME UINT64_C(0x100000001b3)

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

static uint64_t add_file(uint64_t identity, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return identity;
    FILE *const in = fopen(path, "rb");
    if (in == NULL)
        return identity;
    for (int c; (c = getc(in)) != EOF;)
        identity = add_byte(identity, (unsigned char)c);
    fclose(in);
    return add_byte(identity, 2);
}

static uint64_t add_scalar(uint64_t identity, const char *directory, const char *text)
{
    struct arena arena;
    arena_init(&arena);
    identity = add_file(identity_add(identity, text), file_beside(&arena, directory, text));
    arena_free(&arena);
    return identity;
}

uint64_t identity_add_node(uint64_t identity, const char *directory, const struct node *node)
{
    if (node == NULL)
        return identity_add(identity, NULL);
    if (node->kind == NODE_SCALAR)
        return add_scalar(identity, directory, node->text);
    const bool is_map = node->kind == NODE_MAP;
    identity = add_byte(identity, is_map ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        if (is_map)
            identity = identity_add(identity, node->entries[i].key);
        identity = identity_add_node(identity, directory,
                                     is_map ? node->entries[i].value : node->items[i]);
    }
    return add_byte(identity, is_map ? '}' : ']');
}

/*
 * identity.c - FNV-1a, byte by byte.
 */
#include "sim/study/identity.h"

#include <stddef.h>

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

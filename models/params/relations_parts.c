/*
 * relations_parts.c - which values a user gave, and where.
 */
#include "models/params/relations_parts.h"

bool relations_is_given(const struct relations *subject, enum fanout_row row)
{
    return subject->given->places[row].line != 0;
}

struct place relations_place_of(const struct relations *subject, enum fanout_row row)
{
    return relations_is_given(subject, row) ? subject->given->places[row] : subject->given->whole;
}

struct place relations_place_of_first(const struct relations *subject, const enum fanout_row *rows)
{
    while (*rows != ROW_COUNT && !relations_is_given(subject, *rows))
        rows++;
    return *rows != ROW_COUNT ? relations_place_of(subject, *rows) : subject->given->whole;
}

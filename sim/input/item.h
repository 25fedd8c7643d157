/*
 * item.h - a value within a list, by name: topics.payments.partitions.
 *
 * The name of a parameter whose value is a list of maps, then the item, then a key of it. An item
 * is called by the value of the key that the list's shape names, as it is written in the scenario,
 * dots and all; or by its number, from 0.
 */
#ifndef SIM_INPUT_ITEM_H
#define SIM_INPUT_ITEM_H

#include "sim/input/shape.h"

struct item {
    const struct param *list; /* the row of the table */
    size_t number;            /* of the item in the list */
    const char *key;
    const struct param *row; /* of the value alone: its path is the whole name, its field stands at
                                the beginning of whatever it is read into */
    const char *name;        /* the shortest */
};

/* Has the row items with names? */
bool item_is_list(const struct param *row);

/* Is it the name of such a row, and more? */
bool item_is_named(const struct param_table *table, struct arena *arena, const char *name);

/* given: the lists, by row of the table; NULL: the scenario has none. False after an error that
 * lists the candidates or the nearest. */
bool item_find(struct item *item, const struct param_table *table, struct diag *diag,
               struct place place, const char *name, const struct node *const *given);

/* The value that stands there; NULL if the item has none. */
const struct node *item_get(const struct item *item, const struct node *list);

/* The list with that value instead. From the arena. */
const struct node *item_put(struct arena *arena, const struct item *item, const struct node *list,
                            const struct node *value);

#endif

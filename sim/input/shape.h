/*
 * shape.h - what may be written for a parameter that the model reads itself: for those who look at
 * a scenario without running it, and for readers, which know their keys by it.
 */
#ifndef SIM_INPUT_SHAPE_H
#define SIM_INPUT_SHAPE_H

#include "sim/input/param.h"

enum shape_form {
    SHAPE_VALUE,   /* of the kind, from min to max; neither CHOICE nor CUSTOM */
    SHAPE_WORDS,   /* one of the words */
    SHAPE_PATTERN, /* a text that the regular expression in `words` describes */
    SHAPE_LIST,    /* of `items`, one or more */
    SHAPE_ROW,     /* a list of as many items as there are keys, each as its key says */
    SHAPE_MAP      /* of the keys */
};

struct param_shape {
    enum shape_form form;
    enum param_kind kind;
    double min, max;
    const char *words; /* "poisson|constant" */
    const struct param_shape *items;
    const char *called; /* LIST of maps: by the value of this key an item is called; NULL: by its
                           number alone. See item.h */
    const struct param_key *keys;
    size_t key_count;
    const struct param_shape *other; /* it may be written so too; NULL: it may not */
};

struct param_key {
    const char *name;
    const char *help;
    struct param_shape shape;
    bool required;
};

#endif

/*
 * yaml_parts.h - what the parts of yaml share.
 */
#ifndef SIM_INPUT_YAML_PARTS_H
#define SIM_INPUT_YAML_PARTS_H

#include <yaml.h>

#include "sim/input/yaml.h"

struct yaml_reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the one being looked at */
    struct arena *arena;
    struct diag *diag;
    struct place base; /* where the text begins */
    const char *text;
    size_t length;
    bool loose; /* see yaml_read_documents() */
};

struct place yaml_place_of(const struct yaml_reader *reader, yaml_mark_t mark);

/* An error: what the parser stumbled over. */
void yaml_report(const struct yaml_reader *reader);

#endif

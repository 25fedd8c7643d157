/*
 * scenario_parts.h - what the parts of scenario share: a layer of values is bound to the table.
 */
#ifndef SIM_STUDY_SCENARIO_PARTS_H
#define SIM_STUDY_SCENARIO_PARTS_H

#include "sim/study/scenario.h"

enum binding_layer {
    BINDING_FILE,   /* nothing may be given twice */
    BINDING_SET,    /* takes the place of what is given */
    BINDING_BENEATH /* what is given already stays */
};

struct binding {
    struct scenario *scenario;
    const struct param_table *table;
    struct param_context context;
    void *scratch; /* parameters that only show whether values can be read */
    enum binding_layer layer;
};

struct binding scenario_binding(struct scenario *scenario, struct diag *diag);

/* Mistakes are errors in the diag. */
void scenario_bind_map(struct binding *binding, enum binding_layer layer, const struct node *map);
void scenario_bind_sets(struct binding *binding, const char *const *sets, size_t set_count);

/* What files say that the scenario names. */
void scenario_bind_beneath(struct binding *binding);

#endif

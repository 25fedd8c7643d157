/*
 * schema_parts.h - what the parts of the schema share; nobody else's business.
 */
#ifndef SIM_COMMAND_SCHEMA_PARTS_H
#define SIM_COMMAND_SCHEMA_PARTS_H

#include "sim/command/json.h"
#include "sim/input/shape.h"
#include "sim/study/model.h"

struct schema {
    struct json json;
    struct arena *arena;
    const struct model *model;
};

/* A member of the open object, or an item of the open list (name NULL): what stands there. */
void schema_reference(struct schema *schema, const char *name, const char *reference);

/* Into the open object: what may be a value of the row, or has the shape. */
void schema_row(struct schema *schema, const struct param *row);
void schema_shape(struct schema *schema, const struct param_shape *shape);

/* Members of the open object: the distributions by kind. */
void schema_distributions(struct schema *schema);

#endif

/*
 * module_parts.h - what the parts of module share.
 */
#ifndef MODELS_IMPORT_MODULE_PARTS_H
#define MODELS_IMPORT_MODULE_PARTS_H

#include "models/import/module.h"

struct loader {
    struct arena *arena;
    struct diag *diag;
    enum module_runtime runtime;
    struct module *module;
};

/* "ns/name": does Java's split() make two parts of it? False after an error at the node. */
bool module_typename(const struct loader *loader, const struct node *node, const char *what,
                     const char **name);

/* The text of a required field; NULL after an error at the node or, where it is missing, at its
 * map. */
const char *module_text(const struct loader *loader, const struct node *map, const char *field,
                        const char *what);

/* The list of properties, to the config. False after errors. */
bool module_properties(const struct loader *loader, const struct node *spec, struct pairs *config);

/* What Java's JsonNode iterates over: the items of a list, the values of a map; node->count. */
const struct node *module_child(const struct node *node, size_t i);

/* JsonNode.asLong(): of a number its whole part, of what is none 0. */
int64_t module_long(const struct loader *loader, const struct node *node);

/* A duration in ns, at least `min`. False after an error. */
bool module_duration(const struct loader *loader, const struct node *node, const char *what,
                     int64_t min, int64_t *ns);

/* Warns of fields that the loader does not read; `known` is "id|address". */
void module_ignored(const struct loader *loader, const struct node *map, const char *what,
                    const char *known);

bool module_read_egress(const struct loader *loader, const struct node *spec);
bool module_read_ingress(const struct loader *loader, const struct node *spec);
bool module_read_endpoint(const struct loader *loader, const struct node *spec, int version);

#endif

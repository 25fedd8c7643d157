/*
 * module.h - a StateFun module.yaml as StateFun's own loader has it (GenericKafkaEgressSpec,
 * AutoRoutableKafkaIngressSpec, HttpFunctionEndpointSpec, KafkaSinkProvider): what it takes,
 * refuses, overrides, and loses without a word.
 *
 * flink-statefun.md 11; where 3.3.0 and the fork with KafkaSink differ, `runtime` decides.
 */
#ifndef MODELS_IMPORT_MODULE_H
#define MODELS_IMPORT_MODULE_H

#include "models/import/pairs.h"

enum module_runtime {
    MODULE_STATEFUN_3_3, /* FlinkKafkaProducer: address wins over bootstrap.servers */
    MODULE_SINK_V2,      /* KafkaSink: bootstrap.servers wins over address */
    MODULE_FLINK         /* KafkaSink, and no StateFun: it reads no module */
};
#define MODULE_RUNTIMES "statefun-3.3|sink-v2|flink"

/* In the order of strength. */
enum module_delivery { MODULE_NONE, MODULE_AT_LEAST_ONCE, MODULE_EXACTLY_ONCE };
#define MODULE_DELIVERIES "none|at-least-once|exactly-once"

struct module_egress {
    const char *id;
    struct place place;          /* of the id */
    struct place delivery_place; /* line 0: nobody said */
    enum module_delivery delivery;
    struct pairs config; /* as the producer gets it, the runtime's own settings included */
};

struct module_topic {
    const char *name;
    struct place place;
    const char **targets; /* "ns/name" of functions */
    size_t target_count;
};

struct module_ingress {
    const char *id;
    struct place place;
    const char *startup; /* "group-offsets" */
    struct module_topic *topics;
    size_t topic_count;
    struct pairs config; /* as the consumer gets it */
};

struct module_endpoint {
    const char *functions; /* "ns/name" or, for a whole namespace, "ns/" and an asterisk */
    struct place place;
    bool okhttp;         /* the transport; else the asynchronous one */
    struct pairs config; /* maxNumBatchRequests (0: no limit), call, connect, pool_size, .. */
};

struct module {
    struct module_egress *egresses;
    size_t egress_count;
    struct module_ingress *ingresses;
    size_t ingress_count;
    struct module_endpoint *endpoints;
    size_t endpoint_count;
};

/* Adds what the documents of a module.yaml have, from yaml_read_documents(). False after errors:
 * the loader would refuse it. What it would lose or ignore is warned of. */
bool module_read(struct arena *arena, struct diag *diag, enum module_runtime runtime,
                 const struct node *documents, struct module *module);

#endif

/*
 * client_version.h - ProducerConfig, by release: which released kafka-clients a producer is, and
 * what that brings: the table is client.def.
 */
#ifndef MODELS_KAFKA_CLIENT_VERSION_H
#define MODELS_KAFKA_CLIENT_VERSION_H

#include "sim/input/shape.h"

struct client_version {
    int32_t major, minor, patch;
};

/* What KIP-1332 lends at a time: a constant of the client. */
#define CLIENT_CHUNK_BYTES 16384

enum client_rule {
#define RULE(rule, versions, help) CLIENT_##rule,
#include "models/kafka/client.def"
};

/* Reads `producer.client`: a minor version, a patch level, or the name of what pulls one. */
bool client_version_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape client_version_shape;

/* Is it among "before 3.3", or "3.9.2, 4.0.2 and later"? */
bool client_version_among(struct client_version version, const char *versions);

bool client_version_has(struct client_version version, enum client_rule rule);

/* Is what `text` says among the versions? No text that cannot be read is. */
bool client_version_preset(const char *versions, const char *text);

#endif

/*
 * params.c - the table of parameters: params.def, and what is known besides.
 */
#include "models/params/params.h"

#include <stddef.h>
#include <string.h>

#include "sim/input/shape.h"

/* What it names is read when the scenario is, as a layer below it. */
static const struct param_shape module_file_shape = {.kind = PARAM_TEXT};

static bool module_file_read(struct param_context *context, const struct node *node, void *field)
{
    const char **const path = field;
    *path = NULL;
    if (node == NULL)
        return true;
    if (!param_read_value(context, PARAM_TEXT, 0, 0, "egress.module", node, path))
        return false;
    if ((*path)[0] != '\0')
        return true;
    diag_error(context->diag, node->place,
               "egress.module is empty; write the name of a "
               "module.yaml");
    return false;
}

static const struct param rows[] = {
#define PARAM(path_, field, kind_, min_, max_, fallback_, choices_, later_, help_)                 \
    {.path = #path_,                                                                               \
     .kind = PARAM_##kind_,                                                                        \
     .offset = offsetof(struct fanout_params, field),                                              \
     .min = (double)(min_),                                                                        \
     .max = (double)(max_),                                                                        \
     .fallback = (fallback_),                                                                      \
     .choices = (choices_),                                                                        \
     .later = (later_),                                                                            \
     .sweepable = true,                                                                            \
     .help = (help_)},
#define CUSTOM(path_, field, type, reader, fallback_, sweepable_, help_)                           \
    {.path = #path_,                                                                               \
     .kind = PARAM_CUSTOM,                                                                         \
     .offset = offsetof(struct fanout_params, field),                                              \
     .fallback = (fallback_),                                                                      \
     .sweepable = (sweepable_),                                                                    \
     .read = reader##_read,                                                                        \
     .shape = &reader##_shape,                                                                     \
     .help = (help_)},
#include "models/params/params.def"
#undef PARAM
#undef CUSTOM
};

static const struct param_section sections[] = {
    {"run", NULL},
    {"load", NULL},
    {"load.record", NULL},
    {"load.record.headers", NULL},
    {"job", NULL},
    {"job.checkpoint", NULL},
    {"job.ingress", NULL},
    {"job.network", NULL},
    {"job.state", NULL},
    {"job.remote", NULL},
    {"job.taskmanagers", NULL},
    {"egress", NULL},
    {"producer", "Kafka does not know this property"},
    {"brokers", NULL},
    {"costs", NULL},
    {"costs.mailbox", NULL},
    {"costs.sender", NULL},
    {"costs.sender.completion", NULL},
    {"costs.source", NULL},
    {"costs.broker", NULL},
    {"costs.network", NULL},
    {"costs.follower", NULL},
    {"costs.checkpoint", NULL},
    {"costs.state", NULL},
    {"costs.remote", NULL},
    {"costs.transaction", NULL},
    {"costs.compression", NULL},
    {"sweep", NULL}, /* read by the study */
};

#define CLIENT_ROW "producer.client"

static const struct param_preset presets[] = {
#define DEFAULT(path, value, versions) {CLIENT_ROW, versions, path, value},
#define PROPERTY(field, path, since)   {CLIENT_ROW, "before " since, path, NULL},
#include "models/kafka/client.def"
    {"costs.preset", "typical", "brokers.rtt", "{gamma: {mean: 600us, cv: 0.3}}"},
    {"costs.preset", "typical", "brokers.transaction.version", "2"},
    {"costs.preset", "typical", "costs.mailbox.record", "2us"},
    {"costs.preset", "typical", "costs.mailbox.byte", "1ns"},
    {"costs.preset", "typical", "costs.mailbox.batch", "{gamma: {mean: 8us, cv: 0.5}}"},
    {"costs.preset", "typical", "costs.mailbox.wakeup",
     "{mixture: [{weight: 97%, value: 3us}, {weight: 3%, exponential: {mean: 400us}}]}"},
    {"costs.preset", "typical", "costs.sender.look", "{gamma: {mean: 5us, cv: 0.5}}"},
    {"costs.preset", "typical", "costs.sender.partition", "60ns"},
    {"costs.preset", "typical", "costs.sender.completion.batch", "{gamma: {mean: 1.5us, cv: 0.5}}"},
    {"costs.preset", "typical", "costs.sender.completion.record", "200ns"},
    {"costs.preset", "typical", "costs.sender.completion.hand-over",
     "{gamma: {mean: 8us, cv: 0.4}}"},
    {"costs.preset", "typical", "costs.sender.wakeup", "{gamma: {mean: 20us, cv: 0.6}}"},
    {"costs.preset", "typical", "costs.sender.oversleep", "{gamma: {mean: 100us, cv: 1}}"},
    {"costs.preset", "typical", "costs.sender.request", "{gamma: {mean: 50us, cv: 0.5}}"},
    {"costs.preset", "typical", "costs.sender.batch", "3us"},
    {"costs.preset", "typical", "costs.sender.byte", "1.6ns"},
    {"costs.preset", "typical", "costs.broker.request", "30us"},
    {"costs.preset", "typical", "costs.broker.batch", "8us"},
    {"costs.preset", "typical", "costs.broker.byte", "1.25ns"},
    {"costs.preset", "typical", "costs.broker.replication", "{gamma: {mean: 3ms, cv: 0.5}}"},
    {"costs.preset", "typical", "costs.network.request", "20us"},
    {"costs.preset", "typical", "costs.network.byte", "0.8ns"},
    {"costs.preset", "typical", "costs.follower.request", "20us"},
    {"costs.preset", "typical", "costs.follower.batch", "5us"},
    {"costs.preset", "typical", "costs.follower.byte", "0.5ns"},
    {"costs.preset", "typical", "costs.source.record", "1us"},
    {"costs.preset", "typical", "costs.checkpoint.trigger", "3ms"},
    {"costs.preset", "typical", "costs.checkpoint.flush", "4ms"},
    {"costs.preset", "typical", "costs.checkpoint.acknowledge", "2ms"},
    {"costs.preset", "typical", "costs.state.sync", "5ms"},
    {"costs.preset", "typical", "costs.state.memtable", "3.3ns"},
    {"costs.preset", "typical", "costs.state.async", "50ms"},
    {"costs.preset", "typical", "costs.state.upload", "16.7ns"},
    {"costs.preset", "typical", "costs.state.interference", "0.1"},
    {"costs.preset", "typical", "costs.remote.round-trip", "2ms"},
    {"costs.preset", "typical", "costs.remote.request", "15us"},
    {"costs.preset", "typical", "costs.remote.invocation", "5us"},
    {"costs.preset", "typical", "costs.transaction.init", "{gamma: {mean: 5ms, cv: 0.4}}"},
    {"costs.preset", "typical", "costs.transaction.new-client", "{gamma: {mean: 10ms, cv: 0.5}}"},
    {"costs.preset", "typical", "costs.transaction.add", "{gamma: {mean: 5ms, cv: 0.4}}"},
    {"costs.preset", "typical", "costs.transaction.produce", "{gamma: {mean: 6ms, cv: 0.4}}"},
    {"costs.preset", "typical", "costs.transaction.commit", "{gamma: {mean: 6ms, cv: 0.4}}"},
};

/* Of a client it is versions that a preset names. */
static bool preset_holds(const struct param_preset *preset, const char *text)
{
    return strcmp(preset->selector, CLIENT_ROW) == 0 ? client_version_preset(preset->value, text)
                                                     : strcmp(preset->value, text) == 0;
}

/* What users will look for, and the producer's properties that would change what happens. */
static const char *const later[] = {
    "producer.partitioner.class",
};

/* The rest of ProducerConfig of all clients, with the security configuration that it takes in. */
static const char *const inert[] = {
    "producer.auto.include.jmx.reporter",
    "producer.bootstrap.resolve.timeout.ms",
    "producer.bootstrap.servers",
    "producer.client.dns.lookup",
    "producer.client.id",
    "producer.compression.gzip.level",
    "producer.compression.lz4.level",
    "producer.compression.zstd.level",
    "producer.config.providers",
    "producer.config.providers.*",
    "producer.connections.max.idle.ms",
    "producer.enable.metrics.push",
    "producer.flink.disable-metrics", /* FlinkKafkaProducer reads it */
    "producer.interceptor.classes",
    "producer.internal.auto.downgrade.txn.commit",
    "producer.key.serializer",
    "producer.metadata.cluster.check.enable",
    "producer.metadata.max.age.ms",
    "producer.metadata.max.idle.ms",
    "producer.metadata.recovery.rebootstrap.trigger.ms",
    "producer.metadata.recovery.strategy",
    "producer.metric.reporters",
    "producer.metrics.num.samples",
    "producer.metrics.recording.level",
    "producer.metrics.sample.window.ms",
    "producer.receive.buffer.bytes",
    "producer.register.producer.metrics", /* KafkaSink reads it */
    "producer.sasl.client.callback.handler.class",
    "producer.sasl.jaas.config",
    "producer.sasl.kerberos.kinit.cmd",
    "producer.sasl.kerberos.min.time.before.relogin",
    "producer.sasl.kerberos.service.name",
    "producer.sasl.kerberos.ticket.renew.jitter",
    "producer.sasl.kerberos.ticket.renew.window.factor",
    "producer.sasl.login.callback.handler.class",
    "producer.sasl.login.class",
    "producer.sasl.login.connect.timeout.ms",
    "producer.sasl.login.read.timeout.ms",
    "producer.sasl.login.refresh.buffer.seconds",
    "producer.sasl.login.refresh.min.period.seconds",
    "producer.sasl.login.refresh.window.factor",
    "producer.sasl.login.refresh.window.jitter",
    "producer.sasl.login.retry.backoff.max.ms",
    "producer.sasl.login.retry.backoff.ms",
    "producer.sasl.mechanism",
    "producer.sasl.oauthbearer.allow.unverified.audience",
    "producer.sasl.oauthbearer.allow.unverified.issuer",
    "producer.sasl.oauthbearer.assertion.algorithm",
    "producer.sasl.oauthbearer.assertion.claim.aud",
    "producer.sasl.oauthbearer.assertion.claim.exp.seconds",
    "producer.sasl.oauthbearer.assertion.claim.iss",
    "producer.sasl.oauthbearer.assertion.claim.jti.include",
    "producer.sasl.oauthbearer.assertion.claim.nbf.seconds",
    "producer.sasl.oauthbearer.assertion.claim.sub",
    "producer.sasl.oauthbearer.assertion.file",
    "producer.sasl.oauthbearer.assertion.private.key.file",
    "producer.sasl.oauthbearer.assertion.private.key.passphrase",
    "producer.sasl.oauthbearer.assertion.template.file",
    "producer.sasl.oauthbearer.client.credentials.client.id",
    "producer.sasl.oauthbearer.client.credentials.client.secret",
    "producer.sasl.oauthbearer.clock.skew.seconds",
    "producer.sasl.oauthbearer.expected.audience",
    "producer.sasl.oauthbearer.expected.issuer",
    "producer.sasl.oauthbearer.header.urlencode",
    "producer.sasl.oauthbearer.jwks.endpoint.refresh.ms",
    "producer.sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms",
    "producer.sasl.oauthbearer.jwks.endpoint.retry.backoff.ms",
    "producer.sasl.oauthbearer.jwks.endpoint.url",
    "producer.sasl.oauthbearer.jwt.retriever.class",
    "producer.sasl.oauthbearer.jwt.validator.class",
    "producer.sasl.oauthbearer.scope",
    "producer.sasl.oauthbearer.scope.claim.name",
    "producer.sasl.oauthbearer.sub.claim.name",
    "producer.sasl.oauthbearer.token.endpoint.url",
    "producer.security.protocol",
    "producer.security.providers",
    "producer.socket.connection.setup.timeout.max.ms",
    "producer.socket.connection.setup.timeout.ms",
    "producer.ssl.cipher.suites",
    "producer.ssl.enabled.protocols",
    "producer.ssl.endpoint.identification.algorithm",
    "producer.ssl.engine.factory.class",
    "producer.ssl.key.password",
    "producer.ssl.keymanager.algorithm",
    "producer.ssl.keystore.certificate.chain",
    "producer.ssl.keystore.key",
    "producer.ssl.keystore.location",
    "producer.ssl.keystore.password",
    "producer.ssl.keystore.type",
    "producer.ssl.protocol",
    "producer.ssl.provider",
    "producer.ssl.secure.random.implementation",
    "producer.ssl.trustmanager.algorithm",
    "producer.ssl.truststore.certificates",
    "producer.ssl.truststore.location",
    "producer.ssl.truststore.password",
    "producer.ssl.truststore.type",
    "producer.transaction.two.phase.commit.enable",
    "producer.transactional.id", /* sinks give their own, or take it away */
    "producer.value.serializer",
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

const struct param_table fanout_param_table = {
    .rows = rows,
    .count = COUNT_OF(rows),
    .sections = sections,
    .section_count = COUNT_OF(sections),
    .presets = presets,
    .preset_count = COUNT_OF(presets),
    .preset_holds = preset_holds,
    .later = later,
    .later_count = COUNT_OF(later),
    .inert = inert,
    .inert_count = COUNT_OF(inert),
};

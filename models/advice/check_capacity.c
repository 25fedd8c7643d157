/*
 * check_capacity.c - how much of each resource the load takes at the least: what a record costs it
 * if batches and requests are full, which more load makes them (flink-statefun.md 9;
 * kafka-producer.md 6). So what is said to be full is full, and what is not may be.
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/check_parts.h"
#include "models/broker/socket.h"

#define NEAR 0.8

/* What the fullest producer sends to the fullest broker in a second, and what all of them do. */
struct traffic {
    double records, bytes, batches, requests;
    double request_bytes; /* of a full one */
    double wire_bytes;    /* of a record */
    double all;           /* records of all producers to that broker over `records` */
};

/* A resource. */
struct use {
    enum rule rule;    /* that it is full */
    const char *name;  /* "the Sender of subtask 3" */
    const char *price; /* what it takes */
    const char *right;
    enum fanout_row row; /* to blame */
    double used;         /* share of its time, at the mean load */
    double records;      /* records/s that use it so */
    const char *unit;    /* what those are */
};

static double mean(const struct dist_spec *spec)
{
    return dist_spec_mean(spec);
}

static struct traffic find_traffic(const struct check *check)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    const double records = facts_producer_rate(facts) * facts->broker_share;
    const double partition = facts_is_sticky(params) ? 0 : 1e9 / facts->waves.fill_ns;
    struct traffic traffic = {
        .records = records,
        .wire_bytes = facts->record_bytes * facts->batch_bytes / facts->room_bytes,
        .batches = records * facts->record_bytes / facts->room_bytes,
        .request_bytes =
            fmax(fmin((double)params->max_request_size, facts->broker_slots * facts->batch_bytes),
                 facts->batch_bytes),
        .all = facts->input * facts->emit * facts->broker_share / records,
    };
    traffic.bytes = records * traffic.wire_bytes;
    traffic.requests = fmax(traffic.bytes / traffic.request_bytes, partition);
    return traffic;
}

static bool replicates(const struct fanout_params *params)
{
    return params->acks <= ACKS_MINUS_ONE && params->replication_factor > 1 && params->brokers > 1;
}

/* Of its handler: for all requests of a connection in a second, ns. */
static double handled_ns(const struct fanout_params *params, const struct traffic *traffic)
{
    return traffic->requests * mean(&params->broker_request) +
           traffic->batches * mean(&params->broker_batch) +
           traffic->bytes * mean(&params->broker_byte);
}

static double followed_ns(const struct fanout_params *params, const struct traffic *traffic)
{
    return traffic->batches * mean(&params->follower_batch) +
           traffic->bytes * mean(&params->follower_byte);
}

static double followers(const struct fanout_params *params)
{
    return fmin((double)params->replication_factor, (double)params->brokers) - 1;
}

/* Blocks that are complete are compressed by send(), the rest by the Sender. */
static double compressed_by_send(const struct facts *facts, const struct fanout_params *params)
{
    const double block = codec_block_bytes((enum codec)params->codec);
    return block > 0 ? floor(facts->room_bytes / block) * block / facts->room_bytes : 0;
}

static double send_ns(const struct facts *facts, const struct fanout_params *params)
{
    return mean(&params->mailbox_record) +
           mean(&params->mailbox_byte) * (facts->value_bytes + fmax(facts->key_bytes, 0)) +
           mean(&params->compression_byte) * facts->record_bytes *
               compressed_by_send(facts, params);
}

static double sender_ns(const struct facts *facts, const struct fanout_params *params,
                        const struct traffic *traffic)
{
    const double requests = traffic->requests / traffic->records;
    return requests * (mean(&params->sender_request) + mean(&params->sender_look) +
                       facts->slots * mean(&params->sender_partition)) +
           traffic->batches / traffic->records *
               (mean(&params->sender_batch) + mean(&params->completion_batch)) +
           traffic->wire_bytes * mean(&params->sender_byte) + mean(&params->completion_record) +
           mean(&params->compression_byte) * facts->record_bytes *
               (1 - compressed_by_send(facts, params));
}

static double source_ns(const struct fanout_params *params)
{
    return mean(&params->source_record) +
           mean(&params->source_byte) * (double)(params->ingress_record + params->envelope_bytes);
}

static void say_use(struct check *check, enum rule rule, const struct use *use, double used)
{
    static const enum fanout_row sockets[] = {ROW_send_buffer, ROW_receive_buffer, ROW_COUNT};
    struct arena *const arena = check->arena;
    check_say(check, rule,
              use->rule == RULE_SOCKET_FULL ? check_place_of_first(check, sockets)
                                            : check_place(check, use->row),
              arena_format(arena, "%s: %s: full at %s %s, and %s come%s: %s", use->name, use->price,
                           words_figure(arena, use->records / use->used), use->unit,
                           words_figure(arena, use->records * used / use->used),
                           used > use->used ? " at the peak" : "", words_share(arena, used)),
              use->right);
}

static void consider(struct check *check, struct use use)
{
    const double peak = use.used * check->facts.peak / check->facts.input;
    if (use.used > 1)
        say_use(check, use.rule, &use, use.used);
    else if (use.used > NEAR || peak > 1)
        say_use(check, RULE_NEAR_FULL, &use, peak > 1 ? peak : use.used);
}

static void consider_mailboxes(struct check *check)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double input = facts->input * facts->share;
    const double function = mean(&params->function);
    const double send = send_ns(facts, params) * facts->emit;
    const bool chained = params->chained != 0;
    struct use use = {.row = ROW_rate,
                      .records = input,
                      .unit = "input records/s per subtask",
                      .right = "a higher job.parallelism, or less work per record"};
    if (!chained) {
        use.rule = RULE_FUNCTION_FULL;
        use.used = 1e-9 * input * function;
        use.name = arena_format(arena, "function %" PRId32, facts->fullest);
        use.price = arena_format(arena, "costs.function %s", words_time(arena, function));
        consider(check, use);
    }
    use.rule = RULE_MAILBOX_FULL;
    use.used = 1e-9 * input * (send + (chained ? function : 0));
    use.name = arena_format(arena, "the mailbox of subtask %" PRId32, facts->fullest);
    use.price = arena_format(arena, "%s%s of send() for an input record",
                             chained && function > 0 ? arena_format(arena, "costs.function %s + ",
                                                                    words_time(arena, function))
                                                     : "",
                             words_time(arena, send));
    consider(check, use);
}

static void consider_sender(struct check *check, const struct traffic *traffic)
{
    const struct facts *const facts = &check->facts;
    struct arena *const arena = check->arena;
    const double rate = facts_producer_rate(facts);
    const double ns = sender_ns(facts, check->params, traffic);
    consider(check, (struct use){.rule = RULE_SENDER_FULL,
                                 .row = ROW_rate,
                                 .used = 1e-9 * rate * ns,
                                 .records = rate,
                                 .unit = "records/s per Sender",
                                 .name = arena_format(
                                     arena, "the Sender of subtask %" PRId32 ", shard %" PRId32,
                                     facts->fullest, facts->shard),
                                 .price = arena_format(arena, "%s for a record in full batches",
                                                       words_time(arena, ns)),
                                 .right = "more egress.shards, a higher job.parallelism"});
}

static void consider_connection(struct check *check, const struct traffic *traffic)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double rtt = mean(&params->rtt);
    const double wait = replicates(params) ? mean(&params->replication) : 0;
    const double held = handled_ns(params, traffic) / traffic->requests + wait;
    const struct socket_model socket =
        socket_model_new(params->send_buffer, params->receive_buffer);
    const char *const name =
        arena_format(arena, "the connection of subtask %" PRId32 " to broker %" PRId32,
                     facts->fullest, facts->broker);
    struct use use = {.rule = RULE_CONNECTION_FULL,
                      .row = ROW_rate,
                      .used = 1e-9 * traffic->requests * held,
                      .records = traffic->records,
                      .unit = "records/s per connection",
                      .name = name,
                      .right = "more egress.shards or a higher job.parallelism, which have "
                               "connections of their own, or a larger max.request.size"};
    use.price = arena_format(arena, "a request of %s takes %s",
                             words_bytes(arena, traffic->bytes / traffic->requests),
                             words_time(arena, held));
    if (params->acks != ACKS_NONE)
        consider(check, use);
    use.rule = RULE_IN_FLIGHT_FULL;
    use.used = 1e-9 * traffic->requests * (rtt + held) / (double)params->max_in_flight;
    use.price = arena_format(
        arena, "%" PRId64 " requests of %s per round trip and service of %s", params->max_in_flight,
        words_bytes(arena, traffic->bytes / traffic->requests), words_time(arena, rtt + held));
    use.right =
        "a larger batch.size, more partitions, more in flight (5 with idempotence), or more "
        "egress.shards";
    if (params->acks != ACKS_NONE)
        consider(check, use);
    use.rule = RULE_SOCKET_FULL;
    use.used = 1e-9 * traffic->bytes * rtt / socket.window_bytes;
    use.price = arena_format(arena, "a window of %s per round trip of %s",
                             words_bytes(arena, socket.window_bytes), words_time(arena, rtt));
    use.right = arena_format(arena,
                             "send.buffer.bytes and the brokers' socket.receive.buffer.bytes of %s "
                             "both, or more connections",
                             words_bytes(arena, 1e-9 * traffic->bytes * rtt));
    consider(check, use);
}

/* A connection has one request at a broker, and a network thread of its own. */
static double threads(const struct fanout_params *params, int64_t count)
{
    return fmin((double)count, (double)(params->parallelism * params->shards));
}

static void consider_broker(struct check *check, const struct traffic *traffic)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double io_threads = threads(params, params->io_threads);
    const double network_threads = threads(params, params->network_threads);
    const double handlers =
        (handled_ns(params, traffic) + followers(params) * followed_ns(params, traffic)) *
        traffic->all;
    const double network =
        (2 * traffic->requests * mean(&params->network_request) +
         traffic->bytes * mean(&params->network_byte) * (1 + followers(params))) *
        traffic->all;
    struct use use = {.rule = RULE_HANDLERS_FULL,
                      .row = ROW_rate,
                      .used = 1e-9 * handlers / io_threads,
                      .records = traffic->records * traffic->all,
                      .unit = "records/s per broker",
                      .name = arena_format(arena, "broker %" PRId32, facts->broker),
                      .right = "more brokers.count, num.io.threads, or connections"};
    use.price = arena_format(arena, "%s at work, %s for a record",
                             words_count(arena, io_threads, "handler thread"),
                             words_time(arena, handlers / use.records));
    consider(check, use);
    use.rule = RULE_NETWORK_FULL;
    use.used = 1e-9 * network / network_threads;
    use.price = arena_format(arena, "%s at work, %s for a record",
                             words_count(arena, network_threads, "network thread"),
                             words_time(arena, network / use.records));
    use.right = "more brokers.count, num.network.threads, or connections";
    consider(check, use);
}

/* Sources as if partitions were even: `splits` says if they are not. */
static void consider_job(struct check *check, const struct traffic *traffic)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double each = facts->input / (double)params->parallelism;
    const double source = params->ingress_topics.count > 0 ? source_ns(params) : 0;
    consider(check, (struct use){
                        .rule = RULE_SOURCE_FULL,
                        .row = ROW_rate,
                        .used = 1e-9 * each * source,
                        .records = each,
                        .unit = "records/s per source",
                        .name = "sources",
                        .price = arena_format(arena, "%s for a record", words_time(arena, source)),
                        .right = "a higher job.parallelism, or job.network.envelope and "
                                 "records that are smaller"});
    if (params->cores == 0)
        return;
    const double ns = source + mean(&params->function) +
                      facts->emit * (send_ns(facts, params) + sender_ns(facts, params, traffic));
    const double cores = (double)(params->taskmanagers * params->cores);
    consider(check,
             (struct use){.rule = RULE_CORES_FULL,
                          .row = ROW_cores,
                          .used = 1e-9 * facts->input * ns / cores,
                          .records = facts->input,
                          .unit = "input records/s",
                          .name = arena_format(arena, "%s cores of all TaskManagers",
                                               words_figure(arena, cores)),
                          .price = arena_format(arena, "%s for an input record in all threads",
                                                words_time(arena, ns)),
                          .right = "more job.taskmanagers.cores, or TaskManagers"});
}

/* Not an amount per record: by what the load keeps under way. */
static void consider_pool(struct check *check)
{
    const struct facts_waves *const waves = &check->facts.waves;
    const double memory = (double)check->params->buffer_memory;
    static const enum fanout_row rows[] = {ROW_batch_size, ROW_buffer_memory, ROW_COUNT};
    struct arena *const arena = check->arena;
    if (check->params->batch_size == 0 || waves->pinned_bytes > memory ||
        waves->peak_bytes <= NEAR * memory)
        return;
    check_say(
        check, RULE_NEAR_FULL, check_place_of_first(check, rows),
        arena_format(arena,
                     "the pool: at most %s, %s on average, of buffer.memory %s, while brokers "
                     "answer as they do",
                     words_bytes(arena, waves->peak_bytes), words_bytes(arena, waves->pinned_bytes),
                     words_bytes(arena, memory)),
        arena_format(arena, "buffer.memory %s, or a smaller batch.size",
                     words_bytes(arena, waves->peak_bytes / NEAR)));
}

void check_capacity(struct check *check)
{
    if (!check->facts.known)
        return;
    const struct traffic traffic = find_traffic(check);
    consider_mailboxes(check);
    consider_sender(check, &traffic);
    consider_connection(check, &traffic);
    consider_broker(check, &traffic);
    consider_job(check, &traffic);
    consider_pool(check);
}

/*
 * broker_part.c - the few settings that producers feel.
 */
#include "models/import/broker_part.h"

#include <string.h>

static const char *const settings[][2] = {
    {"num.network.threads", "brokers.num.network.threads"},
    {"num.io.threads", "brokers.num.io.threads"},
    {"queued.max.requests", "brokers.queued.max.requests"},
    {"message.max.bytes", "brokers.message.max.bytes"},
    {"default.replication.factor", "brokers.replication.factor"},
    {"socket.receive.buffer.bytes", "brokers.socket.receive.buffer.bytes"},
    {"transaction.max.timeout.ms", "brokers.transaction.max.timeout.ms"},
};

bool broker_part_is(const struct pairs *pairs)
{
    static const char *const keys[] = {
        "broker.id",
        "node.id",
        "process.roles",
        "log.dirs",
        "log.dir",
        "zookeeper.connect",
        "num.network.threads",
        "num.io.threads",
        "num.partitions",
        "queued.max.requests",
        "message.max.bytes",
        "default.replication.factor",
        "transaction.max.timeout.ms",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (pairs_find(pairs, keys[i]) != NULL)
            return true;
    return false;
}

const struct pair *broker_part_partitions(const struct pairs *server)
{
    return pairs_find(server, "num.partitions");
}

static bool put(struct draft *draft, const struct pair *pair, const char *path)
{
    const char *digits = pair->text;
    digits += *digits == '-' || *digits == '+';
    if (*digits != '\0' && digits[strspn(digits, "0123456789 \t")] == '\0') {
        draft_put(draft, path, pair->place, pair->text);
        return true;
    }
    diag_error(draft->diag, pair->place,
               "%s: %s is no whole number, and the broker does not start; write it without a unit",
               pair->key, diag_shown(draft->diag, pair->text));
    return false;
}

bool broker_part_put(struct draft *draft, const struct pairs *server)
{
    bool good = true;
    const char *passed = NULL;
    for (size_t i = 0; i < server->count; i++) {
        const struct pair *const pair = &server->items[i];
        size_t at = 0;
        while (at < sizeof settings / sizeof *settings && strcmp(settings[at][0], pair->key) != 0)
            at++;
        if (at < sizeof settings / sizeof *settings)
            good &= put(draft, pair, settings[at][1]);
        else if (pair != broker_part_partitions(server))
            passed = passed == NULL ? pair->key
                                    : arena_format(draft->arena, "%s, %s", passed, pair->key);
    }
    if (passed != NULL)
        draft_pass_over(draft, server->items[0].place, passed, "no effect on this model");
    return good;
}

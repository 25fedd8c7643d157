/*
 * check_unmodelled.c - properties that a scenario may give, that have no effect on the model, and
 * that have one in life. Those that have none there either are passed over.
 */
#include <string.h>

#include "models/advice/check_parts.h"

static const struct matter {
    const char *path; /* all that begins with it */
    const char *how;
    const char *instead; /* NULL: there is nothing */
} matters[] = {
    {"producer.compression.gzip.level", "it trades CPU for bytes",
     "costs.compression.byte and costs.compression.ratio as measured at that level"},
    {"producer.compression.lz4.level", "it trades CPU for bytes",
     "costs.compression.byte and costs.compression.ratio as measured at that level"},
    {"producer.compression.zstd.level", "it trades CPU for bytes",
     "costs.compression.byte and costs.compression.ratio as measured at that level"},
    {"producer.connections.max.idle.ms",
     "an idle connection is closed, and the next request sets it up anew: two round trips", NULL},
    {"producer.interceptor.classes", "they run in send() and on every acknowledgement",
     "their time in costs.mailbox.record and costs.sender.completion.record"},
    {"producer.key.serializer", "it runs in send()", "its time in costs.mailbox.record"},
    {"producer.value.serializer", "it runs in send()", "its time in costs.mailbox.record"},
    {"producer.metadata.max.age.ms",
     "a client that nobody tells learns of a new leader when its metadata are so old", NULL},
    {"producer.metadata.max.idle.ms",
     "send() to a topic that has been idle for so long waits for its metadata", NULL},
    {"producer.receive.buffer.bytes", "over a WAN answers wait for it, too", NULL},
    {"producer.socket.connection.setup.timeout",
     "a broker that does not answer is given up after so long, and tried again", NULL},
    {"producer.security.protocol",
     "with SSL the Sender and the network threads of the brokers encrypt every byte",
     "the time of a byte in costs.sender.byte and costs.network.byte"},
    {"producer.ssl.cipher.suites", "it decides what a byte costs",
     "the time of a byte in costs.sender.byte and costs.network.byte"},
    {"producer.transaction.two.phase.commit.enable",
     "a broker then aborts no transaction for its age", "a larger transaction.timeout.ms"},
};

static const struct matter *find(const char *path)
{
    for (const struct matter *m = matters; m < matters + sizeof matters / sizeof *matters; m++)
        if (strncmp(path, m->path, strlen(m->path)) == 0)
            return m;
    return NULL;
}

void check_unmodelled(struct check *check)
{
    for (const struct scenario_inert *inert = check->scenario->inert; inert != NULL;
         inert = inert->next) {
        const struct matter *const matter = find(inert->path);
        if (matter != NULL)
            check_say(check, RULE_NOT_MODELLED, inert->place,
                      arena_format(check->arena, "%s: %s", inert->path, matter->how),
                      matter->instead);
    }
}

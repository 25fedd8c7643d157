/*
 * job_part.c - Flink's keys, old names beside new ones, and the paths that they are here.
 */
#include "models/import/job_part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/import/flink_units.h"
#include "models/import/remote_part.h"
#include "models/import/restart_part.h"
#include "sim/core/text.h"

enum form { FORM_COUNT, FORM_DURATION, FORM_MEMORY, FORM_BOOL, FORM_TEXT };

static const struct entry {
    const char *key;
    enum form form;
    const char *path;
} entries[] = {
    {"parallelism.default", FORM_COUNT, "job.parallelism"},
    {"pipeline.max-parallelism", FORM_COUNT, "job.max-parallelism"},
    {"execution.checkpointing.interval", FORM_DURATION, "job.checkpoint.interval"},
    {"execution.checkpointing.min-pause", FORM_DURATION, "job.checkpoint.min-pause"},
    {"execution.checkpointing.timeout", FORM_DURATION, "job.checkpoint.timeout"},
    {"execution.checkpointing.tolerable-failed-checkpoints", FORM_COUNT,
     "job.checkpoint.tolerable-failed-checkpoints"},
    {"execution.checkpointing.incremental", FORM_BOOL, "job.state.incremental"},
    {"state.backend.incremental", FORM_BOOL, "job.state.incremental"},
    {"state.backend.rocksdb.writebuffer.size", FORM_MEMORY, "job.state.memtable"},
    {"execution.buffer-timeout", FORM_DURATION, "job.network.buffer-timeout"},
    {"execution.buffer-timeout.interval", FORM_DURATION, "job.network.buffer-timeout"},
    {"taskmanager.memory.segment-size", FORM_MEMORY, "job.network.segment-size"},
    {"taskmanager.network.memory.buffers-per-channel", FORM_COUNT,
     "job.network.buffers-per-channel"},
    {"taskmanager.network.memory.floating-buffers-per-gate", FORM_COUNT,
     "job.network.floating-buffers-per-gate"},
    {"taskmanager.network.memory.max-buffers-per-channel", FORM_COUNT,
     "job.network.max-buffers-per-channel"},
    {"statefun.flink-job-name", FORM_TEXT, "name"},
    {"pipeline.name", FORM_TEXT, "name"},
};

#define ENTRIES (sizeof entries / sizeof *entries)

#define UNALIGNED       "execution.checkpointing.unaligned"
#define UNALIGNED_NEW   "execution.checkpointing.unaligned.enabled"
#define ALIGNED_FOR     "execution.checkpointing.aligned-checkpoint-timeout"
#define ALIGNED_FOR_OLD "execution.checkpointing.alignment-timeout"
#define CHAINING        "pipeline.operator-chaining"
#define CHAINING_NEW    "pipeline.operator-chaining.enabled"
#define SLOTS           "taskmanager.numberOfTaskSlots"
#define CORES           "taskmanager.cpu.cores"
#define CORES_K8S       "kubernetes.taskmanager.cpu"
#define CORES_K8S_NEW   "kubernetes.taskmanager.cpu.amount"

/* Keys of Flink begin so. */
static const char *const families[] = {
    "parallelism.", "pipeline.",   "execution.",     "state.",
    "taskmanager.", "jobmanager.", "statefun.",      "restart-strategy",
    "kubernetes.",  "rest.",       "metrics.",       "high-availability",
    "classloader.", "env.java.",   "cluster.",       "blob.",
    "web.",         "akka.",       "pekko.",         "heartbeat.",
    "table.",       "process.",    "client.timeout", "queryable-state.",
};

size_t job_part_count(const struct pairs *pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof families / sizeof *families; k++)
            known = known || strncmp(pairs->items[i].key, families[k], strlen(families[k])) == 0;
        count += known;
    }
    return count;
}

/* Not yet read by anybody. */
struct job {
    struct draft *draft;
    const struct pairs *conf;
    enum module_runtime runtime;
    const char *passed; /* keys without effect: "a, b" */
    struct place passed_place;
    bool good;
};

static void complain(struct job *job, const struct pair *pair, const char *right)
{
    job->good = false;
    diag_error(job->draft->diag, pair->place, "%s: %s; write %s", pair->key,
               diag_shown(job->draft->diag, pair->text), right);
}

static bool is_whole(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* As a scenario writes it; NULL after an error. */
static const char *value_text(struct job *job, const struct pair *pair, enum form form)
{
    struct arena *const arena = job->draft->arena;
    int64_t number;
    switch (form) {
    case FORM_COUNT:
        if (is_whole(pair->text))
            return pair->text;
        complain(job, pair, "a whole number");
        return NULL;
    case FORM_DURATION:
        if (flink_units_duration(pair->text, &number))
            return flink_units_duration_text(arena, number);
        complain(job, pair, FLINK_UNITS_DURATION);
        return NULL;
    case FORM_MEMORY:
        if (flink_units_memory(pair->text, &number))
            return arena_format(arena, "%" PRId64 "B", number);
        complain(job, pair, FLINK_UNITS_MEMORY);
        return NULL;
    case FORM_BOOL:
        if (strcasecmp(pair->text, "true") == 0 || strcasecmp(pair->text, "false") == 0)
            return strcasecmp(pair->text, "true") == 0 ? "true" : "false";
        complain(job, pair, "true or false");
        return NULL;
    case FORM_TEXT:
        break;
    }
    return pair->text;
}

static void put(struct job *job, const struct pair *pair, enum form form, const char *path)
{
    const char *const text = value_text(job, pair, form);
    if (text != NULL)
        draft_put(job->draft, path, pair->place, text);
}

/* In capitals or small letters. */
static bool is_word(const char *words, const char *text)
{
    for (struct text_word word; text_next_word(&words, &word);)
        if (strlen(text) == word.bytes && strncasecmp(text, word.start, word.bytes) == 0)
            return true;
    return false;
}

static bool is_true(const struct pairs *conf, const char *key)
{
    const struct pair *const pair = pairs_find(conf, key);
    return pair != NULL && strcasecmp(pair->text, "true") == 0;
}

/* The first of the keys that is given; NULL: none. */
static const struct pair *first_of(const struct pairs *conf, const char *key, const char *other)
{
    const struct pair *const pair = pairs_find(conf, key);
    return pair != NULL ? pair : pairs_find(conf, other);
}

/* Slots say how many TaskManagers the subtasks fill. */
static void put_taskmanagers(struct job *job)
{
    const struct pair *const slots = pairs_find(job->conf, SLOTS);
    const struct pair *const parallelism = pairs_find(job->conf, "parallelism.default");
    const struct pair *cores = first_of(job->conf, CORES_K8S_NEW, CORES_K8S);
    cores = cores != NULL ? cores : pairs_find(job->conf, CORES);
    if (slots == NULL)
        return;
    const int64_t each = is_whole(slots->text) ? strtoll(slots->text, NULL, 10) : 0;
    const int64_t subtasks = parallelism != NULL && is_whole(parallelism->text)
                                 ? strtoll(parallelism->text, NULL, 10)
                                 : 1;
    if (each < 1) {
        complain(job, slots, "a whole number from 1 on");
        return;
    }
    draft_put(
        job->draft, "job.taskmanagers.count", slots->place,
        arena_format(job->draft->arena, "%" PRId64, subtasks > 0 ? (subtasks - 1) / each + 1 : 1));
    if (cores == NULL)
        return;
    char *end;
    const double amount = strtod(cores->text, &end);
    if (end == cores->text || *end != '\0' || !(amount >= 1))
        draft_leave_out(job->draft, cores->place, cores->key, "less than a core is not simulated");
    else
        draft_put(job->draft, "job.taskmanagers.cores", cores->place,
                  arena_format(job->draft->arena, "%.0f", amount));
}

static void refuse(struct job *job, const char *key, const char *why)
{
    const struct pair *const pair = pairs_find(job->conf, key);
    job->good = false;
    diag_error(job->draft->diag, pair->place, "%s: %s: %s", key, pair->text, why);
}

/* What StateFun looks at before it starts: flink-statefun.md 3. Its Flink 1.16 does not know the
 * newer key, and the fork does not look for it. */
static void check_statefun(struct job *job)
{
    static const char timers[] = "state.backend.rocksdb.timer-service.factory";
    static const char parents[] = "classloader.parent-first-patterns.additional";
    if (is_true(job->conf, UNALIGNED))
        refuse(job, UNALIGNED, "StateFun does not start with unaligned checkpoints; remove it");
    const struct pair *const factory = pairs_find(job->conf, timers);
    if (factory != NULL && strcasecmp(factory->text, "heap") == 0)
        refuse(job, timers, "StateFun does not start with timers on the heap; remove it");
    const struct pair *const patterns = pairs_find(job->conf, parents);
    static const char *const needed[] = {"org.apache.flink.statefun", "org.apache.kafka",
                                         "com.google.protobuf"};
    for (size_t i = 0; patterns != NULL && i < sizeof needed / sizeof *needed; i++)
        if (strstr(patterns->text, needed[i]) == NULL)
            diag_warning(job->draft->diag, patterns->place,
                         "%s does not hold %s, and StateFun does not start unless it is embedded",
                         parents, needed[i]);
}

/* What a producer feels, but not here. */
static const struct {
    const char *key, *harmless, *why;
} left[] = {
    {"execution.checkpointing.mode", "exactly_once|exactly-once", "barriers are aligned here"},
    {"execution.checkpointing.max-concurrent-checkpoints", "1", "it is 1 here"},
    {"execution.checkpointing.interval-during-backlog", "", "the interval is always the same here"},
    {"taskmanager.network.memory.buffer-debloat.enabled", "false",
     "channels have the buffers that they have here"},
    {"execution.buffer-timeout.enabled", "true", "buffers leave after the timeout here"},
    {"state.changelog.enabled", "false", "state is uploaded at a checkpoint here"},
    {"state.backend.changelog.enabled", "false", "state is uploaded at a checkpoint here"},
};

#define LEFT (sizeof left / sizeof *left)

static bool is_left_out(const struct job *job, const struct pair *pair)
{
    size_t at = 0;
    while (at < LEFT && strcmp(left[at].key, pair->key) != 0)
        at++;
    if (at == LEFT)
        return false;
    if (!is_word(left[at].harmless, pair->text))
        draft_leave_out(job->draft, pair->place, pair->key, left[at].why);
    return true;
}

/* Kept for one line: a cluster's configuration has much that no producer feels. */
static void pass_over(struct job *job, const struct pair *pair)
{
    job->passed = job->passed == NULL
                      ? pair->key
                      : arena_format(job->draft->arena, "%s, %s", job->passed, pair->key);
    if (job->passed == pair->key)
        job->passed_place = pair->place;
}

/* Of Flink alone; under StateFun the older key is refused, and nothing else acts. */
static void put_unaligned(struct job *job)
{
    const struct pair *const unaligned = first_of(job->conf, UNALIGNED_NEW, UNALIGNED);
    const struct pair *const timeout = first_of(job->conf, ALIGNED_FOR, ALIGNED_FOR_OLD);
    if (unaligned != NULL && job->runtime == MODULE_FLINK)
        put(job, unaligned, FORM_BOOL, "job.checkpoint.unaligned");
    else if (unaligned != NULL && strcmp(unaligned->key, UNALIGNED_NEW) == 0)
        pass_over(job, unaligned);
    if (timeout != NULL && job->runtime == MODULE_FLINK)
        put(job, timeout, FORM_DURATION, "job.checkpoint.aligned-checkpoint-timeout");
    else if (timeout != NULL)
        pass_over(job, timeout);
}

static bool is_read_otherwise(const char *key)
{
    return restart_part_reads(key) || remote_part_reads(key) || strcmp(key, SLOTS) == 0 ||
           strcmp(key, CORES) == 0 || strcmp(key, CORES_K8S) == 0 ||
           strcmp(key, CORES_K8S_NEW) == 0 || strcmp(key, CHAINING) == 0 ||
           strcmp(key, CHAINING_NEW) == 0 || strcmp(key, UNALIGNED) == 0 ||
           strcmp(key, UNALIGNED_NEW) == 0 || strcmp(key, ALIGNED_FOR) == 0 ||
           strcmp(key, ALIGNED_FOR_OLD) == 0;
}

static void put_entries(struct job *job)
{
    for (size_t i = 0; i < job->conf->count; i++) {
        const struct pair *const pair = &job->conf->items[i];
        size_t at = 0;
        while (at < ENTRIES && strcmp(entries[at].key, pair->key) != 0)
            at++;
        if (at < ENTRIES)
            put(job, pair, entries[at].form, entries[at].path);
        else if (!is_read_otherwise(pair->key) && !is_left_out(job, pair))
            pass_over(job, pair);
    }
}

bool job_part_is_statefun(const struct pairs *conf)
{
    for (size_t i = 0; i < conf->count; i++)
        if (strncmp(conf->items[i].key, "statefun.", 9) == 0)
            return true;
    return false;
}

bool job_part_put(struct draft *draft, const struct pairs *conf, enum module_runtime runtime)
{
    struct job job = {.draft = draft, .conf = conf, .runtime = runtime, .good = true};
    put_entries(&job);
    put_taskmanagers(&job);
    put_unaligned(&job);
    if (runtime != MODULE_FLINK)
        check_statefun(&job);
    const struct pair *const chaining = first_of(conf, CHAINING_NEW, CHAINING);
    if (chaining != NULL && runtime == MODULE_FLINK)
        put(&job, chaining, FORM_BOOL, "job.chained");
    else if (chaining != NULL)
        pass_over(&job, chaining);
    if (job.passed != NULL)
        draft_pass_over(draft, job.passed_place, job.passed, "no effect on this model");
    return restart_part_put(draft, conf, runtime) && job.good;
}

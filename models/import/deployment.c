/*
 * deployment.c - each file is read as what it is; then the parts are put together.
 */
#include "models/import/deployment.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/broker_part.h"
#include "models/import/job_part.h"
#include "models/import/load_part.h"
#include "models/import/module_part.h"
#include "models/import/producer_part.h"
#include "models/import/remote_part.h"
#include "models/import/source.h"
#include "sim/core/text.h"

#define BROKERS_ASSUMED 3

struct deployment {
    struct draft *draft;
    const struct deployment_choice *choice;
    struct module module; /* of all files */
    const char *client;   /* as producer.client has it; NULL: nobody knows */
    struct pairs producer, job, broker;
    struct topic_parts topics;
    struct rates rates;
    struct scrape *scrapes;
    size_t scrape_count;
};

/* Of a key in two files the later one counts. */
static void add_pairs(const struct deployment *deployment, struct pairs *to,
                      const struct pairs *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct pair *const pair = &from->items[i];
        const struct pair *const before = pairs_find(to, pair->key);
        if (before != NULL && strcmp(before->text, pair->text) != 0)
            diag_warning(deployment->draft->diag, pair->place,
                         "%s: %s here, %s in %s:%d; this one counts", pair->key,
                         diag_shown(deployment->draft->diag, pair->text),
                         diag_shown(deployment->draft->diag, before->text), before->place.file,
                         before->place.line);
        pairs_put(to, deployment->draft->arena, *pair);
    }
}

static void add_producer(struct deployment *deployment, const struct source *source)
{
    size_t others;
    const struct pairs plain =
        producer_part_plain(deployment->draft->arena, &source->pairs, &others);
    add_pairs(deployment, &deployment->producer, &plain);
    if (others > 0)
        draft_pass_over(deployment->draft, (struct place){.file = source->name, .line = 1},
                        arena_format(deployment->draft->arena, "%zu other keys", others),
                        "they are no producer's");
}

static bool add(struct deployment *deployment, const struct source *source)
{
    struct arena *const arena = deployment->draft->arena;
    struct diag *const diag = deployment->draft->diag;
    switch (source->kind) {
    case SOURCE_MODULE:
        return module_read(arena, diag, deployment->choice->runtime, &source->documents,
                           &deployment->module);
    case SOURCE_PRODUCER:
        add_producer(deployment, source);
        return true;
    case SOURCE_JOB:
        add_pairs(deployment, &deployment->job, &source->pairs);
        return true;
    case SOURCE_BROKER:
        add_pairs(deployment, &deployment->broker, &source->pairs);
        return true;
    case SOURCE_TOPICS:
        return topic_part_read(&deployment->topics, arena, diag, source->name, source->text);
    case SOURCE_RATES:
        return rates_read_csv(&deployment->rates, arena, diag, source->name, source->text);
    case SOURCE_SCRAPE:
        return rates_read_scrape(&deployment->scrapes[deployment->scrape_count++], arena, diag,
                                 source->name, source->text);
    }
    return false;
}

static bool settle_scrapes(struct deployment *deployment)
{
    struct draft *const draft = deployment->draft;
    const struct scrape *const scrapes = deployment->scrapes;
    if (deployment->scrape_count == 0)
        return true;
    if (deployment->scrape_count != 2) {
        diag_error(draft->diag, scrapes[0].place,
                   "%zu scrape%s; a rate needs two, the earlier one first, each with the samples "
                   "of all brokers",
                   deployment->scrape_count, deployment->scrape_count == 1 ? "" : "s");
        return false;
    }
    return rates_between(&deployment->rates, draft->arena, draft->diag, &scrapes[0], &scrapes[1],
                         deployment->choice->between_ns);
}

/* What runs the job. */
struct runtime {
    enum module_runtime which;
    bool known;        /* there is an option, a module or Flink's configuration */
    const char *given; /* the option; NULL: it is assumed */
    const char *why;
};

static struct runtime runtime_of(const struct deployment *deployment)
{
    const struct deployment_choice *const choice = deployment->choice;
    const struct module *const module = &deployment->module;
    const struct text_word word = text_word(MODULE_RUNTIMES, (int64_t)choice->runtime);
    if (choice->runtime_given)
        return (struct runtime){.which = choice->runtime,
                                .known = true,
                                .given = arena_format(deployment->draft->arena, "--runtime %.*s",
                                                      (int)word.bytes, word.start)};
    if (module->egress_count + module->ingress_count + module->endpoint_count > 0 ||
        job_part_is_statefun(&deployment->job))
        return (struct runtime){MODULE_STATEFUN_3_3, true, NULL,
                                "a module does not say who runs it: Apache StateFun 3.3; "
                                "--runtime sink-v2 is the one with KafkaSink"};
    return (struct runtime){MODULE_FLINK, deployment->job.count > 0, NULL,
                            "no file is StateFun's: Flink alone, with KafkaSink"};
}

static void put_runtime(const struct deployment *deployment, const struct runtime *runtime)
{
    static const char path[] = "job.runtime";
    struct draft *const draft = deployment->draft;
    const struct text_word word = text_word(MODULE_RUNTIMES, (int64_t)runtime->which);
    const char *const text = arena_format(draft->arena, "%.*s", (int)word.bytes, word.start);
    if (runtime->given != NULL)
        draft_put(draft, path, draft_place(runtime->given), text);
    else if (runtime->known)
        draft_assume(draft, path, text, runtime->why);
}

/* The client that the runtime brings, where there is one. */
static void put_client(struct deployment *deployment, const struct runtime *runtime)
{
    static const char *const clients[] = {[MODULE_STATEFUN_3_3] = "statefun-3.3",
                                          [MODULE_SINK_V2] = "flink-connector-4.0",
                                          [MODULE_FLINK] = "flink-connector-4.0"};
    static const char path[] = "producer.client";
    const struct deployment_choice *const choice = deployment->choice;
    struct draft *const draft = deployment->draft;
    if (choice->client != NULL) {
        deployment->client = choice->client;
        draft_put(draft, path, draft_place("--client"), choice->client);
        return;
    }
    if (deployment->module.egress_count == 0 && runtime->given == NULL) {
        draft_assume(draft, path, NULL, "no file says which client it is: 3.9");
        return;
    }
    deployment->client = clients[runtime->which];
    if (runtime->given != NULL)
        draft_put(draft, path, draft_place(runtime->given), deployment->client);
    else
        draft_assume(draft, path, deployment->client, "the one that the runtime brings");
}

/* What nobody has said by now. */
static void assume(struct draft *draft)
{
    const struct node *const replicas = draft_get(draft, "brokers.replication.factor");
    const struct node *const shards = draft_get(draft, "egress.shards");
    const int64_t least = replicas != NULL ? strtoll(replicas->text, NULL, 10) : 0;
    draft_assume(draft, "load.keys", NULL, "100,000 keys, each as frequent as the others");
    if (draft_get(draft, "job.ingress.topics") != NULL)
        draft_assume(draft, "load.route", NULL,
                     "drawn: to which topic a record goes is for the functions to say; same: to "
                     "the one in its ingress topic's place");
    draft_assume(draft, "job.parallelism", "1",
                 "parallelism.default of flink-conf.yaml or config.yaml");
    draft_assume(draft, "job.checkpoint.interval", NULL,
                 "no checkpoints: execution.checkpointing.interval is in no file");
    if (shards != NULL && strcmp(shards->text, "1") != 0)
        draft_assume(draft, "egress.shard-by", "topic",
                     "which egress a record goes to is for the functions to say");
    draft_assume(
        draft, "brokers.count",
        arena_format(draft->arena, "%" PRId64, least > BROKERS_ASSUMED ? least : BROKERS_ASSUMED),
        "kafka-topics.sh --describe says it");
    draft_assume(draft, "costs.preset", "typical",
                 "what a step costs, and the round trip to the brokers, is in no configuration");
}

static bool put_together(struct deployment *deployment)
{
    struct draft *const draft = deployment->draft;
    const struct module *const module = &deployment->module;
    const struct runtime runtime = runtime_of(deployment);
    if (runtime.which == MODULE_FLINK &&
        module->egress_count + module->ingress_count + module->endpoint_count > 0) {
        diag_error(draft->diag, draft_place("--runtime"),
                   "flink reads no module: that is StateFun's, statefun-3.3 or sink-v2");
        return false;
    }
    put_runtime(deployment, &runtime);
    put_client(deployment, &runtime);
    bool good = module_part_put_egresses(draft, module, runtime.which, deployment->client);
    good &= producer_part_put(draft, &deployment->producer, deployment->client);
    if (runtime.known)
        good &= job_part_put(draft, &deployment->job, runtime.which);
    remote_part_put(draft, module, &deployment->job);
    good &= broker_part_put(draft, &deployment->broker);
    topic_part_put_brokers(&deployment->topics, draft);
    const struct load_part load = {.topics = &deployment->topics,
                                   .rates = &deployment->rates,
                                   .module = module,
                                   .partitions = broker_part_partitions(&deployment->broker)};
    load_part_put(draft, &load);
    module_part_put_fetches(draft, module);
    assume(draft);
    return good;
}

bool deployment_read(struct draft *draft, const char *const *paths, size_t count,
                     const struct deployment_choice *choice)
{
    struct deployment deployment = {.draft = draft,
                                    .choice = choice,
                                    .scrapes = ARENA_ARRAY(draft->arena, struct scrape, count)};
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        struct source source;
        good &=
            source_read(&source, draft->arena, draft->diag, paths[i]) && add(&deployment, &source);
    }
    return good && settle_scrapes(&deployment) && put_together(&deployment);
}

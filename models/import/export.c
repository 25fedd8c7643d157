/*
 * export.c - values are printed as they were read, in the units of Kafka's names.
 */
#include "models/import/export.h"

#include <inttypes.h>
#include <string.h>

#include "models/import/character.h"
#include "models/import/pairs.h"
#include "models/import/scenario_print.h"
#include "models/params/params.h"
#include "sim/command/locate.h"
#include "sim/command/options.h"
#include "sim/core/text.h"
#include "sim/output/output.h"
#include "sim/study/scenario.h"

#define SECTION     "producer."
#define ADDRESS_KEY "bootstrap.servers"
#define TIMEOUT_KEY "transaction.timeout.ms"
#define NO_ADDRESS  "localhost:9092"

/* A value of the kinds that properties of a producer have. */
static const char *value_text(struct arena *arena, const struct param *row, const void *params)
{
    const char *const field = (const char *)params + row->offset;
    if (row->kind == PARAM_TEXT)
        return *(const char *const *)(const void *)field;
    const int64_t number = *(const int64_t *)(const void *)field;
    if (row->kind == PARAM_BOOL)
        return number != 0 ? "true" : "false";
    if (row->kind == PARAM_CHOICE) {
        const struct text_word word = text_word(row->choices, number);
        return arena_format(arena, "%.*s", (int)word.bytes, word.start);
    }
    return arena_format(arena, "%" PRId64, number);
}

/* What was given first comes first; what was given last counts. */
static void add_inert(struct pairs *pairs, const struct scenario *scenario,
                      const struct scenario_inert *inert)
{
    if (inert == NULL)
        return;
    add_inert(pairs, scenario, inert->next);
    if (strncmp(inert->path, SECTION, strlen(SECTION)) == 0)
        pairs_put(
            pairs, scenario->arena,
            (struct pair){inert->path + strlen(SECTION), inert->value->text, inert->value->place});
}

/* What the scenario gives, whether the model feels it or not. */
static struct pairs properties_of(const struct scenario *scenario, const void *params)
{
    struct arena *const arena = scenario->arena;
    const size_t bytes = strlen(SECTION);
    struct pairs pairs = {0};
    for (size_t i = 0; i < fanout_param_table.count; i++) {
        const struct param *const row = &fanout_param_table.rows[i];
        if (scenario->given[i] != NULL && row->kind != PARAM_CUSTOM &&
            strncmp(row->path, SECTION, bytes) == 0)
            pairs_add(&pairs, arena,
                      (struct pair){row->path + bytes, value_text(arena, row, params),
                                    scenario->given[i]->place});
    }
    add_inert(&pairs, scenario, scenario->inert);
    return pairs;
}

/* What is no character of ASCII, in the one way that every Java reads alike. */
static void print_unicode(uint32_t code, FILE *out)
{
    if (code >= 0x10000) {
        fprintf(out, "\\u%04" PRIx32, 0xd800 + ((code - 0x10000) >> 10));
        code = 0xdc00 + ((code - 0x10000) & 0x3ff);
    }
    fprintf(out, "\\u%04" PRIx32, code);
}

/* As Properties.load() reads it: in a key every separator is escaped, in a text a space at its
 * beginning. */
static void print_escaped(const char *text, bool key, FILE *out)
{
    for (const char *at = text; *at != '\0';) {
        const bool first = at == text;
        const uint32_t code = character_next(&at);
        const bool ascii = code >= ' ' && code < 0x7f;
        if (!ascii)
            print_unicode(code, out);
        else if (code == '\\' || (code == ' ' && first) ||
                 (key && strchr("=: #!", (int)code) != NULL))
            fprintf(out, "\\%c", (int)code);
        else
            fputc((int)code, out);
    }
}

static void print_properties(const struct pairs *pairs, FILE *out)
{
    for (size_t i = 0; i < pairs->count; i++) {
        print_escaped(pairs->items[i].key, true, out);
        fputc('=', out);
        print_escaped(pairs->items[i].text, false, out);
        fputc('\n', out);
    }
}

/* What is a field of an egress is none of its properties. */
static void print_list(struct arena *arena, const struct pairs *pairs, bool exactly_once, FILE *out)
{
    bool begun = false;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *const pair = &pairs->items[i];
        if (strcmp(pair->key, ADDRESS_KEY) == 0 ||
            (exactly_once && strcmp(pair->key, TIMEOUT_KEY) == 0))
            continue;
        if (!begun)
            fputs("  properties:\n", out);
        begun = true;
        fprintf(out, "    - %s: %s\n", scenario_print_text(arena, pair->key),
                scenario_print_quoted(arena, pair->text));
    }
}

static void print_delivery(const struct fanout_params *params, FILE *out)
{
    switch ((enum delivery)params->delivery) {
    case DELIVERY_AT_LEAST_ONCE:
        fputs("{type: at-least-once}\n", out);
        break;
    case DELIVERY_EXACTLY_ONCE:
        fprintf(out, "{type: exactly-once, transactionTimeout: %" PRId64 "ms}\n",
                params->transaction_timeout_ms);
        break;
    case DELIVERY_NONE:
        fputs("{type: none}\n", out);
        break;
    }
}

static void print_module(struct arena *arena, const struct pairs *pairs,
                         const struct fanout_params *params, FILE *out)
{
    const struct pair *const address = pairs_find(pairs, ADDRESS_KEY);
    for (int64_t i = 0; i < params->shards; i++) {
        fprintf(out, "%skind: io.statefun.kafka.v1/egress\nspec:\n", i > 0 ? "---\n" : "");
        if (params->shards > 1)
            fprintf(out, "  id: app/out-%" PRId64 "\n", i);
        else
            fputs("  id: app/out\n", out);
        fprintf(out, "  address: %s\n  deliverySemantic: ",
                scenario_print_quoted(arena, address != NULL ? address->text : NO_ADDRESS));
        print_delivery(params, out);
        print_list(arena, pairs, params->delivery == DELIVERY_EXACTLY_ONCE, out);
    }
}

enum study_status export_command(const struct model *model, const struct options *options,
                                 struct arena *arena)
{
    struct diag diag;
    struct scenario scenario;
    struct fanout_params params;
    diag_init(&diag, arena);
    const char *const path = locate_scenario(arena, model->name, options->files[0]);
    bool good =
        scenario_read(&scenario, model, arena, &diag, path, options->sets, options->set_count) &&
        scenario_resolve(&scenario, arena, &diag, &params);
    diag_print(&diag, stderr);
    if (!good)
        return STUDY_WRONG;

    struct output_set set;
    output_init(&set, model->name, arena);
    FILE *const out = output_spare(&set, diag.files)
                          ? output_open(&set, options->csv != NULL ? options->csv : "-")
                          : NULL;
    const struct pairs pairs = properties_of(&scenario, &params);
    if (out != NULL && options_own(options, "module") != NULL)
        print_module(arena, &pairs, &params, out);
    else if (out != NULL)
        print_properties(&pairs, out);
    good = out != NULL && output_publish(&set);
    output_end(&set);
    if (good)
        return STUDY_DONE;
    return set.refused ? STUDY_WRONG : STUDY_FAILED;
}

/*
 * claims_command.c - the table as lines, as CSV, and as the page that the project keeps.
 */
#include "models/advice/claims_command.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "models/advice/claims.h"
#include "sim/command/study.h"
#include "sim/core/text.h"
#include "sim/output/fields.h"
#include "sim/output/output.h"
#include "sim/study/interrupt.h"
#include "sim/study/progress.h"

struct telling {
    const struct options *options;
    struct arena *arena;
    const struct claims_found *found;
};

/* Where the claim that begins here ends. */
static size_t end_of(size_t at)
{
    size_t end = at + 1;
    while (end < claims_count && claims_list[end].kind != CLAIM_SAID)
        end++;
    return end;
}

static bool holds(const struct telling *telling, size_t at)
{
    for (size_t i = at; i < end_of(at); i++)
        if (!telling->found[i].holds)
            return false;
    return true;
}

/* The verdict, unless a figure contradicts it. */
static const char *verdict_of(const struct telling *telling, size_t at)
{
    return holds(telling, at) ? claims_list[at].verdict : "not so any more";
}

/* "claims/hot --set parallelism=12", to be typed behind the program's name. */
static const char *command_of(const struct telling *telling, const struct claim *claim,
                              const char *sets)
{
    struct text text;
    text_init(&text, telling->arena);
    text_format(&text, "claims/%s", claim->scenario);
    size_t count;
    const char *const *const list = claims_sets(telling->arena, sets, &count);
    for (size_t i = 0; i < count; i++) {
        text_add(&text, " --set");
        text_add_shell_word(&text, list[i]);
    }
    return text.start;
}

static const char *where(const struct telling *telling, const struct claim *claim)
{
    if (claim->kind == CLAIM_TOLD)
        return claim->scenario;
    const char *const first = command_of(telling, claim, claim->sets);
    return claim->base == NULL ? first
                               : arena_format(telling->arena, "%s, against %s", first,
                                              command_of(telling, claim, claim->base));
}

static const char *said(const struct telling *telling, size_t at)
{
    return claims_text(telling->arena, &claims_list[at], telling->found[at].figure);
}

static void write_csv(const struct telling *telling, FILE *out)
{
    fputs("claim,verdict,figure,scenario\n", out);
    for (size_t at = 0; at < claims_count; at = end_of(at)) {
        if (!telling->found[at].wanted)
            continue;
        const struct claim *const claim = &claims_list[at];
        for (size_t i = at + 1; i < end_of(at); i++) {
            struct text line;
            text_init(&line, telling->arena);
            fields_text(&line, arena_format(telling->arena, "%s %s", claim->id, claim->text));
            fields_text(&line, verdict_of(telling, at));
            fields_text(&line, said(telling, i));
            fields_text(&line, where(telling, &claims_list[i]));
            fprintf(out, "%s\n", line.start);
        }
    }
}

static void print_markdown(const struct telling *telling, FILE *out)
{
    fputs("| claim | verdict | found | shown by |\n|---|---|---|---|\n", out);
    for (size_t at = 0; at < claims_count; at = end_of(at)) {
        if (!telling->found[at].wanted)
            continue;
        const struct claim *const claim = &claims_list[at];
        for (size_t i = at + 1; i < end_of(at); i++) {
            if (i == at + 1)
                fprintf(out, "| %s %s | %s |", claim->id, claim->text, verdict_of(telling, at));
            else
                fputs("| | |", out);
            fprintf(out, " %s | `%s` |\n", said(telling, i), where(telling, &claims_list[i]));
        }
    }
}

static void print_lines(const struct telling *telling, FILE *out)
{
    const bool more = telling->options->verbose;
    size_t said_so = 0, count = 0;
    for (size_t at = 0; at < claims_count; at = end_of(at)) {
        if (!telling->found[at].wanted)
            continue;
        const struct claim *const claim = &claims_list[at];
        said_so += holds(telling, at);
        count++;
        fprintf(out, "%-4s %s: %s\n", claim->id, claim->text, verdict_of(telling, at));
        for (size_t i = at + 1; (more || !holds(telling, at)) && i < end_of(at); i++)
            fprintf(out, "     %s %s\n         %s\n",
                    telling->found[i].holds ? "-" : "NOT SO:", said(telling, i),
                    where(telling, &claims_list[i]));
    }
    fprintf(out, "\n%zu of %zu verdicts are as the runs say%s\n", said_so, count,
            more ? "" : "; -v shows figures and scenarios");
}

/* Which claims are named; all if none is. False after a message. */
static bool choose(const struct telling *telling, const struct model *model,
                   struct claims_found *found)
{
    const struct options *const options = telling->options;
    for (size_t f = 0; f < options->file_count; f++) {
        bool known = false;
        for (size_t i = 0; i < claims_count; i++)
            known = known || (claims_list[i].kind == CLAIM_SAID &&
                              strcmp(claims_list[i].id, options->files[f]) == 0);
        if (known)
            continue;
        fprintf(stderr, "%s: there is no claim %s; they are C4, C5, .. of %s claims\n", model->name,
                options->files[f], model->name);
        return false;
    }
    for (size_t at = 0; at < claims_count; at = end_of(at)) {
        bool wanted = options->file_count == 0;
        for (size_t f = 0; f < options->file_count; f++)
            wanted = wanted || strcmp(claims_list[at].id, options->files[f]) == 0;
        for (size_t i = at; i < end_of(at); i++)
            found[i].wanted = wanted;
    }
    return true;
}

static bool tick(void *context, size_t done, size_t total)
{
    progress_runs(context, "claims", done, total);
    return interrupt_pending() == 0;
}

/* False after messages. */
static bool run(const struct telling *telling, const struct model *model,
                struct claims_found *found)
{
    struct diag diag;
    struct progress progress;
    diag_init(&diag, telling->arena);
    interrupt_catch();
    progress_start(&progress, telling->options->quiet);
    const struct claims_setting setting = {.model = model,
                                           .options = telling->options,
                                           .arena = telling->arena,
                                           .diag = &diag,
                                           .tick = tick,
                                           .context = &progress};
    const bool good = claims_run(&setting, found);
    progress_end(&progress);
    if (!good && interrupt_pending() != 0) {
        output_discard();
        _exit(128 + interrupt_pending());
    }
    if (!good)
        diag_print(&diag, stderr);
    return good;
}

static enum study_status tell(const struct telling *telling, const struct model *model, FILE *csv,
                              struct output_set *set)
{
    if (csv != NULL)
        write_csv(telling, csv);
    if (!output_publish(set))
        return STUDY_FAILED;
    const struct options *const options = telling->options;
    if (options->markdown)
        print_markdown(telling, stdout);
    else if (!options->quiet && !set->to_stdout)
        print_lines(telling, stdout);
    for (size_t i = 0; i < claims_count; i++)
        if (!telling->found[i].holds)
            return STUDY_MISSED;
    return output_flush(model->name, stdout, "standard output") ? STUDY_DONE : STUDY_FAILED;
}

enum study_status claims_command(const struct model *model, const struct options *options,
                                 struct arena *arena)
{
    struct claims_found *const found = ARENA_ARRAY(arena, struct claims_found, claims_count);
    const struct telling telling = {.options = options, .arena = arena, .found = found};
    if (!choose(&telling, model, found))
        return STUDY_WRONG;
    struct output_set set;
    output_init(&set, model->name, arena);
    FILE *const csv = options->csv != NULL ? output_open(&set, options->csv) : NULL;
    enum study_status status = STUDY_FAILED;
    if (options->csv == NULL || csv != NULL)
        status = run(&telling, model, found) ? tell(&telling, model, csv, &set) : STUDY_FAILED;
    output_end(&set);
    return status;
}

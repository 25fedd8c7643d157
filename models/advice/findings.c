/*
 * findings.c - a list that is sorted as it grows: there are tens of them.
 */
#include "models/advice/findings.h"

#include <string.h>

#include "models/advice/words.h"
#include "sim/core/text.h"
#include "sim/input/csv.h"

/* What --set says comes after the file: its places begin with a dash. */
static int by_file(const struct place *a, const struct place *b)
{
    const char *const one = a->file != NULL ? a->file : "";
    const char *const other = b->file != NULL ? b->file : "";
    const bool set = strncmp(one, "--", 2) == 0;
    const bool other_set = strncmp(other, "--", 2) == 0;
    return set != other_set ? (set ? 1 : -1) : strcmp(one, other);
}

static bool comes_before(const struct finding *a, const struct finding *b)
{
    const int files = by_file(&a->place, &b->place);
    if (files != 0)
        return files < 0;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column;
    return a->rule < b->rule;
}

void findings_add(struct findings *findings, const struct finding *finding)
{
    struct finding *const added = ARENA_NEW(findings->arena, struct finding);
    struct finding **at = &findings->first;
    while (*at != NULL && !comes_before(finding, *at))
        at = &(*at)->next;
    *added = *finding;
    added->next = *at;
    *at = added;
    findings->counts[finding->severity]++;
}

static void print_place(const struct place *place, FILE *out)
{
    if (place->file != NULL)
        fprintf(out, "%s:", place->file);
    if (place->line > 0)
        fprintf(out, "%d:%d:", place->line, place->column);
    fputc(' ', out);
}

/* What was said at reading is a sentence of its own. */
static void print(const struct finding *finding, struct arena *arena, FILE *out)
{
    const struct rule_row *const rule = &rules[finding->rule];
    const bool read = finding->rule == RULE_READING;
    print_place(&finding->place, out);
    fprintf(out, "%s: %s\n", diag_severity_name(finding->severity), rule->name);
    words_wrap(read ? finding->figures : rule->sentence, 4, out);
    if (!read)
        words_wrap(finding->figures, 4, out);
    if (finding->right != NULL)
        words_wrap(arena_format(arena, "right: %s", finding->right), 4, out);
}

static void count(struct text *text, const struct findings *findings, enum diag_severity severity)
{
    const size_t number = findings->counts[severity];
    if (number > 0)
        text_format(text, "%s%zu %s%s", text->length > 0 ? ", " : "", number,
                    diag_severity_name(severity), number == 1 ? "" : "s");
}

void findings_print(const struct findings *findings, const char *scenario, FILE *out)
{
    for (const struct finding *finding = findings->first; finding != NULL; finding = finding->next)
        print(finding, findings->arena, out);
    struct text text;
    text_init(&text, findings->arena);
    for (int severity = DIAG_ERROR; severity <= DIAG_NOTE; severity++)
        count(&text, findings, (enum diag_severity)severity);
    if (findings->first == NULL)
        text_format(&text, "%d rules, nothing to say", RULE_COUNT);
    fprintf(out, "%s: %s\n", scenario, text.start);
}

static void write_row(const struct finding *finding, struct arena *arena, FILE *out)
{
    const struct rule_row *const rule = &rules[finding->rule];
    const struct place *const place = &finding->place;
    struct text message;
    text_init(&message, arena);
    if (finding->rule != RULE_READING)
        text_format(&message, "%s: ", rule->sentence);
    text_add(&message, finding->figures);
    if (finding->right != NULL)
        text_format(&message, "; right: %s", finding->right);
    fprintf(out, "%s,%s,%s,", rule->name, diag_severity_name(finding->severity),
            csv_field(arena, place->file != NULL ? place->file : ""));
    if (place->line > 0)
        fprintf(out, "%d,%d,", place->line, place->column);
    else
        fputs(",,", out);
    fprintf(out, "%s\n", csv_field(arena, message.start));
}

void findings_write_csv(const struct findings *findings, FILE *out)
{
    fputs("rule,severity,file,line,column,message\n", out);
    for (const struct finding *finding = findings->first; finding != NULL; finding = finding->next)
        write_row(finding, findings->arena, out);
}

/*
 * param_empirical.c - measured values: a CSV file of values with weights.
 */
#include <math.h>
#include <string.h>

#include "sim/input/file.h"
#include "sim/input/param_parts.h"

/* Cuts one line off *text, without its end; NULL at the end of the file. */
static char *cut_line(char **text)
{
    char *const line = *text;
    if (*line == '\0')
        return NULL;
    char *const end = line + strcspn(line, "\n");
    *text = end + (*end == '\n');
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    *end = '\0';
    return line;
}

static bool read_row(const struct dist_reading *reading, struct place place, char *line,
                     double *value, double *weight)
{
    struct diag *const diag = reading->context->diag;
    char *const comma = strchr(line, ',');
    if (comma == NULL || strchr(comma + 1, ',') != NULL) {
        diag_error(diag, place, "expected two fields, value and weight");
        return false;
    }
    *comma = '\0';
    struct quantity_value number;
    if (!quantity_read(reading->quantity, reading->min, reading->max, diag, place, "value", line,
                       &number) ||
        (param_dist_is_whole(reading) &&
         !quantity_must_be_whole(reading->quantity, diag, place, "value", line, &number)))
        return false;
    *value = number.real;
    place.column += (int)(comma + 1 - line);
    if (!quantity_read(&quantity_number, 0, PARAM_WEIGHT_MAX, diag, place, "weight", comma + 1,
                       &number))
        return false;
    *weight = number.real;
    return true;
}

/* Mean, cv, min and max of what can be drawn; false if nothing can. */
static bool summarize(struct dist_spec *spec)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < spec->count; i++) {
        sum += spec->weights[i] * spec->values[i];
        if (spec->weights[i] > 0) {
            spec->min = weights > 0 ? fmin(spec->min, spec->values[i]) : spec->values[i];
            spec->max = weights > 0 ? fmax(spec->max, spec->values[i]) : spec->values[i];
        }
        weights += spec->weights[i];
    }
    if (weights <= 0)
        return false;
    spec->mean = sum / weights;
    double squares = 0;
    for (size_t i = 0; i < spec->count; i++)
        squares +=
            spec->weights[i] * (spec->values[i] - spec->mean) * (spec->values[i] - spec->mean);
    spec->cv = spec->mean > 0 ? sqrt(squares / weights) / spec->mean : 0;
    return true;
}

bool param_dist_empirical(const struct dist_reading *reading, const struct node *node,
                          struct dist_spec *spec)
{
    struct param_context *const context = reading->context;
    const char *const name = param_scalar(context, reading->name, "the name of a CSV file", node);
    if (name == NULL)
        return false;
    const char *const path = file_beside(context->arena, context->directory, name);
    size_t length;
    const char *const text = file_read(context->arena, context->diag, node->place, path, &length);
    if (text == NULL)
        return false;

    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    double *const values = ARENA_ARRAY(context->arena, double, lines);
    double *const weights = ARENA_ARRAY(context->arena, double, lines);
    /* Lines are cut in place, so in a copy. */
    char *next = ARENA_ARRAY(context->arena, char, length + 1);
    memcpy(next, text, length);

    struct place place = {.file = arena_text(context->arena, path), .line = 1, .column = 1};
    const char *const header = cut_line(&next);
    if (header == NULL || strcmp(header, "value,weight") != 0) {
        diag_error(context->diag, place, "expected the header value,weight");
        return false;
    }
    bool good = true;
    for (char *line = cut_line(&next); line != NULL; line = cut_line(&next)) {
        place.line++;
        if (line[0] == '\0' && *next == '\0')
            break; /* an empty last line */
        if (!read_row(reading, place, line, &values[spec->count], &weights[spec->count]))
            good = false;
        spec->count++;
    }
    spec->values = values;
    spec->weights = weights;
    if (good && !summarize(spec)) {
        place.line = 0;
        diag_error(context->diag, place, "no value has a weight greater than 0");
        good = false;
    }
    return good;
}

/*
 * arrivals.c - reading `load.arrivals`.
 */
#include "models/load/arrivals.h"

#include <string.h>

#include "models/kafka/fields.h"

#define PHASE_MAX 1e15

#define EXPECTED "poisson, constant, {gamma: {cv: 3}} or {bursts: {busy: 200ms, quiet: 800ms}}"

static const struct param_key gamma_keys[] = {
    {"cv",
     "of the time between two",
     {.kind = PARAM_NUMBER, .min = DIST_CV_MIN, .max = DIST_CV_MAX},
     true},
};

static const struct param_key bursts_keys[] = {
    {"busy",
     "mean of a phase with records",
     {.kind = PARAM_TIME, .min = 1, .max = PHASE_MAX},
     true},
    {"quiet", "and of one without", {.kind = PARAM_TIME, .max = PHASE_MAX}, true},
};

static const struct param_key kinds[] = {
    {"gamma",
     "gamma-distributed times between records",
     {.form = SHAPE_MAP, .keys = gamma_keys, .key_count = 1},
     false},
    {"bursts",
     "phases with and without records",
     {.form = SHAPE_MAP, .keys = bursts_keys, .key_count = 2},
     false},
};

static const struct param_shape map = {.form = SHAPE_MAP, .keys = kinds, .key_count = 2};
const struct param_shape arrivals_shape = {
    .form = SHAPE_WORDS, .words = "poisson|constant", .other = &map};

static bool complain_of_word(struct param_context *context, const struct node *node)
{
    static const char *const words[] = {"poisson", "constant"};
    const char *const near = diag_nearest(node->text, words, 2);
    diag_error(context->diag, node->place,
               "load.arrivals: unknown word %s; write " EXPECTED "%s%s%s",
               diag_shown(context->diag, node->text), near != NULL ? "; did you mean " : "",
               near != NULL ? near : "", near != NULL ? "?" : "");
    return false;
}

static bool read_word(struct param_context *context, const struct node *node,
                      struct arrivals_spec *arrivals)
{
    if (strcmp(node->text, "poisson") == 0)
        arrivals->kind = ARRIVALS_POISSON;
    else if (strcmp(node->text, "constant") == 0)
        arrivals->kind = ARRIVALS_CONSTANT;
    else
        return complain_of_word(context, node);
    return true;
}

/* NULL after an error: what describes the arrivals has to have it. */
static const struct node *required(struct param_context *context, const struct node *node,
                                   const char *what, const char *name, const char *example)
{
    const struct node *const value = tree_get(node, name);
    if (value == NULL)
        diag_error(context->diag, node->place, "%s without '%s'; add %s", what, name, example);
    return value;
}

static bool read_gamma(struct param_context *context, const struct node *node,
                       struct arrivals_spec *arrivals)
{
    static const char *const what = "load.arrivals.gamma";
    if (!fields_known(context, node, what, gamma_keys, 1))
        return false;
    const struct node *const cv = required(context, node, what, "cv", "cv: 3");
    return cv != NULL && param_read_value(context, PARAM_NUMBER, DIST_CV_MIN, DIST_CV_MAX,
                                          "load.arrivals.gamma.cv", cv, &arrivals->cv);
}

static bool read_bursts(struct param_context *context, const struct node *node,
                        struct arrivals_spec *arrivals)
{
    static const char *const what = "load.arrivals.bursts";
    if (!fields_known(context, node, what, bursts_keys, 2))
        return false;
    const struct node *const busy = required(context, node, what, "busy", "busy: 200ms");
    const struct node *const quiet = required(context, node, what, "quiet", "quiet: 800ms");
    if (busy == NULL || quiet == NULL)
        return false;
    const bool busy_good = param_read_value(context, PARAM_TIME, 1, PHASE_MAX,
                                            "load.arrivals.bursts.busy", busy, &arrivals->busy);
    const bool quiet_good = param_read_value(context, PARAM_TIME, 0, PHASE_MAX,
                                             "load.arrivals.bursts.quiet", quiet, &arrivals->quiet);
    return busy_good && quiet_good;
}

bool arrivals_read(struct param_context *context, const struct node *node, void *field)
{
    struct arrivals_spec *const arrivals = field;
    *arrivals = (struct arrivals_spec){.kind = ARRIVALS_POISSON};
    if (node == NULL)
        return true;
    if (node->kind == NODE_SCALAR)
        return read_word(context, node, arrivals);
    if (node->kind != NODE_MAP || node->count != 1 || node->entries[0].value->kind != NODE_MAP) {
        diag_error(context->diag, node->place,
                   "load.arrivals is %s that describes no arrivals; write " EXPECTED,
                   fields_written(context->arena, node));
        return false;
    }
    const char *const kind = node->entries[0].key;
    const struct node *const inner = node->entries[0].value;
    if (strcmp(kind, "gamma") == 0) {
        arrivals->kind = ARRIVALS_GAMMA;
        return read_gamma(context, inner, arrivals);
    }
    if (strcmp(kind, "bursts") == 0) {
        arrivals->kind = ARRIVALS_BURSTS;
        return read_bursts(context, inner, arrivals);
    }
    return fields_known(context, node, "load.arrivals", kinds, 2);
}

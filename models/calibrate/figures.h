/*
 * figures.h - which measured metrics are columns of a run, and what each may be off by.
 *
 * Rates come from totals over the elapsed time. A client's own rates are means over windows of 30
 * to 60 s, too low in its first minute, and are taken only where there is nothing better.
 */
#ifndef MODELS_CALIBRATE_FIGURES_H
#define MODELS_CALIBRATE_FIGURES_H

#include "models/import/metrics.h"
#include "models/report/columns.h"

enum figure_scale {
    FIGURE_LOG,      /* off by a share of it */
    FIGURE_REST_LOG, /* of a share of time: off by a share of the rest, 1 - it */
    FIGURE_LINEAR    /* off by so much */
};

struct figure {
    enum fanout_column column;
    const char *name; /* of the metric that it comes from */
    double measured;
    enum figure_scale scale;
    double least; /* added before a logarithm is taken: smaller differences say nothing */
    double off;   /* on its scale: of a model that is as good as it gets, about */
    bool fitted;  /* else it is only shown */
};

struct figures {
    struct figure *list;
    size_t count;
    size_t owners; /* producers that were measured, at least 1 */
};

/* Those of a file, in the order of columns. before: an earlier scrape, whose totals are taken off;
 * NULL: none. What is not used although its name is known is a note in diag, with the reason; no
 * figure at all is an error. */
bool figures_find(struct figures *figures, struct arena *arena, struct diag *diag,
                  const struct metrics *metrics, const struct metrics *before, double elapsed_s);

/* On its scale, how far `value` is above what was measured, in units of what it may be off by. */
double figure_residual(const struct figure *figure, double value);

#endif

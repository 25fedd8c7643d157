/*
 * fit_search.h - of a fit: one search, and what it stands on.
 */
#ifndef SIM_STUDY_FIT_SEARCH_H
#define SIM_STUDY_FIT_SEARCH_H

#include "sim/study/fit.h"

struct fit_state {
    const struct fit *fit;
    struct arena *arena;
    double *logs;  /* by parameter: where those stand that are not moved, and where a search is */
    bool *told;    /* by parameter */
    bool held;     /* to where they began */
    size_t *moved; /* numbers of those that are */
    size_t moved_count;
    double *last_logs; /* of what was evaluated last */
    double *last;      /* its residuals */
    bool has_last;
    bool failed;
    size_t evaluated;
};

/* Room for points, logarithms all of them at state->logs, and what becomes of them. */
struct fit_batch {
    double **points, **residuals;
    size_t count;
};

struct fit_batch fit_batch_new(const struct fit_state *state, size_t count);

/* Of the points' logarithms; what is far off counts less. False: as fit_run(). */
bool fit_evaluate(struct fit_state *state, double *const *points, size_t count,
                  double *const *residuals);

/* state->last, at state->logs; what was evaluated last is not evaluated again. */
bool fit_find_residuals(struct fit_state *state);

/* Residuals per logarithm of each of the parameters that are moved, over a step at state->logs
 * upwards, or downwards from a bound: slopes[i x moved_count + j]. */
bool fit_find_slopes(struct fit_state *state, double length, double *slopes);

/* From state->logs, which it leaves at the best place that it has seen; *squares are of that, with
 * those of the parameters' distance from where they began if they are held. */
bool fit_search(struct fit_state *state, double *squares);

/* The logarithm, or that of the nearer bound. */
double fit_within(const struct fit_parameter *parameter, double value_log);

/* Nearly as far as it may go? */
bool fit_is_at_bound(const struct fit_parameter *parameter, double value_log);

double fit_squares(const double *residuals, size_t count);

#endif

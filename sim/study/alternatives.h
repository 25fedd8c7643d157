/*
 * alternatives.h - what a run would have said if something that nobody knows well were otherwise.
 *
 * A model may hang on such a thing where small causes have large effects. It then names scenarios
 * that differ in it; they are run beside the one that was asked for, and the summary says how far
 * apart they are.
 */
#ifndef SIM_STUDY_ALTERNATIVES_H
#define SIM_STUDY_ALTERNATIVES_H

#include "sim/study/results.h"

#define ALTERNATIVES_REPLICATIONS_MAX 4 /* of each: they are to be cheap */

/* How many the model has for the plan's only point where it shows these figures. */
size_t alternatives_count(const struct plan *plan, const struct estimates *estimates,
                          struct arena *arena);

/* Runs the alternatives of the only point of the results on at most `jobs` processes. NULL: the
 * model has none for what that point has shown. Memory from the arena. */
const struct model_alternatives *alternatives_run(const struct results *results,
                                                  const struct estimates *estimates, unsigned jobs,
                                                  struct arena *arena);

#endif

/*
 * capacity_parts.h - what the files of capacity share: one value is tried.
 */
#ifndef SIM_STUDY_CAPACITY_PARTS_H
#define SIM_STUDY_CAPACITY_PARTS_H

#include "sim/study/capacity.h"

struct capacity_search {
    const struct capacity_question *question;
    sim_time duration, warm_up; /* the scenario's */
    double pace;                /* of what comes near the limit, per second; 0: not known yet */
    struct capacity_point *curve;
    size_t curve_count, curve_room;
    bool keeps;      /* what is tried is of the curve */
    bool changed;    /* see capacity_repeat() */
    bool stopped;    /* by whoever watches */
    const char *why; /* something could not be run */
};

void capacity_search_init(struct capacity_search *search, const struct capacity_question *question);

/* Runs it in windows of a share of the scenario's. False: stopped, or it could not be run. */
bool capacity_probe(struct capacity_search *search, double value, double share, size_t replications,
                    struct capacity_point *point);

/* Some at once, for the curve. */
bool capacity_probe_all(struct capacity_search *search, const double *values, size_t count,
                        double share, size_t replications);

bool capacity_meets(const struct capacity_search *search, const struct goal *goal, size_t trial);

/* Does no replication say that it is steady? */
bool capacity_is_plain(const struct capacity_search *search, const struct capacity_point *point);

/* Both, of the curve, get the question's replications, and search->changed says whether one of them
 * lacked some. low may have no value. False: stopped, or one could not be run. */
bool capacity_repeat(struct capacity_search *search, const struct capacity_point *low,
                     const struct capacity_point *high);

/* Where between them the replications' limits lie: goal is what is missed at high, or NULL. */
struct interval capacity_between(const struct capacity_search *search,
                                 const struct capacity_point *low,
                                 const struct capacity_point *high, const struct goal *goal);

/* To three or four digits, as a person would set it. */
double capacity_round_down(double value);

#endif

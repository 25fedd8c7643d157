/*
 * rates.h - how many records topics get: a CSV of them, or two scrapes of brokers' counters.
 */
#ifndef MODELS_IMPORT_RATES_H
#define MODELS_IMPORT_RATES_H

#include "sim/input/tree.h"

struct rate {
    const char *topic;
    struct place place;
    double per_second;
    double bytes; /* of a record's value; 0: not said */
};

struct rates {
    struct rate *items;
    size_t count, room;
};

/* A CSV with the header topic,rate or topic,rate,bytes: rates per second (240k/s, or a bare
 * number), mean sizes of a record's value. */
bool rates_is_csv(const char *text);
bool rates_read_csv(struct rates *rates, struct arena *arena, struct diag *diag, const char *name,
                    const char *text);

/* What a Prometheus exporter says, all brokers of one moment in one file. */
struct scrape {
    struct place place;
    struct rates counters; /* per_second is a count of records */
    double time_ms;        /* of the newest sample; 0: without a time stamp */
};
bool rates_is_scrape(const char *text);
bool rates_read_scrape(struct scrape *scrape, struct arena *arena, struct diag *diag,
                       const char *name, const char *text);

/* What happened between two scrapes, `ns` apart; 0: as their time stamps say. False after errors.
 */
bool rates_between(struct rates *rates, struct arena *arena, struct diag *diag,
                   const struct scrape *first, const struct scrape *second, double ns);

/* NULL: there is no such topic. */
struct rate *rates_find(const struct rates *rates, const char *topic);

#endif

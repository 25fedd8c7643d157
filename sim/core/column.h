/*
 * column.h - what a run reports: declared once, in a table, by the model.
 */
#ifndef SIM_CORE_COLUMN_H
#define SIM_CORE_COLUMN_H

struct column {
    const char *name; /* request-latency-avg */
    const char *unit; /* "ms", "records/s", "" for a share or a count */
    const char *help;
    const char *const *words; /* ended by NULL; the value is an index. NULL: a number */
};

#endif

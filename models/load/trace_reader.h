/*
 * trace_reader.h - a trace while it is read; private to trace.c and trace_reader.c.
 */
#ifndef MODELS_LOAD_TRACE_READER_H
#define MODELS_LOAD_TRACE_READER_H

#include "models/load/csv_in.h"
#include "models/load/trace.h"

enum trace_column { /* those that every trace has, in this order */
                    TRACE_TIME,
                    TRACE_TOPIC,
                    TRACE_PARTITION,
                    TRACE_KEY_BYTES,
                    TRACE_VALUE_BYTES,
                    TRACE_REQUIRED
};

#define TRACE_COLUMNS                                                                              \
    {                                                                                              \
        "time_ns", "topic", "partition", "key_bytes", "value_bytes"                                \
    }
#define TRACE_HEADER "time_ns,topic,partition,key_bytes,value_bytes[,key][,subtask]"

struct trace_reader {
    struct param_context *context;
    const struct topic_list *topics;
    int32_t parallelism, max_parallelism;
    bool ignore_keys;
    struct arena scratch; /* given back when the trace has been read */
    struct csv_in csv;
    size_t columns;
    size_t key, subtask;       /* the columns; 0: not there */
    sim_time last;             /* time of the record above */
    const struct topic *topic; /* of the record above: the next one's is often the same */
    size_t without_key;        /* rows so far */
    int64_t errors;
    int64_t row_errors;   /* of this record */
    struct place omitted; /* of the first error that is not shown */
};

/* An error at a byte of the current record; only the first TRACE_ERRORS_SHOWN are kept. */
void trace_reader_complain(struct trace_reader *reader, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The field as text for a message, not too long. */
const char *trace_reader_quote(struct trace_reader *reader, const struct csv_in_field *field);

/* Reads the current record; complains where it is wrong. */
void trace_reader_row(struct trace_reader *reader, struct trace_row *row);

#endif

/*
 * trace_reader.c - one record of a trace: its fields, and what follows from a key.
 */
#include "models/load/trace_reader.h"

#include <string.h>

#include "models/load/key_groups.h"
#include "models/load/keys.h"

#define QUOTED_BYTES 60

static const char *const column_names[] = TRACE_COLUMNS;

const char *trace_reader_quote(struct trace_reader *reader, const struct csv_in_field *field)
{
    if (field->length <= QUOTED_BYTES)
        return arena_format(&reader->scratch, "%.*s", (int)field->length, field->text);
    size_t length = QUOTED_BYTES;
    while (length > 0 && ((unsigned char)field->text[length] & 0xc0) == 0x80)
        length--; /* not through the middle of a character */
    return arena_format(&reader->scratch, "%.*s...", (int)length, field->text);
}

/* Digits only, 0..max; false after an error. */
static bool read_whole(struct trace_reader *reader, const struct csv_in_field *field,
                       const char *column, int64_t max, int64_t *value)
{
    int64_t number = 0;
    bool good = field->length > 0;
    for (size_t i = 0; i < field->length && good; i++) {
        const int digit = field->text[i] - '0';
        good = digit >= 0 && digit <= 9 && number <= (max - digit) / 10;
        number = good ? 10 * number + digit : number;
    }
    *value = number;
    if (good)
        return true;
    if (field->length == 0)
        trace_reader_complain(reader, field->start, "%s is empty; write a whole number, 0..%lld",
                              column, (long long)max);
    else
        trace_reader_complain(reader, field->start, "%s is '%s'; a whole number, 0..%lld, is right",
                              column, trace_reader_quote(reader, field), (long long)max);
    return false;
}

static void read_time(struct trace_reader *reader, struct trace_row *row)
{
    const struct csv_in_field *const field = &reader->csv.fields[TRACE_TIME];
    if (!read_whole(reader, field, column_names[TRACE_TIME], TRACE_TIME_MAX, &row->at))
        return;
    if (row->at < reader->last)
        trace_reader_complain(reader, field->start,
                              "time_ns %lld is before the %lld above; times must not decrease",
                              (long long)row->at, (long long)reader->last);
    reader->last = row->at;
}

static void complain_of_topic(struct trace_reader *reader, const struct csv_in_field *field)
{
    const char *const written = trace_reader_quote(reader, field);
    const char *near = NULL;
    if (reader->errors < TRACE_ERRORS_SHOWN) { /* else nobody would see it */
        const size_t count = (size_t)reader->topics->count;
        const char **const names = ARENA_ARRAY(&reader->scratch, const char *, count);
        for (size_t i = 0; i < count; i++)
            names[i] = reader->topics->items[i].name;
        near = diag_nearest(written, names, count);
    }
    if (near != NULL)
        trace_reader_complain(reader, field->start, "unknown topic '%s'; did you mean '%s'?",
                              written, near);
    else
        trace_reader_complain(reader, field->start,
                              "unknown topic '%s'; one of the scenario's topics is right", written);
}

/* NULL after an error. */
static const struct topic *read_topic(struct trace_reader *reader)
{
    const struct csv_in_field *const field = &reader->csv.fields[TRACE_TOPIC];
    const struct topic *topic = reader->topic;
    if (topic == NULL || strncmp(topic->name, field->text, field->length) != 0 ||
        topic->name[field->length] != '\0')
        topic = topics_find_bytes(reader->topics, field->text, field->length);
    if (topic == NULL)
        complain_of_topic(reader, field);
    else
        reader->topic = topic;
    return topic;
}

/* The text of the key, NULL without one. An empty one is none, as on a StateFun egress. */
static const struct csv_in_field *read_key(struct trace_reader *reader)
{
    const struct csv_in_field *const field = &reader->csv.fields[reader->key];
    if (reader->key == 0 || field->length == 0)
        return NULL;
    if (!keys_is_utf8(field->text, field->length))
        trace_reader_complain(reader, field->start, "key is not UTF-8; a key is text");
    return field;
}

static void read_key_bytes(struct trace_reader *reader, const struct csv_in_field *key,
                           struct trace_row *row)
{
    const struct csv_in_field *const field = &reader->csv.fields[TRACE_KEY_BYTES];
    const int64_t bytes = key != NULL ? (int64_t)key->length : -1;
    row->key_bytes = (int32_t)bytes;
    int64_t written;
    if (field->length == 0 ||
        !read_whole(reader, field, column_names[TRACE_KEY_BYTES], INT32_MAX, &written))
        return;
    if (key != NULL && written != bytes)
        trace_reader_complain(reader, field->start,
                              "key_bytes is %lld, but key has %lld; leave one of them empty",
                              (long long)written, (long long)bytes);
    row->key_bytes = (int32_t)written;
}

static void read_partition(struct trace_reader *reader, const struct topic *topic,
                           const struct csv_in_field *key, struct trace_row *row)
{
    const struct csv_in_field *const field = &reader->csv.fields[TRACE_PARTITION];
    row->partition = -1;
    if (field->length > 0) {
        int64_t partition;
        if (!read_whole(reader, field, column_names[TRACE_PARTITION], INT32_MAX, &partition))
            return;
        if (topic != NULL && partition >= topic->partitions)
            trace_reader_complain(reader, field->start,
                                  "partition %lld of topic '%s' does not exist; it has 0..%d",
                                  (long long)partition, topic->name, topic->partitions - 1);
        row->partition = (int32_t)partition;
    } else if (reader->ignore_keys || topic == NULL) {
        return;
    } else if (key != NULL) {
        const int32_t hash = keys_murmur2(key->text, key->length);
        row->partition = (hash & 0x7fffffff) % topic->partitions;
    } else if (row->key_bytes >= 0) {
        trace_reader_complain(reader, reader->csv.fields[TRACE_KEY_BYTES].start,
                              "key_bytes without a partition needs the text of the key; "
                              "give partition or key");
    }
}

static void read_subtask(struct trace_reader *reader, const struct csv_in_field *key,
                         struct trace_row *row)
{
    const struct csv_in_field *const field = &reader->csv.fields[reader->subtask];
    row->subtask = 0;
    if (reader->subtask != 0 && field->length > 0) {
        int64_t subtask;
        if (!read_whole(reader, field, "subtask", INT32_MAX, &subtask))
            return;
        if (subtask >= reader->parallelism)
            trace_reader_complain(reader, field->start,
                                  "subtask %lld does not exist; job.parallelism %d has 0..%d",
                                  (long long)subtask, reader->parallelism, reader->parallelism - 1);
        row->subtask = (int32_t)subtask;
    } else if (key != NULL) {
        row->subtask =
            key_groups_owner(row->key_hash, reader->parallelism, reader->max_parallelism);
    } else if (reader->parallelism > 1) {
        trace_reader_complain(reader, reader->subtask != 0 ? field->start : reader->csv.record,
                              "neither subtask nor key; job.parallelism is %d, so give one of them",
                              reader->parallelism);
    }
}

/* False after an error: not as many fields as the header has columns. */
static bool read_count(struct trace_reader *reader)
{
    const struct csv_in *const csv = &reader->csv;
    if (csv->count == reader->columns)
        return true;
    if (csv->count == 1 && csv->fields[0].length == 0) {
        trace_reader_complain(reader, csv->record, "an empty line; a record has %zu fields",
                              reader->columns);
        return false;
    }
    const bool extra = csv->count > reader->columns;
    const struct csv_in_field *const field = &csv->fields[extra ? reader->columns : csv->count - 1];
    const char *const at = extra ? field->start : field->start + field->length;
    trace_reader_complain(reader, at, "%zu field%s; the header has %zu columns", csv->count,
                          csv->count == 1 ? "" : "s", reader->columns);
    return false;
}

void trace_reader_row(struct trace_reader *reader, struct trace_row *row)
{
    if (reader->csv.wrong != NULL) {
        trace_reader_complain(reader, reader->csv.wrong_at, "%s", reader->csv.wrong);
        return;
    }
    if (!read_count(reader))
        return;
    read_time(reader, row);
    const struct topic *const topic = read_topic(reader);
    if (topic != NULL)
        row->topic = (int32_t)(topic - reader->topics->items);
    const struct csv_in_field *const key = read_key(reader);
    row->key_hash = key != NULL ? keys_java_hash_bytes(key->text, key->length) : 0;
    reader->without_key += key == NULL;
    read_key_bytes(reader, key, row);
    read_partition(reader, topic, key, row);
    int64_t value = 0;
    read_whole(reader, &reader->csv.fields[TRACE_VALUE_BYTES], column_names[TRACE_VALUE_BYTES],
               INT32_MAX, &value);
    row->value_bytes = (int32_t)value;
    read_subtask(reader, key, row);
}

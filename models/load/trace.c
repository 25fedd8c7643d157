/*
 * trace.c - a trace, from its path to rows. What the columns hold is read in trace_reader.c.
 */
#include "models/load/trace.h"

#include <stdarg.h>
#include <string.h>

#include "models/kafka/fields.h"
#include "models/load/key_groups.h"
#include "models/load/trace_reader.h"
#include "sim/input/file.h"

const struct param_shape trace_file_shape = {.kind = PARAM_TEXT};

bool trace_file_read(struct param_context *context, const struct node *node, void *field)
{
    struct trace_file *const trace = field;
    *trace = (struct trace_file){.directory = context->directory};
    if (node == NULL)
        return true;
    trace->place = node->place;
    if (node->kind == NODE_SCALAR && node->text[0] != '\0') {
        trace->path = node->text;
        return true;
    }
    diag_error(context->diag, node->place, "load.trace is %s; write the name of a CSV file",
               fields_written(context->arena, node));
    return false;
}

void trace_reader_complain(struct trace_reader *reader, const char *at, const char *format, ...)
{
    reader->row_errors++;
    const struct place place = csv_in_place(&reader->csv, at);
    if (++reader->errors > TRACE_ERRORS_SHOWN) {
        if (reader->errors == TRACE_ERRORS_SHOWN + 1)
            reader->omitted = place;
        return;
    }
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diag_error(reader->context->diag, place, "%s", text);
}

static bool field_is(const struct csv_in_field *field, const char *text)
{
    return field->length == strlen(text) && memcmp(field->text, text, field->length) == 0;
}

/* Which optional column the header's field names; its place in the records is noted. */
static void read_optional(struct trace_reader *reader, size_t index)
{
    const struct csv_in_field *const field = &reader->csv.fields[index];
    size_t *const column = field_is(field, "key")       ? &reader->key
                           : field_is(field, "subtask") ? &reader->subtask
                                                        : NULL;
    if (column == NULL)
        trace_reader_complain(
            reader, field->start,
            "unknown column '%s'; after value_bytes only key and subtask may come",
            trace_reader_quote(reader, field));
    else if (*column != 0)
        trace_reader_complain(reader, field->start, "column '%s' is there twice; once is right",
                              trace_reader_quote(reader, field));
    else
        *column = index;
}

/* False after an error. */
static bool read_header(struct trace_reader *reader)
{
    static const char *const names[] = TRACE_COLUMNS;
    struct csv_in *const csv = &reader->csv;
    if (!csv_in_next(csv)) {
        diag_error(reader->context->diag, (struct place){.file = csv->name},
                   "the file is empty; a trace begins with the header %s", TRACE_HEADER);
        return false;
    }
    if (csv->wrong != NULL) {
        trace_reader_complain(reader, csv->wrong_at, "%s", csv->wrong);
        return false;
    }
    for (size_t i = 0; i < csv->count && i < CSV_IN_FIELDS; i++) {
        if (i >= TRACE_REQUIRED) {
            read_optional(reader, i);
        } else if (!field_is(&csv->fields[i], names[i])) {
            trace_reader_complain(
                reader, csv->fields[i].start, "the header says '%s' where '%s' belongs; write %s",
                trace_reader_quote(reader, &csv->fields[i]), names[i], TRACE_HEADER);
            return false;
        }
    }
    if (csv->count < TRACE_REQUIRED)
        trace_reader_complain(reader, csv->record, "the header has %zu columns; write %s",
                              csv->count, TRACE_HEADER);
    reader->columns = csv->count;
    return reader->errors == 0;
}

static void read_rows(struct trace_reader *reader, struct trace_file *trace)
{
    struct csv_in *const csv = &reader->csv;
    struct trace_row *const rows =
        ARENA_ARRAY(reader->context->arena, struct trace_row, csv_in_lines(csv));
    size_t count = 0;
    while (csv_in_next(csv)) {
        reader->row_errors = 0;
        trace_reader_row(reader, &rows[count]);
        count += reader->row_errors == 0;
    }
    if (count == 0 && reader->errors == 0) {
        diag_error(reader->context->diag, (struct place){.file = csv->name},
                   "a header and no records; each further line is one");
        reader->errors++;
    }
    if (reader->errors > TRACE_ERRORS_SHOWN)
        diag_error(reader->context->diag, reader->omitted, "... and %lld more",
                   (long long)(reader->errors - TRACE_ERRORS_SHOWN));
    trace->rows = rows;
    trace->count = count;
    trace->without_key = reader->without_key;
}

bool trace_load(struct param_context *context, struct trace_file *trace,
                const struct topic_list *topics, int32_t parallelism, int32_t max_parallelism,
                bool ignore_keys)
{
    if (trace->path == NULL)
        return true;
    struct trace_reader reader = {
        .context = context,
        .topics = topics,
        .parallelism = parallelism,
        .max_parallelism =
            max_parallelism > 0 ? max_parallelism : key_groups_default_max(parallelism),
        .ignore_keys = ignore_keys,
    };
    const char *const path = file_beside(context->arena, trace->directory, trace->path);
    file_note(context->diag, path);
    arena_init(&reader.scratch);
    const char *const wrong = csv_in_open(&reader.csv, &reader.scratch, path);
    if (wrong != NULL) {
        diag_error(context->diag, trace->place,
                   "cannot read the trace '%s': %s; its path starts at the scenario's directory",
                   path, wrong);
        reader.errors++;
    } else if (read_header(&reader)) {
        read_rows(&reader, trace);
    }
    arena_free(&reader.scratch);
    return reader.errors == 0 && trace->count > 0;
}

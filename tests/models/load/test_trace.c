/*
 * test_trace.c - every rule of scenario.md 4 for a trace, and every complaint with its place.
 *
 * guards: models/load/trace, models/load/csv_in; scenario.md 4
 */
#include <time.h>
#include <unistd.h>

#include "models/load/key_groups.h"
#include "models/load/keys.h"
#include "models/load/trace.h"
#include "tests/models/fragment.h"

#define HEADER "time_ns,topic,partition,key_bytes,value_bytes"

/* How a trace is to be read; two topics, t0 of 12 and other of 3 partitions. */
struct setting {
    int32_t parallelism, max_parallelism;
    bool ignore_keys;
};

static const struct setting alone = {1, 128, false};
static const struct setting dozen = {12, 128, false};

struct fixture {
    struct fragment fragment;
    struct trace_file trace;
    char path[64];
};

/* The bytes as a file, read. */
static bool load_bytes(struct fixture *fixture, const char *bytes, size_t length,
                       struct setting setting)
{
    static int number;
    snprintf(fixture->path, sizeof fixture->path, "/tmp/test_trace.%d.%d.csv", (int)getpid(),
             number++);
    FILE *const file = fopen(fixture->path, "wb");
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);

    struct topic_list topics;
    fragment_init(&fixture->fragment, "/nowhere");
    cr_assert(fragment_read(&fixture->fragment, topics_read,
                            "[{name: t0, partitions: 12}, {name: other, partitions: 3}]", &topics));
    cr_assert(fragment_read(&fixture->fragment, trace_file_read, fixture->path, &fixture->trace));
    const bool good = trace_load(&fixture->fragment.context, &fixture->trace, &topics,
                                 setting.parallelism, setting.max_parallelism, setting.ignore_keys);
    remove(fixture->path);
    cr_expect_eq(good, fixture->fragment.diag.errors == 0);
    return good;
}

static bool load(struct fixture *fixture, const char *text, struct setting setting)
{
    return load_bytes(fixture, text, strlen(text), setting);
}

static void expect_row(const struct trace_row *row, sim_time at, int topic, int partition,
                       int key_bytes, int value_bytes, int subtask)
{
    cr_expect_eq(row->at, at, "at %lld", (long long)row->at);
    cr_expect_eq(row->topic, topic, "topic %d", row->topic);
    cr_expect_eq(row->partition, partition, "partition %d", row->partition);
    cr_expect_eq(row->key_bytes, key_bytes, "key_bytes %d", row->key_bytes);
    cr_expect_eq(row->value_bytes, value_bytes, "value_bytes %d", row->value_bytes);
    cr_expect_eq(row->subtask, subtask, "subtask %d", row->subtask);
}

Test(trace, reads_the_plain_columns)
{
    struct fixture f;
    cr_assert(load(&f, HEADER "\n5,t0,11,8,500\n5,other,0,,0\n7,t0,,,2147483647\n", alone), "%s",
              said(&f.fragment.diag));
    cr_assert_eq(f.trace.count, 3);
    expect_row(&f.trace.rows[0], 5, 0, 11, 8, 500, 0);
    expect_row(&f.trace.rows[1], 5, 1, 0, -1, 0, 0);
    expect_row(&f.trace.rows[2], 7, 0, -1, -1, INT32_MAX, 0);
    arena_free(&f.fragment.arena);
}

/* Owners and partitions of the table in flink-statefun.md 4. */
Test(trace, a_key_decides_partition_size_and_subtask)
{
    struct fixture f;
    cr_assert(load(&f,
                   HEADER ",key,subtask\n"
                          "1,t0,,,9,entity-1,\n"       /* partition 8, subtask 5 of 12 */
                          "2,t0,3,,9,entity-42,\n"     /* subtask 3; the partition is given */
                          "3,t0,,12,9,order-000017,\n" /* its length agrees */
                          "4,t0,,,9,a,11\n"            /* subtask 11 is given, 7 is the owner */
                          "5,t0,4,7,9,,2\n"            /* no text of the key needed */
                          "6,t0,,,9,\"\",0\n",         /* no key, and sticky */
                   dozen),
              "%s", said(&f.fragment.diag));
    cr_assert_eq(f.trace.count, 6);
    expect_row(&f.trace.rows[0], 1, 0, 8, 8, 9, 5);
    expect_row(&f.trace.rows[1], 2, 0, 3, 9, 9, 3);
    expect_row(&f.trace.rows[2], 3, 0, 11, 12, 9, 1);
    expect_row(&f.trace.rows[3], 4, 0, 4, 1, 9, 11);
    expect_row(&f.trace.rows[4], 5, 0, 4, 7, 9, 2);
    expect_row(&f.trace.rows[5], 6, 0, -1, -1, 9, 0);
    arena_free(&f.fragment.arena);
}

Test(trace, max_parallelism_0_is_flinks_default)
{
    struct fixture f;
    cr_assert(load(&f, HEADER ",key\n1,t0,,,9,entity-1\n", (struct setting){240, 0, false}));
    expect_row(&f.trace.rows[0], 1, 0, 8, 8, 9, 148);
    arena_free(&f.fragment.arena);
}

Test(trace, optional_columns_come_in_either_order)
{
    struct fixture f;
    cr_assert(load(&f, HEADER ",subtask,key\n1,t0,,,9,,entity-1\n", dozen));
    expect_row(&f.trace.rows[0], 1, 0, 8, 8, 9, 5);
    arena_free(&f.fragment.arena);
    cr_assert(load(&f, HEADER ",subtask\n1,t0,,,9,4\n", dozen));
    expect_row(&f.trace.rows[0], 1, 0, -1, -1, 9, 4);
    arena_free(&f.fragment.arena);
}

Test(trace, ignored_keys_leave_the_partition_open)
{
    struct fixture f;
    cr_assert(load(&f, HEADER ",key\n1,t0,,,9,entity-1\n2,t0,,5,9,\n3,t0,2,,9,entity-1\n",
                   (struct setting){1, 128, true}),
              "%s", said(&f.fragment.diag));
    expect_row(&f.trace.rows[0], 1, 0, -1, 8, 9, 0);
    expect_row(&f.trace.rows[1], 2, 0, -1, 5, 9, 0);
    expect_row(&f.trace.rows[2], 3, 0, 2, 8, 9, 0);
    arena_free(&f.fragment.arena);
}

Test(trace, takes_crlf_quotes_and_no_last_line_end)
{
    struct fixture f;
    cr_assert(load(&f,
                   "\xef\xbb\xbf" HEADER ",key\r\n1,t0,,,9,\"a,\"\"b\"\"\nc\"\r\n"
                   "2,\"t0\",,,9,日本語\r\n3,t0,,,9,x\r",
                   alone),
              "%s", said(&f.fragment.diag));
    cr_assert_eq(f.trace.count, 3);
    const int32_t hash = keys_murmur2("a,\"b\"\nc", 7);
    expect_row(&f.trace.rows[0], 1, 0, (hash & 0x7fffffff) % 12, 7, 9, 0);
    expect_row(&f.trace.rows[1], 2, 0, 1431860170 % 12, 9, 9, 0);
    cr_expect_eq(f.trace.rows[2].key_bytes, 1);
    arena_free(&f.fragment.arena);
}

static const struct {
    const char *text;
    int32_t parallelism;
    const char *said; /* after the file's name */
} wrong[] = {
    /* the header */
    {"", 1, ": error: the file is empty; a trace begins with the header time_ns,topic"},
    {HEADER "\n", 1, ": error: a header and no records"},
    {HEADER, 1, ": error: a header and no records"},
    {"time,topic\n", 1, ":1:1: error: the header says 'time' where 'time_ns' belongs; write"},
    {"time_ns,partition\n", 1, ":1:9: error: the header says 'partition' where 'topic'"},
    {"time_ns,topic\n", 1, ":1:1: error: the header has 2 columns; write time_ns"},
    {HEADER ",kay\n", 1, ":1:47: error: unknown column 'kay'; after value_bytes only key and"},
    {HEADER ",key,key\n", 1, ":1:51: error: column 'key' is there twice; once is right"},
    {"1,t0,,,9\n", 1, ":1:1: error: the header says '1' where 'time_ns' belongs"},
    {"\"time_ns\n1,t0\n", 1, ":1:1: error: a quote that is not closed"},
    /* the shape of a record */
    {HEADER "\n1,t0,,9\n", 1, ":2:8: error: 4 fields; the header has 5 columns"},
    {HEADER "\n1,t0,,,9,a\n", 1, ":2:10: error: 6 fields; the header has 5 columns"},
    {HEADER "\n1,t0,,,9\n\n", 1, ":3:1: error: an empty line; a record has 5 fields"},
    {HEADER ",key\n1,t0,,,9,a\"b\n", 1, ":2:11: error: a quote inside a field; put the whole"},
    {HEADER ",key\n1,t0,,,9,\"a\"b\n", 1, ":2:13: error: text behind the closing quote"},
    {HEADER ",key\n1,t0,,,9,\"ab\n2,t0\n", 1, ":2:10: error: a quote that is not closed"},
    /* numbers */
    {HEADER "\n,t0,,,9\n", 1, ":2:1: error: time_ns is empty; write a whole number, 0..1"},
    {HEADER "\n-1,t0,,,9\n", 1, ":2:1: error: time_ns is '-1'; a whole number, 0..10000000"},
    {HEADER "\n1e3,t0,,,9\n", 1, ":2:1: error: time_ns is '1e3'; a whole number"},
    {HEADER "\n 1,t0,,,9\n", 1, ":2:1: error: time_ns is ' 1'; a whole number"},
    {HEADER "\n1000000000000001,t0,,,9\n", 1, ":2:1: error: time_ns is '1000000000000001'; a"},
    {HEADER "\n99999999999999999999,t0,,,9\n", 1, ":2:1: error: time_ns is '9999"},
    {HEADER "\n1,t0,,x,9\n", 1, ":2:7: error: key_bytes is 'x'; a whole number, 0..2147483647"},
    {HEADER "\n1,t0,0,,\n", 1, ":2:9: error: value_bytes is empty; write a whole number"},
    {HEADER "\n1,t0,0,,2147483648\n", 1, ":2:9: error: value_bytes is '2147483648'; a whole"},
    {HEADER "\n1,t0,1.5,,9\n", 1, ":2:6: error: partition is '1.5'; a whole number"},
    /* what they mean */
    {HEADER "\n5,t0,,,9\n4,t0,,,9\n", 1, ":3:1: error: time_ns 4 is before the 5 above; times"},
    {HEADER "\n1,t1,,,9\n", 1, ":2:3: error: unknown topic 't1'; did you mean 't0'?"},
    {HEADER "\n1,t00,,,9\n", 1, ":2:3: error: unknown topic 't00'"},
    {HEADER "\n1,t,,,9\n", 1, ":2:3: error: unknown topic 't'"},
    {HEADER "\n1,t0,,,9\n2,t,,,9\n", 1, ":3:3: error: unknown topic 't'"},
    {HEADER ",key\n1,t0,,,9,\"a\nb\"\n2,t1,,,9,\n", 1, ":4:3: error: unknown topic 't1'"},
    {HEADER "\n1,,,,9\n", 1, ":2:3: error: unknown topic ''"},
    {HEADER "\n1,payments,,,9\n", 1, ":2:3: error: unknown topic 'payments'; one of the"},
    {HEADER "\n1,t0,12,,9\n", 1,
     ":2:6: error: partition 12 of topic 't0' does not exist; it has 0..11"},
    {HEADER "\n1,t0,,3,9\n", 1, ":2:7: error: key_bytes without a partition needs the text"},
    {HEADER ",key\n1,t0,,3,9,four\n", 1, ":2:7: error: key_bytes is 3, but key has 4; leave"},
    {HEADER ",key\n1,t0,,,9,a\xff\n", 1, ":2:10: error: key is not UTF-8"},
    {HEADER ",key\n1,t0,,,9,äö\"\n", 1, ":2:12: error: a quote inside"}, /* characters */
    {HEADER ",key\n1,t0,,,9,\"ä\nö\"z\n", 1, ":3:3: error: text behind"},
    {HEADER ",subtask\n1,t0,,,9,2\n", 2,
     ":2:10: error: subtask 2 does not exist; job.parallelism 2 has 0..1"},
    {HEADER ",subtask\n1,t0,,,9,x\n", 2, ":2:10: error: subtask is 'x'; a whole number"},
    {HEADER ",subtask,key\n1,t0,,,9,,\n", 2, ":2:10: error: neither subtask nor key; job.para"},
    {HEADER "\n1,t0,,,9\n", 2, ":2:1: error: neither subtask nor key; job.parallelism is 2"},
};

Test(trace, says_what_is_wrong_and_where)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fixture f;
        const bool good =
            load(&f, wrong[i].text, (struct setting){wrong[i].parallelism, 128, false});
        cr_expect_not(good, "%s", wrong[i].text);
        cr_expect_eq(f.fragment.diag.errors, 1, "%s: %s", wrong[i].text, said(&f.fragment.diag));
        const char *const expected = arena_format(&f.fragment.arena, "%s%s", f.path, wrong[i].said);
        const char *const text = said(&f.fragment.diag);
        cr_expect(strncmp(text, expected, strlen(expected)) == 0, "expected '%s', not '%s'",
                  expected, text);
        arena_free(&f.fragment.arena);
    }
}

Test(trace, refuses_nul_bytes)
{
    static const char bytes[] = HEADER "\n1,t0\0,,,9\n";
    struct fixture f;
    cr_expect_not(load_bytes(&f, bytes, sizeof bytes - 1, alone));
    fragment_expect(&f.fragment, "s.yaml:1:1: error: cannot read the trace '/tmp/test_trace.");
    fragment_expect(&f.fragment, "NUL byte");
    arena_free(&f.fragment.arena);
}

Test(trace, collects_errors_and_counts_the_rest)
{
    char text[4096];
    size_t length = (size_t)snprintf(text, sizeof text, HEADER "\n");
    for (int i = 0; i < 25; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "1,nowhere,,,x\n");
    struct fixture f;
    cr_expect_not(load(&f, text, alone));
    cr_expect_eq(f.fragment.diag.errors, TRACE_ERRORS_SHOWN + 1);
    fragment_expect(&f.fragment, ":11:3: error: unknown topic 'nowhere'");
    fragment_expect(&f.fragment, ":11:13: error: value_bytes is 'x'");
    const char *const end = strstr(said(&f.fragment.diag), ":12:3: error: ... and 30 more\n");
    cr_expect_not_null(end, "%s", said(&f.fragment.diag));
    cr_expect(end != NULL && strchr(end, '\n')[1] == '\0', "it comes last");
    arena_free(&f.fragment.arena);
}

static void expect_unreadable(const char *written, const char *directory, const char *message)
{
    struct fixture f;
    struct topic_list topics;
    fragment_init(&f.fragment, directory);
    cr_assert(fragment_read(&f.fragment, topics_read, "[{name: t0, partitions: 12}]", &topics));
    cr_assert(fragment_read(&f.fragment, trace_file_read, written, &f.trace));
    cr_expect_not(trace_load(&f.fragment.context, &f.trace, &topics, 1, 128, false));
    fragment_expect(&f.fragment, message);
    arena_free(&f.fragment.arena);
}

Test(trace, names_the_scenarios_line_when_there_is_no_file)
{
    expect_unreadable("gone.csv", "/tmp/nowhere",
                      "s.yaml:1:1: error: cannot read the trace '/tmp/nowhere/gone.csv': No such");
    expect_unreadable("/gone.csv", "/tmp", "cannot read the trace '/gone.csv': No such file");
    expect_unreadable(".", "/tmp", "cannot read the trace '/tmp/.': Is a directory");
}

Test(trace, is_nothing_without_a_path)
{
    struct fragment fragment;
    struct trace_file trace;
    fragment_init(&fragment, ".");
    cr_assert(trace_file_read(&fragment.context, NULL, &trace));
    cr_expect_null(trace.path);
    cr_expect(trace_load(&fragment.context, &trace, NULL, 1, 128, false));
    cr_expect_not(fragment_read(&fragment, trace_file_read, "[a.csv]", &trace));
    fragment_expect(&fragment, "s.yaml:1:1: error: load.trace is a list; write the name of a CSV");
    arena_free(&fragment.arena);
}

/* The promise is a million lines in a second; a sanitizer or a busy machine may take a few times as
 * long. */
Test(trace, reads_half_a_million_lines_soon)
{
    const int lines = 500000;
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    fputs(HEADER ",key\n", out);
    for (int i = 0; i < lines; i++)
        fprintf(out, "%d000,%s,,,500,entity-%d\n", i, i % 3 == 0 ? "t0" : "other", i);
    fclose(out);
    struct fixture f;
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    cr_assert(load_bytes(&f, text, size, dozen));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    free(text);
    cr_assert_eq(f.trace.count, lines);
    cr_expect_eq(f.trace.rows[lines - 1].at, 1000 * (lines - 1));
    const double seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    cr_expect_lt(seconds, 2.0, "%g s", seconds);
    arena_free(&f.fragment.arena);
}

/*
 * test_rows.c - a table that does not fit into memory is written like one that does, also what was
 * open for long.
 *
 * guards: models/log/rows, models/log/log
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "models/log/log.h"

static char *written(const char *directory)
{
    static struct log log;
    log_init(&log, directory);
    int64_t open[7] = {0};
    for (int32_t i = 0; i < 100000; i++) {
        const int32_t subtask = i % 7 * 3 % 7;
        if (i >= 7 && (subtask != 2 || i < 700))
            log_end_stall(&log, open[subtask], 5 * i);
        if (subtask == 2 && i >= 700)
            continue; /* its last one is never over */
        const struct log_stall row = {
            .subtask = subtask, .start = 5 * (i / 7), .end = SIM_NEVER, .bytes = i};
        open[subtask] = log_add_stall(&log, &row);
    }
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    log_write_stalls(&log, out);
    fclose(out);
    cr_assert_eq(log.stalls.sorter.spill != NULL, directory != NULL);
    log_free(&log);
    return text;
}

Test(rows, what_went_to_the_disk_comes_back)
{
    char *const kept = written(NULL);
    char *const spilled = written("/tmp");
    cr_expect_eq(strcmp(kept, spilled), 0);
    free(kept);
    free(spilled);
}

#define BATCHES 200000 /* of the first subtask more than have room in memory at once */

/* Requests of up to three batches, which end out of order or never. */
static struct log *filled(const char *directory)
{
    static struct log log;
    static int64_t numbers[BATCHES];
    log_init(&log, directory);
    for (int32_t i = 0; i < BATCHES; i++) {
        const int32_t subtask = i % 16 == 0;
        numbers[i] = log_add_batch(&log, &(struct log_batch){.subtask = subtask,
                                                             .request = i / 3,
                                                             .broker = i % 5,
                                                             .partition = i * 7 % 11,
                                                             .records = 1 + i % 4,
                                                             .drained = i / 3,
                                                             .answered = SIM_NEVER,
                                                             .completed = SIM_NEVER});
        const int32_t over = i % 2 == 0 ? i - 1000 : i;
        if (over >= 0 && over % 1234 != 0)
            log_end_batch(&log, numbers[over],
                          &(struct log_answer){.answered = i, .completed = i + 1});
    }
    return &log;
}

static char *batches_text(struct log *log, bool timeline)
{
    static const struct topic items[] = {{.name = "a", .partitions = 4, .first = 0},
                                         {.name = "b", .partitions = 7, .first = 4}};
    static const struct topic_list topics = {.items = items, .count = 2, .partitions = 11};
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    (timeline ? log_write_timeline : log_write_batches)(log, &topics, out);
    fclose(out);
    return text;
}

/* Twice, and the timeline in between: neither order is the other's. */
Test(rows, batches_come_back_in_both_orders)
{
    struct log *log = filled(NULL);
    char *const kept[] = {batches_text(log, false), batches_text(log, true)};
    log_free(log);
    log = filled("/tmp");
    for (int i = 0; i < 3; i++) {
        char *const spilled = batches_text(log, i == 1);
        cr_expect(strcmp(kept[i % 2], spilled) == 0, "table %d", i % 2);
        free(spilled);
    }
    cr_assert_not_null(log->batches.second.spill);
    log_free(log);
    free(kept[0]);
    free(kept[1]);
}

static const char *field(const char *line, int column)
{
    for (; column > 0; column--)
        line = strchr(line, ',') + 1;
    return line;
}

static int64_t number_at(const char *line, int column)
{
    return strtoll(field(line, column), NULL, 10);
}

/* A subtask's partitions one after the other, each with its requests in order. */
Test(rows, the_timeline_goes_by_partition)
{
    struct log *const log = filled("/tmp");
    char *const text = batches_text(log, true);
    int64_t last = -1;
    int count = 0;
    for (const char *line = strchr(text, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        const int64_t partition = number_at(line, 4) + (*field(line, 3) == 'b' ? 4 : 0);
        const int64_t place = (number_at(line, 0) * 16 + partition) * BATCHES + number_at(line, 5);
        cr_assert_geq(place, last, "line %d", count);
        last = place;
        count++;
    }
    cr_expect_eq(count, BATCHES);
    log_free(log);
    free(text);
}

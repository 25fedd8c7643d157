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
    size_t open[7] = {0};
    for (int32_t i = 0; i < 100000; i++) {
        const int32_t subtask = i % 7 * 3 % 7;
        if (i >= 7 && (subtask != 2 || i < 700))
            log_stall(&log, open[subtask])->end = 5 * i;
        if (subtask == 2 && i >= 700)
            continue; /* its last one is never over */
        const struct log_stall row = {
            .subtask = subtask, .start = 5 * (i / 7), .end = SIM_NEVER, .bytes = i};
        open[subtask] = (size_t)log_add_stall(&log, &row);
    }
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    log_write_stalls(&log, out);
    fclose(out);
    cr_assert_eq(log.stalls.spills[0] != NULL, directory != NULL);
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

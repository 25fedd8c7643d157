/*
 * test_aligned.c - a table on a screen.
 *
 * guards: sim/output/aligned
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/output/aligned.h"

static void expect_table(int width, size_t fitting, const char *expected)
{
    static const char *const cells[] = {
        "orders.events-36", "93.5 \u00b1 0.2", "load", "-", "a", "-", "", "1,000"};
    struct arena arena;
    struct aligned aligned;
    struct screen screen;
    char *written = NULL;
    size_t bytes = 0;
    arena_init(&arena);
    aligned_init(&aligned, &arena, 4);
    aligned_name(&aligned, "partition", "");
    aligned_name(&aligned, "batch-fill-avg", "%");
    aligned_name(&aligned, "bottleneck", "");
    aligned_name(&aligned, "RequestHandlerAvgIdlePercent", "ms/s");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        aligned_add(&aligned, cells[i]);
    FILE *const out = open_memstream(&written, &bytes);
    screen_open(&screen, out, false);
    cr_expect_eq(aligned_fitting(&aligned, width), fitting, "%zu",
                 aligned_fitting(&aligned, width));
    aligned_print(&aligned, fitting, &screen);
    fclose(out);
    cr_expect_str_eq(written, expected, "\n%s", written);
    free(written);
    arena_free(&arena);
}

Test(aligned, all)
{
    expect_table(54, 4,
                 "                                               Request\n"
                 "                  batch-fill-               HandlerAvg\n"
                 "partition                 avg  bottleneck  IdlePercent\n"
                 "                            %                     ms/s\n"
                 "orders.events-36   93.5 \u00b1 0.2  load                  -\n"
                 "a                           -                    1,000\n");
}

Test(aligned, what_fits)
{
    expect_table(53, 3,
                 "                  batch-fill-\n"
                 "partition                 avg  bottleneck\n"
                 "                            %\n"
                 "orders.events-36   93.5 \u00b1 0.2  load\n"
                 "a                           -\n");
    expect_table(40, 2,
                 "                  batch-fill-\n"
                 "partition                 avg\n"
                 "                            %\n"
                 "orders.events-36   93.5 \u00b1 0.2\n"
                 "a                           -\n");
    expect_table(29, 2,
                 "                  batch-fill-\n"
                 "partition                 avg\n"
                 "                            %\n"
                 "orders.events-36   93.5 \u00b1 0.2\n"
                 "a                           -\n");
    expect_table(10, 1,
                 "partition\n"
                 "orders.events-36\n"
                 "a\n");
}

/*
 * test_replay.c - a source that is set back has the same records again, those that had been
 * announced and not begun included.
 *
 * guards: models/flink/replay, models/flink/fetcher; flink-statefun.md 12
 */
#include "models/flink/replay.h"
#include "tests/models/flink/office.h"
#include "tests/models/load/load_fixture.h"

struct stand { /* of a source: its next records */
    sim_time when[40];
    const struct load_class *class[40];
};

static struct stand look(struct source copy)
{
    struct stand stand;
    for (int i = 0; i < 40; i++) {
        int64_t emit;
        stand.when[i] = source_next(&copy, &emit);
        stand.class[i] = copy.class;
        source_pass(&copy);
    }
    return stand;
}

static void read_some(struct source *source, int count)
{
    for (int i = 0; i < count; i++) {
        int64_t emit;
        source_next(source, &emit);
        source_pass(source);
    }
}

struct scenery {
    struct fixture load;
    struct office office;
    struct source *source;
    struct replay replay;
};

static void arrange(struct scenery *scenery)
{
    init(&scenery->load);
    scenery->source = make(&scenery->load, 3);
    replay_init(&scenery->replay, &scenery->load.arena, scenery->source);
    office_begin(&scenery->office);
    scenery->office.setup.tolerable_failed = INT64_MAX;
}

static void clear_away(struct scenery *scenery)
{
    office_end(&scenery->office);
    arena_free(&scenery->load.arena);
}

static void expect_back(struct scenery *scenery, int64_t checkpoint, uint32_t number,
                        const struct stand *stand)
{
    read_some(scenery->source, 333);
    cr_assert_eq(replay_restore(&scenery->replay, checkpoint), number);
    const struct stand now = look(*scenery->source);
    cr_assert(memcmp(&now, stand, sizeof now) == 0);
}

Test(replay, the_beginning_is_checkpoint_0)
{
    struct scenery scenery;
    arrange(&scenery);
    const struct stand start = look(*scenery.source);
    expect_back(&scenery, 0, 0, &start);
    expect_back(&scenery, 0, 0, &start); /* again and again */
    clear_away(&scenery);
}

Test(replay, the_last_completed_one_is_kept_whatever_fails)
{
    struct scenery scenery;
    arrange(&scenery);
    struct office *const office = &scenery.office;
    office_open(office);
    struct stand last;
    for (int64_t i = 1; i <= 2; i++) {
        office_run_orders(office, 2 * (int)i - 1);
        read_some(scenery.source, 1000);
        last = look(*scenery.source);
        replay_save(&scenery.replay, &office->coordinator, i, false, 17);
        office_finish(office, i);
        office_run_orders(office, 2 * (int)i);
    }
    for (int i = 0; i < 10; i++) { /* each times out, and the next one is triggered */
        office_run_orders(office, 5 + 2 * i);
        read_some(scenery.source, 50);
        replay_save(&scenery.replay, &office->coordinator, office->coordinator.triggered, false,
                    18);
    }
    expect_back(&scenery, 2, 17, &last);
    clear_away(&scenery);
}

/* Checkpoints at given instants overlap: three may be under way beside the last completed one. */
Test(replay, several_under_way)
{
    static const sim_time at[] = {1, 2, 3};
    struct scenery scenery;
    arrange(&scenery);
    struct office *const office = &scenery.office;
    office->setup.at = at;
    office->setup.at_count = 3;
    office_open(office);
    struct stand stands[4];
    for (int i = 1; i <= 3; i++) {
        office_run_orders(office, i);
        read_some(scenery.source, 100);
        stands[i] = look(*scenery.source);
        replay_save(&scenery.replay, &office->coordinator, i, false, (uint32_t)i);
    }
    office_finish(office, 2);
    office_run_orders(office, 4);
    expect_back(&scenery, 2, 2, &stands[2]);
    clear_away(&scenery);
}

Test(replay, a_record_that_has_been_announced_and_not_begun_comes_again)
{
    struct scenery scenery;
    arrange(&scenery);
    office_open(&scenery.office);
    office_run_orders(&scenery.office, 1);
    read_some(scenery.source, SOURCE_BLOCK); /* the announced one opens a block */
    const struct stand before = look(*scenery.source);
    int64_t emit;
    source_next(scenery.source, &emit);
    replay_save(&scenery.replay, &scenery.office.coordinator, 1, true, 0);
    source_pass(scenery.source);
    expect_back(&scenery, 1, 0, &before);
    clear_away(&scenery);
}

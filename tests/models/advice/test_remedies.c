/*
 * test_remedies.c - what the remedies are of a given job, as words of --set, and which of them it
 * has no use for.
 *
 * guards: models/advice/remedies
 */
#include <string.h>

#include "models/advice/remedies.h"
#include "tests/run.h"

static const char scenario[] = "topics: [{name: \"t%d\", partitions: 12, count: 2}]\n"
                               "load: {rate: 1k/s}\n"
                               "job: {parallelism: 12, max-parallelism: 20}\n"
                               "producer: {batch.size: 16384, linger.ms: 5}\n";

static struct run run;

static void begin(void)
{
    run_read_text(&run, scenario);
}

static void end(void)
{
    run_free(&run);
}

TestSuite(remedies, .init = begin, .fini = end);

/* Is there a remedy that is exactly these words, "A" or "A B"? */
static bool has(const char *wanted)
{
    for (size_t i = 0; i < remedy_count; i++) {
        const struct remedy_words words = remedy_words(&remedies[i], &run.params, &run.study);
        char text[256] = "";
        for (size_t w = 0; w < words.count; w++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", w > 0 ? " " : "",
                     words.sets[w]);
        if (words.count > 0 && strcmp(text, wanted) == 0)
            return true;
    }
    return false;
}

Test(remedies, are_steps_from_what_there_is)
{
    cr_expect(has("buffer.memory=64MiB"));
    cr_expect(has("buffer.memory=128MiB"));
    cr_expect(has("batch.size=8KiB"));
    cr_expect(has("batch.size=64KiB"));
    cr_expect(has("linger.ms=0"));
    cr_expect(has("linger.ms=100"));
    cr_expect(has("parallelism=18"));
    cr_expect(has("max-parallelism=24"), "two for each subtask");
    cr_expect(has("brokers.count=4"));
    cr_expect(has("shards=2"));
    cr_expect(has("send.buffer.bytes=1MiB socket.receive.buffer.bytes=1MiB"));
}

Test(remedies, are_none_where_the_job_is_so_already)
{
    cr_expect_not(has("batch.size=16KiB"));
    cr_expect_not(has("linger.ms=5"));
    cr_expect_not(has("max.in.flight.requests.per.connection=5"));
}

Test(remedies, leave_alone_what_the_job_does_not_have)
{
    cr_expect_not(has("fetch.min.bytes=131072") || has("fetch.min.bytes=128KiB"));
    cr_expect_not(has("checkpoint.timeout=6000s"));
    cr_expect_not(has("cores=2"));
}

Test(remedies, keep_the_order_of_records)
{
    cr_expect_not(has("max.in.flight.requests.per.connection=8"), "idempotence would be given up");
    run.params.idempotence = 0;
    cr_expect(has("max.in.flight.requests.per.connection=8"));
}

Test(remedies, take_no_more_subtasks_than_key_groups)
{
    cr_expect_not(has("parallelism=24"));
    cr_expect(has("parallelism=20"), "all of the 20");
}

/*
 * partitioner.c - the sticky choice, uniform or by the lengths of the queues.
 */
#include "models/producer/partitioner.h"

void sticky_init(struct sticky *sticky, struct arena *arena, const struct cluster_topic *topic)
{
    *sticky = (struct sticky){
        .partition = -1,
        .cumulative = ARENA_ARRAY(arena, int32_t, topic->partitions),
        .partitions = ARENA_ARRAY(arena, int32_t, topic->partitions),
        .available = ARENA_ARRAY(arena, int32_t, topic->partitions),
    };
}

void sticky_reset(struct sticky *sticky)
{
    sticky->partition = -1;
    sticky->produced_bytes = 0;
    sticky->table_count = sticky->available_count = 0;
}

/* One draw, always (kafka-producer.md 9.2). */
static int32_t choose(const struct sticky *sticky, const struct cluster_topic *topic,
                      const struct partitioner_draws *draws)
{
    const int32_t r = (int32_t)(draws->next(draws->state) & 0x7fffffff);
    if (sticky->table_count == 0 && sticky->available_count > 0)
        return sticky->available[r % sticky->available_count];
    if (sticky->table_count == 0)
        return topic->in_order[r % topic->partitions];
    const int32_t w = r % sticky->cumulative[sticky->table_count - 1];
    int32_t i = 0;
    while (sticky->cumulative[i] <= w)
        i++;
    return sticky->partitions[i];
}

static void stick(struct sticky *sticky, int32_t partition)
{
    sticky->partition = partition;
    sticky->produced_bytes = 0;
}

int32_t sticky_partition(struct sticky *sticky, const struct cluster_topic *topic,
                         const struct partitioner_draws *draws)
{
    if (sticky->partition < 0)
        stick(sticky, choose(sticky, topic, draws));
    return sticky->partition;
}

bool sticky_update(struct sticky *sticky, const struct cluster_topic *topic, int64_t bytes,
                   bool enabled, int64_t batch_size, const struct partitioner_draws *draws)
{
    sticky->produced_bytes += bytes;
    const bool reached = sticky->produced_bytes >= batch_size && enabled;
    if (!reached && sticky->produced_bytes < 2 * batch_size)
        return false;
    stick(sticky, choose(sticky, topic, draws));
    return true;
}

bool sticky_leave(struct sticky *sticky, const struct cluster_topic *topic, int32_t partition,
                  const struct partitioner_draws *draws)
{
    const int32_t left = sticky->partition;
    if (left >= 0 && left != partition)
        return false;
    if (topic->partitions == 1)
        sticky->partition = topic->in_order[0];
    while (sticky->partition == left && topic->partitions > 1)
        sticky->partition = choose(sticky, topic, draws);
    return sticky->partition != left;
}

void sticky_tabulate(struct sticky *sticky, int32_t collected, int32_t size)
{
    int32_t *const sizes = sticky->cumulative;
    sticky->table_count = 0;
    if (collected < 1 || size < 2)
        return;
    int32_t longest = sizes[0];
    bool equal = true;
    for (int32_t i = 1; i < collected; i++) {
        equal &= sizes[i] == sizes[0];
        longest = sizes[i] > longest ? sizes[i] : longest;
    }
    if (equal && collected == size)
        return;
    int32_t sum = 0;
    for (int32_t i = 0; i < collected; i++) {
        sum += longest + 1 - sizes[i];
        sizes[i] = sum;
    }
    sticky->table_count = collected;
}

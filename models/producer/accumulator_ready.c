/*
 * accumulator_ready.c - the accumulator as the Sender sees it: which nodes, and what goes to them.
 *
 * ready() of the real client costs a look at every partition in every loop. Here a node without
 * retries is decided by a few words of bits and the head of its linger list; one with a retry at
 * some head is walked (accumulator_retries.c). [models/README.md A5]
 */
#include "models/producer/accumulator_parts.h"
#include "models/producer/queues_parts.h"
#include "sim/core/check.h"

/* The oldest head that lingers and is not muted, NULL if there is none. */
static const struct batch *oldest_lingering(const struct accumulator *acc,
                                            const struct node_queues *node)
{
    int32_t slot = node->linger_first;
    while (slot != QUEUES_NONE && queues_get_bit(node->muted, acc->queues.slots[slot].position))
        slot = acc->queues.slots[slot].linger_next;
    return slot != QUEUES_NONE ? acc->queues.slots[slot].head : NULL;
}

static bool any_ready_at_once(const struct accumulator *acc, const struct node_queues *node)
{
    const bool everything = accumulator_everything_goes(acc);
    uint64_t found = 0;
    for (int32_t w = 0; w < node->words; w++)
        found |= queues_candidates(node, w) & (everything ? ~(uint64_t)0 : node->full[w]);
    return found != 0;
}

static struct readiness look(const struct accumulator *acc, int32_t node, int64_t now_ms)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    struct readiness result = {.ready = any_ready_at_once(acc, queues),
                               .delay_ms = ACCUMULATOR_FOR_EVER,
                               .least_ms = ACCUMULATOR_FOR_EVER};
    if (result.ready)
        return result;
    const struct batch *const oldest = oldest_lingering(acc, queues);
    if (oldest != NULL) {
        const int64_t rest_ms = acc->config->linger_ms - accumulator_waited_ms(oldest, now_ms);
        result.ready = rest_ms <= 0;
        result.delay_ms = rest_ms > 0 ? rest_ms : ACCUMULATOR_FOR_EVER;
    }
    return result;
}

struct readiness accumulator_ready(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    if (acc->queues.nodes[node].retried_heads > 0)
        return accumulator_walk(acc, node, now_ms);
    acc->retries[node].to = 0;
    const struct readiness result = look(acc, node, now_ms);
    CHECK_SLOW((accumulator_check_look(acc, node, now_ms, &result), true));
    return result;
}

#ifdef SIM_CHECK_SLOW
static void check_quiet(const struct accumulator *acc, const struct delay *delay)
{
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        if (acc->queues.nodes[n].retried_heads > 0)
            continue;
        const struct readiness found = look(acc, n, delay->from_ms);
        CHECK(!found.ready && found.delay_ms >= delay->least_ms);
    }
}
#endif

static int64_t end_of(int64_t from_ms, int64_t delay_ms)
{
    return delay_ms == ACCUMULATOR_FOR_EVER ? ACCUMULATOR_FOR_EVER : from_ms + delay_ms;
}

static int64_t left(int64_t until_ms, int64_t now_ms)
{
    return until_ms == ACCUMULATOR_FOR_EVER ? ACCUMULATOR_FOR_EVER : until_ms - now_ms;
}

void accumulator_calm(struct accumulator *acc, const struct delay *delay)
{
    acc->quiet_retries = false;
    for (int32_t n = 0; n < acc->cluster->node_count; n++)
        acc->quiet_retries |= acc->retries[n].to > 0;
    acc->queues.quiet_until_ms = end_of(delay->from_ms, delay->least_ms);
    acc->rest_until_ms = end_of(delay->from_ms, delay->rest_ms);
}

bool accumulator_quiet(struct accumulator *acc, int64_t now_ms, struct delay *delay)
{
    const int64_t until_ms = acc->queues.quiet_until_ms;
    if (now_ms >= until_ms || accumulator_everything_goes(acc))
        return false;
    delay->from_ms = now_ms;
    delay->least_ms = delay->rest_ms = left(until_ms, now_ms);
    if (acc->quiet_retries) {
        delay->rest_ms = left(acc->rest_until_ms, now_ms);
        accumulator_walk_again(acc);
    }
    CHECK_SLOW((check_quiet(acc, delay), true));
    return true;
}

int64_t accumulator_delay_before_ready(const struct accumulator *acc, int32_t node, int64_t now_ms)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    int64_t delay_ms = ACCUMULATOR_FOR_EVER;
    if (accumulator_everything_goes(acc))
        return delay_ms;
    for (int32_t i = accumulator_next_position(queues, 0); i < queues->count;
         i = accumulator_next_position(queues, i + 1)) {
        if (queues_get_bit(queues->full, i))
            break;
        const int64_t rest_ms = acc->config->linger_ms -
                                accumulator_waited_ms(accumulator_head_at(acc, node, i), now_ms);
        if (rest_ms <= 0)
            break;
        delay_ms = rest_ms < delay_ms ? rest_ms : delay_ms;
    }
    return delay_ms;
}

void accumulator_node_seen(struct accumulator *acc, int32_t node, bool can_send, int64_t now_ms)
{
    struct node_queues *const queues = &acc->queues.nodes[node];
    if (can_send || !queues->seen)
        queues->drain_ms = now_ms;
    queues->ready_ms = now_ms;
    queues->seen = true;
}

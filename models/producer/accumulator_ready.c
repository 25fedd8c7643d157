/*
 * accumulator_ready.c - the accumulator as the Sender sees it: which nodes, and what goes to them.
 *
 * ready() of the real client costs a look at every partition in every loop. Here a node without
 * retries is decided by a few words of bits and the head of its linger list; one with a retry at
 * some head, which is rare, is walked as the client walks it. [models/README.md A5]
 */
#include <string.h>

#include "models/producer/accumulator_parts.h"
#include "sim/core/check.h"

/* Drawn anew at every look. */
int64_t accumulator_backoff_ms(struct accumulator *acc, int32_t attempts)
{
    return backoff_ms(&acc->retry, &acc->backoff, attempts);
}

/* Whatever waits may go: somebody waits for memory, or for a flush. */
static bool everything_goes(const struct accumulator *acc)
{
    return buffer_pool_exhausted(&acc->pool) || acc->flushes > 0;
}

static bool in(const uint64_t *words, int32_t position)
{
    return (words[position / 64] >> (position % 64)) & 1;
}

/* The client draws a backoff even where it does not look further. */
void accumulator_weigh(struct accumulator *acc, int32_t slot, bool everything, int64_t now_ms,
                       struct readiness *found)
{
    const struct queue *const queue = &acc->queues.slots[slot];
    const struct node_queues *const node = &acc->queues.nodes[queue->node];
    const struct batch *const head = queue->head;
    if (head == NULL)
        return;
    const bool waits = accumulator_backs_off(acc, head, now_ms);
    if (found->ready || in(node->muted, queue->position))
        return;
    const int64_t to_wait_ms =
        waits ? accumulator_backoff_ms(acc, head->attempts - 1) : acc->config->linger_ms;
    const int64_t rest_ms = to_wait_ms - accumulator_waited_ms(head, now_ms);
    const bool sendable = in(node->full, queue->position) || rest_ms <= 0 || everything;
    if (sendable && !waits)
        found->ready = true;
    else if (rest_ms < found->delay_ms)
        found->delay_ms = rest_ms > 0 ? rest_ms : 0;
}

#ifdef SIM_CHECK_SLOW
/* As the client does it, partition by partition; with the client's draws. */
static struct readiness walk_all(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    struct readiness result = {.walked = true, .delay_ms = ACCUMULATOR_FOR_EVER};
    for (int32_t i = 0; i < acc->queues.nodes[node].count; i++)
        accumulator_weigh(acc, acc->queues.nodes[node].slots[i], everything_goes(acc), now_ms,
                          &result);
    return result;
}
#endif

/* The rest of a walk over a node that is ready: only the draws are left of it. */
static void pass_retries(struct accumulator *acc, int32_t node, int32_t word, uint64_t bits)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    for (;;) {
        for (; bits != 0; bits &= bits - 1)
            if (accumulator_draws_backoff(
                    accumulator_head_at(acc, node, 64 * word + __builtin_ctzll(bits))))
                backoff_pass(&acc->retry, &acc->backoff);
        if (++word == queues->words)
            return;
        bits = queues->retried[word];
    }
}

/* A head that waits whatever the client draws, as most do that were retried: the first draw says
 * nothing then, and the second only where it might be the least delay. False: nothing is drawn. */
static bool waits_for_sure(const struct accumulator *acc, const struct batch *head, bool muted,
                           int64_t now_ms, struct rng *draws, struct readiness *found)
{
    const int64_t waited = accumulator_waited_ms(head, now_ms);
    const int64_t least_ms = backoff_least_ms(&acc->retry, head->attempts - 1) - waited;
    if (!accumulator_draws_backoff(head) || least_ms <= 0)
        return false;
    (void)rng_next(draws);
    if (!muted && least_ms < found->delay_ms) {
        const int64_t rest_ms = backoff_ms(&acc->retry, draws, head->attempts - 1) - waited;
        found->delay_ms = rest_ms < found->delay_ms ? rest_ms : found->delay_ms;
    } else if (!muted) {
        (void)rng_next(draws);
    }
    return true;
}

/* As the client does it, partition by partition, but for those that say nothing: which have no
 * batch, and which are muted and draw nothing. */
static struct readiness walk_some(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    const bool everything = everything_goes(acc);
    const bool draws = backoff_draws(&acc->retry);
    struct rng rng = acc->backoff;
    struct readiness result = {.walked = true, .delay_ms = ACCUMULATOR_FOR_EVER};
    for (int32_t w = 0; w < queues->words; w++) {
        for (uint64_t bits = queues_candidates(queues, w) | queues->retried[w]; bits != 0;) {
            const int32_t position = 64 * w + __builtin_ctzll(bits);
            bits &= bits - 1;
            if (draws && in(queues->retried, position) &&
                waits_for_sure(acc, accumulator_head_at(acc, node, position),
                               in(queues->muted, position), now_ms, &rng, &result))
                continue;
            acc->backoff = rng;
            accumulator_weigh(acc, queues->slots[position], everything, now_ms, &result);
            rng = acc->backoff;
            if (result.ready) {
                pass_retries(acc, node, w, bits & queues->retried[w]);
                return result;
            }
        }
    }
    acc->backoff = rng;
    return result;
}

static struct readiness walk(struct accumulator *acc, int32_t node, int64_t now_ms)
{
#ifdef SIM_CHECK_SLOW
    const struct rng before = acc->backoff;
    const struct readiness slow = walk_all(acc, node, now_ms);
    const struct rng after = acc->backoff;
    acc->backoff = before;
#endif
    const struct readiness result = walk_some(acc, node, now_ms);
#ifdef SIM_CHECK_SLOW
    CHECK(result.ready == slow.ready && result.delay_ms == slow.delay_ms);
    CHECK(memcmp(&acc->backoff, &after, sizeof(after)) == 0);
#endif
    return result;
}

/* The oldest head that lingers and is not muted, NULL if there is none. */
static const struct batch *oldest_lingering(const struct accumulator *acc,
                                            const struct node_queues *node)
{
    int32_t slot = node->linger_first;
    while (slot != QUEUES_NONE && in(node->muted, acc->queues.slots[slot].position))
        slot = acc->queues.slots[slot].linger_next;
    return slot != QUEUES_NONE ? acc->queues.slots[slot].head : NULL;
}

static bool any_ready_at_once(const struct accumulator *acc, const struct node_queues *node)
{
    const bool everything = everything_goes(acc);
    uint64_t found = 0;
    for (int32_t w = 0; w < node->words; w++)
        found |= queues_candidates(node, w) & (everything ? ~(uint64_t)0 : node->full[w]);
    return found != 0;
}

static struct readiness look(const struct accumulator *acc, int32_t node, int64_t now_ms)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    struct readiness result = {.ready = any_ready_at_once(acc, queues),
                               .delay_ms = ACCUMULATOR_FOR_EVER};
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
        return walk(acc, node, now_ms);
    const struct readiness result = look(acc, node, now_ms);
#ifdef SIM_CHECK_SLOW
    const struct readiness slow = walk_all(acc, node, now_ms);
    CHECK(result.ready == slow.ready);
    CHECK((result.ready ? accumulator_delay_before_ready(acc, node, now_ms) : result.delay_ms) ==
          slow.delay_ms);
#endif
    return result;
}

/* Retries are looked at every time: their backoff is drawn anew. */
void accumulator_calm(struct accumulator *acc, int64_t now_ms, int64_t delay_ms)
{
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        if (acc->queues.nodes[n].retried_heads > 0)
            return;
    }
    acc->queues.quiet_until_ms =
        delay_ms == ACCUMULATOR_FOR_EVER ? ACCUMULATOR_FOR_EVER : now_ms + delay_ms;
}

bool accumulator_quiet(const struct accumulator *acc, int64_t now_ms, int64_t *delay_ms)
{
    const int64_t until_ms = acc->queues.quiet_until_ms;
    if (now_ms >= until_ms || everything_goes(acc))
        return false;
    *delay_ms = until_ms == ACCUMULATOR_FOR_EVER ? until_ms : until_ms - now_ms;
#ifdef SIM_CHECK_SLOW
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        const struct readiness found = look(acc, n, now_ms);
        CHECK(!found.ready && found.delay_ms >= *delay_ms);
    }
#endif
    return true;
}

int64_t accumulator_delay_before_ready(const struct accumulator *acc, int32_t node, int64_t now_ms)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    int64_t delay_ms = ACCUMULATOR_FOR_EVER;
    if (everything_goes(acc))
        return delay_ms;
    for (int32_t i = accumulator_next_position(queues, 0); i < queues->count;
         i = accumulator_next_position(queues, i + 1)) {
        if (in(queues->full, i))
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

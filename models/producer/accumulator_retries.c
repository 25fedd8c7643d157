/*
 * accumulator_retries.c - looks at nodes with retried heads, for each of which the client draws a
 * backoff in every look.
 *
 * Most of them wait whatever is drawn, and how long matters only if nothing else ends the poll
 * before: so their draws are counted, and made only when somebody asks.
 */
#include <string.h>

#include "models/producer/accumulator_parts.h"
#include "models/producer/queues_parts.h"
#include "sim/core/check.h"

/* Drawn anew at every look. */
int64_t accumulator_backoff_ms(struct accumulator *acc, int32_t attempts)
{
    return backoff_ms(&acc->retry, &acc->backoff, attempts);
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
    if (found->ready || queues_get_bit(node->muted, queue->position))
        return;
    const int64_t to_wait_ms =
        waits ? accumulator_backoff_ms(acc, head->attempts - 1) : acc->config->linger_ms;
    const int64_t rest_ms = to_wait_ms - accumulator_waited_ms(head, now_ms);
    const bool sendable = queues_get_bit(node->full, queue->position) || rest_ms <= 0 || everything;
    if (sendable && !waits)
        found->ready = true;
    else if (rest_ms < found->delay_ms)
        found->delay_ms = rest_ms > 0 ? rest_ms : 0;
}

/* Heads that are held: two draws, of which a muted one is spared the second. */
static void pass_held(struct accumulator *acc, uint64_t held, uint64_t muted)
{
    backoff_pass(&acc->retry, &acc->backoff,
                 __builtin_popcountll(held) + __builtin_popcountll(held & ~muted));
}

/* The rest of a walk over a node that is ready: one draw per retried head is left of it. */
static void pass_rest(struct accumulator *acc, const struct node_queues *queues, int32_t word,
                      uint64_t retried)
{
    int32_t draws = __builtin_popcountll(retried);
    while (++word < queues->words)
        draws += __builtin_popcountll(queues->retried[word]);
    backoff_pass(&acc->retry, &acc->backoff, draws);
}

/* As the client does it, partition by partition, but for those that say nothing (which have no
 * batch, and which are muted and draw nothing) and those that are held. */
static struct readiness walk(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    struct node_queues *const queues = &acc->queues.nodes[node];
    const bool everything = accumulator_everything_goes(acc);
    struct readiness result = ACCUMULATOR_WALK;
    for (int32_t w = 0; w < queues->words; w++) {
        uint64_t retried = queues->retried[w];
        const uint64_t let_go = queues_let_go(queues, w, now_ms, &result.least_ms);
        result.drawn |= let_go != 0;
        for (uint64_t bits = (queues_candidates(queues, w) & ~retried) | let_go; bits != 0;
             bits &= bits - 1) {
            const int32_t position = 64 * w + __builtin_ctzll(bits);
            const uint64_t up_to = bits ^ (bits - 1);
            pass_held(acc, retried & (up_to >> 1), queues->muted[w]);
            retried &= ~up_to;
            accumulator_weigh(acc, queues->slots[position], everything, now_ms, &result);
            if (result.ready) {
                acc->retries[node].to = position;
                pass_rest(acc, queues, w, retried);
                return result;
            }
        }
        pass_held(acc, retried, queues->muted[w]);
    }
    return result;
}

/* What the look has drawn for the retried head at `position`: the delay, if it waits for less. */
static int64_t draw_wait(const struct accumulator *acc, const struct node_queues *queues,
                         int32_t position, const struct delay *delay, struct backoff_draws *draws)
{
    backoff_pass(&acc->retry, draws, 1);
    if (queues_get_bit(queues->muted, position))
        return delay->rest_ms;
    if (queues->held_ms[position] - delay->from_ms >= delay->rest_ms) {
        backoff_pass(&acc->retry, draws, 1);
        return delay->rest_ms;
    }
    const struct batch *const head = acc->queues.slots[queues->slots[position]].head;
    const int64_t waits_ms = backoff_ms(&acc->retry, draws, head->attempts - 1) -
                             accumulator_waited_ms(head, delay->from_ms);
    if (waits_ms >= delay->rest_ms)
        return delay->rest_ms;
    return waits_ms > 0 ? waits_ms : 0;
}

static void draw_waits(const struct accumulator *acc, int32_t node, struct delay *delay)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    const struct retries_look *const look = &acc->retries[node];
    struct backoff_draws draws = look->from;
    for (int32_t w = 0; 64 * w < look->to; w++) {
        for (uint64_t bits = queues->retried[w]; bits != 0; bits &= bits - 1) {
            const int32_t position = 64 * w + __builtin_ctzll(bits);
            if (position < look->to)
                delay->rest_ms = draw_wait(acc, queues, position, delay, &draws);
        }
    }
}

int64_t accumulator_drawn_ms(const struct accumulator *acc, const struct delay *delay)
{
    struct delay known = *delay;
    for (int32_t n = 0; n < acc->cluster->node_count; n++)
        draw_waits(acc, n, &known);
    return known.rest_ms;
}

#ifdef SIM_CHECK_SLOW
/* As the client does it, partition by partition, with its draws. */
static struct readiness walk_all(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    struct readiness result = ACCUMULATOR_WALK;
    for (int32_t i = 0; i < acc->queues.nodes[node].count; i++)
        accumulator_weigh(acc, acc->queues.nodes[node].slots[i], accumulator_everything_goes(acc),
                          now_ms, &result);
    return result;
}

void accumulator_check_look(struct accumulator *acc, int32_t node, int64_t now_ms,
                            const struct readiness *found)
{
    const struct readiness slow = walk_all(acc, node, now_ms);
    CHECK(found->ready == slow.ready);
    CHECK((found->ready ? accumulator_delay_before_ready(acc, node, now_ms) : found->delay_ms) ==
          slow.delay_ms);
}

/* The draws that are counted and those that are made are the client's. */
static void check_retries(struct accumulator *acc, int32_t node, int64_t now_ms,
                          const struct readiness *found)
{
    const struct retries_look *const look = &acc->retries[node];
    struct backoff_draws fast = acc->backoff;
    acc->backoff = look->from;
    const struct readiness slow = walk_all(acc, node, now_ms);
    struct backoff_draws after = acc->backoff;
    acc->backoff = fast;
    rng_skip(&fast.rng, fast.owed);
    rng_skip(&after.rng, after.owed);
    CHECK(memcmp(&fast.rng, &after.rng, sizeof(after.rng)) == 0);
    struct delay drawn = {.from_ms = now_ms, .rest_ms = found->delay_ms};
    draw_waits(acc, node, &drawn);
    CHECK(found->ready == slow.ready && drawn.rest_ms == slow.delay_ms);
    CHECK(slow.delay_ms >= found->delay_ms || slow.delay_ms >= found->least_ms);
}
#endif

struct readiness accumulator_walk(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    struct retries_look *const look = &acc->retries[node];
    look->from = acc->backoff;
    look->to = acc->queues.nodes[node].count;
    acc->queues.quiet_until_ms = 0;
    const struct readiness result = walk(acc, node, now_ms);
    look->draws = acc->backoff.owed - look->from.owed;
    CHECK_SLOW((check_retries(acc, node, now_ms, &result), true));
    return result;
}

void accumulator_walk_again(struct accumulator *acc)
{
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        struct retries_look *const look = &acc->retries[n];
        if (look->to == 0)
            continue;
        look->from = acc->backoff;
        acc->backoff.owed += look->draws;
    }
}

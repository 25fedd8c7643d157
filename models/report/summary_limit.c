/*
 * summary_limit.c - the verdict in words: what limits the run, or how far away the next limit is.
 */
#include <math.h>

#include "models/broker/socket.h"
#include "models/report/summary_parts.h"

/* A send() that waits so much of the time deserves a word even where all gets through. */
#define WAITS_MOST 0.5

/* Of a broker whose threads hardly work. */
#define IDLE 0.05

#define SENTENCE_BYTES 256

static const char *of_sockets(const struct fanout_params *params, char text[SENTENCE_BYTES])
{
    char window[FIGURE_BYTES];
    const struct socket_model socket =
        socket_model_new(params->send_buffer, params->receive_buffer);
    snprintf(text, SENTENCE_BYTES,
             "the sockets: a connection carries one window of %s per round trip "
             "(send.buffer.bytes, socket.receive.buffer.bytes)",
             figure_bytes(window, socket.window_bytes));
    return text;
}

static const char *of_load(const double *columns, char text[SENTENCE_BYTES])
{
    char share[FIGURE_BYTES];
    if (columns[COLUMN_steady] == 0)
        return "nothing that is used up over the whole window: something held it up for a part of "
               "it (--series shows when)";
    const bool again = columns[COLUMN_restarts] > 0 && columns[COLUMN_records_lost] == 0;
    const bool fails = columns[COLUMN_record_error_rate] > 0;
    if (fails && !again)
        return "the load, but records fail";
    const bool waits = columns[COLUMN_blocked_ratio_max] > WAITS_MOST;
    snprintf(text, SENTENCE_BYTES, "the load: everything that is offered gets through%s%s%s%s",
             fails ? ", what failed was sent again" : "", waits ? ", and waits for memory " : "",
             waits ? figure_per_cent(share, columns[COLUMN_blocked_ratio_max]) : "",
             waits ? " of the time" : "");
    return text;
}

static const char *of_brokers(const double *columns)
{
    if (columns[COLUMN_broker_handler_idle_min] <= IDLE ||
        columns[COLUMN_broker_network_idle_min] <= IDLE)
        return "the brokers: their threads have no time left";
    return "the brokers: requests are not answered";
}

/* Of those that need no figures. */
static const char *const meaning[] = {
    [BOTTLENECK_MAILBOX] = "the mailboxes: send() itself takes their time",
    [BOTTLENECK_FUNCTION] = "the mailboxes: the function takes their time",
    [BOTTLENECK_BUFFERPOOL] =
        "the buffer pool: send() waits for memory that batches in flight hold",
    [BOTTLENECK_SENDER] =
        "the Sender threads: send() waits for memory that they are too slow to send",
    [BOTTLENECK_CONNECTION] = "the connections: a broker serves one request of each at a time",
    [BOTTLENECK_SOURCE] = "the sources: nothing behind them is full",
    [BOTTLENECK_SKEW] = "skew: some subtasks are full, others are not",
    [BOTTLENECK_CHECKPOINTS] =
        "checkpoints: flushes, sync parts and alignment leave too little time for records",
    [BOTTLENECK_RESTARTS] =
        "restarts: the job is fast enough, but it is down or does again what it had done",
    [BOTTLENECK_ERRORS] = "errors: what is sent is refused and comes again, or fails for good",
    [BOTTLENECK_ROUND_TRIP] =
        ("the round trip: a request takes one batch of a partition, and as many are in flight as "
         "may be (batch.size, max.in.flight.requests.per.connection)"),
    [BOTTLENECK_CORES] =
        "the cores of a TaskManager: its threads wait for them (job.taskmanagers.cores)",
    [BOTTLENECK_REMOTE] = "the remote functions: more comes for an id than its requests carry",
    [BOTTLENECK_VALVE] =
        ("the valve: too much is in flight to remote functions, or waits for one id "
         "(statefun.async.max-per-task, maxNumBatchRequests)"),
    [BOTTLENECK_METADATA] =
        "the brokers: none is left that a client knows, and send() waits for metadata",
    [BOTTLENECK_SLOTS] =
        ("in-flight slots: a connection has as many requests in flight as it may have "
         "(batch.size, max.in.flight.requests.per.connection)"),
};

bool summary_is_slower(const struct fanout_params *params, const double *columns)
{
    return params->brokers > 1 &&
           columns[COLUMN_broker_stay_max] > SUMMARY_SLOWER * columns[COLUMN_broker_stay_avg];
}

static void tell_limit(const struct fanout_params *params, const double *columns,
                       struct summary_verdict *verdict)
{
    const enum bottleneck bottleneck = (enum bottleneck)columns[COLUMN_bottleneck];
    const bool of_broker = bottleneck == BOTTLENECK_BROKER || bottleneck == BOTTLENECK_CONNECTION;
    char text[SENTENCE_BYTES];
    char slower[SENTENCE_BYTES] = "";
    const char *words = meaning[bottleneck];
    if (bottleneck == BOTTLENECK_LOAD)
        words = of_load(columns, text);
    else if (bottleneck == BOTTLENECK_SOCKET)
        words = of_sockets(params, text);
    else if (bottleneck == BOTTLENECK_BROKER)
        words = of_brokers(columns);
    if (of_broker && summary_is_slower(params, columns))
        snprintf(slower, sizeof slower, "; broker %.0f is slower than others",
                 columns[COLUMN_broker_slowest]);
    snprintf(verdict->limited_by, sizeof verdict->limited_by, "%s%s", words, slower);
}

static const char *const resources[] = {
    [BOTTLENECK_MAILBOX] = "the fullest mailbox",
    [BOTTLENECK_FUNCTION] = "the fullest function",
    [BOTTLENECK_SOURCE] = "the fullest source",
    [BOTTLENECK_SENDER] = "the busiest Sender",
    [BOTTLENECK_CONNECTION] = "the busiest connection",
    [BOTTLENECK_SLOTS] = "the in-flight slots of the fullest connection",
    [BOTTLENECK_SOCKET] = "the busiest connection's sockets",
    [BOTTLENECK_BROKER] = "the threads of the busiest broker",
    [BOTTLENECK_CORES] = "the cores of the busiest TaskManager",
    [BOTTLENECK_BUFFERPOOL] = "the fullest pool",
    [BOTTLENECK_VALVE] = "the valve before remote functions",
};

const char *summary_resource(enum bottleneck bottleneck)
{
    return resources[bottleneck];
}

/* A window of what swings may end with more than it began with. */
#define SWINGS 0.01

static void tell_swing(const struct fanout_params *params, const double *columns,
                       struct summary_verdict *verdict)
{
    char text[FIGURE_BYTES];
    const double growth = columns[COLUMN_backlog_growth];
    const double seconds = 1e-9 * (double)params->duration;
    if (fabs(growth) > SWINGS * columns[COLUMN_offered_rate])
        snprintf(verdict->swing, sizeof verdict->swing,
                 "what is owed swings: the window ends with %s records %s than it began with "
                 "(run.duration)",
                 figure_exact(text, fabs(growth) * seconds), growth > 0 ? "more" : "fewer");
}

struct summary_verdict summary_verdict(const struct fanout_params *params, const double *columns)
{
    char text[FIGURE_BYTES];
    const bool steady = columns[COLUMN_steady] != 0;
    struct summary_verdict verdict = {.healthy =
                                          columns[COLUMN_bottleneck] == BOTTLENECK_LOAD && steady};
    tell_limit(params, columns, &verdict);
    if (!steady)
        snprintf(verdict.not_steady, sizeof verdict.not_steady,
                 "NOT STEADY: the backlog grows by %s records/s",
                 figure_exact(text, columns[COLUMN_backlog_growth]));
    if (verdict.healthy) {
        snprintf(verdict.next_limit, sizeof verdict.next_limit, "%s, %s used",
                 summary_resource((enum bottleneck)columns[COLUMN_next_limit]),
                 figure_per_cent(text, columns[COLUMN_next_limit_used]));
        tell_swing(params, columns, &verdict);
    }
    return verdict;
}

void summary_print_limit(const struct summary *summary)
{
    const struct screen *const screen = summary->screen;
    const struct summary_verdict verdict = summary_verdict(summary->params, summary->columns);
    summary_say(screen, verdict.healthy ? SCREEN_GOOD : SCREEN_BAD, "limited by %s",
                verdict.limited_by);
    if (verdict.not_steady[0] != '\0')
        summary_say(screen, SCREEN_BAD, "%s; figures are of this window", verdict.not_steady);
    if (verdict.next_limit[0] != '\0')
        summary_say(screen, SCREEN_PLAIN, "next limit: %s", verdict.next_limit);
    if (verdict.swing[0] != '\0')
        summary_say(screen, SCREEN_DOUBT, "%s", verdict.swing);
}

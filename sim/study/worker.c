/*
 * worker.c - fork, a socket pair, and the words for how a process ended.
 */
#define _DEFAULT_SOURCE /* prctl() */

#include "sim/study/worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/check.h"

#define REASON_BYTES 1024

struct message { /* from the worker; values or the reason follow */
    bool failed;
    FILE *broken; /* the same address in both processes */
    int broken_errno;
};

static bool send_whole(int channel, const struct message *message, const void *rest, size_t bytes)
{
    struct iovec parts[] = {
        {.iov_base = (void *)message, .iov_len = sizeof *message},
        {.iov_base = (void *)rest, .iov_len = bytes},
    };
    const struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t sent;
    do {
        sent = sendmsg(channel, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)(sizeof *message + bytes);
}

/* Without the message; 0 at the end, or if the other side is gone. */
static size_t receive(int channel, struct message *message, void *rest, size_t bytes)
{
    struct iovec parts[] = {{.iov_base = message, .iov_len = sizeof *message},
                            {.iov_base = rest, .iov_len = bytes}};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t received;
    do {
        received = recvmsg(channel, &header, 0);
    } while (received < 0 && errno == EINTR);
    return received < (ssize_t)sizeof *message ? 0 : (size_t)received - sizeof *message;
}

/* In the worker. */
static int channel_of_worker;

static void say_failure(const char *reason)
{
    send_whole(channel_of_worker, &(struct message){.failed = true}, reason, strlen(reason));
    _exit(1);
}

/* A process that ends is flushed by nobody. */
static void flush_trace(FILE *trace, struct message *message)
{
    errno = 0;
    const bool before = ferror(trace) == 0;
    if ((fflush(trace) == 0 && before) || message->broken != NULL)
        return;
    message->broken = trace;
    message->broken_errno = errno != 0 ? errno : EIO;
}

static void flush_traces(const struct plan *plan, const struct row_traces *traces,
                         struct message *message)
{
    if (traces->series != NULL)
        flush_trace(traces->series, message);
    if (traces->parts != NULL)
        flush_trace(traces->parts, message);
    for (size_t i = 0; traces->logs != NULL && plan->model->log_names[i] != NULL; i++)
        flush_trace(traces->logs[i], message);
}

static void run_one(const struct plan *plan, const struct row_traces *traces, struct keep *keep,
                    const struct row *row)
{
    struct arena arena;
    struct message message = {.failed = false};
    arena_init(&arena);
    const size_t count = row_values(plan, row);
    double *const values = ARENA_ARRAY(&arena, double, count);
    row_run(plan, traces, keep, row, values);
    if (row_is_traced(traces, row))
        flush_traces(plan, traces, &message);
    if (!send_whole(channel_of_worker, &message, values, count * sizeof *values))
        _exit(1);
    arena_free(&arena);
}

/* Nobody looks on here. */
static _Noreturn void serve(const struct plan *plan, const struct row_traces *asked, pid_t parent)
{
    struct row_traces traces = *asked;
    traces.beat = NULL;
    static const int for_parent[] = {SIGHUP, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof for_parent / sizeof *for_parent; i++)
        signal(for_parent[i], SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    check_catch(say_failure);
    struct keep keep; /* until the process ends */
    keep_init(&keep);
    struct row row;
    for (;;) {
        const ssize_t bytes = recv(channel_of_worker, &row, sizeof row, 0);
        if (bytes == (ssize_t)sizeof row)
            run_one(plan, &traces, &keep, &row);
        else if (bytes >= 0 || errno != EINTR)
            _exit(0);
    }
}

bool worker_start(struct worker *worker, const struct plan *plan, const struct row_traces *traces)
{
    CHECK(worker->process == 0);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
        return false;
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        channel_of_worker = ends[1];
        serve(plan, traces, parent);
    }
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return false;
    }
    *worker = (struct worker){.process = process, .channel = ends[0]};
    return true;
}

/* Waits for the process, and says how it ended. */
static const char *reap(struct worker *worker, struct arena *arena)
{
    int status = 0;
    close(worker->channel);
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
        ;
    *worker = (struct worker){.process = 0};
    if (!WIFSIGNALED(status))
        return arena_format(arena, "its process ended with status %d", WEXITSTATUS(status));
    const int number = WTERMSIG(status);
    return arena_format(arena, "its process was ended by signal %d (%s)%s", number,
                        strsignal(number),
                        number == SIGKILL ? ", as the system does where memory is short" : "");
}

bool worker_give(struct worker *worker, const struct row *row)
{
    CHECK(!worker->busy);
    worker->row = *row;
    worker->busy = send(worker->channel, row, sizeof *row, MSG_NOSIGNAL) == (ssize_t)sizeof *row;
    if (!worker->busy)
        worker_end(worker);
    return worker->busy;
}

void worker_take(struct worker *worker, const struct plan *plan, struct worker_answer *answer,
                 struct arena *arena)
{
    CHECK(worker->busy);
    const size_t bytes = row_values(plan, &worker->row) * sizeof *answer->values;
    const size_t room = bytes > REASON_BYTES ? bytes : REASON_BYTES;
    struct arena scratch;
    arena_init(&scratch);
    char *const rest = ARENA_ARRAY(&scratch, char, room + 1);
    struct message message = {.failed = true};
    const size_t received = receive(worker->channel, &message, rest, room);
    worker->busy = false;
    answer->failure = NULL;
    answer->broken = message.broken;
    answer->broken_errno = message.broken_errno;
    if (!message.failed && received == bytes) {
        memcpy(answer->values, rest, bytes);
    } else {
        rest[received] = '\0';
        const char *const end = reap(worker, arena);
        answer->failure = received > 0 ? arena_text(arena, rest) : end;
    }
    arena_free(&scratch);
}

void worker_end(struct worker *worker)
{
    if (worker->process == 0)
        return;
    kill(worker->process, SIGKILL);
    struct arena scratch;
    arena_init(&scratch);
    reap(worker, &scratch);
    arena_free(&scratch);
}

/*
 * check.h - our own mistakes, and the limits of a run.
 *
 * CHECK stays on in every build. A failed check is a bug: it prints the line that replays the run
 * and aborts. CHECK_SLOW is for checks that cost more than what they check; it is compiled in with
 * -DCHECK_SLOW=ON. A user's mistake is never a CHECK: see diag.h.
 */
#ifndef SIM_CORE_CHECK_H
#define SIM_CORE_CHECK_H

#define CHECK(condition)                                                                           \
    (__builtin_expect(!!(condition), 1) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#ifdef SIM_CHECK_SLOW
#define CHECK_SLOW(condition) CHECK(condition)
#else
#define CHECK_SLOW(condition) ((void)0)
#endif

_Noreturn void check_failed(const char *condition, const char *file, int line)
    __attribute__((cold));

/* What this process is running, as a command line that repeats it; NULL clears. Not copied. */
void check_replay(const char *command);

/* From now on whatever would end the process is handed the reason instead, and does not return:
 * nothing is printed. */
typedef void check_end_fn(const char *reason);
void check_catch(check_end_fn *end);

/* A run cannot go on, for a reason that is no bug: says so with the replay line and exits with
 * status 1. The program's name is the first word of the replay line. */
_Noreturn void check_stop(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* The same: it needs more than a stated limit; the system has no more memory. */
_Noreturn void check_limit(const char *what, long long limit) __attribute__((cold));
_Noreturn void check_no_memory(unsigned long long bytes) __attribute__((cold));

#endif

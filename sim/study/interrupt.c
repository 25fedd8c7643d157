/*
 * interrupt.c - a handler that leaves a note, and steps aside.
 */
#include "sim/study/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static const int endings[] = {SIGHUP, SIGINT, SIGTERM};

#define ENDINGS (sizeof(endings) / sizeof(*endings))

static atomic_int pending;
static struct sigaction before[ENDINGS];

/* A scheduler may send its signal twice; a second Ctrl-C is meant. */
static void note(int number)
{
    pending = number;
    for (size_t i = 0; i < ENDINGS; i++)
        if (endings[i] == SIGINT)
            sigaction(SIGINT, &before[i], NULL);
}

void interrupt_catch(void)
{
    pending = 0;
    for (size_t i = 0; i < ENDINGS; i++)
        sigaction(endings[i], NULL, &before[i]);
    const struct sigaction action = {.sa_handler = note};
    for (size_t i = 0; i < ENDINGS; i++)
        if (before[i].sa_handler != SIG_IGN)
            sigaction(endings[i], &action, NULL);
}

int interrupt_pending(void)
{
    return pending;
}

/*
 * fifo.h - first come, first served: anything that has `first` and `last`, of things that have
 * `next`. Both are NULL while nothing waits.
 *
 * Where they stand and what else goes on in a line is its owner's affair; so these are macros, and
 * their arguments are evaluated more than once.
 */
#ifndef SIM_CORE_FIFO_H
#define SIM_CORE_FIFO_H

#include <stddef.h>

#define FIFO_PUSH(fifo, item)                                                                      \
    do {                                                                                           \
        (item)->next = NULL;                                                                       \
        if ((fifo)->last != NULL)                                                                  \
            (fifo)->last->next = (item);                                                           \
        else                                                                                       \
            (fifo)->first = (item);                                                                \
        (fifo)->last = (item);                                                                     \
    } while (0)

/* Takes the first away, which is there; it keeps its `next`. */
#define FIFO_POP(fifo)                                                                             \
    do {                                                                                           \
        (fifo)->first = (fifo)->first->next;                                                       \
        if ((fifo)->first == NULL)                                                                 \
            (fifo)->last = NULL;                                                                   \
    } while (0)

#endif

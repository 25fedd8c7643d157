/*
 * remote_parts.h - what the files of remote share.
 */
#ifndef MODELS_FLINK_REMOTE_PARTS_H
#define MODELS_FLINK_REMOTE_PARTS_H

#include "models/flink/remote.h"
#include "sim/core/fifo.h"

/* NULL: it is empty. */
static inline struct remote_request *remote_list_take(struct remote_list *list)
{
    struct remote_request *const first = list->first;
    if (first != NULL)
        FIFO_POP(list);
    return first;
}

static inline int32_t remote_function(const struct remote *remote,
                                      const struct remote_request *request)
{
    return (int32_t)((request->address - remote->addresses->items) % remote->model->functions);
}

/* Asks for a connection, and knows how that will end. */
void remote_attempt(struct remote *remote, sim_time now, struct remote_request *request);

#endif

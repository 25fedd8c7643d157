/*
 * chosen.h - --columns: which of a model's columns are shown, and in which order.
 */
#ifndef SIM_COMMAND_CHOSEN_H
#define SIM_COMMAND_CHOSEN_H

#include "sim/study/model.h"

struct chosen {
    const size_t *columns; /* numbers of the model's; NULL: all of them */
    size_t count;
};

/* Of "a,b,c"; NULL: all. False after messages: a column that there is not, or is there twice. */
bool chosen_read(struct chosen *chosen, const struct model *model, const char *list,
                 struct arena *arena);

#endif

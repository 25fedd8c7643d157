/*
 * facts_parts.h - what the files of facts share.
 */
#ifndef MODELS_ADVICE_FACTS_PARTS_H
#define MODELS_ADVICE_FACTS_PARTS_H

#include "models/advice/facts.h"

/* Who has how much of the load. */
void facts_find_keys(struct facts *facts, const struct fanout_params *params, struct arena *arena);

/* After all else. */
void facts_find_waves(struct facts *facts, const struct fanout_params *params);

#endif

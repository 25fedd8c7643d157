/*
 * source_parts.h - what the files of source share.
 */
#ifndef MODELS_LOAD_SOURCE_PARTS_H
#define MODELS_LOAD_SOURCE_PARTS_H

#include "models/load/source.h"

/* What arrivals need besides the stream of `drawn`, from which the phases are drawn. */
void source_begin_arrivals(struct source *source);

/* The times of the next block; of a trace, and where nothing comes, how many records each sends
 * too. */
void source_fill_arrivals(struct source *source);

#endif

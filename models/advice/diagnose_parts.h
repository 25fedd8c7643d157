/*
 * diagnose_parts.h - what a diagnosis becomes: a screen, a CSV.
 */
#ifndef MODELS_ADVICE_DIAGNOSE_PARTS_H
#define MODELS_ADVICE_DIAGNOSE_PARTS_H

#include <stdio.h>

#include "models/advice/diagnosis.h"

/* 24 lines of 80 columns at most; `more`: all that there is. */
void diagnose_print(const struct diagnosis *diagnosis, bool more, FILE *out);

/* When it stalled and why; `more`: who had the memory, to the byte. */
void stall_print(const struct diagnosis *diagnosis, bool more, FILE *out);

/* The same and no more, of `diagnose --stall`. */
void diagnose_print_stall(const struct diagnosis *diagnosis, FILE *out);

/* "try: --set KEY=VALUE .."; nothing where nothing is chosen. */
void diagnose_print_words(const struct diagnosis *diagnosis, FILE *out);

/* change,words,helps and the columns that a change is judged by, a row per change; the first one is
 * the job as it is. */
void diagnose_write(const struct diagnosis *diagnosis, FILE *out);

#endif

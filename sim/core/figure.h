/*
 * figure.h - figures as people read them: few digits, units that fit, no exponents.
 *
 * NaN is a dash. All return `text`.
 */
#ifndef SIM_CORE_FIGURE_H
#define SIM_CORE_FIGURE_H

#define FIGURE_BYTES 48

typedef const char *figure_fn(char text[FIGURE_BYTES], double value);
figure_fn figure_exact;     /* 12,345 or 1.23 */
figure_fn figure_rounded;   /* three digits: 12,300 or 1.23 */
figure_fn figure_bytes;     /* 1.50 MiB */
figure_fn figure_byte_rate; /* 1.50 MB/s */
figure_fn figure_millis;    /* of ms: 0 ms, 0.08 ms, 36.4 ms, 5.83 s */
figure_fn figure_per_cent;

/* Three digits of a column's value, by its unit, which the text says where it is ms, ns, bytes or
 * bytes/s. */
const char *figure_in(char text[FIGURE_BYTES], const char *unit, double value);

#endif

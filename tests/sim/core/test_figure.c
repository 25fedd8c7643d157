/*
 * test_figure.c - figures as people write them.
 *
 * guards: sim/core/figure
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/core/figure.h"

struct written {
    figure_fn *format;
    double value;
    const char *text;
};

Test(figure, texts)
{
    static const struct written cases[] = {
        {figure_exact, 239967, "239,967"},
        {figure_exact, 1234567.8, "1,234,568"},
        {figure_exact, -1234, "-1,234"},
        {figure_exact, 200.44, "200.4"},
        {figure_exact, 2.867, "2.87"},
        {figure_exact, 0, "0"},
        {figure_exact, 8e-5, "0.00008"},
        {figure_rounded, 2191990.6, "2,190,000"},
        {figure_rounded, 83562, "83,600"},
        {figure_rounded, 999.7, "1,000"},
        {figure_rounded, 99.96, "100"},
        {figure_rounded, 9.996, "10.0"},
        {figure_rounded, 2.867, "2.87"},
        {figure_rounded, 0.0123, "0.012"},
        {figure_rounded, 0.00123, "0.0012"},
        {figure_rounded, -83562, "-83,600"},
        {figure_rounded, 1e300 * 1e300, "inf"},
        {figure_bytes, 1023, "1,023 B"},
        {figure_bytes, 131072, "128 KiB"},
        {figure_bytes, 1610612736, "1.50 GiB"},
        {figure_byte_rate, 87950000, "88.0 MB/s"},
        {figure_byte_rate, 999, "999 B/s"},
        {figure_millis, 4e-5, "0 ms"},
        {figure_millis, 0.0807, "0.081 ms"},
        {figure_millis, 0.5, "0.50 ms"},
        {figure_millis, 36.44, "36.4 ms"},
        {figure_millis, 5830, "5.83 s"},
        {figure_millis, -5830, "-5.83 s"},
        {figure_millis, 1e8, "100,000 s"},
        {figure_per_cent, 0.354, "35.4 %"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FIGURE_BYTES];
        cases[i].format(text, cases[i].value);
        cr_expect_str_eq(text, cases[i].text, "%g: %s, not %s", cases[i].value, text,
                         cases[i].text);
        cases[i].format(text, NAN);
        cr_expect_str_eq(text, "-");
    }
}

Test(figure, units)
{
    static const struct {
        const char *unit;
        double value;
        const char *text;
    } cases[] = {
        {"ms", 5830, "5.83 s"},     {"ns", 4e6, "4 ms"}, {"bytes", 2048, "2 KiB"},
        {"bytes/s", 5e6, "5 MB/s"}, {"", 0.354, "0.35"}, {"records/s", 239967, "240,000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FIGURE_BYTES];
        cr_expect_str_eq(figure_in(text, cases[i].unit, cases[i].value), cases[i].text, "%s: %s",
                         cases[i].unit, text);
    }
}

/* Whatever the size. */
Test(figure, no_exponents)
{
    static figure_fn *const formats[] = {figure_exact,     figure_rounded, figure_bytes,
                                         figure_byte_rate, figure_millis,  figure_per_cent};
    for (double value = 1e-12; value < 1e15; value *= 7)
        for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
            char text[FIGURE_BYTES];
            formats[f](text, value);
            cr_expect(strpbrk(text, "eE") == NULL, "%g: %s", value, text);
        }
}

/*
 * test_quantity.c - numbers with units, exactly.
 *
 * Expected numbers are the decimal arithmetic of what is written: 1.5KiB is 1536 bytes.
 *
 * guards: sim/input/quantity
 */
#include "tests/sim/input/reading.h"

TestSuite(quantity, .init = begin_reading, .fini = end_reading);

Test(quantity, times_are_whole_nanoseconds)
{
    expect_whole(PARAM_TIME, "1234567ns", 1234567);
    expect_whole(PARAM_TIME, "0.1ms", 100000);
    expect_whole(PARAM_TIME, "0.3us", 300);
    expect_whole(PARAM_TIME, "60s", 60000000000);
    expect_whole(PARAM_TIME, "10min", 600000000000);
    expect_whole(PARAM_TIME, "2h", 7200000000000);
    expect_whole(PARAM_TIME, "1.5 s", 1500000000);
    expect_whole(PARAM_TIME, "0", 0);
    expect_whole(PARAM_TIME, "0s", 0);
    expect_whole(PARAM_TIME, ".5us", 500);
    expect_whole(PARAM_TIME, "\"7ms\"", 7000000);
    expect_whole(PARAM_TIME, "1e3ns", 1000);
    expect_whole(PARAM_TIME, "1.5e-3s", 1500000);
    /* Beyond 2^53 a double cannot tell these apart. */
    expect_whole(PARAM_TIME, "9007199254740993ns", 9007199254740993);
    expect_whole(PARAM_TIME, "9007199.254740993s", 9007199254740993);
    expect_whole(PARAM_TIME, "123456789.123456789s", 123456789123456789);
    expect_whole(PARAM_TIME,
                 "0000000000000000000000000000000000000000000000000000000000000000001ns", 1);
}

Test(quantity, times_round_to_nearest)
{
    expect_whole(PARAM_TIME, "0.4ns", 0);
    expect_whole(PARAM_TIME, "0.5ns", 1);
    expect_whole(PARAM_TIME, "1.4999999999999999999ns", 1);
    expect_whole(PARAM_TIME, "-1.5ns", -2);
    expect_whole(PARAM_TIME, "0.0009995us", 1);
    expect_whole(PARAM_TIME, "9.999999999999999999s", 10000000000);
}

Test(quantity, milliseconds)
{
    expect_whole(PARAM_MILLIS, "30", 30);
    expect_whole(PARAM_MILLIS, "30ms", 30);
    expect_whole(PARAM_MILLIS, "2s", 2000);
    expect_whole(PARAM_MILLIS, "0.25s", 250);
    expect_whole(PARAM_MILLIS, "1min", 60000);
    expect_whole(PARAM_MILLIS, "1h", 3600000);
    expect_whole(PARAM_MILLIS, "5000us", 5);
    expect_whole(PARAM_MILLIS, "5000000ns", 5);
    expect_wrong(PARAM_MILLIS, 0, 100, "0.5", "0.5 must be a whole number of milliseconds");
    expect_wrong(PARAM_MILLIS, 0, 100, "1500us", "1500us must be a whole number of milliseconds");
    expect_wrong(PARAM_MILLIS, 0, 100, "1s", "1s is out of range; from 0ms to 100ms");
    expect_wrong(
        PARAM_MILLIS, 0, 100, "1KiB",
        "\"1KiB\" has an unknown unit; a time in whole milliseconds is written with ms, s, "
        "min, h, us or ns");
}

Test(quantity, sizes)
{
    expect_whole(PARAM_BYTES, "131072", 131072);
    expect_whole(PARAM_BYTES, "500B", 500);
    expect_whole(PARAM_BYTES, "128KiB", 131072);
    expect_whole(PARAM_BYTES, "1MiB", 1048576);
    expect_whole(PARAM_BYTES, "2GiB", 2147483648);
    expect_whole(PARAM_BYTES, "1kB", 1000);
    expect_whole(PARAM_BYTES, "1MB", 1000000);
    expect_whole(PARAM_BYTES, "3GB", 3000000000);
    expect_whole(PARAM_BYTES, "1.5KiB", 1536);
    expect_whole(PARAM_BYTES, "16 KiB", 16384);
    expect_wrong(PARAM_BYTES, 0, 100, "0.5", "0.5 must be a whole number of bytes");
    expect_wrong(PARAM_BYTES, 0, 1e6, "0.3KiB", "0.3KiB must be a whole number of bytes");
    expect_wrong(PARAM_BYTES, 1, 1 << 30, "3GiB", "3GiB is out of range; from 1B to 1GiB");
    expect_wrong(PARAM_BYTES, 0, 0x7fffffff, "-1", "-1 is out of range; from 0B to 2147483647B");
    expect_wrong(PARAM_BYTES, 0, 1e15, "1e300", "1e300 is out of range; from 0B to 1000000GB");
    expect_wrong(PARAM_BYTES, 0, 100, "1KB",
                 "\"1KB\" has an unknown unit; a size is written with B, KiB, MiB, GiB, kB, MB or "
                 "GB");
}

Test(quantity, counts)
{
    expect_whole(PARAM_COUNT, "12", 12);
    expect_whole(PARAM_COUNT, "+12", 12);
    expect_whole(PARAM_COUNT, "4k", 4000);
    expect_whole(PARAM_COUNT, "1M", 1000000);
    expect_whole(PARAM_COUNT, "2.5k", 2500);
    expect_whole(PARAM_COUNT, "9000000000000000000", 9000000000000000000);
    expect_wrong(PARAM_COUNT, 0, 9e18, "9223372036854775808",
                 "9223372036854775808 is out of range; from 0 to 9e18");
    expect_wrong(PARAM_COUNT, 1, 4096, "0", "0 is out of range; from 1 to 4096");
    expect_wrong(PARAM_COUNT, 1, 4096, "1.5", "1.5 must be a whole number");
    expect_wrong(PARAM_COUNT, 1, 4096, "12x",
                 "\"12x\" has an unknown unit; a count is written with k or M");
    expect_wrong(PARAM_COUNT, 1, 4096, "1_000",
                 "\"1_000\" has an unknown unit; a count is written with k or M");
    expect_wrong(PARAM_COUNT, 1, 4096, "many",
                 "\"many\" is not a count; write a number alone or with k or M");
    expect_wrong(PARAM_COUNT, 1, 4096, "", "no value; expected a count");
    expect_wrong(PARAM_COUNT, 1, 4096, "\"\"",
                 "\"\" is not a count; write a number alone or with k or M");
    expect_wrong(PARAM_COUNT, 1, 4096, "[1]", "expected a count, not a list");
    expect_wrong(PARAM_COUNT, 1, 4096, "{a: 1}", "expected a count, not a map");
    expect_wrong(PARAM_COUNT, 0, 10, "0x10",
                 "\"0x10\" has an unknown unit; a count is written with k or M");
    expect_wrong(PARAM_COUNT, 0, 10, "nan",
                 "\"nan\" is not a count; write a number alone or with k or M");
}

Test(quantity, times_need_a_unit)
{
    expect_wrong(PARAM_TIME, 0, 1e12, "60",
                 "60 has no unit; write it with s, ms, us, ns, min or h, such as 60s");
    expect_wrong(PARAM_TIME, 1e3, 1e15, "0", "0 is out of range; from 1us to 1000000s");
    expect_wrong(PARAM_TIME, 0, 1e12, "-5ms", "-5ms is out of range; from 0s to 1000s");
    expect_wrong(
        PARAM_TIME, 0, 1e12, "5 parsecs",
        "\"5 parsecs\" has an unknown unit; a time is written with s, ms, us, ns, min or h");
    expect_wrong(PARAM_TIME, 0, 1e12, "soon",
                 "\"soon\" is not a time; write a number with s, ms, us, ns, min or h");
    expect_wrong(PARAM_TIME, 0, 1e12, "1e99999h", "1e99999h is out of range; from 0s to 1000s");
}

Test(quantity, rates_and_numbers)
{
    expect_real(PARAM_RATE, "240k/s", 240000);
    expect_real(PARAM_RATE, "0.5/s", 0.5);
    expect_real(PARAM_RATE, "1.1M/s", 1100000);
    expect_real(PARAM_RATE, "40 k/s", 40000);
    expect_wrong(PARAM_RATE, 1e-6, 1e9, "240",
                 "240 has no unit; write it with /s, k/s or M/s, such as 240/s");
    expect_wrong(PARAM_RATE, 1e-6, 1e9, "240k",
                 "\"240k\" has an unknown unit; a rate is written with /s, k/s or M/s");
    expect_wrong(PARAM_RATE, 1e-6, 1e9, "0/s", "0/s is out of range; from 1e-6/s to 1000M/s");
    expect_real(PARAM_NUMBER, "0.9", 0.9);
    expect_real(PARAM_NUMBER, "2%", 0.02);
    expect_real(PARAM_NUMBER, "30%", 0.3);
    expect_real(PARAM_NUMBER, "1e-3", 0.001);
    expect_real(PARAM_NUMBER, "-0", 0);
    expect_wrong(PARAM_NUMBER, 0, 1, "101%", "101% is out of range; from 0 to 1");
    expect_wrong(PARAM_NUMBER, 0, 1, "a", "\"a\" is not a number; write a number alone or with %");
}

/* What does not fit 64 bits is the largest that does, not what is left of it. */
Test(quantity, whole_numbers_saturate)
{
    struct quantity_value value;
    cr_assert(quantity_read(&quantity_number, -1e300, 1e300, &diag, (struct place){0}, "x",
                            "92233720368547758080", &value));
    cr_assert_eq(value.whole, INT64_MAX);
    cr_assert(quantity_read(&quantity_number, -1e300, 1e300, &diag, (struct place){0}, "x", "-1e30",
                            &value));
    cr_assert_eq(value.whole, -INT64_MAX);
}

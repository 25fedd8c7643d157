#!/bin/bash
# test_instructions.sh PROGRAM [--update] - a record of the plain workloads costs as many
# instructions as instructions.txt says, to 3 %: slower is a mistake or a decision, faster is to be
# written down. Then, in a Release build:
#
#     bash tests/bench/test_instructions.sh build/fanout-sim --update
#
# Counts hang on compiler, kind of build and, for it is tuned for, the processor: where one of them
# is another one, and without valgrind, there is nothing to compare, which is said (status 77).
#
# guards: models/producer, models/flink/mailbox, tests/bench
build=$(dirname "$1")
here=$(cd "$(dirname "$0")" && pwd)
file=$here/instructions.txt
bench=$build/tests/bench_fanout
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
    echo "not compared: $*"
    exit 77
}

cached() { # VARIABLE
    sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

command -v valgrind > /dev/null || skip "there is no valgrind"
if [ ! -x "$bench" ]; then
    echo "there is no $bench"
    exit 1
fi
kind=$(cached CMAKE_BUILD_TYPE)
[ "$kind" = "" ] && kind=Release # CMakeLists.txt
[ -z "$(cached SANITIZE)" ] || skip "built with sanitizers"
processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
compiler=$("$(cached CMAKE_C_COMPILER)" --version | head -n 1)
made_by="$compiler, $kind$(cached CMAKE_C_FLAGS), $processor"
if [ "${2:-}" != --update ] && [ "$(head -n 1 "$file")" != "$made_by" ]; then
    skip "the figures are of
  $(head -n 1 "$file")
and this is
  $made_by"
fi
bash "$here/bench_instructions.sh" "$bench" fills-batches stalled-pool runbook > "$work/counted" ||
    exit 1
if [ "${2:-}" = --update ]; then
    { echo "$made_by"; cat "$work/counted"; } > "$file"
    exit 0
fi
sed 1d "$file" | awk '
    NR == FNR { counted[$1] = $2; next }
    {
        seen++
        if (!($1 in counted)) {
            print $1 " was not counted"
            wrong = 1
        } else if (counted[$1] > 1.03 * $2 || counted[$1] < $2 / 1.03) {
            printf "%s: %s instructions per record, not %s\n", $1, counted[$1], $2
            wrong = 1
        }
    }
    END { exit wrong || seen < 3 }' "$work/counted" -

#!/bin/bash
# test_sanitizers.sh - the program built with the address and undefined-behaviour sanitizers of gcc
# and clang: it refuses all wrong input, and runs through stalls, faults, checkpoints and a trace.
#
# guards: sim, models, sim/core/arena, sim/study/runner, sim/study/sweep
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1
failures=0

read -ra packages < <(pkg-config --cflags gsl yaml-0.1)
read -ra libraries < <(pkg-config --libs gsl yaml-0.1)
flags=(-std=c11 -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer -fno-optimize-sibling-calls
    -D_POSIX_C_SOURCE=200809L -DFANOUT_SIM_VERSION='"0"' -DFANOUT_SIM_DATE='"0"'
    -DSIM_CHECK_SLOW -I. "${packages[@]}")
compile() { # SOURCE
    "$compiler" "${flags[@]}" -c "$1" -o "$work/$(tr / - <<< "${1%.c}").o"
}
export -f compile

build() { # COMPILER
    compiler=$1
    rm -f "$work"/*.o
    find sim models -name '*.c' -not -path 'sim/example/*' |
        xargs -P 2 -I{} bash -c "$(declare -p flags work compiler); compile {}" &&
        "$compiler" -fsanitize=address,undefined "$work"/*.o -o "$work/fanout-sim" \
            "${libraries[@]}" -lm -pthread ||
        { echo "$compiler: does not build"; exit 1; }
}

# The last byte of an object of the arena may be written. One beyond would be seen, though another
# object follows, and who took the first.
cat > "$work/beyond.c" <<'C'
#include "sim/core/arena.h"
int main(int argc, char **argv)
{
    (void)argv;
    struct arena arena;
    arena_init(&arena);
    volatile char *const first = arena_take(&arena, 1, LENGTH);
    arena_take(&arena, 1, LENGTH);
    arena_seal(&arena);
    first[LENGTH - 2 + argc] = 1;
    arena_free(&arena);
    return 0;
}
C
sees_overflows() { # COMPILER
    local length
    for length in 16 100 65536; do
        "$1" "${flags[@]}" -fno-sanitize=undefined -DLENGTH=$length "$work/beyond.c" \
            sim/core/arena.c sim/core/check.c -o "$work/beyond" &&
            "$work/beyond" && ! "$work/beyond" 1 2> "$work/said" &&
            grep -q heap-buffer-overflow "$work/said" && grep -q arena_take "$work/said" ||
            { cat "$work/said"; echo "$1: one byte beyond $length is not seen"; failures=1; }
    done
}

cat > "$work/all.yaml" <<'YAML'
run: {duration: 300ms, warm-up: 100ms}
topics:
  - {name: "t%d", count: 10, partitions: 12}
  - {name: large, partitions: 3, weight: 2, value: {exponential: {mean: 1GiB}}}
load: {rate: 5k/s, emit: {exponential: {mean: 2}}, record: {headers: {count: 2}}}
job: {parallelism: 3, checkpoint: {interval: 50ms}}
egress: {shards: 2}
producer:
  batch.size: 8000
  linger.ms: 5
  buffer.memory: 200000
  compression.type: lz4
brokers:
  message.max.bytes: 4000
  faults:
    - {kind: error, broker: 0, at: 50ms, for: 100ms, error: NOT_ENOUGH_REPLICAS}
    - {kind: pause, broker: 1, at: 150ms, for: 100ms}
costs: {preset: typical}
YAML
cat > "$work/sweep.yaml" <<'YAML'
run: {duration: 100ms, warm-up: 50ms, replications: 3}
topics: [{name: "t%d", count: 4, partitions: 6}]
load: {rate: 5k/s}
costs: {preset: typical}
sweep:
  linger.ms: {from: 1, to: 50, steps: 3, scale: log}
  zip: [{parallelism: [1, 2], max-parallelism: [30, 60]}]
  where: "rate * linger.ms / parallelism > 2"
YAML

runs() {
    bash tests/program/test_bad.sh "$work/fanout-sim" || failures=1
    for options in "" "--set keys=none" "--set enable.idempotence=false --set arrivals=constant" \
        "--set max.block.ms=1 --set request.timeout.ms=20 --set delivery.timeout.ms=30"; do
        # shellcheck disable=SC2086
        "$work/fanout-sim" "$work/all.yaml" $options --logs "$work/logs" --series "$work/s.csv" \
            --csv "$work/x.csv" > "$work/said" 2>&1 ||
            { cat "$work/said"; echo "all.yaml $options: failed"; failures=1; }
    done
    for case in faultidem-100 lz4stall-100 barrier-102 nullkey-102; do
        "$work/fanout-sim" "tests/conformance/$case/scenario.yaml" --quiet --logs "$work/$case" &&
            cmp "$work/$case/batches.csv" "tests/conformance/$case/expected/batches.csv" ||
            { echo "$case: failed"; failures=1; }
    done
}

sweep() {
    "$work/fanout-sim" sweep "$work/sweep.yaml" --sweep rtt=1ms:2ms:2 "$@" > "$work/out" \
        2> "$work/said" || { cat "$work/said"; echo "sweep $*: failed"; failures=1; }
}
sweeps() {
    sweep -o "$work/whole" -j 3
    for i in 0 1 2; do
        sweep --shard $i/3 -o "$work/part.$i"
    done
    sweep --shard 1/3 -o "$work/part.1" --resume "$work/part.1"
    "$work/fanout-sim" merge "$work"/part.* | cmp - "$work/whole" || failures=1
    sweep --only 3 --each
    sweep --against 2 --set warm-up=auto --set duration=3s --set precision=5% \
        --set max-replications=12 -j 3
    sweep --dry-run --set run.duration=10s
    for design in lhs sobol; do
        sed "\$ a\  design: {$design: 9}" "$work/sweep.yaml" > "$work/design.yaml"
        "$work/fanout-sim" sweep "$work/design.yaml" > "$work/out" 2> "$work/said" ||
            { cat "$work/said"; echo "$design: failed"; failures=1; }
    done
    "$work/fanout-sim" sweep "$work/sweep.yaml" --set duration=100s -o "$work/stopped" \
        > "$work/out" 2> "$work/said" &
    sleep 1
    kill -TERM $!
    wait $!
    [ $? -eq 143 ] || { cat "$work/said"; echo "SIGTERM: not status 143"; failures=1; }
}

for compiler in gcc clang; do
    command -v $compiler > /dev/null || { echo "$compiler is not installed"; continue; }
    build $compiler
    sees_overflows $compiler
    runs
    sweeps
done
exit $failures

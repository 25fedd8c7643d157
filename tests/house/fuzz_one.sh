#!/bin/bash
# test_fuzz.sh - libFuzzer on what users write: scenarios, traces, parts of a sweep, options, files
# to import. Each target runs for FUZZ_SECONDS (20), from the files of the tree on, under the
# address and undefined-behaviour sanitizers. What has been found lies in FUZZ_KEEP, if that is
# given.
#
# guards: sim/study/scenario, models/load/trace, sim/command/merge, sim/command/options,
# sim/study/condition, models/import/source
command -v clang > /dev/null || { echo "clang is not installed"; exit 77; }
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1
seconds=${FUZZ_SECONDS:-20}
keep=${FUZZ_KEEP:-$work}
read -ra packages < <(pkg-config --cflags gsl yaml-0.1)
read -ra libraries < <(pkg-config --libs gsl yaml-0.1)
flags=(-std=c11 -O1 -g1 -D_POSIX_C_SOURCE=200809L -DFANOUT_SIM_VERSION='"0"'
    -DFANOUT_SIM_DATE='"0"' -I. "${packages[@]}" -Werror -fno-sanitize-recover=undefined)

compile() { # SOURCE
    clang "${flags[@]}" -fsanitize=fuzzer-no-link,address,undefined -c "$1" \
        -o "$work/$(tr / - <<< "${1%.c}").o"
}
export -f compile
find sim models -name '*.c' ! -path 'sim/example/*' ! -name main.c |
    xargs -P 2 -I{} bash -c "$(declare -p flags work); compile {}" || exit 1
ar rcs "$work/all.a" "$work"/*.o

mkdir "$work"/{scenario,trace,merge,options,import}
cp scenarios/*.yaml tests/bad/*.yaml "$work/scenario"
for trace in tests/conformance/*/arrivals.csv; do
    head -n 40 "$trace" > "$work/trace/$(basename "$(dirname "$trace")")"
done
cp tests/models/import/deployment/* tests/models/import/*.[yp]* "$work/import"
awk -v case="$work/import/case-" '/^# CASE/ { n++ } { print > (case n) }' \
    tests/models/import/statefun/modules.txt
cat > "$work/s.yaml" <<'YAML'
run: {duration: 10ms, warm-up: 0s}
topics: [{name: t, partitions: 3}]
load: {rate: 1k/s}
sweep: {linger.ms: [1, 2]}
YAML
cat > "$work/sweep.c" <<'C'
#include <gsl/gsl_errno.h>
#include "models/fanout.h"
#include "sim/command/cli.h"
int main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    return cli_main(&fanout_model, argc, argv);
}
C
clang "${flags[@]}" -fsanitize=address,undefined "$work/sweep.c" "$work/all.a" "${libraries[@]}" \
    -lm -pthread -o "$work/program" || exit 1
for i in 0 1; do
    "$work/program" sweep "$work/s.yaml" --quiet --shard $i/2 -o "$work/merge/$i" || exit 1
done
{ cat "$work/merge/0"; echo; cat "$work/merge/1"; } > "$work/merge/both"
cat > "$work/options/all" <<'TEXT'
rate * linger.ms > 2 && parallelism < 3
rate=2k/s
linger.ms=1:5:3:log
load.keys={name: "k-%d", count: 10, zipf: 1.1}
batch.size=16KiB,32KiB
TEXT

fuzz() { # TARGET
    clang "${flags[@]}" -fsanitize=fuzzer,address,undefined "tests/fuzz/fuzz_$1.c" "$work/all.a" \
        "${libraries[@]}" -lm -pthread -o "$work/fuzz_$1" || return 1
    "$work/fuzz_$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2000 -max_len=4096 \
        -close_fd_mask=3 -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$keep/$1." \
        "$work/$1" > "$work/$1.log" 2>&1
    local status=$?
    local runs
    runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$work/$1.log")
    echo "$1: ${runs:-0} runs"
    [ $status -eq 0 ] && [ "${runs:-0}" -gt 100 ] && return
    tail -n 40 "$work/$1.log"
    for found in "$keep/$1".*-*; do
        [ -f "$found" ] && base64 "$found"
    done
    return 1
}
export -f fuzz
printf '%s\n' import |
    xargs -P 2 -I{} bash -c "$(declare -p flags libraries work seconds keep); fuzz {}"

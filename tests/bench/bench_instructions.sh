#!/bin/bash
# bench_instructions.sh BENCH_FANOUT [--start] WORKLOAD... - instructions per record once a run is
# under way, or with --start those that begin a second replication: `name figure` a line, as
# callgrind counts them. Of a run building and the beginning are left out. Nothing, and status 77,
# without valgrind.
bench=$1
shift
what=--count
[ "$1" != --start ] || { what=$1; shift; }
command -v valgrind > /dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
valgrind --tool=callgrind --callgrind-out-file="$work/out" --toggle-collect=bench_count \
    --dump-after=bench_count "$bench" $what "$@" > "$work/records" 2> "$work/err" ||
    { cat "$work/err"; exit 1; }
number=0
while read -r name records; do
    number=$((number + 1))
    awk -v name="$name" -v records="$records" '
        $1 == "totals:" || $1 == "summary:" { total = $2 }
        END { printf "%s %.1f\n", name, total / records }' "$work/out.$number"
done < "$work/records"

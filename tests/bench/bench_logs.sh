#!/bin/bash
# bench_logs.sh PROGRAM - what logs cost: CPU time, the system's part too, of 15 s of the runbook's
# job at 240,000 records/s with all logs on the disk and without, five times in turns. A line per
# pair and the median of their ratios.
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TIMEFORMAT='%U %S'

cpu() {
    { time "$program" "$root/scenarios/20x12.yaml" --quiet -r 1 -j 1 --set run.warm-up=0s \
        --set run.duration=15s "$@" > "$work/out" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
    [ ! -s "$work/out" ] || cat "$work/out" >&2
}

for _ in 1 2 3 4 5; do
    plain=$(cpu)
    logs=$(cpu --logs "$work/logs")
    rm -r "$work/logs" || exit 1
    awk -v plain="$plain" -v logs="$logs" \
        'BEGIN { printf "plain %.2f s  logs %.2f s  %.2f\n", plain, logs, logs / plain }'
done | tee "$work/pairs"
awk '{ print $NF }' "$work/pairs" | sort -n | awk 'NR == 3 { print "logs cost", $1 }'

#!/bin/bash
# bench_sweep.sh PROGRAM - how long a sweep of 100 points x 8 replications takes: 10 s of the
# runbook's job at 240,000 records/s, the first of them as warm-up, on two threads. Run by hand.
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
export TIMEFORMAT='sweep-100x8 %R s
sweep-100x8-cpu %U s'
time "$program" sweep "$root/scenarios/20x12.yaml" --quiet -j 2 -r 8 \
    --set run.warm-up=1s --set run.duration=9s \
    --sweep batch.size=16KiB,32KiB,64KiB,128KiB,256KiB --sweep shards=1,2,3,4 \
    --sweep linger.ms=5:1000:5:log > /dev/null

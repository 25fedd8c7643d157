#!/bin/bash
# test_determinism.sh PROGRAM - results are a function of scenario and seed: the same bytes again,
# whatever the number of threads and whatever else is written.
#
# guards: sim/study/runner, sim/core/rng, models/log/log
. "$(dirname "$0")/../common.sh"
scenarios=$tests/../scenarios
cd "$work" || exit 1

# run DIRECTORY SCENARIO ARGUMENT...: everything there is to write.
run() {
    local directory=$1 scenario=$2
    shift 2
    mkdir -p "$directory"
    "$program" "$scenarios/$scenario.yaml" --set run.warm-up=300ms --set run.duration=700ms \
        --set job.checkpoint.interval=250ms --csv "$directory/run.csv" --logs "$directory" \
        --series "$directory/series.csv" "$@" > "$directory/summary" 2> "$directory/err" ||
        fail "$scenario $*: status $?"
    for file in run.csv summary batches.csv flushes.csv metrics.csv series.csv; do
        [ "$(wc -l < "$directory/$file")" -gt 1 ] || fail "$directory/$file is empty"
    done
}

same() { # ONE OTHER
    diff -r -q "$1" "$2" > difference || fail "$1 and $2: $(cat difference)"
}

for scenario in 20x12 stall; do
    run $scenario.once $scenario -j 1
    run $scenario.again $scenario -j 1
    run $scenario.threads $scenario -j 4
    run $scenario.seed $scenario --seed 1
    run $scenario.other $scenario --seed 2
    same $scenario.once $scenario.again
    same $scenario.once $scenario.threads
    same $scenario.once $scenario.seed
    for file in run.csv batches.csv metrics.csv series.csv; do
        cmp -s $scenario.once/$file $scenario.other/$file &&
            fail "$scenario: another seed, the same $file"
    done
    "$program" "$scenarios/$scenario.yaml" --set run.warm-up=300ms --set run.duration=700ms \
        --set job.checkpoint.interval=250ms --csv alone.csv --quiet > /dev/null 2>&1 ||
        fail "$scenario: status $?"
    cmp -s alone.csv $scenario.once/run.csv || fail "$scenario: logs or series change the results"
done

# The stall is one, and its log says so.
[ "$(wc -l < stall.once/stalls.csv)" -gt 50 ] || fail "stall: no stalls"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

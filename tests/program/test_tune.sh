#!/bin/bash
# test_tune.sh PROGRAM - the best point of problems whose whole grid is computed is found in a fifth
# of its runs; the front is one; the same bytes for any number of processes; what it says where no
# point meets the goal. By default the first problem with two seeds; all three with ten:
#
#     TUNE_SEEDS=10 tests/program/test_tune.sh build/fanout-sim
#
# guards: sim/study/space, sim/study/surrogate, sim/study/tune, models/advice/tune,
# models/advice/tune_say, models/advice/figures, models/advice/budget
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1
seeds=${TUNE_SEEDS:-2}

cat > job.yaml << 'YAML'
topics: [{name: "t%d", count: 8, partitions: 6}]
load: {rate: 8k/s}
producer: {buffer.memory: 8MiB}
job: {parallelism: 2}
costs: {preset: typical}
brokers: {rtt: 5ms}
run: {duration: 1s, warm-up: 500ms, replications: 2}
YAML

# grid NAME SWEEP...: what every point of it comes to.
grid() {
    local name=$1 axis
    local -a axes=()
    shift
    for axis in "$@"; do axes+=(--sweep "$axis"); done
    "$program" sweep job.yaml --quiet "${axes[@]}" -o "$name.grid.csv" || fail "$name: no grid"
}

# good NAME KEYS GOAL-COLUMN BOUND OBJECTIVE SIGN: is the best of the front, in the grid, steady, in
# bounds, and within 1 % of the best there? Says how it compares.
good() {
    awk -F, -v keys="$2" -v goal="$3" -v bound="$4" -v objective="$5" -v sign="$6" '
        FNR == 1 { split("", at); count = split(keys, key, " ") }
        FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        FNR == 1 { file++; next }
        file == 1 && $at["best"] == 1 { for (i = 1; i <= count; i++) best = best " " $at[key[i]] }
        file == 2 {
            point = ""
            for (i = 1; i <= count; i++) point = point " " $at[key[i]]
            met = $at["steady"] == 1 && $at[goal] + 0 < bound + 0
            value = sign * $at[objective]
            if (met && (least == "" || value < least)) { least = value; right = point }
            if (point == best) { its = value; is_met = met }
        }
        END {
            good = best != "" && is_met && its <= least + 0.01 * (least < 0 ? -least : least)
            print (good ? "found" : "MISSED") ": " best ", " its "; of the grid:" right ", " least
            exit !good
        }' "$1.csv" "$1.grid.csv"
}

# tunes NAME SEED OPTION...: within a fifth of the grid's runs.
tunes() {
    local name=$1 seed=$2 runs
    shift 2
    "$program" tune job.yaml --seed "$seed" -o "$name.csv" "$@" > "$name.said" 2> err ||
        fail "$name: status $?: $(cat err)"
    runs=$(sed -n 's/.* points in \([0-9]*\) runs.*/\1/p' "$name.said")
    [ "$runs" -le $((2 * ($(wc -l < "$name.grid.csv") - 1) / 5)) ] ||
        fail "$name: $runs runs are more than a fifth of the grid's"
}

# problem NAME KEYS GOAL BOUND COLUMN minimise|maximise AXIS...: nine of ten are found.
problem() {
    local name=$1 keys=$2 goal=$3 bound=$4 column=$5 way=$6 seed missed=0 sign=1 over
    shift 6
    [ "$way" = minimise ] || sign=-1
    over=$(IFS=, && echo "$*")
    grid "$name" "$@"
    for seed in $(seq "$seeds"); do
        tunes "$name" "$seed" --goal "$goal < $bound" "--$way" "$column" --over "$over"
        good "$name" "$keys" "$goal" "$bound" "$column" "$sign" > verdict || missed=$((missed + 1))
        echo "$name, seed $seed: $(cat verdict)"
    done
    [ $((10 * missed)) -le "$seeds" ] || fail "$name: $missed of $seeds seeds miss the best"
}

problem requests "linger.ms batch.size" latency-p99 40 request-rate minimise \
    linger.ms=1:200:20:log batch.size=1KiB:64KiB:7:log
if [ "$seeds" -ge 10 ]; then
    # Where memory is short larger batches do harm, and small ones are many.
    problem memory "batch.size linger.ms" blocked-ratio 0.001 batch-rate minimise \
        batch.size=512:1MiB:12:log linger.ms=1:2000:12:log
    # Three keys, of which one hardly matters.
    problem latency "linger.ms parallelism max.in.flight.requests.per.connection" request-rate 600 \
        latency-avg minimise linger.ms=1:200:12:log parallelism=1,2,3,4,6,8 \
        max.in.flight.requests.per.connection=1,2,5
fi

# The same whatever runs at a time; none of the front is better than another in all.
options=(--goal 'latency-p99 < 40ms' --minimise request-rate --over linger.ms=1:200:log)
"$program" tune job.yaml "${options[@]}" -j 1 -o one.csv > one || fail "status $?"
"$program" tune job.yaml "${options[@]}" -j 3 -o two.csv > two || fail "status $?"
cmp -s one.csv two.csv && cmp -s one two || fail "-j 1 and -j 3 differ"
[ "$(wc -l < one)" -le 24 ] && [ "$(wc -L < one)" -le 80 ] || fail "more than a screen: $(cat one)"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { best += $at["best"] }
    NR > 2 && !$at["best"] && !was && ($at["latency-p99"] <= p99 || $at["request-rate"] >= rate) {
        bad = 1 }
    { was = $at["best"]; p99 = $at["latency-p99"]; rate = $at["request-rate"] }
    END { exit !(best == 1 && NR > 5 && !bad) }' one.csv ||
    fail "the front: $(cut -c 1-200 one.csv)"
read -r -a words < <(sed -n 's/^try: //p' one)
"$program" job.yaml -r 6 "${words[@]}" -o pasted.csv > out || fail "cannot be pasted: ${words[*]}"
p99=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "latency-p99") c = i }
    NR == 2 { print $c }' pasted.csv)
awk -v p99="$p99" 'BEGIN { exit !(p99 < 40) }' || fail "pasted: latency-p99 $p99"

# No point meets the goal; what cannot be asked.
"$program" tune job.yaml --goal 'latency-p99 < 1ms' --minimise request-rate \
    --over linger.ms=5,50,500 -o none.csv > said
[ $? -eq 3 ] || fail "a goal that no point meets: status $?"
grep -q 'no point meets the goals; nearest comes' said || fail "not said: $(cat said)"
grep -q 'linger.ms=5$' said || fail "the nearest is 5 ms: $(cat said)"
grep -q '^try' said && fail "words to paste that do not help"
[ "$(cut -d , -f 1 none.csv | grep -c 1)" -eq 0 ] || fail "a best without one"
refuses() { # MESSAGE OPTION...
    local message=$1
    shift
    "$program" tune job.yaml "$@" > said 2>&1
    [ $? -eq 2 ] || fail "$*: status $?"
    grep -qF -- "$message" said || fail "$*: $(cat said)"
}
refuses 'what shall be best?' --over linger.ms=1,2
refuses 'over what?' --minimise request-rate
refuses 'is a word' --minimise bottleneck --over linger.ms=1,2
refuses 'did you mean request-rate?' --minimise reqest-rate --over linger.ms=1,2
refuses '--over linger.ms:1:11: error:' --minimise request-rate --over linger.ms=many
refuses 'linger.ms is there twice' --minimise request-rate --over linger.ms=1,2,linger.ms=3

exit $((failures > 0))

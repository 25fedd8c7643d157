#!/bin/bash
# test_sweep.sh PROGRAM - a sweep is the same bytes for any number of threads, in one process or in
# shards, and when it is stopped at any moment and gone on with.
#
# guards: sim/study/sweep, sim/study/plan, sim/command/experiment, sim/command/merge,
# sim/study/progress, sim/study/forecast, sim/study/interrupt
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1
RANDOM=20

# What scenarios/20x12.yaml is to the manual test of the README, shortened.
cat > s.yaml <<'YAML'
name: short
run: {duration: 300ms, warm-up: 100ms}
topics: [{name: "events.t%02d", count: 20, partitions: 12}]
load: {rate: 20k/s, keys: {name: "entity-%d", count: 1000, zipf: 0.9}}
job: {parallelism: 4}
producer: {linger.ms: 30, compression.type: lz4}
costs: {preset: typical}
sweep:
  linger.ms: [1, 2] # replaced below
YAML
axes=(--sweep batch.size=16KiB,128KiB,512KiB --sweep shards=1,2,4 --sweep linger.ms=30 -r 4)

sweep() { # ARGUMENT...
    "$program" sweep s.yaml "${axes[@]}" --quiet "$@" 2> err < /dev/null
    local status=$?
    [ $status -eq 0 ] || fail "sweep $*: status $status: $(cat err)"
    [ ! -s err ] || fail "sweep $*: $(cat err)"
}

same() { # FILE WHAT
    cmp -s whole.csv "$1" || fail "$2: not the bytes of one machine"
}

refused() { # WORDS ARGUMENT...
    local words=$1
    shift
    "$program" "$@" > out 2> err < /dev/null
    local status=$?
    [ $status -eq 2 ] || fail "$*: status $status, not 2"
    [ ! -s out ] || fail "$*: something on standard output"
    grep -qF -- "$words" err || fail "$*: $(cat err), not: $words"
}

# One machine.
sweep -j 1 > whole.csv
[ "$(wc -l < whole.csv)" -eq 10 ] || fail "not 9 rows"
[ "$(cut -d, -f1-6 whole.csv | head -n 1)" = \
    scenario,point,replications,linger.ms,batch.size,shards ] || fail "header"
[ "$(cut -d, -f1-6 whole.csv | sed -n '2p;4p;10p' | tr '\n' ' ')" = "short,0,4,30,16384,1 \
short,2,4,30,16384,4 short,8,4,30,524288,4 " ] || fail "the points are in another order"
sweep -j 2 > x.csv
same x.csv "-j 2"
sweep -j 7 -o x.csv
same x.csv "-j 7 -o"

# In shards, in any order of the parts; more of them than points; by what a scheduler says.
for count in 1 5 12; do
    parts=()
    for ((i = 0; i < count; i++)); do
        sweep --shard $i/$count -o part.$i
        parts=(part.$i "${parts[@]}")
    done
    "$program" merge "${parts[@]}" > x.csv || fail "merge of $count: status $?"
    same x.csv "$count shards"
    ordered=()
    for ((i = 0; i < count; i++)); do ordered+=(part.$i); done
    "$program" merge "${ordered[@]}" > x.csv || fail "merge of $count in order: status $?"
    same x.csv "$count shards in order" # of 12 the first has no point
    [ $count -ne 12 ] || [ "$(wc -l < part.0)" -eq 1 ] || fail "the first of 12 is not empty"
    rm part.*
done
for i in 0 1; do
    JOB_COMPLETION_INDEX=$i sweep --shard auto/2 -o part.$i
done
"$program" merge part.0 part.1 -o x.csv || fail "merge -o: status $?"
same x.csv "--shard auto/2"

# Point by point.
parts=()
for i in 0 1 2 3 4 5 6 7 8; do
    sweep --only $i -o only.$i
    parts+=(only.$i)
done
"$program" merge "${parts[@]}" > x.csv
same x.csv "--only"
rm only.*

# Parts that do not fit together are refused by name.
refused "error: a part is missing: of 9 points nobody has 0 to 3" merge part.1
refused "part.0:2: error: point 0 is also in part.0" merge part.1 part.0 part.0
sed -n '1p;2p' part.0 > part.9
refused "part.9:2: error: point 0 is also in part.0" merge part.0 part.1 part.9
for change in "--seed 2" "--set rate=21k/s" "--each" "--sweep acks=all" "--set name=other"; do
    # shellcheck disable=SC2086
    "$program" sweep s.yaml "${axes[@]}" --quiet --shard 1/2 $change -o foreign
    refused "foreign: error: a part of another sweep than part.0" merge part.0 foreign
    refused "foreign: error: a part of sweep" sweep s.yaml "${axes[@]}" --resume foreign
done
"$program" sweep s.yaml "${axes[@]}" --quiet --shard 1/2 --set run.seed=1 --set acks=all \
    --set run.duration=0.3s -o x.csv
cmp -s part.1 x.csv || fail "the same scenario in other words is another sweep"
refused "whole.csv:1: error: no part of a sweep" merge whole.csv
refused "nowhere: error: cannot open nowhere" merge part.0 nowhere
refused "s.yaml:1: error: no CSV of a sweep" merge s.yaml
: > empty
refused "empty: error: the file is empty" merge part.0 empty
sed 's/,[0-9a-f]*\/9$/,1\/9/' part.0 > forged
refused 'forged:2: error: "1/9" is no name of a sweep' merge forged
sed 's/^short,0,/short,9,/' part.0 > forged
refused 'forged:2: error: "9" is no point of a sweep of 9' merge forged
sed 's/^short,0,/short,1,/' part.0 > forged
refused 'forged:2: error: this line or the header has been changed' merge forged
{ cat part.0; sed -n 2p part.0; } > forged
refused "forged:6: error: point 0 after point 3: lines were moved" merge forged
refused "part.1:2: error: point 4 is none of those that are run here" \
    sweep s.yaml "${axes[@]}" --shard 0/2 --resume part.1

# A file that the scenario names belongs to it.
cat > trace.yaml <<'YAML'
topics: [{name: t, partitions: 3}]
load: {trace: t.csv}
sweep: {linger.ms: [0, 5]}
YAML
printf 'time_ns,topic,partition,key_bytes,value_bytes\n0,t,0,,100\n1000,t,1,,100\n' > t.csv
"$program" sweep trace.yaml --quiet --shard 0/2 -o trace.0
echo 2000,t,0,,100 >> t.csv
"$program" sweep trace.yaml --quiet --shard 1/2 -o trace.1
refused "trace.1: error: a part of another sweep than trace.0" merge trace.0 trace.1

# A file that merely has the name of a topic does not.
"$program" sweep trace.yaml --quiet --shard 0/2 -o trace.0
echo "not read" > t
"$program" sweep trace.yaml --quiet --shard 1/2 -o trace.1
"$program" merge trace.0 trace.1 > out 2> err || fail "a file that nobody reads counts: $(cat err)"

# Logs and series are of point 0, and not of whatever comes first.
"$program" sweep s.yaml "${axes[@]}" --quiet --logs logs --series series.csv -o x.csv --only 0
mv logs logs.0
"$program" sweep s.yaml "${axes[@]}" --quiet --logs logs -o x.csv
diff -r logs logs.0 || fail "--logs: another point than 0"
refused "--logs shows point 0, which is not run here" \
    sweep s.yaml "${axes[@]}" --shard 1/2 --logs logs
refused "--series shows point 0, which is not run here" \
    sweep s.yaml "${axes[@]}" --resume part.0 --series x
"$program" sweep s.yaml "${axes[@]}" --quiet --only 4/2 --logs logs -o x.csv
"$program" s.yaml -r 4 --quiet --set batch.size=128KiB --set shards=2 --set linger.ms=30 \
    --only 0/2 --logs logs.0
diff -r logs logs.0 || fail "--only 4/2 --logs: another run"

# A dry run lists the points; a sweep that is only run is ignored, and that is said.
"$program" sweep s.yaml "${axes[@]}" --dry-run > out 2> err
[ "$(wc -l < out)" -eq 10 ] || fail "--dry-run: $(cat out)"
grep -qx 'point 4: linger.ms 30, batch.size 131072, shards 2; 4 runs' out || fail "no point 4"
grep -q '^short: 9 points, 36 runs; about [0-9.]* s on [0-9]* process' out || fail "no estimate"
"$program" sweep s.yaml "${axes[@]}" --dry-run --shard 1/2 -j 3 > out 2> err
grep -q '^short: 5 points of 9, 20 runs; about [0-9.]* s on 3 processes' out || fail "$(cat out)"
"$program" s.yaml > out 2> err
grep -qF "s.yaml:8:1: note: the sweep is ignored here; $(basename "$program") sweep s.yaml" err ||
    fail "the sweep is ignored in silence: $(cat err)"

# What --each writes: the same replication sees the same load at every point.
sweep --each > each.csv
[ "$(wc -l < each.csv)" -eq 37 ] || fail "--each: not 36 rows"
[ "$(cut -d, -f1-7 each.csv | sed -n '1p;7p' | tr '\n' ' ')" = "scenario,point,replication,seed,\
linger.ms,batch.size,shards short,1,1,1,30,16384,2 " ] || fail "--each: columns"
[ "$(cut -d, -f3,9 each.csv | sort -u | wc -l)" -eq 5 ] || fail "points see different loads"
[ "$(cut -d, -f9 each.csv | sort -u | wc -l)" -eq 5 ] || fail "replications see the same load"
sweep --each --only 5/3 > x.csv
[ "$(sed 1d x.csv)" = "$(grep ^short,5,3, each.csv)" ] || fail "--only 5/3 is another run"
for i in 0 1; do
    sweep --each --shard $i/2 -o part.$i
done
"$program" merge part.1 part.0 | cmp -s - each.csv || fail "--each in shards"

# So for what is compared and for what asks for more; the base runs in every shard, in none twice.
for options in "--against 4" "--set precision=10% --set max-replications=8" \
    "--set warm-up=auto --set duration=2s -r 2"; do
    # shellcheck disable=SC2086
    sweep $options > more.csv
    parts=()
    for i in 0 1 2; do
        # shellcheck disable=SC2086
        sweep $options --shard $i/3 -o part.$i
        parts+=(part.$i)
    done
    sed -i '3,$d' part.1 # as if it had been stopped after one point
    # shellcheck disable=SC2086
    sweep $options --shard 1/3 -o part.1 --resume part.1
    "$program" merge "${parts[@]}" | cmp -s - more.csv || fail "$options: in shards"
done

# Progress is one line, on a terminal alone.
"$program" sweep s.yaml "${axes[@]}" > out 2> err
grep -vE ': (note|warning): ' err > rest && fail "more than notes on standard error: $(cat rest)"
script -qec "'$program' sweep s.yaml ${axes[*]} -o x.csv" /dev/null < /dev/null > terminal 2> err
tr '\r' '\n' < terminal | grep -q ' of 9 points, [0-9.e+]* runs/s, about .* left' ||
    fail "no progress on a terminal"
tr '\r' '\n' < terminal | grep -q ': simulated 14.4 s in .*, .* times as fast' || # 36 x 0.4 s
    fail "no last line on a terminal"
"$program" sweep s.yaml "${axes[@]}" -o x.csv --verbose > out 2> err
grep -q ': simulated 14.4 s in .*, .* times as fast' err || fail "not said by --verbose"
script -qec "'$program' sweep s.yaml ${axes[*]} -o x.csv --quiet" /dev/null < /dev/null > terminal
[ ! -s terminal ] || fail "--quiet: $(cat terminal)"

# Stopped at a random moment, twenty times, and gone on with until it is done.
start=$(date +%s%N)
sweep -j 2 > x.csv
took=$((($(date +%s%N) - start) / 1000000))
[ $took -gt 10 ] || fail "too fast to be stopped"
stopped=0 partly=0
for i in $(seq 20); do
    rm -f x.csv
    for signal in TERM INT HUP; do
        # What a shell runs in the background ignores SIGINT.
        env --default-signal=INT "$program" sweep s.yaml "${axes[@]}" --quiet -j 2 -o x.csv \
            --resume x.csv 2> err &
        child=$!
        sleep "$(printf '0.%03d' $((RANDOM % took * 2 / 3 % 1000)))"
        kill -$signal $child 2> /dev/null
        wait $child 2> /dev/null
        status=$?
        [ $status -eq 0 ] && break
        stopped=$((stopped + 1))
        [ $status -eq $((128 + $(kill -l $signal))) ] ||
            fail "SIG$signal: status $status: $(cat err)"
        [ ! -f x.csv ] || partly=$((partly + 1))
        find . -name '*tmp*' | grep -q . && fail "a temporary file is left"
    done
    [ $status -eq 0 ] || sweep -j 2 -o x.csv --resume x.csv
    same x.csv "stopped and gone on with, $i"
done
[ $stopped -ge 20 ] || fail "only $stopped runs were stopped"
[ $partly -ge 10 ] || fail "only $partly left something to go on with"
echo "$stopped runs stopped, $partly with points done"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

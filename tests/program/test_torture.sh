#!/bin/bash
# test_torture.sh PROGRAM - work is not lost: whatever happens to a sweep and to its files, going on
# and merging give the bytes of the undisturbed run, or a clear refusal.
#
# guards: sim/output/part, sim/output/beside, sim/study/results, sim/study/identity,
# sim/study/worker, sim/study/interrupt, sim/command/sheet, sim/command/merge
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1
RANDOM=11

cat > s.yaml <<'YAML'
run: {duration: 300ms, warm-up: 100ms, replications: 2}
topics: [{name: t, partitions: 12}]
load: {rate: 5k/s}
brokers: {rtt: {empirical: rtt.csv}}
sweep: {linger.ms: [1, 2, 5, 10], shards: [1, 2]}
YAML
printf 'value,weight\n1ms,1\n2ms,3\n' > rtt.csv
cat > traced.yaml <<'YAML'
topics: [{name: t, partitions: 12}]
load: {trace: trace.csv}
YAML
printf 'time_ns,topic,partition,key_bytes,value_bytes\n0,t,0,,100\n9,t,1,,100\n' > trace.csv

sweep() { # ARGUMENT...
    "$program" sweep s.yaml --quiet "$@" 2> err < /dev/null || fail "sweep $*: $? $(cat err)"
}

# ends STATUS WORDS ARGUMENT...: what is printed is left in out and err.
ends() {
    local wanted=$1 words=$2
    shift 2
    "$program" "$@" > out 2> err < /dev/null
    local status=$?
    [ $status -eq "$wanted" ] || fail "$*: status $status, not $wanted: $(cat err)"
    grep -qF -- "$words" err || fail "$*: $(cat err), not: $words"
}

# No output may be what the run reads, by whatever name: not even a part of it is written.
sweep -o whole.csv
sweep --shard 0/2 -o part.0
sweep --shard 1/2 -o part.1
sweep --only 1 -o part.one
mkdir logs links
ln trace.csv logs/batches.csv
ln s.yaml links/hard.yaml
ln -s ../rtt.csv links/soft.csv
kept=$(mktemp -d)
cp -a . "$kept"
trap 'rm -rf "$work" "$kept"' EXIT
reads="is read here; an output would overwrite it"
for output in s.yaml ./s.yaml "$work/rtt.csv" links/hard.yaml links/soft.csv; do
    ends 2 "$output: $reads" s.yaml --quiet -o "$output"
    ends 2 "$output: $reads" s.yaml --quiet --series "$output"
    ends 2 "$output: $reads" sweep s.yaml --quiet -o "$output"
done
ends 2 "logs/batches.csv: $reads" traced.yaml --quiet --logs logs
ends 2 "trace.csv: $reads" traced.yaml --quiet -o trace.csv
ends 2 "part.0: $reads" merge part.1 part.0 -o part.0
ends 2 "part.one: $reads" \
    sweep s.yaml --quiet --shard 0/2 --resume part.one -o x.csv --series part.one
ends 2 "./part.0: $reads" sweep s.yaml --quiet --shard 0/2 --resume part.0 -o ./part.0
"$program" - -o s.yaml --quiet < s.yaml 2> err
[ $? -eq 2 ] || fail "standard input is the output: $(cat err)"
while read -r file arguments; do
    # shellcheck disable=SC2086
    "$program" $arguments >> "$file" 2> err
    [ $? -eq 2 ] && grep -qF "standard output: $reads" err || fail "$arguments >> $file: $(cat err)"
done <<'CALLS'
s.yaml s.yaml
rtt.csv sweep s.yaml
part.0 sweep s.yaml --shard 0/2 --resume part.0
part.1 merge part.0 part.1
CALLS
diff -r -x out -x err . "$kept" || fail "what is read has changed"

# What goes on where it ends may.
sweep --shard 0/2 --resume part.0 -o part.0
cmp -s part.0 "$kept/part.0" || fail "--resume part.0 -o part.0"

# A point that ends in a limit, without memory or in a bug takes no other with it, and is not tried
# again unless asked; what is missing is missing for any number of processes, in shards too.
cat > limited.yaml <<'YAML'
run: {duration: 3s, warm-up: 0s}
topics: [{name: t, partitions: 3}]
load: {rate: 1/s, keys: none}
brokers: {faults: [{kind: pause, broker: 0, at: 1ms, for: 1ms}]}
sweep:
  load.profile: [[{at: 10ms, rate: 10/s}], [{at: 10ms, rate: 4M/s}], [{at: 10ms, rate: 20/s}]]
  linger.ms: [0, 5]
YAML
limit="more than 1000030 egress records of a subtask whose consumers are watched"
for jobs in 1 3; do
    ends 1 "2 of 6 points could not be run" sweep limited.yaml --quiet -j $jobs -o limited.$jobs
    cp err said
    for point in 2 3; do
        grep -qx "    point $point: $limit; replay: fanout-sim sweep limited.yaml --only $point/0" \
            said || fail "point $point: $(cat said)"
        ends 1 "fanout-sim: $limit; replay: " sweep limited.yaml --only $point/0
    done
    [ "$(cut -d, -f2 limited.$jobs | tr '\n' ' ')" = "point 0 1 4 5 " ] ||
        fail "-j $jobs: points $(cut -d, -f2 limited.$jobs)"
done
cmp -s limited.1 limited.3 || fail "another number of processes loses other points"
for i in 0 1 2; do
    "$program" sweep limited.yaml --quiet --shard $i/3 -o limited.part.$i 2> err
done
ends 1 "2 of 6 points could not be run: 2 to 3;" merge limited.part.? -o x.csv
cmp -s limited.1 x.csv || fail "shards lose other points"
start=$(date +%s%N)
ends 1 "point 3: an earlier run could not; --retry tries again; replay: fanout-sim sweep" \
    sweep limited.yaml --quiet --resume limited.1 -o limited.1
[ $((($(date +%s%N) - start) / 1000000)) -lt 5000 ] || fail "it has tried again"
cmp -s limited.1 x.csv || fail "going on has lost more"
ends 1 "point 3: $limit" sweep limited.yaml --quiet --resume limited.1 -o limited.1 --retry
cmp -s limited.1 x.csv || fail "trying again has lost more"
ends 2 "--retry goes with --resume" sweep limited.yaml --retry

# What is short here need not be elsewhere.
wide=(--sweep parallelism=1,4000 --sweep linger.ms=1,5 --sweep shards=1)
sweep "${wide[@]}" -o wide.csv
(ulimit -v 45000 && exec "$program" sweep s.yaml "${wide[@]}" --quiet -o x.csv) 2> err
[ $? -eq 1 ] && grep -q "2 of 4 points could not be run" err || fail "no memory: $(cat err)"
sweep "${wide[@]}" --resume x.csv --retry -o x.csv
cmp -s wide.csv x.csv || fail "with memory: other bytes"

points() { # FILE: how many are in it
    if [ -f "$1" ]; then tail -n +2 "$1" | wc -l; else echo 0; fi
}

within_30s() { # COMMAND...: it has become true
    for _ in $(seq 600); do
        ! "$@" || return 0
        sleep 0.05
    done
    return 1
}

# What is done is saved while the rest is being run, here for ever. The process of that row is
# killed, as where memory is short: its point is missing, no other. Then who waits for it is killed:
# nothing is lost, and nobody works on.
endless=(s.yaml --sweep run.duration=200ms,300ms,400ms,1000000s --sweep linger.ms=1
    --sweep shards=1 -r 1 -j 1 --quiet -o x.csv)
has_three() { [ "$(points x.csv)" -eq 3 ]; }
has_worker() { worker=$(pgrep -P $child); }
has_ended() { ! kill -0 "$worker" 2> /dev/null; }
has_none() { ! has_worker || { kill -KILL "$worker" && false; }; }
rm -f x.csv
"$program" sweep "${endless[@]}" 2> err &
child=$!
within_30s has_three || fail "of 3 points that are done $(points x.csv) are saved"
within_30s has_none || kill -KILL $child
wait $child
[ $? -eq 1 ] && has_three || fail "the process of a row was killed: $(points x.csv) points"
grep -q "1 of 4 points could not be run" err && grep -q "signal 9" err || fail "$(cat err)"
"$program" sweep "${endless[@]}" --resume x.csv --retry 2> err &
child=$!
within_30s has_worker || fail "it is not tried again"
kill -KILL $child
wait $child 2> /dev/null
has_three || fail "of 3 points that were saved $(points x.csv) are left"
within_30s has_ended || fail "$worker works for nobody"

# A longer one, to be disturbed: it takes about a second, whatever the machine.
length=300
for _ in 1 2; do
    long=(--set rate=60k/s --set "run.duration=${length}ms" --sweep linger.ms=1,2,3,4,5,6,7,8
        --sweep shards=1,2,3 -r 1 -j 2)
    start=$(date +%s%N)
    sweep "${long[@]}" -o long.csv
    took=$((($(date +%s%N) - start) / 1000000 + 1))
    echo "undisturbed: $took ms for $length ms"
    [ $took -lt 700 ] || break
    length=$((length * 1000 / took))
done

pause_ms() {
    sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
}

# Killed where it cannot do anything about it, twenty times: what was saved stays, nothing is left
# behind, and in the end come the same bytes.
killed=0 saved=0
rm -f x.csv
while [ $killed -lt 20 ]; do
    before=$(points x.csv)
    "$program" sweep s.yaml "${long[@]}" --quiet -o x.csv --resume x.csv 2> err &
    child=$!
    pause_ms $((RANDOM % took + 50))
    kill -KILL $child 2> /dev/null && killed=$((killed + 1))
    wait $child 2> /dev/null
    status=$?
    if [ $status -eq 0 ]; then
        cmp -s long.csv x.csv || fail "killed and gone on with: other bytes"
        rm -f x.csv
    fi
    [ $status -eq 0 ] || [ $status -eq 137 ] || fail "killed: status $status: $(cat err)"
    [ $status -eq 0 ] || [ "$(points x.csv)" -ge "$before" ] ||
        fail "killed: $(points x.csv) of $before points are left"
    [ ! -f x.csv ] || saved=$((saved + 1))
done
sweep "${long[@]}" -o x.csv --resume x.csv
cmp -s long.csv x.csv || fail "killed and gone on with at last: other bytes"
[ -z "$(find . -name '*.tmp-*')" ] || fail "left behind: $(find . -name '*.tmp-*')"
echo "$killed killed, $saved with points saved"

# A disk that fills up on the way, which a limit on the size of files stands for.
rm -f x.csv
(ulimit -f 16 && exec "$program" sweep s.yaml "${long[@]}" --quiet -o x.csv) 2> err < /dev/null
[ $? -eq 1 ] && grep -q "x.csv: File too large" err || fail "full disk: $(cat err)"
[ -z "$(find . -name '*.tmp-*')" ] || fail "full disk: left $(find . -name '*.tmp-*')"
sweep "${long[@]}" --resume x.csv -o x.csv
cmp -s long.csv x.csv || fail "after a full disk: other bytes"

# Parts that were cut, doubled or edited: the right bytes in the end, or a refusal by name.
sweep --each -o each.csv
for i in 0 1; do
    sweep --each --shard $i/2 -o each.$i
done
survives() { # WHAT: of the part `hurt`
    "$program" sweep s.yaml --quiet --each --shard 1/2 --resume hurt -o x.csv 2> err
    local status=$?
    if [ $status -eq 0 ]; then
        cmp -s x.csv each.1 || fail "$1: gone on with to other bytes"
    else
        [ $status -eq 2 ] && grep -q '^hurt[: ]' err || fail "$1: status $status: $(cat err)"
        refused=$((refused + 1))
    fi
    "$program" merge hurt each.0 -o x.csv 2> err
    status=$?
    if [ $status -eq 0 ]; then
        cmp -s x.csv each.csv || fail "$1: merged to other bytes"
    else
        [ $status -eq 2 ] && grep -qE '^hurt[: ]|^error: a part is missing' err ||
            fail "$1: merge: status $status: $(cat err)"
    fi
}
bytes=$(stat -c %s each.1)
lines=$(wc -l < each.1)
refused=0
for i in $(seq 12); do
    at=$((i * bytes / 13))
    head -c $at each.1 > hurt
    survives "cut after $at bytes"
done
head -n 4 each.1 > hurt
ends 2 "hurt:5: error: it ends in the middle of a point" merge hurt each.0
[ $refused -le 6 ] || fail "what was cut cannot be gone on with"
refused=0
for _ in $(seq 8); do
    line=$((RANDOM % lines + 1))
    sed "$line{p}" each.1 > hurt
    survives "line $line doubled"
    [ $line -eq 1 ] || sed "${line}s/\([0-9]\),/\1\1,/" each.1 > hurt
    survives "line $line edited"
    sed "$((line > 1 ? line : 2))s/,[^,]*,/,/" each.1 > hurt
    survives "line $line short"
    sed "$((line > 1 ? line : 2))d" each.1 > hurt
    survives "line $line left out"
done
[ $refused -ge 24 ] || fail "of 32 parts that were changed only $refused were refused"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

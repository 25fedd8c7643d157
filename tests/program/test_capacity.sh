#!/bin/bash
# test_capacity.sh PROGRAM - what a job can take, against formulas: bound by its mailboxes, by its
# Sender, by what a connection may have in flight, and an M/M/1 queue of which 99 % must be served
# in time; the same bytes for any number of processes; what it says where there is no answer.
#
# guards: sim/study/capacity, sim/command/inquiry, sim/output/fields, models/advice/capacity,
# models/advice/capacity_say, models/commands
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

field() { # FILE NAME: of its first row
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        NR == 2 { print $c }' "$1"
}

# takes NAME RATE BOTTLENECK OPTION...: within 2 %.
takes() {
    local name=$1 rate=$2 bottleneck=$3 found
    shift 3
    "$program" capacity "$name.yaml" -o "$name.csv" "$@" > said 2> err ||
        fail "$name: status $?: $(cat err)"
    [ "$(head -n 1 "$name.csv" | cut -d , -f 1-3)" = capacity,capacity:ci95,bottleneck ] ||
        fail "$name: $(head -n 1 "$name.csv" | cut -c 1-60)"
    found=$(field "$name.csv" capacity)
    awk -v a="$found" -v b="$rate" 'BEGIN { exit !((a / b - 1) ^ 2 < 0.02 ^ 2) }' ||
        fail "$name: $found, not $rate"
    [ "$(field "$name.csv" bottleneck)" = "$bottleneck" ] ||
        fail "$name: $(field "$name.csv" bottleneck), not $bottleneck"
    [ "$(field "$name.csv" steady)" = 1 ] || fail "$name: what it says is not steady"
}

# Four mailboxes, 50 us for a record.
cat > mailbox.yaml << 'YAML'
topics: [{name: t, partitions: 12}]
load: {rate: 20k/s, keys: none}
job: {parallelism: 4}
producer: {linger.ms: 5, batch.size: 64KiB}
costs: {mailbox.record: 50us}
run: {duration: 5s, warm-up: 1s}
YAML
takes mailbox 80000 mailbox -j 1
cp mailbox.csv one.csv
cp said one
takes mailbox 80000 mailbox -j 2 --curve curve.csv
cmp -s one.csv mailbox.csv || fail "-j 1 and -j 2 differ"
cmp -s one said || fail "-j 1 and -j 2 say different things"
[ "$(wc -l < one)" -le 24 ] && [ "$(wc -L < one)" -le 80 ] || fail "more than a screen: $(cat one)"

# The words to paste are of a run that is steady; the curve ends where it is not.
set -- $(tail -n 1 one)
[ "$1 $2" = "try: --set" ] || fail "no words to paste: $*"
"$program" mailbox.yaml "$2" "$3" -o pasted.csv > out || fail "$3 cannot be pasted"
[ "$(field pasted.csv steady)" = 1 ] || fail "$3 is not steady"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    NR > 1 { good = good && $column["rate"] + 0 > before; before = $column["rate"] }
    NR == 2 { good = $column["latency-p99"] > 0 }
    END { exit !(good && NR > 8 && before > 80000) }' curve.csv ||
    fail "the curve: $(cat curve.csv)"

# The Sender's thread, 50 us for a record of an answer.
cat > sender.yaml << 'YAML'
topics: [{name: t, partitions: 12}]
load: {rate: 5k/s}
producer: {linger.ms: 5, batch.size: 64KiB}
costs: {sender.completion.record: 50us}
run: {duration: 5s, warm-up: 1s}
YAML
takes sender 20000 sender

# Five batches on their way for 50 ms, of 32 records each: 61 + 32 x 509 bytes are in 16 KiB, and
# 509 more are not.
cat > wire.yaml << 'YAML'
topics: [{name: t, partitions: 1}]
load: {rate: 1k/s, record: {value: 500B}, keys: none}
producer: {linger.ms: 5, batch.size: 16KiB, compression.type: none}
brokers: {count: 1, rtt: 50ms}
run: {duration: 5s, warm-up: 1s}
YAML
takes wire 3200 round-trip

# The time in the system is exponential: 99 % are through within log(100) / (service - rate).
cat > queue.yaml << 'YAML'
topics: [{name: t, partitions: 3}]
load: {rate: 10k/s}
costs: {function: {exponential: {mean: 50us}}}
brokers: {rtt: 0ns}
run: {duration: 5s, warm-up: 1s}
YAML
in_time=$(awk 'BEGIN { print 20000 - log(100) / 0.002 }')
takes queue "$in_time" mailbox --goal 'latency-p99 < 2ms'
grep -q 'goal  *latency-p99 < 2ms; at .* it is 2' said ||
    fail "the goal does not end it: $(cat said)"

# No answer, and why.
"$program" capacity wire.yaml --goal 'latency-p50 < 1us' -o none.csv > said
[ $? -eq 3 ] || fail "a goal that no rate meets: status $?"
grep -q 'no rate meets the goals' said || fail "not said: $(cat said)"
grep -q '^try' said && fail "words to paste that do not help"
[ "$(wc -l < none.csv)" -eq 1 ] || fail "a row without a capacity"
"$program" capacity queue.yaml --goal 'latency-p9 < 1ms' > said 2>&1
[ $? -eq 2 ] || fail "a column that there is not: status $?"
"$program" capacity "$tests/conformance/plain-100/scenario.yaml" > said 2>&1
[ $? -eq 2 ] || fail "a trace: status $?"
grep -q 'there is no load.rate to raise' said || fail "a trace: $(cat said)"
"$program" capacity mailbox.yaml --set load.rate=saturated > said 2>&1 ||
    fail "saturated: status $?"
grep -q 'warning: load.rate saturated is no capacity' said || fail "saturated: $(cat said)"

exit $((failures > 0))

#!/bin/bash
# test_statistics.sh PROGRAM - intervals, comparisons, precision and warm-ups as a user asks for
# them: the same bytes for any number of threads and shards and after an interruption, and what is
# said.
#
# guards: sim/study/precision, sim/study/estimate, sim/study/pilot, sim/study/verdict,
# sim/command/sheet
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

cat > tiny.yaml <<'YAML'
topics: [{name: t, partitions: 3}]
load: {rate: 2k/s}
producer: {linger.ms: 30}
brokers: {rtt: {exponential: {mean: 2ms}}}
run: {duration: 2s, warm-up: 200ms, replications: 8}
YAML

sweep() { # ARGUMENT...
    "$program" sweep tiny.yaml --sweep linger.ms=5,10,30,60 "$@" > out 2> err || {
        fail "sweep $*: status $?"
        cat err
    }
}

field() { # FILE LINE NAME
    awk -F, -v line="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        NR == line + 1 { print $c }' "$1"
}

is() { # WHAT FOUND EXPECTED
    [ "$2" = "$3" ] || fail "$1: $2, not $3"
}

# The same whole, on two threads, in shards (of which two lack the base), and in two goes.
same() { # ARGUMENT...
    local shard
    sweep -j 1 -o whole.csv "$@"
    sweep -j 2 -o two.csv "$@"
    cmp -s whole.csv two.csv || fail "$*: -j 1 and -j 2 differ"
    for shard in 0 1 2; do
        sweep --shard $shard/3 -o part.$shard.csv "$@"
    done
    "$program" merge part.?.csv > merged.csv || fail "$*: merge"
    cmp -s whole.csv merged.csv || fail "$*: three shards are another sweep"
    head -n 2 part.1.csv > begun.csv
    sweep --shard 1/3 --resume begun.csv -o again.csv "$@"
    cmp -s part.1.csv again.csv || fail "$*: --resume makes another part"
}

same
same --against 2
is "difference from itself" "$(field whole.csv 3 byte-rate:diff)" 0
is "its interval" "$(field whole.csv 3 byte-rate:diff-ci95)" 0
awk -v a="$(field whole.csv 1 byte-rate)" -v b="$(field whole.csv 3 byte-rate)" \
    -v d="$(field whole.csv 1 byte-rate:diff)" \
    'BEGIN { exit !(d > 0 && (a - b - d) ^ 2 < 1e-16 * a ^ 2) }' ||
    fail "a mean difference is not the difference of the means"
is "columns after offered-rate" \
    "$(head -n 1 whole.csv | grep -o 'offered-rate.*lag-end,' )" \
    "offered-rate,offered-rate:ci95,offered-rate:diff,offered-rate:diff-ci95,lag-end,"
is "interval of an extreme" "$(field whole.csv 1 latency-max:ci95)" ""
is "difference of extremes" "$(field whole.csv 3 latency-max:diff)" 0

# Stopped and gone on with: what it is compared with is run again, for only its line is left.
sweep --against 2 --set duration=200s -o whole.csv
for pause in 0.05 0.1 0.15 0.2 0.3; do
    rm -f stopped.csv
    "$program" sweep tiny.yaml --sweep linger.ms=5,10,30,60 --against 2 --set duration=200s \
        -o stopped.csv 2> err &
    sleep $pause
    kill -TERM $! 2> err
    wait $! 2> err && { cmp -s whole.csv stopped.csv || fail "not the same sweep"; continue; }
    [ -e stopped.csv ] && ! head -n 1 stopped.csv | grep -q ',sweep$' && fail "not a part"
    sweep --against 2 --set duration=200s --resume stopped.csv -o stopped.csv
    cmp -s whole.csv stopped.csv || fail "stopped after $pause s: another sweep"
done

# Pilot runs: one warm-up for all replications of a point.
same --set warm-up=auto
[ "$(field whole.csv 1 warm-up-chosen)" != "" ] || fail "no warm-up is reported"
sweep --set warm-up=auto --each -o each.csv
is "warm-ups of four points" "$(awk -F, 'NR > 1 { print $2, $NF }' each.csv | sort -u | wc -l)" 4
sweep --set warm-up=auto --only 1/5 --each -o one.csv
grep -qxF "$(sed -n 2p one.csv)" each.csv || fail "--only 1/5 is another run"

# Precision: more replications by rule, and why no more.
same --set precision=4% --set max-replications=20
is "replications" "$(field whole.csv 1 replications)" 18
is "why" "$(field whole.csv 1 stopped)" precision
sweep --set precision=4%
grep -q "run.precision is reached at 4 of 4 points" err || fail "not said: $(cat err)"
"$program" tiny.yaml --set precision=1% --set max-replications=9 > out 2> err || fail "status $?"
grep -q "stopped after 9 replications, run.max-replications: .* is within .* %, not 1 %" err ||
    fail "not said why: $(cat err)"
grep -q "half-width of a 95 % interval over 9 replications" out || fail "no interval explained"
"$program" tiny.yaml --set precision=5% -j 2 > out 2> err
grep -q "run.precision is reached after [0-9]* replications" err || fail "not said: $(cat err)"

# Compared: it is the differences that shall be precise, which takes fewer.
same --against 2 --set precision=0.5% --columns throughput --assert "latency-p99 > 1ms"
sweep --against 2 --set precision=0.5% --columns throughput -o paired.csv
sweep --set precision=0.5% --columns throughput -o unpaired.csv
for line in 1 2 4; do
    is "why" "$(field paired.csv $line stopped)" precision
    [ "$(field paired.csv $line replications)" -lt "$(field unpaired.csv $line replications)" ] ||
        fail "pairs do not help point $((line - 1))"
done
sweep --against 2 --set precision=0.25% --set max-replications=9 --columns latency-p99
grep -q "point 0: .* 9 replications, run.max-repl.*: the difference of latency-p99 is within" err ||
    fail "not said of the difference: $(cat err)"

# A backlog that grows: no interval, and no replications in vain.
"$program" tiny.yaml --set mailbox.record=1ms --set precision=2% -o slow.csv > out 2> err
is steady "$(field slow.csv 1 steady)" 0
is "its intervals" "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) ci[i] = $i ~ /:ci95$/ }
    NR == 2 { for (i = 1; i <= NF; i++) if (ci[i] && $i != "") n++; print n + 0 }' slow.csv)" 0
is "why" "$(field slow.csv 1 stopped)" not-steady
is replications "$(field slow.csv 1 replications)" 8
grep -q "NOT STEADY" out || fail "the summary does not say so"

# A stall that some replications fall into and others do not: hardly anything but the round trip is
# random.
free="--set network.request=0ns --set network.byte=0ns --set follower.request=0ns"
free="$free --set send.buffer.bytes=1GiB --set socket.receive.buffer.bytes=1GiB"
free="$free --set follower.batch=0ns --set follower.byte=0ns --set broker.replication=0ns"
"$program" "$tests/../scenarios/stall.yaml" --set "rtt={gamma: {mean: 50ms, cv: 0.001}}" -r 8 \
    $free --set duration=2s --set warm-up=6s -o camps.csv > out 2> err || fail "camps: status $?"
grep -q "warning: replications fall into two camps: throughput [0-9.]* in [1-7] and" err ||
    fail "no camps: $(cat err)"
is "mean of two camps" "$(field camps.csv 1 throughput)" ""
[ "$(field camps.csv 1 offered-rate)" != "" ] || fail "what is in one camp has no mean"
is "interval beside two camps" "$(field camps.csv 1 offered-rate:ci95)" ""
grep -q "TWO CAMPS" out || fail "the summary does not say so"

# A beginning that is longer than half of the run.
"$program" tiny.yaml --set warm-up=auto --set linger.ms=1500 --set batch.size=1MiB \
    -o refused.csv > out 2> err
is "refused: status" $? 1
grep -q "error: run.warm-up: auto would discard .* more than half of a run of 2 s" err ||
    fail "not refused: $(cat err)"
[ ! -s out ] || fail "a summary of nothing"

exit $((failures > 0))

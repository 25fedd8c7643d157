#!/bin/bash
# test_calibrate_call.sh PROGRAM - calibrate as a user calls it: metrics in their formats, words
# behind files, what is refused and why, -o, and the same bytes for any -j.
#
# guards: models/calibrate/calibrate, models/calibrate/point, models/calibrate/figures,
# models/calibrate/fitted, models/calibrate/told, models/import/metrics
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1
measured=$tests/measured/perf-test

cat > perf.yaml <<'YAML'
# Two runs of kafka-producer-perf-test.
topics: [{name: p12, partitions: 12}]   # one broker
load: {rate: 500/s, emit: 40, arrivals: constant, keys: none, record: {value: 500B}}
run: {duration: 200ms, warm-up: 100ms}
egress: {delivery: none}
producer: {client: "4.0", batch.size: 16384}
brokers: {count: 1, replication.factor: 1, rtt: 600us}
costs:
  preset: typical # as measured elsewhere
  mailbox: {batch: 8us, wakeup: 15us}
  sender: {look: 5us, wakeup: 20us, oversleep: 100us, request: 50us,
           completion: {batch: 1.5us, hand-over: 8us}}
  broker: {replication: 0ns}
YAML

calibrate() { "$program" calibrate perf.yaml "$@" > out 2> err; }

# expect STATUS TEXT ARGUMENT..: that status, and the text in what is said.
expect() {
    local status=$1 text=$2 found
    shift 2
    calibrate "$@"
    found=$?
    [ $found = "$status" ] || fail "$*: status $found, not $status: $(cat err)"
    grep -qF -- "$text" out err || fail "$*: not \"$text\" but $(cat err out)"
}

b3="$measured/b3.txt:linger.ms=0"
fit=(--fit "rtt,sender.request")
expect 2 'no scenario metrics given'
expect 2 'no metrics; expected' perf.yaml
expect 2 'cannot open none.txt' none.txt
expect 2 '--hold-out 1: a number less than that of the files, 1' "$b3" --hold-out 1
expect 2 'is 0, which says nothing' "$b3" --fit costs.function
expect 2 'producer.linger.ms cannot be fitted' "$b3" --fit linger.ms
expect 2 'costs.sender.request is there twice' "$b3" --fit sender.request,costs.sender.request
expect 2 "b3.txt: " "$measured/b3.txt:linger.ms=soon" "${fit[@]}"
expect 2 'elapsed' "$measured/b3.txt:elapsed=soon" "${fit[@]}"
expect 2 'no cost is open' "$b3" --set costs.preset=free
expect 2 'an output would overwrite it' "$b3" "${fit[@]}" -o perf.yaml
expect 1 'none/fitted.yaml' "$b3" "${fit[@]}" -o none/fitted.yaml
[ ! -e none ] || fail "something is written"

# The whole: of perf-test, and the file that comes out.
expect 0 'sends without keys' "$b3" "${fit[@]}" -j 1 -o one.yaml
cp out one.out
expect 0 'brokers.rtt' "$b3" "${fit[@]}" -j 2 -o two.yaml
cmp -s out one.out && cmp -s one.yaml two.yaml || fail "-j 2: $(diff out one.out)"
grep -q 'request-latency-avg ms  *0.456 ' out || fail "what was measured is not shown"
grep -q 'record-send-rate records/s  *19994 ' out || fail "no rate over the elapsed time"
for kept in '# Two runs of' '# one broker' '# as measured elsewhere'; do
    grep -q "$kept" one.yaml || fail "lost: $kept"
done
"$program" one.yaml --quiet --dry-run || fail "what comes out cannot be read"
for old in 'rtt: 600us' 'request: 50us'; do
    grep -q "$old" one.yaml && fail "still $old"
done
"$program" calibrate one.yaml "$b3" "${fit[@]}" > again 2> err || fail "again: $(cat err)"
latency() { sed 's/^[* ] *//' "$1" | awk -v at="$2" '$1 == "request-latency-avg" { print $at }'; }
[ "$(latency again 4)" = "$(latency one.out 5)" ] || fail "after is not before: $(cat again)"

# A scrape: rates of its first minute are refused, elapsed= makes rates of totals.
expect 0 'record_send_rate is not used: the client is younger' "$measured/a2.prom" "${fit[@]}"
grep -q record-send-rate out && fail "a rate of the first minute is used"
expect 0 'record-send-rate records/s' "$measured/a2.prom:elapsed=17.67s" "${fit[@]}"
grep -q 'record-send-rate records/s  *29997 ' out || fail "530052 in 17.67 s are $(cat out)"
sed 's/metrics_record_send{\(.*\) .*/metrics_record_send{\1 30000/' "$measured/a2.prom" > first.prom
expect 0 'record-send-rate' "$measured/a2.prom:elapsed=10s,since=first.prom" "${fit[@]}"
grep -q 'record-send-rate records/s  *50005 ' out || fail "since=: $(cat out err)"

# Flink: names that are there twice are refused, exact totals win over gauges.
cat > flink.csv <<'CSV'
metric,value
0.Sink.KafkaProducer.request-rate,0.095
0.Sink.KafkaProducer.request-latency-max,12
0.Sink.KafkaProducer.outgoing-byte-rate,4.98
0.Sink.KafkaProducer.batch-size-avg,9000
0.Sink.KafkaProducer.request-latency-avg,0.5
function-accumulateBusyTimeMs,1157
function-busyTimeMsPerSecond,1000
CSV
for name in request-rate request-latency-max outgoing-byte-rate; do
    expect 0 "KafkaProducer.$name is not used: the client has this name twice" \
        flink.csv:elapsed=10s "${fit[@]}"
done
grep -q '^[* ] request-rate' out && fail "Flink's request-rate is used"
grep -q 'function-busyTimeMsPerSecond-avg ms/s  *115.7 ' out || fail "not exact: $(cat out)"
expect 0 'accumulateBusyTimeMs is not used: nothing says over how long' flink.csv "${fit[@]}"
grep -q 'function-busyTimeMsPerSecond-avg ms/s  *1000 ' out || fail "no gauge: $(cat out)"

# More costs than figures.
head -n 3 flink.csv > few.csv
printf 'request-latency-avg,0.5\nrecord-send-rate,20000\n' >> few.csv
expect 0 'Left alone' few.csv

# --quiet says nothing; --hold-out predicts.
calibrate "$b3" "${fit[@]}" --quiet || fail "--quiet: $(cat err)"
[ ! -s out ] && [ ! -s err ] || fail "--quiet: $(cat out err)"
expect 0 'flink.csv; held out: predicted' "$b3" flink.csv --hold-out 1 "${fit[@]}"
exit $((failures > 0))

#!/bin/bash
# test_shared.sh PROGRAM - a shared broker with enough handlers and a free network is the broker
# that nobody shares: the recorded workloads, and one with something of everything, are the same
# byte for byte. A network cost that rounds to 0 ns makes a broker shared.
#
# guards: models/broker/broker, models/broker/broker_channel; time-model.md 4
. "$(dirname "$0")/../common.sh"
count=0

for case in "$tests"/conformance/*/; do
    name=$(basename "$case")
    count=$((count + 1))
    if ! "$program" "$case/scenario.yaml" --set costs.network.request=0.0001ns \
        --logs "$work/$name" --quiet > "$work/said" 2>&1
    then
        fail "$name: does not run: $(cat "$work/said")"
        continue
    fi
    for log in batches stalls flushes; do
        cmp "$case/expected/$log.csv" "$work/$name/$log.csv" || fail "$name: $log differ"
    done
done
[ $count -ge 73 ] || fail "$count recordings found, not 73"

cat > "$work/busy.yaml" << 'END'
run: {duration: 6s, warm-up: 0s}
topics: [{name: "t%02d", count: 9, partitions: 5}]
load: {rate: 9k/s, record: {value: {lognormal: {mean: 400B, cv: 1}}}}
job: {parallelism: 3, checkpoint: {interval: 270ms}}
egress: {shards: 2}
producer: {linger.ms: 20, batch.size: 9000, buffer.memory: 150000, compression.type: lz4}
brokers:
  rtt: {gamma: {mean: 6ms, cv: 1}}
  faults: [{kind: error, broker: 1, at: 900ms, for: 100ms, error: NOT_ENOUGH_REPLICAS},
           {kind: slow, broker: 0, at: 1100ms, for: 500ms, wait: 40ms},
           {kind: pause, broker: 2, at: 1500ms, for: 290ms}]
costs:
  mailbox: {record: 2us, byte: 1ns}
  sender: {request: 15us, batch: 3us, byte: 1ns}
  broker: {request: {exponential: {mean: 200us}}, batch: 8us, byte: 1.25ns,
           replication: {gamma: {mean: 3ms, cv: 0.5}}}
  compression: {ratio: 0.45}
END
for acks in all 1 0; do
    for request in 0ns 0.0001ns; do
        "$program" "$work/busy.yaml" --set costs.network.request=$request --set acks=$acks \
            --logs "$work/$acks-$request" --quiet > "$work/said" 2>&1 ||
            fail "busy, acks $acks: $(cat "$work/said")"
    done
    for log in batches stalls flushes; do
        cmp "$work/$acks-0ns/$log.csv" "$work/$acks-0.0001ns/$log.csv" ||
            fail "busy, acks $acks: $log differ"
    done
done
[ "$(wc -l < "$work/all-0ns/batches.csv")" -gt 1000 ] || fail "busy: hardly any batch"
grep -q NOT_ENOUGH_REPLICAS "$work/all-0ns/batches.csv" || fail "busy: no error"

[ $failures -eq 0 ] && echo "$count recordings and a busy run are the same at shared brokers"
exit $((failures > 0))

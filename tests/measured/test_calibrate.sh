#!/bin/bash
# test_calibrate.sh PROGRAM - costs that were planted in six scenarios are found again, from figures
# of other seeds, within 15 %; what the figures cannot tell is left alone, and said.
#
# guards: models/calibrate/calibrate, models/calibrate/runs, models/calibrate/open,
# models/calibrate/told, sim/study/fit
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

cat > base.yaml <<'YAML'
run: {duration: 500ms, warm-up: 100ms, replications: 2}
topics: [{name: "t%02d", count: 20, partitions: 12}]
load: {rate: 10k/s, record: {value: 500B}, keys: {count: 1000}}
job: {parallelism: 1}
producer: {client: "4.0", linger.ms: 5, batch.size: 16384}
brokers: {count: 3, replication.factor: 1, rtt: 1ms}
costs:
  preset: typical
  mailbox: {batch: 8us}
  sender: {look: 5us, wakeup: 20us, oversleep: 100us, request: 50us,
           completion: {batch: 1.5us, hand-over: 8us}}
YAML

metrics="record-send-rate request-rate batch-size-avg records-per-request-avg record-queue-time-avg
         request-latency-avg blocked-ratio io-wait-ratio function-busyTimeMsPerSecond-avg"

# measure FILE SET..: what a run with the sets measures, of another seed.
measure() {
    local file=$1 sets=()
    shift
    for set; do sets+=(--set "$set"); done
    "$program" base.yaml "${extra[@]}" "${sets[@]}" --seed 77 --csv full.csv --quiet || return 1
    awk -F, -v names="$metrics" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR == 2 { print "metric,value"; n = split(names, name, " ")
                  for (i = 1; i <= n; i++) print name[i] "," $(at[name[i]]) }' full.csv > "$file"
}

# A time as awk likes it, in ns.
ns='function ns(t) { return t * (t ~ /ms$/ ? 1e6 : t ~ /us$/ ? 1e3 : t ~ /ns$/ ? 1 : 1e9) }'

# plant NAME FIT PLANTED.. -- POINT..: each point's words have `;` between them; costs of FIT that
# are not planted must be left alone.
plant() {
    local name=$1 fit=$2 planted=() files=() n=0 words
    shift 2
    while [ "$1" != -- ]; do planted+=("$1"); shift; done
    shift
    for words; do
        IFS=';' read -ra sets <<< "$words"
        measure "$name.$n.csv" "${planted[@]}" "${sets[@]}" || fail "$name: no figures"
        files+=("$name.$n.csv${words:+:}${words//;/,}")
        n=$((n + 1))
    done
    "$program" calibrate base.yaml "${extra[@]}" "${files[@]}" --fit "$fit" -j 2 \
        > "$name.out" 2> "$name.err" ||
        fail "$name: $(cat "$name.err")"
    for set in "${planted[@]}"; do
        awk "$ns"' $1 == cost { found = 1; off = ns($3) / ns(truth) - 1
                                exit off > 0.15 || off < -0.15 }
                   END { if (!found) exit 1 }' \
            cost="${set%%=*}" truth="${set#*=}" "$name.out" ||
            fail "$name: $set, but $(grep "^${set%%=*} " "$name.out" || echo it is not told)"
    done
    [ "$(grep -c ' \.\. ' "$name.out")" = ${#planted[@]} ] ||
        fail "$name: what cannot be told is: $(grep ' \.\. ' "$name.out")"
    grep -q 'Left alone' "$name.out" || fail "$name: nothing is said to be left alone"
}

extra=()
plant sender rtt,sender.request,state.sync brokers.rtt=1.7ms costs.sender.request=90us \
    -- 'linger.ms=0' 'rate=40k/s;linger.ms=20'
plant stall hand-over,follower.byte costs.sender.completion.hand-over=20us \
    -- 'buffer.memory=2MiB;rtt={gamma: {mean: 20ms, cv: 0.01}};duration=2s;rate=20k/s;linger.ms=9' \
    'buffer.memory=3MiB;rtt={gamma: {mean: 20ms, cv: 0.01}};duration=2s;rate=20k/s;linger.ms=0'
plant mailbox mailbox.record,mailbox.byte,transaction.init \
    costs.mailbox.record=3.1us costs.mailbox.byte=2.1ns \
    -- 'rate=saturated;duration=100ms' 'rate=saturated;record.value=2KiB;duration=100ms'
plant wide sender.partition,sender.completion.record,sender.oversleep \
    costs.sender.partition=130ns costs.sender.completion.record=500ns \
    -- 'rate=30k/s' 'rate=100k/s;duration=200ms' \
    'topics=[{name: t, partitions: 12}];rate=60k/s;duration=200ms'
plant broker broker.request,broker.replication,follower.byte \
    costs.broker.request=300us costs.broker.replication=6ms \
    -- 'rate=20k/s;replication.factor=3' 'rate=10k/s;linger.ms=0'
extra=(--set costs.function=20us --set compression.type=lz4)
plant function function,compression.byte,state.upload \
    costs.function=35us costs.compression.byte=4ns \
    -- 'rate=11k/s' 'record.value=2KiB;emit=2;rate=8k/s'
exit $((failures > 0))

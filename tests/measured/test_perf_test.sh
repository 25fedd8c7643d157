#!/bin/bash
# test_perf_test.sh PROGRAM - five costs are fitted to four runs of kafka-producer-perf-test that
# were paced, against a real broker, and two runs as fast as it goes are predicted. What is fitted
# comes out; of the two, one is predicted better than the preset does.
#
# guards: models/calibrate, sim/study/fit; tests/measured/perf-test
. "$(dirname "$0")/../common.sh"
cd "$tests/measured/perf-test" || exit 1

wide='topics=[{name: p240, partitions: 240}]'
fast='rate=saturated,emit=1,arrivals=poisson,warm-up=300ms,duration=150ms'
costs=brokers.rtt,costs.mailbox.record,costs.sender.wakeup,costs.sender.request,costs.broker.byte
"$program" calibrate perf.yaml \
    "a2.txt:$wide,linger.ms=30,batch.size=131072,buffer.memory=134217728" \
    "a6.txt:linger.ms=100,batch.size=16384,compression.type=lz4,costs.compression.ratio=1.003" \
    "b1.txt:$wide,linger.ms=5,batch.size=16384" \
    "b3.txt:emit=40,linger.ms=0,batch.size=16384" \
    "a4.txt:$fast,linger.ms=5,batch.size=65536" \
    "a7.txt:$fast,topics=[{name: p1, partitions: 1}],record.value=1000B,linger.ms=5" \
    --hold-out 2 --fit $costs > "$work/out" 2> "$work/err" || fail "$(cat "$work/err")"

# off FILE METRIC: by how much it was off before, and is after, in per cent.
off() {
    awk -v file="$1" -v metric="$2" '
        function off(value) { return 100 * (value / measured - 1) }
        $1 ~ /\.txt:/ { here = index($1, file) == 1; next }
        here { if ($1 == "*") { $1 = ""; $0 = $0 } }
        here && $1 == metric { measured = $3; printf "%.0f %.0f\n", off($4), off($5) }' "$work/out"
}

within() { # PER_CENT VALUE
    [ "${2#-}" -le "$1" ]
}

for file in a2 a6 b1 b3; do
    for metric in record-send-rate request-rate; do
        read -r before after <<< "$(off $file.txt $metric)"
        within 15 "$after" || fail "$file: $metric is off by $after %, and was by $before %"
    done
done
read -r before after <<< "$(off a7.txt record-send-rate)"
[ "${after#-}" -lt "${before#-}" ] || fail "a7: predicted worse, $after %, than before, $before %"
[ $failures -eq 0 ] || cat "$work/out"
exit $((failures > 0))

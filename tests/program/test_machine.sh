#!/bin/bash
# test_machine.sh PROGRAM - what a stalled run would do on other machines: the range in the summary
# is that of the runs that one makes by hand with the wake-ups halved and doubled.
#
# guards: models/report/machine, sim/study/alternatives
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

cat > stall.yaml <<'YAML'
run: {duration: 5s, warm-up: 2s}
topics: [{name: "t%02d", count: 20, partitions: 12}]
load: {rate: 12k/s, record: {value: 200B}}
job: {parallelism: 1}
producer:
  batch.size: 524288
  linger.ms: 60
  buffer.memory: 134217728
  max.in.flight.requests.per.connection: 1
brokers: {count: 3, rtt: 50ms}
costs: {preset: typical}
YAML
# with_wakeups MAILBOX SENDER OVERSLEEP ARGUMENT...
with_wakeups() {
    local wakeups=(--set "costs.mailbox.wakeup=$1" --set "costs.sender.wakeup=$2"
        --set "costs.sender.oversleep=$3")
    shift 3
    "$program" stall.yaml "${wakeups[@]}" "$@" 2> err || fail "$*: $(cat err)"
}
throughput() { # WAKE-UPS...: in records/s, three digits or whole
    with_wakeups "$@" --quiet --csv - | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "throughput") at = i }
        NR == 2 { print int($at + 0.5) }'
}
machines() { # WAKE-UPS... ARGUMENT...: the summary's range, without commas
    with_wakeups "$@" | tr '\n' ' ' |
        sed -n 's/,//g; s/.* \([0-9]* to [0-9]*\) records.s (wake-ups.*/\1/p'
}

by_hand=$({
    throughput 20us 10us 50us
    throughput 40us 20us 100us
    throughput 80us 40us 200us
} | sort -n | sed -n '1{h;d}; ${H;x;s/\n/ to /p}')
found=$(machines 40us 20us 100us)
[ "$by_hand" = "$found" ] || fail "by hand $by_hand, in the summary $found"

# Nobody waits, or nothing takes time: there is nothing to run again.
[ -z "$(machines 40us 20us 100us --set batch.size=16KiB)" ] || fail "nobody waits"
[ -z "$(machines 0 0 0)" ] || fail "wake-ups take no time"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

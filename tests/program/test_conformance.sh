#!/bin/bash
# test_conformance.sh PROGRAM - the workloads that were recorded with the real Kafka client
# (time-model.md): batches, stalls and flushes byte for byte, metrics to nine digits.
#
# guards: models/producer, models/flink/mailbox, models/broker/connection, models/log/log,
# models/report/report, models/kafka/client_version; recordings.md 1, 3; time-model.md 2 to 5
. "$(dirname "$0")/../common.sh"
cases=$tests/conformance
count=0

# What a line of the recording says, the program must say too; end-ns, requests and batches describe
# the recording itself.
same_metrics() { # RECORDED OURS
    awk -F, '
        { key = $1 "," $2 "," $3 }
        NR == FNR { recorded[key] = $4; next }
        { ours[key] = $4 }
        END {
            for (key in recorded) {
                if (key ~ /,(end-ns|requests|batches|metric)$/)
                    continue
                compared++
                apart = recorded[key] - ours[key]
                bound = 1e-9 * (recorded[key] < 0 ? -recorded[key] : recorded[key])
                if (!(key in ours) || (recorded[key] == "") != (ours[key] == "") ||
                    apart > bound || -apart > bound) {
                    printf "%s: recorded %s, ours %s\n", key, recorded[key], ours[key]
                    wrong = 1
                }
            }
            exit wrong || compared == 0
        }' "$1" "$2"
}

for case in "$cases"/*/; do
    name=$(basename "$case")
    count=$((count + 1))
    if ! "$program" "$case/scenario.yaml" --logs "$work/$name" --quiet > "$work/said" 2>&1
    then
        fail "$name: does not run: $(cat "$work/said")"
        continue
    fi
    for log in batches stalls flushes; do
        cmp "$case/expected/$log.csv" "$work/$name/$log.csv" || fail "$name: $log differ"
    done
    same_metrics "$case/expected/metrics.csv" "$work/$name/metrics.csv" ||
        fail "$name: metrics differ"
done

[ $count -ge 94 ] || fail "$count recordings found, not 94"
[ $failures -eq 0 ] && echo "$count recordings reproduced"
exit $((failures > 0))

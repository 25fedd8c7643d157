#!/bin/bash
# test_scenarios.sh PROGRAM - every scenario runs, opens with a comment that says what it shows, and
# knows where the time of its records goes (latency.md 1).
#
# guards: scenarios, models/params/params, models/producer/latency; latency.md 1
. "$(dirname "$0")/../common.sh"
scenarios=$tests/../scenarios
count=0

value() { # COLUMN: of the one line of run.csv
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
                          NR == 2 { print $column }' "$work/run.csv"
}

# The parts of latency-avg, of each kind: they add up.
adds_up() {
    awk -F, 'function apart(x, y) { return x - y > 1e-9 * y || y - x > 1e-9 * y }
        /^#/ { next }
        !seen++ { for (i = 1; i <= NF; i++) name[i] = $i; next }
        {
            for (i = 1; i <= NF; i++)
                if (name[i] ~ /^latency-.+-avg$/ && name[i] != "latency-commit-avg") sum += $i
                else if (name[i] == "latency-avg") whole = $i
            exit whole <= 0 || apart(sum, whole)
        }' "$work/run.csv"
}

for scenario in "$scenarios"/*.yaml; do
    name=$(basename "$scenario")
    count=$((count + 1))
    head -n 1 "$scenario" | grep -q '^# ' || fail "$name does not open with a comment"
    grep -q '^# What it shows' "$scenario" || fail "$name does not say what it shows"
    short=(--set run.duration=2s --set run.warm-up=1s)
    grep -q '^ *trace:' "$scenario" && short=()
    "$program" "$scenario" "${short[@]}" --csv "$work/run.csv" > "$work/out" 2> "$work/err" || {
        fail "$name: $(cat "$work/err")"
        continue
    }
    grep -q 'error:' "$work/err" && fail "$name: $(cat "$work/err")"
    grep -q 'limited by' "$work/out" || fail "$name: no summary"
    adds_up || fail "$name: the parts of latency do not add up"
    [ "$(value throughput | cut -d. -f1)" -gt 0 ] || fail "$name: nothing gets through"
done
[ $count -gt 0 ] || fail "no scenarios"

# What is said of sockets: that they are the limit, or that a trace does without.
says() { # PATTERN ARGUMENT...
    local pattern=$1
    shift
    "$program" "$@" 2>&1 | tr -s "\n " " " | grep -q "$pattern"
}
wide=("$tests/conformance/wide-102/scenario.yaml" --set rtt=50ms)
says "limited by the sockets: .* one window of 120 KiB per" "$scenarios/wan.yaml" ||
    fail "wan.yaml is not limited by sockets"
says "than its sockets would" "${wide[@]}" || fail "a trace without sockets does not say so"
says "than its sockets would" "${wide[@]}" --set send.buffer.bytes=131072 &&
    fail "a trace with sockets says it has none"

[ $failures -eq 0 ] || { echo "$failures failures of $count scenarios"; exit 1; }

#!/bin/bash
# test_diagnose.sh PROGRAM [all] - diagnose names what limits jobs of which that is known, and its
# first remedy is the best of all that it has tried, as an exhaustive grid of runs of full length
# finds; it prints hits. What it advises is confirmed by the run that it says; a job that is fine is
# told so. The pool that avoids a recorded stall is that of a bisection by hand. It says the same on
# any number of processes, on a screen of 24 x 80.
#
# `all` asks for every cause, chained and not, with and without checkpoints: 24 jobs, for an hour.
#
# guards: models/advice/diagnose, models/advice/diagnosis, models/advice/evidence,
# models/advice/diagnose_parts, models/commands; runbook.md C51 to C69
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

# column NAME: of the only row of a CSV on standard input.
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        NR == 2 { print $at }'
}
diagnose() { # ARGUMENT...: into out
    "$program" diagnose "$@" > out 2> err || fail "diagnose $*: status $?: $(cat err)"
}
run() { # ARGUMENT...: its CSV
    "$program" "$@" --quiet --csv -
}
words_to_try() { # of out, as one word each
    sed -n 's/^try: //p' out
}
fits() {
    [ "$(wc -l < out)" -le 24 ] || fail "$1: $(wc -l < out) lines"
    [ "$(LC_ALL=C.UTF-8 awk '{ if (length($0) > most) most = length($0) } END { print most }' \
        out)" -le 80 ] || fail "$1: wider than 80 columns"
}

# grid SCENARIO SET...: throughput and words of every change of one parameter in changes.csv, in
# runs of full length; the best first.
grid() {
    local words
    sed -n '3,$p' changes.csv | sed -n 's/^[^",]*,\(--set [^,]*\),.*/\1/p' | while read -r words; do
        [ "$(grep -o -e --set <<< "$words" | wc -l)" -eq 1 ] ||
            [[ $words == "--set send.buffer"* && $words != *"--set"*"--set"*"--set"* ]] || continue
        # shellcheck disable=SC2086
        echo "$(run "$@" $words 2> /dev/null | column throughput) $words"
    done | sort -rn
}

# knows CAUSE SCENARIO ARGUMENT...: is it named, and is what it would try as good as the best?
asked=0
hits=0
knows() {
    local cause=$1 base best mine words
    shift
    asked=$((asked + 1))
    base=$(run "$@")
    diagnose "$@" -o changes.csv "${budget[@]}"
    fits "$*"
    [ "$(column bottleneck <<< "$base")" = "$cause" ] || { fail "$*: not named $cause"; return; }
    grid "$@" > grid
    best=$(head -n 1 grid | cut -d' ' -f1)
    words=$(words_to_try)
    mine=$(while read -r throughput its; do
        [[ " $words " != *" $its "* ]] || echo "$throughput"
    done < grid | head -n 1)
    if [ -n "$words" ]; then
        awk -v mine="${mine:-0}" -v best="$best" 'BEGIN { exit !(mine >= 0.98 * best) }'
    else
        awk -v base="$(column throughput <<< "$base")" -v best="$best" \
            'BEGIN { exit !(best <= 1.02 * base) }'
    fi && hits=$((hits + 1)) && return
    echo "$*: $words brings ${mine:-nothing}, and $(head -n 1 grid)"
}

verdicts=$tests/verdicts
budget=(--budget 3M)
short=(--set duration=4s --set warm-up=2s)
if [ "${2:-}" = all ]; then
    budget=()
    number=0
    for cause in mailbox function skew bufferpool sender connection broker socket round-trip \
        slots source cores; do
        name=${cause/slots/in-flight-slots}
        variants=("" "--set job.chained=false --set checkpoint.interval=2s")
        [ $((number++ % 2)) -eq 0 ] ||
            variants=("--set checkpoint.interval=2s" "--set job.chained=false")
        for variant in "${variants[@]}"; do
            # shellcheck disable=SC2086
            knows "$name" "$verdicts/only-$cause.yaml" --set duration=8s $variant
        done
    done
else
    knows sender "$verdicts/only-sender.yaml" "${short[@]}"
    knows function "$verdicts/only-function.yaml" "${short[@]}" --set job.chained=false
    knows bufferpool "$verdicts/only-bufferpool.yaml" "${short[@]}" --set checkpoint.interval=2s
fi
echo "$hits of $asked hits"
[ $((20 * hits)) -ge $((19 * asked)) ] || fail "only $hits of $asked hits"

# What it advises is confirmed, whoever runs it; the same on one process and two.
stall=("$tests/../scenarios/stall.yaml" "${short[@]}" --budget 2M)
diagnose "${stall[@]}" -j 2 -o two.csv
mv out two
diagnose "${stall[@]}" -j 1 -o one.csv
diff one.csv two.csv > /dev/null && diff out two > /dev/null || fail "-j 1 and -j 2 differ"
fits stall
grep -q '^limited by    the buffer pool' out || fail "a stall is not named"
grep -q 'waiting in send()' out || fail "the function does not wait"
head -n 1 one.csv | grep -q '^change,words,helps,throughput,throughput:ci95,latency-p99' ||
    fail "$(head -n 1 one.csv)"
read -ra words < <(words_to_try)
[ ${#words[@]} -gt 0 ] || fail "a stall that batch.size ends has no advice"
[ "$(run "${stall[@]:0:5}" "${words[@]}" | column bottleneck)" = load ] ||
    fail "${words[*]} does not remove the limit"

diagnose "$verdicts/only-load.yaml" "${short[@]}" --budget 2M
grep -q '^next limit' out || fail "what would limit next is not said"
grep -q '^try:' out && fail "a job that is fine shall be changed"

# The smallest pool, in buffers of 512 bytes.
recording=$tests/conformance/stall-100/scenario.yaml
diagnose "$recording" --stall
waits() { # BUFFERS
    run "$recording" --set "buffer.memory=$((512 * $1))" | column blocked-ratio-max |
        awk '{ exit !($1 > 0.0005) }'
}
low=12
high=4096
while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    if waits $middle; then low=$middle; else high=$middle; fi
done
found=$(sed -n 's/^try: --set buffer.memory=\([0-9]*\)KiB$/\1/p' out)
awk -v found="$((2 * ${found:-0}))" -v high=$high \
    'BEGIN { exit !(found >= high && found <= 1.01 * high + 1) }' ||
    fail "$found KiB avoid the stall, but by hand $high buffers: $(cat out)"
awk '/all batches/ { held = $(NF - 2) } /given to/ { given = $NF } /lent by/ { lent = $NF }
    END { exit !(held > 0 && held + given == lent) }' out || fail "bytes do not add up: $(cat out)"

"$program" diagnose "$recording" --budget many > out 2> err
[ $? -eq 2 ] && grep -q budget err || fail "a wrong budget"
exit $((failures > 0))

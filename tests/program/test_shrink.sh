#!/bin/bash
# test_shrink.sh PROGRAM - diagnose --shrink writes a scenario with fewer partitions and topics and
# less time, which stalls by itself, wherever it lies; the pause that a job does not come back from
# stays, and it still does not. What does not stall is said to, and nothing is written.
#
# guards: models/advice/shrink, models/advice/diagnose, models/import/scenario_print
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

shrink() { # FILE ARGUMENT...
    "$program" diagnose "${@:2}" --shrink "$1" > out 2> err ||
        fail "diagnose ${*:2} --shrink $1: status $?: $(cat err)"
}
column() { # NAME: of the only row of a CSV on standard input
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        NR == 2 { print $at }'
}
# stalls FILE: most of the measured time, run by itself.
stalls() {
    awk -v ratio="$("$program" "$1" --quiet --csv - | column blocked-ratio-max)" \
        'BEGIN { exit !(ratio > 0.5) }' || fail "$1 does not stall: $(cat "$1")"
}
# value KEY FILE: the whole number, or the seconds, that the first such key has.
value() {
    grep -o "\b$1: [0-9.]*" "$2" | head -n 1 | cut -d' ' -f2
}
scenarios=$tests/../scenarios
shrink small.yaml "$scenarios/stall.yaml" --set duration=8s
stalls small.yaml
grep -q '^confirmed ' out || fail "what confirms it is not said: $(cat out)"
head -n 1 small.yaml | grep -q '^# yaml-language-server: ' || fail "no schema is named"
grep -q -e "diagnose .*stall.yaml --set duration=8s --shrink small.yaml" small.yaml ||
    fail "its command is not said"
awk -v partitions="$(($(value count small.yaml) * $(value partitions small.yaml)))" \
    -v seconds="$(value duration small.yaml)" \
    'BEGIN { exit !(partitions > 0 && partitions <= 120 && seconds > 0 && seconds <= 4) }' ||
    fail "not much smaller: $(cat small.yaml)"
[ "$(value batch.size small.yaml)" = 524288 ] || fail "what makes it stall is gone"
grep -q preset small.yaml && fail "what is not needed is still there"

# What it is for: the stall is still one to diagnose's eyes, and smaller batches still end it.
"$program" small.yaml --set batch.size=16KiB --quiet --csv - | column bottleneck | grep -q load ||
    fail "it stalls for another reason"

# Files are found from another directory; a recording has no warm-up.
mkdir there
shrink there/small.yaml "$tests/conformance/stall-100/scenario.yaml"
(cd there && "$program" small.yaml --quiet --csv -) > csv || fail "its trace is not found"
awk -v ratio="$(column blocked-ratio-max < csv)" 'BEGIN { exit !(ratio > 0.05) }' ||
    fail "a recording does not stall any more"
shrink - "$scenarios/stall.yaml" --set duration=1s
cp out printed.yaml
stalls printed.yaml

"$program" diagnose "$scenarios/stall.yaml" --set batch.size=16KiB --set duration=1s \
    --set warm-up=1s --shrink none.yaml > out 2> err
[ $? -eq 1 ] && grep -q 'does not stall' err || fail "what does not stall: $(cat err)"
[ ! -e none.yaml ] || fail "what does not stall is written"
"$program" diagnose "$scenarios/stall.yaml" --shrink none.yaml -o none.csv > out 2> err
[ $? -eq 2 ] && [ ! -e none.yaml ] && [ ! -e none.csv ] || fail "-o: $(cat err)"
exit $((failures > 0))

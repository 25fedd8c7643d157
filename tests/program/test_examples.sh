#!/bin/bash
# test_examples.sh PROGRAM - the examples of sim: they run, say what a pencil says, and are what
# sim/README.md prints.
#
# guards: sim/example/ping, sim/example/mm1, sim/README.md
. "$(dirname "$0")/../common.sh"
examples=$(dirname "$program")/tests
readme=$tests/../sim/README.md
cd "$work" || exit 1

# value COLUMN: of the CSV on standard input
value() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        NR == 2 { print $at }'
}

# 10 s are 2,000 times 2 ms and 3 ms.
printf 'rtt: 2ms\npause: 3ms\n' > ping.yaml
"$examples/ping" ping.yaml --quiet --csv ping.csv || fail "ping: $?"
[ "$(value pings < ping.csv)" = 2000 ] || fail "pings: $(value pings < ping.csv)"
[ "$(value rtt-avg < ping.csv)" = 2 ] || fail "rtt-avg: $(value rtt-avg < ping.csv)"
"$examples/ping" ping.yaml | grep -qx "pings  *2000" || fail "ping says no number of pings"
"$examples/ping" sweep ping.yaml --sweep pause=0ms,8ms --quiet -o sweep.csv
[ "$(cut -d, -f5 sweep.csv | tr '\n' ' ')" = "pings 5000 1000 " ] || fail "$(cat sweep.csv)"
printf 'rtt: 2ms\npaws: 3ms\n' > wrong.yaml
"$examples/ping" wrong.yaml 2> err && fail "a key that is none"
grep -q 'wrong.yaml:2:1: error: paws: unknown key' err || fail "$(cat err)"

# rho = 1/2: busy half of the time, and who waits, waits for 1 / (mu - lambda) - 1 / mu = 1 ms.
printf 'rate: 500/s\nservice: 1k/s\nrun: {duration: 1000s}\n' > queue.yaml
"$examples/mm1" queue.yaml --quiet --csv queue.csv || fail "mm1: $?"
awk -v busy="$(value utilisation < queue.csv)" -v wait="$(value wait-avg < queue.csv)" 'BEGIN {
    exit !(busy > 0.495 && busy < 0.505 && wait > 0.00096 && wait < 0.00104) }' ||
    fail "mm1: $(cat queue.csv)"

# A command of the model's own, with an option of its own, stands beside sim's.
[ "$("$examples/mm1" theory queue.yaml)" = "sojourn-avg 0.002 s, 50 % within 0.00138629 s" ] ||
    fail "theory: $("$examples/mm1" theory queue.yaml)"
"$examples/mm1" theory --share=0.9 queue.yaml --set rate=900/s > out ||
    fail "theory: $?"
grep -q "90 % within 0.0230259 s" out || fail "theory with options"
"$examples/mm1" theory queue.yaml --share 2 2> err && fail "a share that is none"
"$examples/mm1" theory queue.yaml --each 2> err && fail "an option that it does not take"
"$examples/mm1" queue.yaml --share 0.9 2> err && fail "an option of theory's"
grep -qx "mm1: --share goes with the command theory" err || fail "$(cat err)"
"$examples/mm1" help theory | grep -q -- "--share P" || fail "mm1 help theory"
"$examples/mm1" help sweep | grep -q "mm1 sweep SCENARIO" || fail "mm1 has no words for examples"
"$examples/mm1" thoery 2>&1 | grep -q "did you mean the command theory" || fail "mm1 thoery"

# Every block of C in the README stands in an example, line for line.
awk -v root="$tests/../" '
    function compare(  file, text, line) {
        for (i = 1; i < ARGC_FILES; i++)
            if (index(texts[i], block) > 0)
                return
        printf "sim/README.md:%d: this block is in no example\n", first
        failed = 1
    }
    FILENAME != last { last = FILENAME; ARGC_FILES++ }
    FILENAME !~ /README.md$/ { texts[ARGC_FILES] = texts[ARGC_FILES] $0 "\n"; next }
    /^```c$/ { inside = 1; block = ""; first = FNR; next }
    /^```$/ && inside { inside = 0; blocks++; compare(); next }
    inside { block = block $0 "\n" }
    END {
        if (blocks < 3)
            print "sim/README.md: only " blocks + 0 " blocks of C"
        exit failed || blocks < 3
    }' "$tests"/../sim/example/*.[ch] "$readme" || fail "sim/README.md"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

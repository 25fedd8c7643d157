#!/bin/bash
# test_check_command.sh PROGRAM - `check`: what it prints and writes, and how it ends: 0 without an
# error, 1 with one, 2 where the input is wrong. The rules that it lists are those of rules.def.
#
# guards: models/advice/check_command, models/advice/findings, models/advice/rules, models/commands
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1

ends() { # STATUS ARGUMENT...
    local expected=$1
    shift
    "$program" check "$@" > out 2> err < /dev/null
    local status=$?
    [ $status -eq "$expected" ] || fail "check $*: status $status, not $expected: $(cat out err)"
}

cat > clean.yaml <<'YAML'
topics: [{name: "events.t%02d", count: 8, partitions: 12}]
load: {rate: 8k/s, record: {value: 500B}, keys: {count: 20000}}
job: {parallelism: 8, checkpoint: {interval: 30s}}
producer: {batch.size: 16384, linger.ms: 20, buffer.memory: 64MiB, client.id: me}
costs: {preset: typical}
YAML
rules=$(grep -c '^RULE(' "$tests/../models/advice/rules.def")
ends 0 clean.yaml
[ "$(cat out)" = "clean.yaml: $rules rules, nothing to say" ] || fail "clean: $(cat out)"
[ ! -s err ] || fail "clean: $(cat err)"

# A warning is no error; a warning of reading is among the findings, and not said twice.
ends 0 clean.yaml --set batch.size=256KiB --set buffer.memory=16MiB --csv found.csv
[ ! -s err ] || fail "said on standard error: $(cat err)"
grep -qx -- '--set batch.size:1:12: warning: reading' out || fail "no reading: $(cat out)"
grep -qx -- '--set batch.size:1:12: note: batch-fill' out || fail "no batch-fill: $(cat out)"
tail -n 1 out | grep -q '^clean.yaml: [0-9]* warnings, [0-9]* notes\{0,1\}$' ||
    fail "the end: $(tail -n 1 out)"
[ "$(head -n 1 found.csv)" = "rule,severity,file,line,column,message" ] || fail "$(cat found.csv)"
python3 - found.csv out <<'PYTHON' || fail "the CSV: $(cat found.csv)"
import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
heads = [line.rstrip("\n") for line in open(sys.argv[2]) if not line.startswith(" ")]
for row, head in zip(rows, heads, strict=False):
    place = ":".join(field for field in (row["file"], row["line"], row["column"]) if field)
    assert head == f"{place}: {row['severity']}: {row['rule']}", head
    assert row["message"], row
assert len(rows) == len(heads) - 1, (rows, heads)
PYTHON

ends 1 clean.yaml --set costs.mailbox.record=2ms
awk 'length > 80' out | grep . && fail "lines of more than 80 columns"
grep -q 'error: mailbox-full' out || fail "no error: $(cat out)"
grep -q ' input records/s per subtask, and ' out || fail "no bound: $(cat out)"
ends 1 clean.yaml --set costs.mailbox.record=2ms --quiet
[ ! -s out ] && [ ! -s err ] || fail "quiet: $(cat out err)"
ends 1 clean.yaml --set costs.mailbox.record=2ms --csv -
head -n 1 out | grep -q '^rule,severity,' || fail "CSV on standard output: $(cat out)"
[ "$(grep -c : out)" -eq "$(($(wc -l < out) - 1))" ] || fail "more than CSV: $(cat out)"
"$program" check - < clean.yaml | grep -qx -- "-: $rules rules, nothing to say" ||
    fail "standard input"

# Wrong input: as of every command, nothing written.
ends 2 clean.yaml --set linger.ms=-1 --csv wrong.csv
[ ! -s out ] && [ ! -e wrong.csv ] || fail "wrong input: $(cat out)"
grep -q '^--set linger.ms:1:11: error: ' err || fail "wrong input: $(cat err)"
ends 2
grep -q 'no scenario given; see .* help check' err || fail "no scenario: $(cat err)"
ends 2 nosuch.yaml
ends 2 clean.yaml --sweep linger.ms=1,2
ends 2 clean.yaml --csv clean.yaml
ends 1 clean.yaml --csv no/such/directory/x.csv

ends 0 --rules
sed -n 's/^RULE([A-Z_]*, "\([a-z-]*\)", \([A-Z]*\),.*/\1 \2/p' \
    "$tests/../models/advice/rules.def" | tr '[:upper:]' '[:lower:]' > declared
sed -n 's/^\([a-z-]*\)  *\(error\|warning\|note\)$/\1 \2/p' out > listed
cmp -s declared listed || fail "other rules: $(diff declared listed)"
[ "$(wc -l < listed)" -ge 40 ] || fail "only the rules $(cat listed)"

# What it finds an error in does not keep up in a run, and what it does not does.
for scenario in 20x12 keyless live-10k wide-fan-out eos hot-entity shards stall unchained wan; do
    settings=(--quiet --set duration=4s --set warm-up=2s --set "faults=[]")
    "$program" check "$scenario" "${settings[@]}"
    found=$?
    "$program" "$scenario" "${settings[@]}" --csv run.csv
    steady=$(python3 -c 'import csv; print(next(csv.DictReader(open("run.csv")))["steady"])')
    [ "$steady" = $((1 - found)) ] || fail "$scenario: check ends with $found, steady $steady"
done

# All scenarios of the repository can be checked.
for scenario in "$tests"/../scenarios/*.yaml; do
    "$program" check "$scenario" > out 2> err
    [ $? -le 1 ] && [ ! -s err ] || fail "$scenario: $(cat err)"
done

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

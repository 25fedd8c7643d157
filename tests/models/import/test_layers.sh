#!/bin/bash
# test_layers.sh PROGRAM - a module below a scenario, properties over it, a module in its place; and
# files that are refused, with their places, so that nothing is written.
#
# guards: models/import/layers, models/import/import, models/import/export, models/import/rates,
# models/import/topic_part, models/import/source, sim/study/scenario_bind
. "$(dirname "$0")/../../common.sh"
data=$tests/models/import
mkdir "$work/here" && cd "$work/here" || exit 1
count=0

# refused NAME: NAME.args are the arguments, one a line, NAME.err is all that is said; of import
# into a file that stays as it is.
refused() {
    local name=$1 arguments
    mapfile -t arguments < "$name.args"
    [ "${arguments[0]}" != import ] || arguments+=(-o "$work/job.yaml")
    echo kept > "$work/job.yaml"
    count=$((count + 1))
    "$program" "${arguments[@]}" > "$work/out" 2> "$work/err"
    local status=$?
    [ $status -eq 2 ] || fail "$name: status $status, not 2"
    diff -U 0 --label "$name: expected" "$name.err" --label said "$work/err" ||
        fail "$name: other words"
    [ ! -s "$work/out" ] || fail "$name: something on standard output"
    [ "$(cat "$work/job.yaml")" = kept ] || fail "$name: something was written"
}

# exported ARGUMENT..: these are the properties.
exported() {
    cat > "$work/expected"
    "$program" export "$@" > "$work/out" 2> "$work/err" || fail "export $*: $(cat "$work/err")"
    diff -U 0 --label "export $*: expected" "$work/expected" --label got "$work/out" ||
        fail "export $*: other properties"
}

cp "$data"/bad/* .
# The file's own keys win over its module, properties over both, in the order of the command line.
exported s.yaml <<'TEXT'
batch.size=32768
linger.ms=40
max.request.size=2097152
transaction.timeout.ms=600000
client.id=mine
bootstrap.servers=k:1
TEXT
exported s.yaml --set linger.ms=1 --properties p.properties --set batch.size=4096 <<'TEXT'
acks=all
batch.size=4096
linger.ms=50
max.request.size=2097152
transaction.timeout.ms=600000
client.id=theirs
bootstrap.servers=k:1
TEXT
exported s.yaml --set @p.properties --set linger.ms=1 <<'TEXT'
acks=all
batch.size=32768
linger.ms=1
max.request.size=2097152
transaction.timeout.ms=600000
client.id=theirs
bootstrap.servers=k:1
TEXT
grep -q '1 x 2 producers' <("$program" s.yaml 2> "$work/err") ||
    fail 'a module has two egresses'
# Results say what ran: the same parameters by way of a module, of a file, of --set.
cat > written.yaml <<'YAML'
name: s
topics: [{name: a, partitions: 12}]
load: {rate: 1k/s}
run: {duration: 1s, warm-up: 0s}
job: {checkpoint: {interval: 300ms}}
egress: {shards: 2, delivery: exactly-once}
producer:
  batch.size: 32768
  linger.ms: 50
  max.request.size: 2097152
  transaction.timeout.ms: 600000
  acks: all
YAML
"$program" s.yaml --properties p.properties --quiet --csv a.csv ||
    fail 'with properties it does not run'
"$program" written.yaml --quiet --csv b.csv || fail 'written out it does not run'
cmp a.csv b.csv || fail 'layers and keys come to different results'
# A sweep too; and a command that is printed can be typed again.
"$program" sweep s.yaml --properties p.properties --sweep batch.size=4096,8192 --quiet \
    > sweep.csv || fail 'a sweep takes no properties'
[ "$(wc -l < sweep.csv)" -eq 3 ] || fail 'a sweep of two points'

# Files that are in the wrong place, or nothing, or of which a job would not start.
cd "$data/bad" || exit 1
for arguments in *.args; do
    refused "${arguments%.args}"
done
[ $count -ge 24 ] || fail "only $count cases"
[ $failures -eq 0 ] && echo "$count calls refused"
exit $((failures > 0))

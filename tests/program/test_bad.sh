#!/bin/bash
# test_bad.sh PROGRAM - wrong input: bad/NAME.yaml must be refused with exactly the words of
# bad/NAME.err. Arguments after the scenario stand in bad/NAME.args, one a line; where the first is
# `sweep`, it is the command. Inputs that are too large or too odd for a file are made here.
#
# guards: sim/input/diag, sim/input/yaml, sim/input/param, sim/study/scenario,
# models/params/settings, models/params/relations, models/params/relations_client,
# models/params/relations_brokers, models/params/relations_job, models/params/relations_load,
# models/params/relations_remote, models/params/relations_parts
. "$(dirname "$0")/../common.sh"
cases=$tests/bad
count=0

# refused NAME EXPECTED ARGUMENT...: in the current directory; status 2, these words on standard
# error, nothing on standard output, no file.
refused() {
    local name=$1 expected=$2
    shift 2
    local written="$work/written"
    mkdir "$written"
    count=$((count + 1))
    timeout 20 "$program" "$@" --csv "$written/x.csv" --series "$written/s.csv" \
        --logs "$written/logs" > "$work/out" 2> "$work/err" < /dev/null
    local status=$?
    [ $status -eq 2 ] || fail "$name: status $status, not 2"
    diff -a -U 0 --label "$name: expected" "$expected" --label said "$work/err" ||
        fail "$name: other words"
    [ ! -s "$work/out" ] || fail "$name: something on standard output"
    [ -z "$(ls -A "$written")" ] || fail "$name: left $(ls -A "$written")"
    rm -rf "$written"
}

# The same, with the expected words on standard input.
made() { # NAME ARGUMENT...
    local name=$1
    cat > "$work/expected"
    shift
    refused "$name" "$work/expected" "$@"
}

repeat() { # COUNT TEXT
    head -c "$1" /dev/zero | sed "s/\x0/$2/g"
}

cd "$cases" || exit 1
for scenario in *.yaml; do
    name=${scenario%.yaml}
    arguments=()
    [ ! -f "$name.args" ] || mapfile -t arguments < "$name.args"
    command=()
    if [ "${arguments[0]:-}" = sweep ]; then
        command=(sweep)
        arguments=("${arguments[@]:1}")
    fi
    if [ -f "$name.err" ]; then
        refused "$name" "$name.err" "${command[@]}" "$scenario" "${arguments[@]}"
    else
        fail "$name.err is missing"
    fi
done
for file in *.err *.args; do
    [ -f "${file%.*}.yaml" ] || fail "$file has no scenario"
done
[ $count -ge 60 ] || fail "only $count cases in $cases"

mkdir "$work/made" && cd "$work/made" || exit 1
good='topics: [{name: events, partitions: 12}]'
made directory . <<< '.: error: cannot read .: Is a directory'
made missing x.yaml <<< 'x.yaml: error: cannot open x.yaml: No such file or directory'
ln -s loop.yaml loop.yaml
made loop loop.yaml <<< 'loop.yaml: error: cannot open loop.yaml: Too many levels of symbolic links'
made empty /dev/null <<< '/dev/null: error: the file is empty'
made "standard input" - <<< '<stdin>: error: the file is empty'
if [ "$(id -u)" -ne 0 ]; then
    echo "$good" > locked.yaml
    chmod a-r locked.yaml
    made locked locked.yaml <<< 'locked.yaml: error: cannot open locked.yaml: Permission denied'
fi

printf '%s\nload: {rate: 1\0k/s}\n' "$good" > nul.yaml
made nul nul.yaml <<< "nul.yaml:2:15: error: not a text: control characters are not allowed; \
YAML is UTF-8"
repeat 10000 '[' > brackets.yaml
made brackets brackets.yaml <<< 'brackets.yaml:1:65: error: nested deeper than 64 levels'
for i in $(seq 0 2000); do printf '%*sa:\n' "$i" ''; done > stairs.yaml
made stairs stairs.yaml <<< 'stairs.yaml:65:65: error: nested deeper than 64 levels'
printf '%s\nload: {rate: %s}\n' "$good" "$(repeat 1000000 1)" > line.yaml
made "a line of a megabyte" line.yaml <<< "line.yaml:2:14: error: load.rate: \"$(repeat 60 1)...\" \
is not a rate; write a number with /s, k/s or M/s"
{
    printf '%s\nload: {rate: 1k/s}\n' "$good"
    for i in $(seq 3000); do echo "k$i: 1"; done
} > many.yaml
for i in $(seq 3000); do
    echo "many.yaml:$((i + 2)):1: error: k$i: unknown key; \
expected name, topics, run, load, job, egress, producer, brokers, costs or sweep"
done | made "three thousand mistakes" many.yaml

printf '%s\nload: {trace: t.csv}\n' "$good" > trace.yaml
printf 'time_ns,topic,partition,key_bytes,value_bytes\n0,events,\0,,1\n' > t.csv
made "nul in a trace" trace.yaml <<< "trace.yaml:2:15: error: cannot read the trace 't.csv': \
it holds a NUL byte, so it is not a text file; its path starts at the scenario's directory"
printf 'time_ns,topic,partition,key_bytes,value_bytes\n0,events,%s,1\n' "$(repeat 1000000 ,)" \
    > t.csv
made "a million fields" trace.yaml \
    <<< 't.csv:2:13: error: 1000004 fields; the header has 5 columns'

printf '%s\nload: {rate: 1k/s}\nsweep:\n  load.emit: [%s, 77]\n' "$good" \
    "$(seq -s ', ' 100000)" > long.yaml
made "a long axis" sweep long.yaml <<< "long.yaml:4:688910: error: emit: 77 stands in the list \
twice"

[ $failures -eq 0 ] && echo "$count wrong inputs refused"
exit $((failures > 0))

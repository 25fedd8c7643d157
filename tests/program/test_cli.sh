#!/bin/bash
# test_cli.sh PROGRAM - the program as a user calls it: what it accepts, writes, and how it ends.
#
# guards: sim/study/forecast, sim/command/cli, sim/command/options, sim/command/command,
# sim/command/study, sim/command/run, sim/command/files, models/main
program=$(realpath "$1")
name=$(basename "$program")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

cat > tiny.yaml <<'YAML'
topics: [{name: t, partitions: 3}]
load: {rate: 1k/s}
run: {duration: 1s, warm-up: 0s}
YAML
cat > wrong.yaml <<'YAML'
topics: [{name: t, partitions: 3}]
load: {rate: quick, rate-limit: 7}
YAML

fail() {
    echo "$*"
    sed 's/^/    out: /' out
    sed 's/^/    err: /' err
    failures=$((failures + 1))
}

# expect STATUS ARGUMENT...: runs the program; what it prints is left in out and err.
expect() {
    local wanted=$1
    shift
    "$program" "$@" > out 2> err < /dev/null
    local status=$?
    [ $status -eq "$wanted" ] || fail "$name $*: status $status, not $wanted"
}

said() { # FILE TEXT
    grep -qF -- "$2" "$1" || fail "$1 lacks: $2"
}

silent() { # FILE...
    local file
    for file in "$@"; do
        [ ! -s "$file" ] || fail "$file is not empty"
    done
}

only_files() { # the files that may be here, besides the test's own
    local found
    found=$(find . -mindepth 1 ! -name out ! -name err ! -name '*.yaml' | sort | tr '\n' ' ')
    [ "$found" = "${1:+$1 }" ] || fail "files are there: $found, expected: $1"
}

# A wrong call: status 2, a message, nothing on standard output, nothing written.
wrong() { # TEXT ARGUMENT...
    local text=$1
    shift
    expect 2 "$@"
    said err "$text"
    silent out
    only_files ""
}

# Wrong calls.
wrong "$name SCENARIO [options]"
wrong "one scenario at a time, not tiny.yaml and run" tiny.yaml run
wrong "there is no command colums; did you mean columns?" help colums
wrong "there is no command zzzzzzzz; see $name help" help zzzzzzzz
wrong "no scenario given" --quiet
wrong "unknown option --cvs; did you mean --csv?" tiny.yaml --cvs x.csv
wrong "unknown option --zzzzzzzz" tiny.yaml --zzzzzzzz
wrong "unknown option -z" tiny.yaml -z
wrong "--csv needs a value" tiny.yaml --csv
wrong "--csv needs a value" tiny.yaml --csv=
wrong "--csv needs a value" --csv --quiet tiny.yaml
wrong "--csv needs a value" tiny.yaml -o
wrong "--quiet takes no value" tiny.yaml --quiet=yes
wrong "--jobs 0" tiny.yaml -j 0
wrong "--jobs x" tiny.yaml --jobs=x
wrong "--jobs 2x" tiny.yaml -j2x
wrong "--jobs -1" tiny.yaml -j -1
wrong "--jobs 99999999999999999999" tiny.yaml -j 99999999999999999999
wrong "one scenario at a time, not tiny.yaml and wrong.yaml" tiny.yaml wrong.yaml
wrong "tiny.yaml is one argument too many" params tiny.yaml
wrong "--markdown goes with params and columns" tiny.yaml --markdown
wrong "--csv goes with a scenario" columns --csv x.csv
wrong "did you mean the command params?" paramss
wrong "did you mean the command columns?" column
wrong "--nosuch.yaml" -- --nosuch.yaml
wrong "there is no file params" -- params
wrong "--against goes with the command sweep" tiny.yaml --against 1
for option in --sweep --shard --resume; do
    wrong "$option goes with the command sweep" tiny.yaml "$option" 1
done
wrong "--each goes with a scenario" merge a.csv --each
wrong "no file given" merge
wrong "no scenario given" sweep
wrong "--only and --shard: one or the other" sweep tiny.yaml --only 1 --shard 0/2
for point in x 1/ /1 1/2/3 -1 1/x; do
    wrong "must be POINT or POINT/REPLICATION" tiny.yaml "--only=$point"
done
wrong "without a sweep there is 1" tiny.yaml --only 1

# Wrong input: everything that is wrong, and nothing is written.
wrong "nosuch.yaml" nosuch.yaml -o x.csv
wrong "wrong.yaml:2:" wrong.yaml -o x.csv --series s.csv --logs logs
said err "rate-limit"
[ "$(grep -c 'error:' err)" -ge 2 ] || fail "one of two errors is missing"
wrong "error:" wrong.yaml --quiet
wrong "error:" tiny.yaml --set run.duration=-1s -o x.csv
wrong "error:" tiny.yaml --set nonsense
wrong "error:" tiny.yaml --seed one

# What it says about itself.
expect 0 --help
said out "--dry-run"
silent err
expect 0 -h
expect 0 --version
[ "$(wc -l < out)" -eq 1 ] || fail "--version is not one line"
said out "$name "
for list in params columns; do
    expect 0 "$list"
    silent err
    expect 0 "$list" --markdown
    [[ $(sed -n 2p out) = "|---|"* ]] || fail "$list --markdown: not a table"
done
expect 0 --markdown columns

# A run: a summary, and nothing else unless asked for.
expect 0 tiny.yaml
[ -s out ] || fail "no summary"
said out "everything that is offered gets through"
expect 0 tiny.yaml --set max.request.size=100
said out "limited by errors"
only_files ""
expect 0 tiny.yaml --quiet
silent out err
expect 0 --dry-run tiny.yaml -o x.csv --series s.csv --logs logs
said out "tiny: 1 run with seed 1, simulated time 1 s"
only_files ""
expect 0 --dry-run tiny.yaml --set run.warm-up=500ms --seed=9
said out "1 run with seed 9, simulated time 1.5 s, the first 0.5 s as warm-up"
expect 0 --dry-run --quiet tiny.yaml
silent out

# The files: complete, repeatable, the same for any number of threads.
expect 0 -o a.csv tiny.yaml --quiet --jobs 1
expect 0 --quiet --csv=b.csv -j4 -- tiny.yaml
cmp -s a.csv b.csv || fail "-j 1 and -j 4 differ"
one=$(taskset -pc $$ | sed 's/.*: *\([0-9]*\).*/\1/')
taskset -c "$one" "$program" sweep tiny.yaml --sweep linger.ms=1,2 --dry-run > out 2> err
said out " on 1 process,"
expect 0 sweep tiny.yaml --sweep linger.ms=1,2 --dry-run -j 3 -j auto
said out " on $(($(nproc) < 2 ? 1 : 2)) process"
[ "$(wc -l < a.csv)" -eq 2 ] || fail "a.csv: not a header and a line"
[ "$(cut -d, -f1-3 a.csv | tail -n 1)" = tiny,0,1 ] || fail "a.csv: scenario, point, replications"
"$program" columns --markdown | sed '1,2d;s/^| `\([^`]*\)` .*/\1/' > names
head -n 1 a.csv | tr ',' '\n' | sed '1,3d;/:ci95$/d' | cmp -s - names ||
    fail "a.csv: not the columns"
expect 0 tiny.yaml --quiet --set run.seed=2 -o b.csv
cmp -s a.csv b.csv && fail "the seed changes nothing"
expect 0 tiny.yaml --quiet --set run.seed=2 --seed 1 -o b.csv
cmp -s a.csv b.csv || fail "the last --seed or --set does not count"
expect 0 tiny.yaml --quiet --seed 1 --set run.seed=1 --series s.csv --logs logs -o b.csv
cmp -s a.csv b.csv || fail "traces change the results"
[ "$(sed 1d s.csv | cut -d, -f1 | sort -nu | wc -l)" -eq 11 ] || fail "s.csv: not 11 instants"
[ -n "$(ls logs)" ] || fail "no logs"
find . -name '*tmp*' | grep -q . && fail "a temporary file is left"
"$program" - --quiet -o - < tiny.yaml > out 2> err || fail "standard input: status $?"
sed 1d out | cut -d, -f2- | cmp -s - <(sed 1d a.csv | cut -d, -f2-) || fail "- differs"
expect 0 tiny.yaml -o -
cmp -s out a.csv || fail "-o -: not the CSV alone"
expect 0 tiny.yaml -o /dev/stdout
cmp -s out a.csv || fail "-o /dev/stdout: not the CSV alone"
rm -rf a.csv b.csv s.csv names logs

# What cannot be written.
full="No space left on device"
[ -w /dev/full ] || fail "no /dev/full here"
ln -s /dev/full full
mkdir fulls
for log in batches stalls flushes metrics checkpoints brokers failures; do
    ln -s /dev/full fulls/$log.csv
done
expect 1 tiny.yaml -o full
said err "$name: full: $full"
silent out
expect 1 tiny.yaml --series full
said err "full: $full"
expect 1 tiny.yaml --logs fulls -o x.csv
said err "fulls/metrics.csv: $full"
rm -r full fulls
only_files ""
for arguments in tiny.yaml "tiny.yaml -o -" "tiny.yaml --dry-run" params columns --help \
    --version; do
    # shellcheck disable=SC2086
    "$program" $arguments 2> err > /dev/full
    status=$?
    : > out
    [ $status -eq 1 ] || fail "$arguments > /dev/full: status $status"
    said err "$full"
    [ "$(grep -c "^$name: " err)" -eq 1 ] || fail "$arguments > /dev/full: two messages"
done
"$program" tiny.yaml > out 2> err >&-
[ $? -eq 1 ] || fail "closed standard output: not status 1"
for target in nowhere/x.csv .; do
    expect 1 tiny.yaml -o "$target"
    said err "$name: $target: "
    silent out
done
expect 1 tiny.yaml --logs nowhere/logs
said err "nowhere/logs: No such file or directory"
touch file
expect 1 tiny.yaml --logs file
said err "Not a directory"
rm file
expect 1 tiny.yaml -o x.csv --series ./x.csv
said err "two outputs"
only_files ""
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod a-w locked
    expect 1 tiny.yaml -o locked/x.csv
    said err "locked/x.csv: Permission denied"
    rmdir locked
fi

# A reader who goes away: an error status, no word.
mkfifo pipe
{
    sleep 0.2
    exec "$program" tiny.yaml
} > pipe 2> err &
exec 3< pipe
exec 3<&-
wait $!
status=$?
[ $status -eq 1 ] || fail "closed pipe: status $status"
silent err
rm pipe

# Stopped: no file, neither half nor whole.
"$program" tiny.yaml --set run.duration=100000s --quiet -o x.csv --series s.csv > out 2> err &
child=$!
for _ in $(seq 100); do
    ls s.csv.tmp-* > names 2> /dev/null && break
    sleep 0.05
done
[ -s names ] || fail "no temporary file while it runs"
kill -TERM $child
wait $child 2> err
[ $? -eq 143 ] || fail "SIGTERM: not status 143"
rm names
only_files ""

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

#!/bin/bash
# test_torture.sh PROGRAM - work is not lost: whatever happens to a sweep and to its files, going on
# and merging give the bytes of the undisturbed run, or a clear refusal.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
RANDOM=11

cat > s.yaml <<'YAML'
run: {duration: 300ms, warm-up: 100ms, replications: 2}
topics: [{name: t, partitions: 12}]
load: {rate: 5k/s}
brokers: {rtt: {empirical: rtt.csv}}
sweep: {linger.ms: [1, 2, 5, 10], shards: [1, 2]}
YAML
printf 'value,weight\n1ms,1\n2ms,3\n' > rtt.csv
cat > traced.yaml <<'YAML'
topics: [{name: t, partitions: 12}]
load: {trace: trace.csv}
YAML
printf 'time_ns,topic,partition,key_bytes,value_bytes\n0,t,0,,100\n9,t,1,,100\n' > trace.csv

sweep() { # ARGUMENT...
    "$program" sweep s.yaml --quiet "$@" 2> err < /dev/null || fail "sweep $*: $? $(cat err)"
}

# ends STATUS WORDS ARGUMENT...: what is printed is left in out and err.
ends() {
    local wanted=$1 words=$2
    shift 2
    "$program" "$@" > out 2> err < /dev/null
    local status=$?
    [ $status -eq "$wanted" ] || fail "$*: status $status, not $wanted: $(cat err)"
    grep -qF -- "$words" err || fail "$*: $(cat err), not: $words"
}

# No output may be what the run reads, by whatever name: not even a part of it is written.
sweep -o whole.csv
sweep --shard 0/2 -o part.0
sweep --shard 1/2 -o part.1
sweep --only 1 -o part.one
mkdir logs links
ln trace.csv logs/batches.csv
ln s.yaml links/hard.yaml
ln -s ../rtt.csv links/soft.csv
kept=$(mktemp -d)
cp -a . "$kept"
trap 'rm -rf "$work" "$kept"' EXIT
reads="is read here; an output would overwrite it"
for output in s.yaml ./s.yaml "$work/rtt.csv" links/hard.yaml links/soft.csv; do
    ends 2 "$output: $reads" s.yaml --quiet -o "$output"
    ends 2 "$output: $reads" s.yaml --quiet --series "$output"
    ends 2 "$output: $reads" sweep s.yaml --quiet -o "$output"
done
ends 2 "logs/batches.csv: $reads" traced.yaml --quiet --logs logs
ends 2 "trace.csv: $reads" traced.yaml --quiet -o trace.csv
ends 2 "part.0: $reads" merge part.1 part.0 -o part.0
ends 2 "part.one: $reads" \
    sweep s.yaml --quiet --shard 0/2 --resume part.one -o x.csv --series part.one
ends 2 "./part.0: $reads" sweep s.yaml --quiet --shard 0/2 --resume part.0 -o ./part.0
"$program" - -o s.yaml --quiet < s.yaml 2> err
[ $? -eq 2 ] || fail "standard input is the output: $(cat err)"
while read -r file arguments; do
    # shellcheck disable=SC2086
    "$program" $arguments >> "$file" 2> err
    [ $? -eq 2 ] && grep -qF "standard output: $reads" err || fail "$arguments >> $file: $(cat err)"
done <<'CALLS'
s.yaml s.yaml
rtt.csv sweep s.yaml
part.0 sweep s.yaml --shard 0/2 --resume part.0
part.1 merge part.0 part.1
CALLS
diff -r -x out -x err . "$kept" || fail "what is read has changed"

# What goes on where it ends may.
sweep --shard 0/2 --resume part.0 -o part.0
cmp -s part.0 "$kept/part.0" || fail "--resume part.0 -o part.0"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

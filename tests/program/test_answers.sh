#!/bin/bash
# test_answers.sh PROGRAM - what a user asks of results: goals that must be met, columns, parts, a
# comparison in words; and how that looks in a terminal of 24 x 80.
#
# guards: models/report/summary, sim/command/asserts, sim/command/chosen, sim/command/board,
# sim/command/parts, sim/command/compared, sim/command/run, sim/study/screen, sim/study/progress,
# sim/study/interrupt
. "$(dirname "$0")/../common.sh"
scenarios=$(realpath "$tests/../scenarios")
cd "$work" || exit 1

cat > tiny.yaml <<'YAML'
topics: [{name: a, partitions: 3}, {name: b, partitions: 2, weight: 3}]
load: {rate: 2k/s}
job: {parallelism: 2}
brokers: {rtt: {exponential: {mean: 2ms}}}
run: {duration: 2s, warm-up: 200ms}
YAML

# expect STATUS ARGUMENT...
expect() {
    local wanted=$1
    shift
    "$program" "$@" > out 2> err < /dev/null
    local status=$?
    [ $status -eq "$wanted" ] || fail "$*: status $status, not $wanted: $(cat err)"
}

says() { # FILE TEXT...
    local file=$1 text
    shift
    for text in "$@"; do
        tr '\n' ' ' < "$file" | sed 's/   */ /g' | grep -qF -- "$text" ||
            fail "$file lacks: $text; it is $(cat "$file")"
    done
}

value() { # FILE LINE COLUMN
    awk -F, -v line="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        NR == line + 1 { print $c }' "$1"
}

# What remote functions do: nothing of it without them; five requests in flight and no more, 50 per
# second and subtask, while the valve stops all input.
expect 0 tiny.yaml
grep -q remote out && fail "remote functions out of nothing: $(cat out)"
valve=(tiny.yaml --set remote.functions=1 --set remote.latency=100ms --set async.max-per-task=5)
expect 0 "${valve[@]}"
says out "a remote request: 1 invocations, at most 1; 100/s, 5 in flight a subtask"
grep -q '^the valve stops input \(9[0-9]\.[0-9]\|100\.0\) % of the time; 0 ids of a subtask' out ||
    fail "no valve: $(cat out)"
[ "$(wc -l < out)" -le 24 ] || fail "more than a screen: $(cat out)"
expect 0 "${valve[@]}" --verbose
says out "remote-requests-in-flight-avg 5 at most 5, per subtask" "remote-request-rate 100 "

# --assert: the bound is put around what is found, so that what is right is known.
"$program" tiny.yaml --quiet -o one.csv || fail "no one.csv"
p99=$(value one.csv 1 latency-p99)
above=$(awk "BEGIN { print 1.01 * $p99 }") below=$(awk "BEGIN { print 0.99 * $p99 }")
expect 0 tiny.yaml --assert "latency-p99 < $above" --assert "bottleneck == load"
says out "✓ latency-p99 < $above: met, " "✓ bottleneck == load: met, load"
expect 3 tiny.yaml --assert "latency-p99 < $above" --assert "latency-p99 < ${below}ms"
says out "✓ latency-p99 < $above: met, " "✗ latency-p99 < ${below}ms: missed, "
expect 3 tiny.yaml --quiet --assert "latency-p99 < $below"
[ ! -s out ] && [ ! -s err ] || fail "--quiet is not"
expect 3 tiny.yaml -o - --assert "latency-p99 < $below"
says err "✗ latency-p99 < $below: missed, "
cmp -s out one.csv || fail "--assert changes the results"
"$program" tiny.yaml -r 4 --quiet -o four.csv || fail "no four.csv"
mean=$(value four.csv 1 byte-rate) half=$(value four.csv 1 byte-rate:ci95)
around() { # FACTOR: so many half-widths above the mean
    awk -v m="$mean" -v h="$half" "BEGIN { printf \"%.9g\", m + $1 * h }"
}
expect 0 tiny.yaml -r 4 --assert "byte-rate < $(around 1.1)"
says out ": met, "
expect 0 tiny.yaml -r 4 --assert "byte-rate < $(around 0.9)" --assert "byte-rate < $(around -0.9)"
[ "$(grep -c ': undecided, .* ± .*more replications' out)" -eq 2 ] ||
    fail "not undecided: $(cat out)"
expect 3 tiny.yaml -r 4 --assert "byte-rate < $(around -1.1)"
expect 2 tiny.yaml --assert "latency-p98 < 1"
says err '--assert: error: there is no column "latency-p98"; did you mean latency-p9'
expect 2 tiny.yaml --assert "latency-p99"

# In a sweep: of every point, of those too that an earlier run has done.
for options in "" "--each" "--columns latency-p99"; do
    # shellcheck disable=SC2086
    expect 0 sweep tiny.yaml --sweep linger.ms=0,50 $options -o s.csv --assert "latency-p99 < 1s"
    says err "point 0: latency-p99 < 1s met, " "point 1: latency-p99 < 1s met, "
    # shellcheck disable=SC2086
    expect 3 sweep tiny.yaml --sweep linger.ms=0,50 $options -o s.csv --assert "latency-p99 < 30ms"
    says err "point 0: latency-p99 < 30ms met, " "point 1: latency-p99 < 30ms missed, "
    # shellcheck disable=SC2086
    expect 3 sweep tiny.yaml --sweep linger.ms=0,50 $options --shard 0/1 -o part.csv --quiet \
        --assert "latency-p99 < 30ms"
    # shellcheck disable=SC2086
    expect 3 sweep tiny.yaml --sweep linger.ms=0,50 $options --shard 0/1 --resume part.csv \
        -o again.csv --assert "latency-p99 < 30ms"
    cmp -s part.csv again.csv || fail "$options: --resume writes something else"
    says err "point 0: latency-p99 < 30ms met, " "point 1: latency-p99 < 30ms missed, "
done

# --columns: these, in this order, with the same values.
expect 0 tiny.yaml --quiet --columns latency-p99,throughput -o few.csv
[ "$(head -n 1 few.csv)" = scenario,point,replications,latency-p99,throughput ] ||
    fail "--columns: $(head -n 1 few.csv)"
[ "$(value few.csv 1 latency-p99)" = "$p99" ] || fail "--columns: another value"
[ "$(head -n 1 four.csv | grep -o ':ci95' | wc -l)" -gt 50 ] || fail "no intervals of four"
grep -q ci95 one.csv && fail "intervals of one"
expect 2 tiny.yaml --columns latency-p99,latency
says err '--columns: error: there is no column "latency"'
expect 2 tiny.yaml --columns throughput,throughput
says err "throughput is there twice"
expect 2 sweep tiny.yaml --sweep linger.ms=0,50 --columns throughput --resume part.csv
says err "--columns"

# --by: parts add up to the whole, on any number of processes; a screen shows the busiest first.
sum() { # FILE COLUMN
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        NR > 1 { sum += $c } END { printf "%.6g\n", sum }' "$1"
}
round() { # NUMBER
    printf '%.6g\n' "$1"
}
for part in subtask:throughput topic:byte-rate partition:byte-rate; do
    IFS=: read -r name column <<< "$part"
    expect 0 tiny.yaml --by "$name" -o by.csv
    [ "$(sum by.csv "$column")" = "$(round "$(value one.csv 1 "$column")")" ] ||
        fail "--by $name: $column is $(sum by.csv "$column")"
    expect 0 tiny.yaml --by "$name" -r 3 -j 2 -o again.csv
    cmp -s by.csv again.csv || fail "--by $name: another first replication"
    says out "of the first replication alone"
done
[ "$(cut -d, -f2 by.csv | tr '\n' ' ')" = "partition a-0 a-1 a-2 b-0 b-1 " ] ||
    fail "$(cat by.csv)"
expect 0 tiny.yaml --by topic
[ "$(grep '^[ab] ' out | cut -c1 | tr -d '\n')" = "ba" ] ||
    fail "the busiest is not first: $(cat out)"
expect 0 tiny.yaml --by broker -o -
[ "$(head -n 1 out)" = "scenario,broker,$("$program" tiny.yaml --quiet --logs logs &&
    head -n 1 logs/brokers.csv | cut -d, -f2-)" ] || fail "--by broker: $(head -n 1 out)"
sed 's/^[^,]*,//' out | cmp -s - logs/brokers.csv || fail "--by broker is not brokers.csv"
expect 0 tiny.yaml --set topics='[{name: "t%03d", count: 40, partitions: 1}]' --by topic
says out "and 24 more (--verbose)"
expect 0 tiny.yaml --set topics='[{name: "t%03d", count: 40, partitions: 1}]' --by topic -v
[ "$(grep -c '^t0' out)" -eq 40 ] || fail "-v does not show all topics"
expect 2 tiny.yaml --by rack
says err "--by rack: this model has figures by subtask, topic, partition, broker"
expect 2 tiny.yaml --by topic --each
expect 2 sweep tiny.yaml --by topic

# --against in words: the ratio of the means of paired runs.
axes=(--sweep linger.ms=10,40 -r 6 --against 1)
expect 0 sweep tiny.yaml "${axes[@]}" --columns request-rate
ratio=$(awk -F, 'NR == 2 { a = $5 } NR == 3 { printf "%.2f", a / $5 }' out)
says err "linger.ms 10 has $ratio ± " " times the request-rate of 40"
expect 0 sweep tiny.yaml "${axes[@]}"
says err " times the batch-size-avg, "
tr '\n' ' ' < err | grep -q "times the throughput" && fail "throughput is no other: $(cat err)"
expect 0 sweep tiny.yaml "${axes[@]}" --quiet
[ ! -s err ] || fail "--quiet compares"
expect 0 sweep tiny.yaml --sweep delivery.timeout.ms=100000,100001 -r 6 --against 1
says err "delivery.timeout.ms 100000 has no other figures that one could be sure of than 100001"

# In a terminal.
terminal() { # COMMAND: what it prints there, in `out`; without what is overwritten
    script -qec "stty cols 80 rows 24; $*" typescript > /dev/null < /dev/null
    status=$?
    sed 's/\r$//; s/.*\r\x1b\[K//' typescript | sed '/^Script \(started\|done\)/d' > out
}
if ! command -v script > /dev/null; then
    fail "there is no script(1)"
fi
export TERM=xterm
unset NO_COLOR
terminal "$program" sweep tiny.yaml --sweep linger.ms=0,50
[ "$(sed 's/\x1b\[[0-9;]*m//g' out | grep -c '^ *[01]  *5*0 ')" -eq 2 ] ||
    fail "no table: $(cat out)"
grep -q "scenario,point" out && fail "CSV for people"
says out linger.ms latency-p99
terminal "$program" sweep tiny.yaml --sweep linger.ms=0,50 -o terminal.csv
expect 0 sweep tiny.yaml --sweep linger.ms=0,50
cmp -s terminal.csv out || fail "a terminal's -o is not what is piped"
terminal "$program" sweep tiny.yaml --sweep linger.ms=0,50 --columns effective-parallelism
says out effective- parallelism
grep -q throughput out && fail "--columns does not choose"
terminal "$program" tiny.yaml --assert "'latency-p99 < 1us'"
[ $status -eq 3 ] || fail "in a terminal: status $status"
grep -q $'\x1b\\[32mlimited by the load' out || fail "no colour: $(cat out)"
grep -q $'\x1b\\[1;31m✗' out || fail "no red cross: $(cat out)"
says out "simulated 2.20 s in "
for how in NO_COLOR=1 TERM=dumb; do
    terminal "$how" "$program" tiny.yaml
    grep -q $'\x1b' out && fail "$how: $(cat out)"
    grep -q "limited by" out || fail "$how: $(cat out)"
done
expect 0 tiny.yaml
grep -q $'\x1b' out && fail "colours in a pipe"
grep -q simulated out && fail "what is never the same twice, in a pipe"

# The first screen fits 24 x 80, and has no exponents.
for path in "$scenarios"/*.yaml; do
    name=$(basename "$path" .yaml)
    "$program" "$path" --set run.duration=2s --set run.warm-up=1s > out 2> err ||
        fail "$name: $(cat err)"
    [ "$(wc -l < out)" -le 24 ] || fail "$name: $(wc -l < out) lines"
    [ "$(LC_ALL=C.UTF-8 wc -L < out)" -le 80 ] || fail "$name is too wide: $(cat out)"
    grep -E '[0-9]e[-+]?[0-9]' out && fail "$name: an exponent"
done

# Ctrl-C says what is lost. A shell lets what runs in the background ignore it.
env --default-signal=INT "$program" tiny.yaml --set run.duration=1000000s -o x.csv > out 2> err &
child=$!
for _ in $(seq 100); do
    compgen -G 'x.csv.tmp-*' > /dev/null && break
    sleep 0.05
done
sleep 0.3
kill -INT $child 2> /dev/null || fail "it has ended"
wait $child
status=$?
[ $status -eq 130 ] || fail "Ctrl-C: status $status"
says err "interrupted after " " of simulated time; all of that is lost, nothing is written"
[ -z "$(ls x.csv* 2> /dev/null)" ] || fail "a file is left: $(ls x.csv*)"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

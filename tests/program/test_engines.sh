#!/bin/bash
# test_engines.sh PROGRAM - the shards of a sweep under GNU parallel and under mpirun, as Debian has
# them, and what gnuplot and pandas make of the CSV. What is not installed fails: README.md's first
# command installs all of it.
#
# guards: sim/study/shard, sim/command/merge
. "$(dirname "$0")/../common.sh"
cd "$work" || exit 1
name=$(basename "$program")

cat > s.yaml <<'YAML'
name: "short, but a sweep"
run: {duration: 200ms, warm-up: 100ms, replications: 3}
topics: [{name: "t%d", count: 4, partitions: 6}]
load: {rate: 5k/s}
job: {parallelism: 2, checkpoint: {interval: 50ms}}
costs: {preset: typical}
sweep:
  linger.ms: {from: 1, to: 50, steps: 3, scale: log}
  rtt: [1ms, {gamma: {mean: 600us, cv: 0.3}}]
  shards: [1, 2]
  where: "rtt * shards < 2ms"
YAML
"$program" sweep s.yaml --quiet > whole.csv || fail "the sweep: status $?"
[ "$(wc -l < whole.csv)" -eq 10 ] || fail "not 9 points"

merged() { # WHAT PART...
    local what=$1
    shift
    "$program" merge "$@" > merged.csv || fail "$what: merge: status $?"
    cmp -s whole.csv merged.csv || fail "$what: not the bytes of one machine"
}

seq 0 3 | parallel --will-cite -j 2 "$program" sweep s.yaml --quiet --shard {}/4 -o parallel.{} ||
    fail "parallel: status $?"
merged "GNU parallel" parallel.*
JOB_COMPLETION_INDEX=0 "$program" sweep s.yaml --quiet --shard auto/2 -o kubernetes.0
JOB_COMPLETION_INDEX=1 "$program" sweep s.yaml --quiet --shard auto/2 -o kubernetes.1
merged "a Kubernetes indexed job" kubernetes.*

flags=(-np 2 --oversubscribe)
[ "$(id -u)" -ne 0 ] || flags+=(--allow-run-as-root)
# Each rank writes a part of its own name.
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun "${flags[@]}" bash -c \
    "'$program' sweep s.yaml --quiet --shard auto -o mpi.\$OMPI_COMM_WORLD_RANK" 2> err ||
    fail "mpirun: status $?: $(cat err)"
merged mpirun mpi.*
[ "$(echo mpi.*)" = "mpi.0 mpi.1" ] || fail "mpirun: parts $(echo mpi.*)"
SLURM_ARRAY_TASK_ID=0 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    mpirun "${flags[@]}" "$program" sweep s.yaml --quiet --shard auto > out 2> err &&
    fail "an array task under mpirun is not refused"
grep -q "$name: --shard auto: both a Slurm array (SLURM_ARRAY_TASK_ID) and Open MPI" err ||
    fail "other words: $(cat err)"
[ ! -s out ] || fail "refused, and yet something on standard output"

# A missing, a doubled and a foreign part, by name.
refused() { # WORDS PART...
    local words=$1
    shift
    "$program" merge "$@" > out 2> err
    [ $? -eq 2 ] || fail "merge $*: not status 2"
    grep -qF "$words" err || fail "merge $*: $(cat err)"
    [ ! -s out ] || fail "merge $*: something on standard output"
}
refused "a part is missing: of 9 points nobody has 2 to 3" parallel.[023]
refused "mpi.0:2: error: point 0 is also in parallel.0" parallel.* mpi.0
"$program" sweep s.yaml --quiet --seed 2 --shard 1/4 -o foreign
refused "foreign: error: a part of another sweep than parallel.0" parallel.[023] foreign

# gnuplot by the names of columns, a mean with its interval; a part reads like the whole.
for file in whole.csv parallel.1; do
    gnuplot > gnuplot.out 2>&1 <<GNUPLOT
set datafile separator comma
set table "table"
plot "$file" using "linger.ms":"throughput":"throughput:ci95" with yerrorbars
GNUPLOT
    [ ! -s gnuplot.out ] || fail "gnuplot, $file: $(cat gnuplot.out)"
    rows=$(awk 'NF >= 4 && $1 + 0 > 0 && $2 + 0 > 0' table | wc -l)
    [ "$rows" -eq $(($(wc -l < $file) - 1)) ] || fail "gnuplot, $file: $rows rows"
done

# pandas without options: numbers are numbers.
python=/usr/bin/python3
[ -x $python ] || python=python3
$python - > out 2> err <<'PYTHON' || fail "pandas: $(cat err)"
import pandas
whole = pandas.read_csv("whole.csv")
assert whole.shape[0] == 9, whole.shape
assert list(whole["point"]) == list(range(9))
assert set(whole["linger.ms"]) == {1, 7, 50}, whole["linger.ms"]
assert set(whole["rtt"]) == {"1", "{gamma: {mean: 600us, cv: 0.3}}"}, whole["rtt"]
assert (whole["scenario"] == "short, but a sweep").all()
for name in ("linger.ms", "shards", "throughput", "throughput:ci95", "checkpoint-flush-avg:ci95"):
    assert whole[name].dtype.kind in "if", name
parts = pandas.concat([pandas.read_csv(f"parallel.{i}") for i in range(4)])
assert parts["sweep"].str.split(" ").str[0].nunique() == 1
assert parts.drop(columns=["check", "sweep"]).reset_index(drop=True).equals(whole)
PYTHON

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

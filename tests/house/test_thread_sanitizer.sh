#!/bin/bash
# test_thread_sanitizer.sh - the program built with gcc's thread sanitizer runs sweeps with three
# workers, one of which is stopped on the way: no race, no lock left, and no call in a signal
# handler that may not be there. The same build with a race in it says so.
#
# guards: sim/study/runner, sim/study/worker, sim/study/sweep, sim/study/interrupt
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1
failures=0

read -ra packages < <(pkg-config --cflags gsl yaml-0.1)
read -ra libraries < <(pkg-config --libs gsl yaml-0.1)
flags=(-std=c11 -O1 -g1 -fsanitize=thread -D_POSIX_C_SOURCE=200809L -DFANOUT_SIM_VERSION='"0"'
    -DFANOUT_SIM_DATE='"0"' -I. "${packages[@]}")
compile() { # SOURCE
    gcc "${flags[@]}" -c "$1" -o "$work/$(tr / - <<< "${1%.c}").o"
}
export -f compile
find sim models -name '*.c' -not -path 'sim/example/*' |
    xargs -P 2 -I{} bash -c "$(declare -p flags work); compile {}" &&
    gcc -fsanitize=thread "$work"/*.o -o "$work/fanout-sim" "${libraries[@]}" -lm -pthread ||
    { echo "does not build"; exit 1; }

# It maps memory where it must be; a kernel that scatters it widely is asked not to.
stop=()
run() {
    "${stop[@]}" setarch -R "$@" > "$work/out" 2> "$work/said"
}

cat > "$work/race.c" <<'C'
#include <pthread.h>
static int x;
static void *add(void *none)
{
    x++;
    return none;
}
int main(void)
{
    pthread_t one, two;
    pthread_create(&one, 0, add, 0);
    pthread_create(&two, 0, add, 0);
    pthread_join(one, 0);
    pthread_join(two, 0);
    return 0;
}
C
gcc "${flags[@]}" "$work/race.c" -o "$work/race" -pthread || exit 1
run "$work/race"
grep -q "data race" "$work/said" || { cat "$work/said"; echo "a race is not seen"; failures=1; }

cat > "$work/sweep.yaml" <<'YAML'
run: {duration: 100ms, warm-up: 50ms, replications: 3}
topics: [{name: "t%d", count: 4, partitions: 6}]
load: {rate: 5k/s}
costs: {preset: typical}
sweep:
  linger.ms: {from: 1, to: 50, steps: 3, scale: log}
YAML
sweep() { # STATUS OPTION...
    run "$work/fanout-sim" sweep "$work/sweep.yaml" -j 3 "${@:2}"
    local status=$?
    [ $status -eq "$1" ] && ! grep -q ThreadSanitizer "$work/said" && return
    cat "$work/said"
    echo "sweep ${*:2}: status $status"
    failures=1
}
sweep 0 -o "$work/all.csv"
[ "$(wc -l < "$work/all.csv")" -ge 4 ] || { echo "no results"; failures=1; }
sweep 0 --set precision=5% --set max-replications=9 -o "$work/precise.csv"
stop=(timeout --preserve-status -s TERM 2)
sweep 143 --set duration=500s -o "$work/stopped.csv"
exit $failures

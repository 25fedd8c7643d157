#!/bin/bash
# test_full_disk.sh PROGRAM - what cannot be written to its end: status 1, a message that names the
# file, and no half of it. A limit on the size of files (ulimit -f, in KiB) stands for the disk that
# fills up on the way; /dev/full is full from the start.
#
# guards: sim/output/output, sim/output/spill, models/log/log
program=$(realpath "$1")
name=$(basename "$program")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

cat > s.yaml <<'YAML'
topics: [{name: t, partitions: 12}]
load: {rate: 1k/s}
run: {duration: 5s, warm-up: 0s, sample: 1ms}
YAML

fail() {
    echo "$*"
    sed 's/^/    /' err
    failures=$((failures + 1))
}

# failed WORDS ARGUMENT...: under a limit of 64 KiB a file.
failed() {
    local words=$1
    shift
    (ulimit -f 64 && exec "$program" s.yaml "$@") > out 2> err < /dev/null
    local status=$?
    [ $status -eq 1 ] || fail "$*: status $status, not 1"
    [ "$(cat err)" = "$name: $words" ] || fail "$*: other words than: $words"
    [ ! -s out ] || fail "$*: a summary, as if all were well"
    [ -z "$(find new -type f -o -name '*.tmp*' 2> /dev/null)" ] || fail "$*: left $(find new)"
    rm -rf new
    mkdir new
}

mkdir new
large="File too large"
failed "new/s.csv: $large" --series new/s.csv
failed "new/logs/timeline.csv: $large
$name: new/logs/batches.csv: $large" --logs new/logs # two are
failed "new/s.csv: $large" --csv new/x.csv --series new/s.csv # nor does the good one appear

# More rows than have room in memory: those that wait to be sorted meet the full disk, while the run
# is still under way.
failed "new/logs: $large; replay: $name s.yaml --set load.rate=20k/s --seed 1" \
    --set load.rate=20k/s --logs new/logs --csv new/x.csv

# What was there before stays as it was.
echo before | tee old.csv > x.csv
cp -p old.csv kept.csv
failed "old.csv: $large" --series old.csv --csv x.csv
cmp -s old.csv kept.csv || fail "old.csv has changed"
cmp -s x.csv kept.csv || fail "x.csv has changed"

# Full from the start, behind a link as a mounted disk would be.
ln -s /dev/full full
failed "full: No space left on device" --csv full --logs new/logs --set run.duration=50ms
failed "full: No space left on device" --series full --csv new/x.csv --set run.duration=50ms
[ -L full ] || fail "the link has gone"
rm full

# Standard output, in the middle of the CSV and of the summary.
for arguments in "--csv -" "--series -"; do
    # shellcheck disable=SC2086
    "$program" s.yaml $arguments > /dev/full 2> err
    [ $? -eq 1 ] || fail "$arguments > /dev/full: not status 1"
    grep -qF "No space left on device" err || fail "$arguments > /dev/full: no message"
done
(ulimit -f 64 && exec "$program" s.yaml --series -) > out 2> err < /dev/null
[ $? -eq 1 ] || fail "--series - into a file that is full: not status 1"
grep -qF "$large" err || fail "--series - into a file that is full: no message"

# The same runs with room are good.
"$program" s.yaml --series new/s.csv --logs new/logs > out 2> err || fail "with room"
[ "$(stat -c %s new/s.csv)" -gt 65536 ] || fail "new/s.csv would have fitted"
[ "$(stat -c %s new/logs/batches.csv)" -gt 65536 ] || fail "new/logs/batches.csv would have fitted"

exit $((failures > 0))

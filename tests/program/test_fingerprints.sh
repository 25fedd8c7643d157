#!/bin/bash
# test_fingerprints.sh PROGRAM [--update] - the figures of some short runs, to nine digits (the last
# bit of a libm is another matter), are those of fingerprints.txt. Where they have moved, and that
# is meant, one command moves the results version too; then the program is built again:
#
#     bash tests/program/test_fingerprints.sh build/fanout-sim --update
#
# guards: models/fanout, models/report/results_version
. "$(dirname "$0")/../common.sh"
file=$tests/fingerprints.txt
header=$tests/../models/report/results_version.h

# Without the first line: what a column is called moves no figure.
print_of() { # SCENARIO ARGUMENT...
    "$program" "$@" --quiet --each -o - 2> "$work/err" | sed 1d | awk -F, -v OFS=, '
        {
            for (i = 1; i <= NF; i++)
                if ($i ~ /^-?[0-9][0-9.]*(e-?[0-9]+)?$/)
                    $i = sprintf("%.9g", $i)
            print
        }' | cksum | cut -d' ' -f1
    [ ! -s "$work/err" ] || fail "$*: $(cat "$work/err")"
}

for scenario in "$tests"/../scenarios/*.yaml; do
    echo "$(basename "$scenario" .yaml)" \
        "$(print_of "$scenario" -r 2 --set run.warm-up=200ms --set run.duration=800ms)"
done > "$work/prints"
for case in plain-100 faultidem-100 lz4stall-100 barrier-100; do
    echo "$case $(print_of "$tests/conformance/$case/scenario.yaml")"
done >> "$work/prints"

version=$(sed -n 's/^version //p' "$file")
moved=$(sed 1d "$file" | diff - "$work/prints" | sed -n 's/^[<>] \([^ ]*\) .*/\1/p' | sort -u |
    tr '\n' ' ')
if [ "${2:-}" = --update ] && [ -n "$moved" ]; then
    version=$((version + 1))
    { echo "version $version"; cat "$work/prints"; } > "$file"
    sed -i "s/^#define RESULTS_VERSION .*/#define RESULTS_VERSION \"$version\"/" "$header"
    echo "results version $version; build again"
elif [ -n "$moved" ]; then
    fail "figures have moved: ${moved}
if that is meant: bash tests/program/test_fingerprints.sh $program --update"
fi
grep -qx "#define RESULTS_VERSION \"$version\"" "$header" || fail "$header: not version $version"
if [ "${2:-}" != --update ]; then
    "$program" --version | grep -q "results version $version\$" ||
        fail "the program is of another results version than $version: build it"
fi
[ $failures -eq 0 ] || exit 1

#!/bin/bash
# test_readme.sh PROGRAM - what README.md shows is what the program prints: the tables of parameters
# and columns and the reading order to the letter, the summary of the first screen but for its
# digits, which the last bit of a libm may move.
program=$1
root=$(cd "$(dirname "$0")/.." && pwd)
failures=0

expect_same() { # WHAT
    diff "$work/shown" "$work/printed" > "$work/diff" && return
    echo "README.md: $1 is not what is printed (< README, > program):"
    head -n 20 "$work/diff"
    failures=$((failures + 1))
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1

section() { # HEADING: its lines, without the heading and the sentence below it
    awk -v heading="## $1" '/^## / { inside = $0 == heading } inside' README.md | sed '1,4d' |
        sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

"$program" params --markdown > "$work/printed"
section Parameters > "$work/shown"
expect_same "the table of parameters"

"$program" columns --markdown > "$work/printed"
section Columns > "$work/shown"
expect_same "the table of columns"

plain() { # digits and the widths that hang on them are the machine's
    sed -e 's/[0-9][0-9.,]*/N/g' -e 's/  */ /g'
}
"$program" scenarios/20x12.yaml 2> /dev/null | plain > "$work/printed"
awk '/^```$/ { block++ } block == 1 && !/^```$/ && !/^\$ /' README.md | plain > "$work/shown"
expect_same "the first screen"

sed 's|.*/||' tests/modules.txt | tr '\n' ' ' > "$work/printed"
awk '/^## / { inside = $0 == "## Reading the code" }
     inside && /^(sim|models)\// { $1 = ""; print }' README.md |
    tr -s ' \n' ' ' | sed 's/^ //' > "$work/shown"
expect_same "the reading order"

[ -s "$work/shown" ] || { echo "README.md has no reading order"; failures=$((failures + 1)); }
exit $((failures > 0))

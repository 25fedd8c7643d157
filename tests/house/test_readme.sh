#!/bin/bash
# test_readme.sh PROGRAM - what the pages show is what the program prints: the tables of parameters
# and columns to the letter, README.md's first screen but for its digits, which the last bit of a
# libm may move. README.md is short, and every page that a page links to is there.
#
# guards: README.md, models/report/summary, sim/command/params_print, sim/command/columns_print
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1

fail() {
    echo "$*"
    failures=$((failures + 1))
}

expect_same() { # WHAT
    diff "$work/shown" "$work/printed" > "$work/diff" && [ -s "$work/shown" ] && return
    fail "$1 is not what is printed (< page, > program):"
    head -n 20 "$work/diff"
}

# The page's last table, and what follows it.
last_table() { # PAGE FIRST-COLUMN
    awk -v head="| $2 |" 'index($0, head) == 1 { inside = 1 } inside' "$1"
}

"$program" params --markdown > "$work/printed"
last_table models/PARAMETERS.md parameter > "$work/shown"
expect_same "models/PARAMETERS.md"

"$program" columns --markdown > "$work/printed"
last_table models/COLUMNS.md column > "$work/shown"
expect_same "models/COLUMNS.md"

plain() { # digits and the widths that hang on them are the machine's
    sed -e 's/[0-9][0-9.,]*/N/g' -e 's/  */ /g'
}
"$program" scenarios/20x12.yaml 2> /dev/null | plain > "$work/printed"
awk '/^```$/ { block++ } block == 1 && !/^```$/ && !/^\$ /' README.md | plain > "$work/shown"
expect_same "README.md's first screen"

[ "$(wc -c < README.md)" -le 12288 ] || fail "README.md has more than 12 KB"

links() { # PAGE...: page and target
    grep -HoE '\]\([^)#:]+\)' "$@" | sed -E 's/^([^:]*):\]\((.*)\)$/\1 \2/'
}
mapfile -t pages < <(find . -name '*.md' -not -path './build*' -not -path './.git/*' | sort)
links "${pages[@]}" > "$work/links"
while read -r page target; do
    [ -e "$(dirname "$page")/$target" ] || fail "$page: there is no $target"
done < "$work/links"
[ "$(wc -l < "$work/links")" -gt 20 ] || fail "only $(wc -l < "$work/links") links found"

exit $((failures > 0))

#!/bin/bash
# test_guards.sh PROGRAM [--update] - every test says what it guards, all of that exists, every
# module with code in it is guarded, and the table of tests/README.md says so; tests that documents
# name exist. And that each breach would be noticed. What makes the table anew:
#
#     bash tests/house/test_guards.sh build/fanout-sim --update
#
# guards: tests, tests/README.md, tests/house/guards.awk
. "$(dirname "$0")/../common.sh"
cd "$tests/.." || exit 1

guards() {
    find tests -name 'test_*.c' -o -name 'test_*.sh' | sort |
        LC_ALL=C xargs awk -f "$tests/house/guards.awk"
}

# Modules in the order of reading, with their parts behind them, then the rest of the tree.
print_table() {
    echo "| module | tests | sections |"
    echo "|---|---|---|"
    guards | sort -u -t $'\t' -k1,1 -k2,2 -k3,3 -k4,4V |
        LC_ALL=C awk -F '\t' -v modules=tests/modules.txt '
            BEGIN { while ((getline line < modules) > 0) place[line] = ++places }
            function place_of(name) {
                while (!(name in place) && name ~ /_[^\/]*$/)
                    sub(/_[^_\/]*$/, "", name)
                return name in place ? place[name] : places + 1
            }
            { print place_of($1) "\t" $0 }' |
        sort -s -t $'\t' -k1,1n -k2,2 -k4,4 -k5,5V |
        LC_ALL=C awk -F '\t' '
            function row() {
                if (module != "")
                    print "| `" module "` | " tests " | " sections " |"
            }
            $2 != module {
                row()
                module = $2
                tests = sections = document = ""
                split("", seen)
            }
            !(($3, "") in seen) {
                seen[$3, ""] = 1
                tests = tests (tests == "" ? "" : ", ") "`" $3 "`"
            }
            $4 != "-" && !(($4, $5) in seen) {
                seen[$4, $5] = 1
                sections = sections (sections == "" ? "" : $4 == document ? ", " : "; ") \
                    ($4 == document ? "" : $4 " ") $5
                document = $4
            }
            END { row() }'
}

exists() { # NAME: a file, a folder, or a module
    [ -e "$1" ] || compgen -G "$1.[chd]*" > /dev/null
}

has_code() { # MODULE
    [ -e "$1.c" ] || grep -qs '^static inline' "$1.h"
}

check_guards() {
    local module wrong=0
    guards > "$work/guards" || wrong=1
    while read -r module; do
        exists "$module" || { echo "guarded, but not there: $module"; wrong=1; }
    done < <(cut -f 1 "$work/guards" | sort -u)
    cut -f 1 "$work/guards" | sort -u > "$work/guarded"
    while read -r module; do
        ! has_code "$module" || grep -qE "^$module(_[a-z]+)?\$" "$work/guarded" ||
            { echo "guarded by no test: $module"; wrong=1; }
    done < tests/modules.txt
    return $wrong
}

heading="## Which test guards what"
check_page() {
    sed -n "/^$heading\$/,\$p" tests/README.md | grep '^|' > "$work/shown"
    print_table | diff "$work/shown" - > "$work/diff" && return
    head -n 10 "$work/diff"
    echo "tests/README.md: the table is not what the tests say (--update makes it anew)"
    return 1
}

# What documents say of tests, but for the page that tells of other projects' tests.
check_mentions() {
    local file name wrong=0
    find tests -name '*.[ch]' -o -name '*.sh' | sed 's|.*/||; p; s|\..*||' > "$work/names"
    while IFS=: read -r file name; do
        grep -q "^${name/\*/.*}\$" "$work/names" || { echo "$file: there is no $name"; wrong=1; }
    done < <(find . \( -path './build*' -o -path ./.git \) -prune -o -name '*.md' \
        ! -path ./models/spec/style.md -print |
        xargs grep -HoE '\b(test|bench)_[a-z_0-9]+(\*|\.sh|\.c)?' | sort -u)
    return $wrong
}

if [ "${2:-}" = --update ]; then
    {
        sed "/^$heading\$/q" tests/README.md
        echo
        print_table
    } > "$work/page" && cp "$work/page" tests/README.md
    exit
fi

check_guards || fail "the guards are not in order"
check_page || fail "tests/README.md is not current"
check_mentions || fail "a document names a test that is none"
[ "$(wc -l < "$work/shown")" -gt 100 ] || fail "the table of tests/README.md is gone"

# Each breach, in a tree of its own.
mkdir "$work/tree"
cp -r tests models sim plots scenarios .cmake .clang-tidy README.md CMakeLists.txt "$work/tree" \
    2> "$work/said" || fail "$(cat "$work/said")"
cd "$work/tree" || exit 1
noticed() { # WORDS, CHECK...: after the tree was broken
    "${@:2}" > "$work/said" 2>&1 && fail "not noticed: $1"
    grep -qF -- "$1" "$work/said" || fail "not said: $1: $(cat "$work/said")"
}
check_guards || fail "the copy is not in order"
sed -i '/guards: /d' tests/sim/core/test_tally.c
noticed "tests/sim/core/test_tally.c:1: says not what it guards" check_guards
noticed "guarded by no test: sim/core/tally" check_guards
noticed "tests/README.md: the table is not what" check_page
sed -i 's|guards: |guards: models/kafka/franz, |' tests/models/kafka/test_wire.c
noticed "guarded, but not there: models/kafka/franz" check_guards
echo "See \`test_nowhere\`." >> README.md
noticed "README.md: there is no test_nowhere" check_mentions

exit $((failures > 0))

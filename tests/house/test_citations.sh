#!/bin/bash
# test_citations.sh - whatever comments and documents cite of the specification is in the tree
# (citations.awk), and the Java classes of models/README.md are named by the files that mirror
# them; and that each breach would be noticed.
#
# guards: models/spec, models/README.md, tests/house/citations.awk
. "$(dirname "$0")/../common.sh"
root=$(cd "$tests/.." && pwd)
cd "$root" || exit 1

# What is looked through: all that people wrote, the recordings' scenarios aside.
list_files() {
    find . \( -path './build*' -o -path ./.git -o -path ./tests/conformance -o -path '*/target' \) \
        -prune -o -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.awk' \
        -o -name '*.gp' -o -name '*.yaml' -o -name '*.java' -o -name '*.md' \
        -o -path './.ci/run' \) -print
    echo tests/conformance/README.md
}

citations() { # FILE...
    local documents
    documents=$(find . \( -path './build*' -o -path ./.git \) -prune -o -name '*.md' -print)
    LC_ALL=C awk -v documents="$documents" -f "$tests/house/citations.awk" "$@"
}

# Rows "| `Class` | of | `file` | ... |": the file is there, and its first lines name the class. And
# every header of these folders mirrors something; a part's class is its module's.
classes() {
    local class file header wrong=0
    local -A path=() named=()
    while read -r header; do path[${header##*/}]=$header; done < <(find models -name '*.h')
    while IFS='|' read -r _ class _ file _; do
        class=${class//[ \`]/}
        file=${file//[ \`]/}
        header=${path[$file]}
        named[$file]=1
        if [ -z "$header" ]; then
            echo "models/README.md: $class: there is no $file"
            wrong=1
        elif ! head -n 4 "$header" | grep -qE "(^|[^A-Za-z.])${class//./\\.}([^A-Za-z]|$)"; then
            echo "$header: does not open with $class"
            wrong=1
        fi
    done < <(grep -E '^\| `[^`]+` \| [^|]+ \| `[a-z_]+\.h` \|' models/README.md)
    for header in models/producer/*.h models/flink/*.h; do
        [[ ${named[${header##*/}]} || $header == *_parts.h ]] || {
            echo "models/README.md: no class for $header"
            wrong=1
        }
    done
    return $wrong
}

mapfile -t all < <(list_files | sed 's,^\./,,')
[ "${#all[@]}" -gt 500 ] || fail "only ${#all[@]} files found"
citations "${all[@]}" || fail "citations.awk complains"
classes || fail "the table of Java classes is wrong"
[ "$(grep -c '^| `.*\.h` |' models/README.md)" -gt 40 ] || fail "the table of Java classes is gone"

# The specification speaks for itself: it does not say where it was drafted.
grep -rnE '\.\./shared|/work/' models/spec && fail "the specification names another tree"

# Each breach, planted in a copy of the tree.
mkdir "$work/tree"
cp -r models "$work/tree"
cp README.md "$work/tree"
cd "$work/tree" || exit 1

planted() { # FILE WORDS, the file from standard input
    cat > "$1"
    citations "$1" > "$work/said" && fail "$1: not noticed: $2"
    grep -qF -- "$1:$2" "$work/said" || fail "$1: not said: $2: $(cat "$work/said")"
    rm "$1"
}

sound() { # FILE, from standard input
    cat > "$1"
    citations "$1" || fail "$1: complains where all is well: $(cat "$1")"
    rm "$1"
}

page=kafka-producer.md hash='#'
planted models/a.c "1: nowhere.md: no such document" <<< "/* What it does (nowhere.md 3). */"
planted models/a.c "1: models/spec/$page: no 8.66 there" <<< "/* What it does ($page 8.66). */"
planted models/a.c "1: models/spec/$page: no 13.99 there" <<< "/* As in $page 5, 13.99. */"
planted models/a.c "1: models/spec/$page 7.1: no item 77 there" <<< "/* $page 7.1 step 77 */"
planted models/a.c "1: models/spec/clients.md: no V55 there" <<< "int x; /* (clients.md V55) */"
planted models/a.c "1: models/README.md: no A99 there" <<< "// [models/README.md A99]"
planted models/a.c "1: models/spec/runbook.md: no C85 there" <<< "/* runbook.md C1 to C85 */"
planted models/a.c "2: models/spec/$page: no 44 there" \
    <<< $'int x;\n/* Over two lines ('"$page"$'\n * 44). */'
planted models/a.c "1: a number without its document: " <<< "int x; /* where it starts (6.1) */"
planted models/a.c "1: a number without its document: " <<< "/* What waits (5, 6.2). */"
planted models/a.c "1: a number without its document: " <<< "/* 13.19: every append wakes. */"
planted models/a.c "1: a number without its document: " <<< "/* Nobody barges past it. [A3] */"
planted models/a.def "1: a number without its document: " <<< "/* C33 is refuted. */"
planted models/a.c "1: a section without its document: " <<< "/* as section 8 says */"
planted models/a.c "1: a step without its section: " <<< "/* Rule 4. */"
planted models/a.c "1: an appendix without its document: " <<< "/* appendix A's numbers */"
planted models/a.c "1: a name instead of a number: " <<< "/* as in time-model.md, Broker */"
planted models/a.sh "1: a number without its document: " <<< "x=1 $hash as it must (8.3)"
planted models/a.yaml "1: models/spec/runbook.md: no C99 there" \
    <<< "$hash Shows that runbook.md C99 is wrong."
planted models/spec/a.md "1: no section 3 here" <<< "As section 3 says."
planted models/spec/a.md "3: models/spec/clients.md: no 77 there" <<< $'# A\n\nAs in clients.md 77.'
planted README.md "1: models/spec/gone.md: no such document" <<< "See [gone](models/spec/gone.md)."

sound models/a.c << C
/* The look ($page 5, 6.1, 13.7; clients.md V5 and V6), $page 7.1 step 7, $page 11 rules 1 to 2,
 * flink-statefun.md appendix A, models/README.md A7 */
const char *text = "section 9 /* (6.1) */", quote = '"'; /* f(1), lcm(12, 5, 8), KEY=V1,V2 (0.5) */
C
sound models/a.sh <<< "x=\$(echo '(6.1)') $hash $page as a whole"

# A class whose file has gone, one that its file does not name, and a header without a class.
broken() { # WORDS, after the tree was broken
    classes > "$work/said" && fail "not noticed: $1"
    grep -qF -- "$1" "$work/said" || fail "not said: $1: $(cat "$work/said")"
}
row=$(grep -m 1 '^| `BufferPool`' models/README.md)
sed -i "s/^| \`BufferPool\`.*/${row/buffer_pool.h/pool_of_buffers.h}/" models/README.md
broken "BufferPool: there is no pool_of_buffers.h"
sed -i "s/^| \`BufferPool\`.*/${row/BufferPool/BufferPond}/" models/README.md
broken "does not open with BufferPond"
touch models/flink/stray.h
broken "no class for models/flink/stray.h"

exit $((failures > 0))

#!/bin/bash
# test_tidy.sh - the house rules: tidy.awk, clang-format, headers that compile alone; and that each
# rule would be noticed.
#
# guards: sim, models, tests/modules.txt, tests/house/tidy.awk
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "$*"
    failures=$((failures + 1))
}

tidy() { # FILE...
    LC_ALL=C awk -v modules="$root/tests/modules.txt" -f "$root/tests/house/tidy.awk" "$@"
}

mapfile -t code < <(find sim models tests -name '*.[ch]' | sort)
mapfile -t rest < <(find tests plots .ci -name '*.sh' -o -name '*.gp' -o -name '*.awk' \
    -o -name CMakeLists.txt -o -path .ci/run | sort)
tidy "${code[@]}" "${rest[@]}" CMakeLists.txt || fail "tidy.awk complains"
# Folder after folder, and no circle among folders: who includes whom, without their order.
sed "s|/[^/]*\$||" tests/modules.txt | uniq | sort | uniq -d | grep . &&
    fail "modules.txt: a folder in two places"
folders() { # FILE...: pairs of folders of which the second includes the first, for tsort
    grep -H '^#include "\(sim\|models\)/' "$@" |
        sed -E 's|/[^/]*:#include "|/ |; s|/[^/]*"$|/|' | awk '$1 != $2 { print $2, $1 }' | sort -u
}
find sim models -name '*.[ch]' -exec grep -l '^#include "' {} + > "$work/ours"
mapfile -t ours < "$work/ours"
folders "${ours[@]}" | tsort > /dev/null || fail "folders include each other in a circle"
mkdir -p "$work/circle/models/load"
echo '#include "models/job/world.h"' > "$work/circle/models/load/load.c"
{
    folders "${ours[@]}"
    (cd "$work/circle" && folders models/load/*.c /dev/null)
} | tsort > /dev/null 2>&1 && fail "a circle of folders is not noticed"
sort tests/modules.txt | uniq -d | grep . && fail "modules.txt: a module twice"
while read -r module; do
    compgen -G "$module.*" > /dev/null || fail "modules.txt: there is no $module"
done < tests/modules.txt

if command -v clang-format > /dev/null; then
    clang-format --dry-run -Werror "${code[@]}" 2> "$work/format" || {
        cut -d: -f1 "$work/format" | grep '\.[ch]$' | sort | uniq -c
        fail "clang-format complains"
    }
else
    echo "clang-format is not installed: the layout is not checked"
fi

read -ra packages < <(pkg-config --cflags gsl yaml-0.1 criterion)
for header in $(find sim models tests -name '*.h'); do
    "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -DTESTS_DIR='""' -DPROGRAM='""' -I. \
        "${packages[@]}" -Werror=implicit -fsyntax-only -x c "$header" 2> "$work/compiler" || {
        cat "$work/compiler"
        fail "$header does not compile alone"
    }
done

# Each rule, broken in a tree of its own: planted FILE WORDS, the file from standard input.
planted() {
    local file=$1 words=$2
    mkdir -p "$work/tree/$(dirname "$file")"
    cat > "$work/tree/$file"
    (cd "$work/tree" && tidy "$file") > "$work/said" && fail "$file: not noticed: $words"
    grep -qF -- "$file:$words" "$work/said" || fail "$file: not said: $words"
    [ "$(wc -l < "$work/said")" -eq 1 ] || fail "$file: more than $words: $(cat "$work/said")"
}

lines() { # COUNT
    local i
    for i in $(seq "$1"); do echo "    x += $i;"; done
}

planted sim/input/csv.c "2: the head does not begin" <<< $'/*\n * cvs.c - tables.\n */'
planted sim/input/tree.c "1: sim/input/param.h: comes later" <<< '#include "sim/input/param.h"'
planted sim/input/file.c "1: models/log/log.h: the simulator includes" \
    <<< '#include "models/log/log.h"'
planted sim/core/dist.c "1: sim/input/yaml.h: comes later" <<< '#include "sim/input/yaml.h"'
planted models/broker/broker.c "1: models/params/params.h: comes later" \
    <<< '#include "models/params/params.h"'
planted models/kafka/cost.h "1: models/nowhere.h: no module" <<< '#include "models/nowhere.h"'
planted models/nobody.c "1: no module" <<< 'int nobody;'
planted sim/study/plan.c "1: the simulator knows no model" <<< '/* What Kafka does. */'
planted sim/input/csv.h "1: the simulator knows no model" <<< 'struct flink;'
planted models/job/world.c "401: more than 400 lines" < <(lines 401)
planted models/job/world.h "1: 101 columns" < <(printf '/* %095d */\n' 1)
planted tests/run.sh "1: 101 columns" < <(printf '# %099d\n' 1)
planted tests/test_x.c "63: a function of 61 lines" < <(
    printf 'int x;\n\nint f(int x)\n{\n'
    lines 58
    echo "}"
)
planted models/log/log.c "1: something left" <<< "int x; /* TO""DO */"
planted tests/test_y.c "1: something left" <<< "int x; /* FIX""ME: */"
planted tests/test_z.c "1: a tab" <<< $'int\tx;'
planted tests/test_s.c "1: a space at the end" <<< "int x; "
planted models/load/keys.c "1: memory comes from" <<< 'p = malloc(5);'
planted models/load/load.c "1: memory comes from" <<< 'free(p);'
planted models/report/report.c "1: a function that" <<< 'x = atoi("5"); /* five */'
planted models/report/report.h "3: a function that" \
    <<< $'/* sprintf()\n   strtok() */\nx = strtok(a, b);'
{
    # What only looks like a breach.
    more=$work/tree/models/kafka/topics_more.c
    mkdir -p "$work/tree/models/kafka"
    cat > "$more" << 'C'
#include "models/kafka/topics.h"
#include "sim/input/param_parts.h"
/* malloc() would be wrong here, sprintf() as well;
   so would be free() */
const char *text = "malloc(5)", *xs = "XXXXXX";
const int arrival_time(void), brand(int);
C
    printf '/* %s */\n' "$(printf 'ä%.0s' $(seq 94))" >> "$more"
    { echo "int f(int x)"; echo "{"; lines 57; echo "}"; } >> "$more"
    (cd "$work/tree" && tidy models/kafka/topics_more.c) || fail "complains where all is well"
}

exit $((failures > 0))

#!/bin/bash
# test_install.sh PROGRAM - what is installed works from an empty directory: the program finds its
# scenarios, man its pages, the shells their completions, an editor the schema.
#
# guards: sim/command/locate, sim/command/manual, sim/command/troff, sim/command/complete, .cmake,
# CMakeLists.txt
. "$(dirname "$0")/../common.sh"
build=$(dirname "$program")
root=$(cd "$tests/.." && pwd)
prefix=$work/usr
cmake --install "$build" --prefix "$prefix" > "$work/installed" || fail "cmake --install: $?"
PATH=$prefix/bin:$PATH
mkdir "$work/empty" "$work/other" && cd "$work/empty" || exit 1

# Scenarios by their bare names, wherever it is run from and however it is called.
short=(--set duration=1s --set warm-up=0s)
fanout-sim 20x12 "${short[@]}" > ../out 2> ../err || fail "fanout-sim 20x12: $(cat ../err)"
grep -q '^20x12: 20 topics' ../out || fail "20x12: $(head -n 3 ../out)"
[ -z "$(ls -A)" ] || fail "it has left $(ls -A)"
ln -s "$prefix/bin/fanout-sim" ../other/linked
../other/linked 20x12 "${short[@]}" --dry-run --quiet > ../out || fail "by a link"
"$program" 20x12 --dry-run --quiet > ../out || fail "the build does not find its scenarios"
for scenario in "$root"/scenarios/*.yaml; do
    fanout-sim "$(basename "$scenario" .yaml)" --dry-run --quiet > ../out 2>&1 ||
        fail "$(basename "$scenario" .yaml) is not installed: $(cat ../out)"
done
fanout-sim 20x13 2> ../err && fail "20x13 is a scenario"
grep -qx 'fanout-sim: there is no file 20x13; did you mean the scenario 20x12?' ../err ||
    fail "20x13: $(cat ../err)"

# Where nobody tells where the program lies, the system's data are looked at.
cp "$prefix/bin/fanout-sim" ../other/copied
XDG_DATA_DIRS=/nowhere:$prefix/share ../other/copied 20x12 --dry-run --quiet > ../out 2>&1 ||
    fail "XDG_DATA_DIRS: $(cat ../out)"
XDG_DATA_DIRS=/nowhere ../other/copied 20x12 --dry-run --quiet > ../out 2>&1 &&
    fail "it is found where it is not"

# A file of that name comes first, a directory of that name does not.
mkdir stall
fanout-sim stall --dry-run --quiet > ../out 2>&1 ||
    fail "a directory hides a scenario: $(cat ../out)"
rmdir stall
printf 'topics: [{name: t, partitions: 3}]\nload: {rate: 1k/s}\n' > 20x12
fanout-sim 20x12 "${short[@]}" | grep -q '1 topic, 3 partitions' || fail "20x12, a file, is not it"
rm 20x12

# The manual pages: there, what the program prints, and well formed.
for page in fanout-sim.1:program fanout-sim-scenario.5:scenario; do
    file=${page%:*}
    path=$prefix/share/man/man${file##*.}/$file
    fanout-sim man "${page#*:}" | cmp -s - "$path" || fail "$path is not what the program prints"
    if command -v mandoc > ../out; then
        mandoc -Tlint -W warning "$path" > ../out || fail "mandoc: $(cat ../out)"
    fi
    if command -v man > ../out; then
        LC_ALL=C man --warnings "$path" 2> ../err > ../out || fail "man: $?"
        [ ! -s ../err ] || fail "man --warnings: $(cat ../err)"
        found=$(MANPATH=$prefix/share/man man -w "${file%.*}" 2> ../err)
        [ "$found" = "$path" ] || fail "man -w ${file%.*}: $found"
    fi
done
for command in $(fanout-sim help | sed -n 's/^fanout-sim \([a-z]*\) .*/\1/p'); do
    grep -q "^.TP$" "$prefix/share/man/man1/fanout-sim.1" &&
        grep -q "^.fB$command.fR" "$prefix/share/man/man1/fanout-sim.1" ||
        fail "fanout-sim(1) lacks $command"
done
fanout-sim params --markdown | sed -n 's/^| `\([^`]*\)`.*/\1/p' | sed 's/-/\\-/g' > ../paths
while read -r path; do
    grep -qF "\\fB$path\\fR" "$prefix/share/man/man5/fanout-sim-scenario.5" ||
        fail "fanout-sim-scenario(5) lacks $path"
done < <(sed 's/\\/\\/g' ../paths)

# Completion, as bash asks for it: it takes a = for a word of its own.
complete_bash() { # WORD...: the line so far, the last word to be completed
    bash -c '
        . "$0/share/bash-completion/completions/fanout-sim"
        COMP_WORDS=(fanout-sim "$@")
        COMP_CWORD=$#
        _fanout-sim 2> /dev/null
        printf "%s\n" "${COMPREPLY[@]}"' "$prefix" "$@"
}
offers() { # WANTED WORD...
    local wanted=$1
    shift
    complete_bash "$@" > ../out
    grep -qx -- "$wanted" ../out || fail "completion of $* lacks $wanted: $(head -c 300 ../out)"
}
offers linger.ms= 20x12 --set l
offers linger.ms= sweep 20x12 --sweep = l
offers producer.linger.ms= 20x12 --set producer.l
offers lz4 20x12 --set compression.type = l
offers lz4 20x12 --set = compression.type = ""
offers --shard sweep 20x12 --s
offers 20x12 2
offers stall sweep st
offers sweep help s
offers fish completion ""
touch mine.yaml mine.csv
offers mine.yaml m
offers mine.csv 20x12 -o m
complete_bash m | grep -qx mine.csv && fail "a CSV is no scenario"
complete_bash 20x12 --sh | grep -q . && fail "--shard is no option of run"
rm mine.*
fanout-sim completion bash | cmp -s - "$prefix/share/bash-completion/completions/fanout-sim" ||
    fail "completion bash"
bash -n "$prefix/share/bash-completion/completions/fanout-sim" || fail "bash -n"
if command -v zsh > ../out; then
    zsh -n "$prefix/share/zsh/site-functions/_fanout-sim" || fail "zsh -n"
fi
if command -v fish > ../out; then
    fish -c "source $prefix/share/fish/vendor_completions.d/fanout-sim.fish
        complete -C 'fanout-sim 20x12 --set l'" > ../out 2>&1
    grep -q '^linger.ms=' ../out || fail "fish: $(cat ../out)"
fi

# The rest.
fanout-sim schema | cmp -s - "$prefix/share/fanout-sim/scenarios/fanout-sim.schema.json" ||
    fail "the schema is not the command's"
for file in doc/fanout-sim/LICENSE doc/fanout-sim/README.md fanout-sim/plots/lines.gp; do
    [ -s "$prefix/share/$file" ] || fail "$file is not installed"
done
if command -v gnuplot > ../out; then
    fanout-sim sweep 20x12 "${short[@]}" --sweep linger.ms=5,30 -r 2 --quiet -o ../sweep.csv
    gnuplot -e "csv='../sweep.csv'; x='linger.ms'; y='throughput'; out='../lines.svg'" \
        "$prefix/share/fanout-sim/plots/lines.gp" 2> ../err || fail "lines.gp: $(cat ../err)"
    [ -s ../lines.svg ] || fail "lines.gp has drawn nothing"
fi

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

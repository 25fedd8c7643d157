#!/bin/bash
# test_help.sh PROGRAM - the help of every command: it says all the options that the command takes
# and no other, and its two examples can be typed in any directory.
#
# guards: sim/command/help, sim/command/options_table, sim/command/commands, sim/command/catalogue,
# models/commands
. "$(dirname "$0")/../common.sh"
name=$(basename "$program")
PATH=$(dirname "$program"):$PATH
cd "$work" || exit 1

mapfile -t commands < <("$program" help | sed -n "s/^$name \([a-z]*\)\( .*\)*$/\1/p")
[ ${#commands[@]} -ge 5 ] || fail "only the commands ${commands[*]}"
"$program" help run > run.txt || fail "help run"
"$program" help > help.txt
"$program" --help | cmp -s - help.txt || fail "--help is not help"
"$program" 2>&1 | cmp -s - help.txt || fail "no argument: not help"

# Every option of the program, with its value if it takes one: "csv FILE".
options_of() { # FILE
    sed -n 's/^  [- ][a-z ][, ] --\([a-z-]* \{0,1\}[A-Z=/[]*\).*/\1/p' "$1" | sed 's/ *$//' | sort
}
for command in run "${commands[@]}"; do
    "$program" help "$command" > "$command.txt" || fail "help $command: status $?"
    "$program" "$command" --help | cmp -s - "$command.txt" || fail "$command --help: differs"
    options_of "$command.txt" > "$command.options"
    [ "$(grep -c "^  $name " "$command.txt")" -eq 2 ] || fail "$command: not two examples"
done
cat ./*.options | sort -u > all
[ "$(wc -l < all)" -ge 20 ] || fail "only the options $(cat all)"

# The table that parses is the one that is shown: an option goes with a command or it does not.
refused='goes with \(the command\|a scenario\|[a-z]* and\)\|unknown option'
for command in run "${commands[@]}"; do
    arguments=()
    grep -q "^$name .*\(SCENARIO\|FILE\|CLAIM\)" "$command.txt" && arguments=(nosuch.yaml)
    while read -r option value; do
        case $option in help | version) continue ;; esac
        "$program" "$command" "${arguments[@]}" "--$option${value:+=1}" > out 2>&1 < /dev/null
        if grep -qx "$option${value:+ ${value//[/\\[}}" "$command.options"; then
            grep -q "$refused" out && fail "$command --$option is shown: $(cat out)"
        else
            grep -q "$refused" out || fail "$command --$option is not shown: $(cat out)"
        fi
    done < all
done

# What has a function but no line in the help, or a line but no function: the words in the source.
{
    sed -n 's/^    {"\([a-z-]*\)", .*/\1/p' "$tests/../sim/command/options_table.c"
    sed -n '/option fanout_options/,$s/^    {\.name = "\([a-z-]*\)".*/\1/p' \
        "$tests/../models/commands.c"
} | sort > table
cut -d' ' -f1 all > shown
cmp -s shown table || fail "other options than the table's: $(diff shown table)"

# The examples, in an empty directory; merge's parts are made as its words say, and what is imported
# is there.
mkdir examples && cd examples || exit 1
cp "$tests"/models/import/deployment/{module.yaml,flink-conf.yaml,topics.txt,rates.csv} .
cp "$tests"/measured/perf-test/perf.yaml .
cp "$tests"/measured/perf-test/b3.txt run1.txt
cp "$tests"/measured/perf-test/b3.txt run2.txt
printf 'metric,value\nrequest-latency-avg,5.2\n' > measured.csv
cp "$tests/models/import/bad/p.properties" producer.properties
for part in 0 1; do
    "$program" sweep 20x12 --sweep linger.ms=5,30 --set duration=10ms --set warm-up=0s \
        --shard "$part/2" -o "part-$part.csv" --quiet || fail "part $part"
done
for command in run "${commands[@]}"; do
    grep "^  $name " "../$command.txt" > lines
    while read -r line; do
        (eval "$line") > out 2>&1 < /dev/null || fail "$line: status $?: $(head -n 5 out)"
    done < lines
done
[ -s all.csv ] || fail "merge has written nothing"

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }

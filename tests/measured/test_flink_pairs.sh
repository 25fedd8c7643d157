#!/bin/bash
# test_flink_pairs.sh PROGRAM [--update] - what Flink 2.2.1 with KafkaSink did in 20 runs, and what
# the program says of them (flink/pairs.csv): where it is right, it stays so. --update writes the
# table of flink/README.md.
#
# guards: models/flink, models/producer, models/job; flink/pairs.csv
. "$(dirname "$0")/../common.sh"
cd "$tests/measured/flink" || exit 1

# run SCENARIO WORDS: its figures into a file that is named by both; once.
run() {
    local file=$1 set sets=() words
    out=$work/$(tr -c 'a-z0-9\n' _ <<< "$1$2").csv
    [ ! -e "$out" ] || return 0
    if [ -e "$file" ]; then
        sets=(--set job.runtime=flink --set producer.client=4.2)
    else
        file=$tests/../scenarios/$1
    fi
    IFS=';' read -ra words <<< "$2"
    for set in "${words[@]}"; do sets+=(--set "$set"); done
    "$program" "$file" "${sets[@]}" --quiet --csv "$out" || fail "$1 $2 does not run"
}

# Figure, real, before, now, and both ratios, as the table has them; a `!` in front: it is further
# off than it may be.
compare='
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR == 2 {
        now = $(at[quantity])
        off = real > 0 ? now / real - 1 : now
        if (within != "" && !(off * off <= within * within / 1e4)) printf "!"
        old = new = "-"
        if (real > 0) new = sprintf("%.2f", now / real)
        if (real > 0 && before != "") old = sprintf("%.2f", before / real)
        if (unit != "") quantity = quantity ", " unit
        printf "| %s | %s | %s | %s | %.4g | %s | %s |\n", run, quantity, real,
            (before != "" ? before : "-"), now, old, new
    }'

guarded=0
while IFS=, read -r name scenario words quantity unit real before within; do
    run "$scenario" "$words"
    line=$(awk -F, -v run="$name" -v quantity="$quantity" -v unit="$unit" -v real="$real" \
        -v before="$before" -v within="$within" "$compare" "$out")
    [ "${line:0:1}" != '!' ] || fail "further off than $within %: ${line:1}"
    printf '%s\n' "${line#!}" >> "$work/table"
    guarded=$((guarded + (${#within} > 0)))
done < <(tail -n +2 pairs.csv)
[ "$(wc -l < "$work/table")" -eq 44 ] || fail 'rows are missing'
[ $guarded -ge 25 ] || fail 'few rows are guarded'
cat "$work/table"
if [ "${2:-}" = --update ]; then
    sed -i '/^| b[1-6]/d' README.md
    cat "$work/table" >> README.md
fi
exit $((failures > 0))

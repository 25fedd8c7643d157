#!/bin/bash
# bench_table.sh BENCH_FANOUT - its table, with instructions per record where valgrind is:
#
#     ctest --test-dir build -C bench -L bench -V
bench=$1
here=$(cd "$(dirname "$0")" && pwd)
table=$("$bench") || exit 1
mapfile -t names < <(awk 'NR > 1 { print $1 }' <<< "$table")
counted=$(bash "$here/bench_instructions.sh" "$bench" "${names[@]}") || counted=
awk 'NR == FNR { found[$1] = $2; next }
    { printf "%s %12s\n", $0, FNR == 1 ? "instructions" : $1 in found ? found[$1] : "-" }' \
    <(echo "$counted") <(echo "$table")

#!/bin/bash
# bench_table.sh BENCH_FANOUT - its table, and where valgrind is instructions per record and the
# millions of them that begin a second replication:
#
#     ctest --test-dir build -C bench -L bench -V
bench=$1
here=$(cd "$(dirname "$0")" && pwd)
table=$("$bench") || exit 1
mapfile -t names < <(awk 'NR > 1 { print $1 }' <<< "$table")
counted=$(bash "$here/bench_instructions.sh" "$bench" "${names[@]}") || counted=
starts=$(bash "$here/bench_instructions.sh" "$bench" --start "${names[@]}") || starts=
awk 'FILENAME == "-" {
        printf "%s %12s %8s\n", $0, FNR == 1 ? "instructions" : $1 in per ? per[$1] : "-",
            FNR == 1 ? "to start" : $1 in start ? sprintf("%.1f M", start[$1] / 1e6) : "-"
        next
    }
    NR == FNR { per[$1] = $2; next }
    { start[$1] = $2 }' <(echo "$counted") <(echo "$starts") - <<< "$table"

#!/bin/bash
# test_plots.sh PROGRAM - every plot is drawn, from real sweeps, as SVG and PNG, and gnuplot says
# nothing; what it cannot draw it says clearly, and with a status of 2. Gaps, a single point and a
# single line are drawn as well.
#
# PLOTS_UPDATE=1 rewrites plots/names.csv.
#
# guards: plots, plots/README.md
. "$(dirname "$0")/../common.sh"
root=$(cd "$tests/.." && pwd)
plots=$root/plots
cd "$work" || exit 1
export XDG_CACHE_HOME=$work # where fonts may be remembered
drawn=0

# names.csv is what the program says of its columns, and of the parameters that have a unit: a sweep
# writes them as bytes, ms and per second.
names() {
    echo name,unit,meaning
    "$program" params --markdown | awk -F' *[|] *' '
        BEGIN { unit["bytes"] = "bytes"; unit["ms"] = unit["time"] = "ms"; unit["rate"] = "per s" }
        { kind = $3; sub(/^random /, "", kind); gsub(/`/, "", $2) }
        kind in unit && $2 ~ /[.]/ { printf "%s,%s,\n", $2, unit[kind] }'
    "$program" columns --markdown | awk -F' *[|] *' '
        $2 ~ /^`/ { gsub(/`/, "", $2); printf "%s,%s,\"%s\"\n", $2, $3, $5 }'
}
names > names.csv
[ -z "${PLOTS_UPDATE:-}" ] || cp names.csv "$plots/names.csv"
diff names.csv "$plots/names.csv" > diff ||
    fail "plots/names.csv is not what the program says; PLOTS_UPDATE=1 $0 PROGRAM: $(cat diff)"

sweep() { # OUT SCENARIO OPTION...
    local out=$1 scenario=$root/scenarios/$2.yaml
    shift 2
    "$program" sweep "$scenario" --quiet -r 2 --set duration=1s --set warm-up=500ms "$@" > "$out" ||
        fail "$out: no sweep"
}
sweep stall.csv stall --sweep batch.size=16KiB,128KiB,512KiB --sweep linger.ms=0,30
sweep shards.csv 20x12 --sweep parallelism=12,24 --sweep shards=1,2 --set checkpoint.interval=300ms
"$program" "$root/scenarios/broker-pause.yaml" --quiet --series series.csv \
    --set warm-up=4900ms --set duration=500ms || fail "no series"

"$program" "$root/scenarios/broker-pause.yaml" --quiet --logs logs --set brokers.count=24 \
    --set warm-up=4900ms --set duration=200ms || fail "no logs"

gnuplot_says() { # SCRIPT VARIABLES: what it says, on standard output; its status
    gnuplot -e "$2" "$plots/$1.gp" 2>&1
}

# draws SCRIPT VARIABLES WORD...: as both kinds of file; the words stand in the SVG.
draws() {
    local script=$1 variables=$2 kind said
    local -A locales=([svg]=C [png]=C.UTF-8)
    shift 2
    for kind in svg png; do
        rm -f "out.$kind"
        drawn=$((drawn + 1))
        said=$(LC_ALL=${locales[$kind]} gnuplot_says "$script" "$variables; out='out.$kind'") ||
            fail "$script $variables: status $?"
        [ -z "$said" ] || fail "$script $variables: $said"
    done
    grep -q '^</svg>' out.svg || fail "$script $variables: no whole SVG"
    [ "$(grep -c '<path' out.svg)" -gt 4 ] || fail "$script $variables: nothing is drawn"
    [ "$(head -c 4 out.png | tail -c 3)" = PNG ] || fail "$script $variables: no PNG"
    [ "$(wc -c < out.png)" -gt 8000 ] || fail "$script $variables: an empty PNG"
    for said in "$@"; do
        grep -qF ">$said<" out.svg || fail "$script $variables: \"$said\" is not to be read"
    done
}

# shows COUNT PATTERN: so many lines of the last SVG.
shows() {
    [ "$(grep -cE "$2" out.svg)" -eq "$1" ] || fail "not $1 but $(grep -cE "$2" out.svg) of $2"
}

# refuses SCRIPT VARIABLES MESSAGE: and draws nothing.
refuses() {
    local said status
    rm -f out.svg
    said=$(gnuplot_says "$1" "$2; out='out.svg'")
    status=$?
    [ $status -eq 2 ] || fail "$1 $2: status $status"
    head -n 1 <<< "$said" | grep -qF "error: $3" || fail "$1 $2: not \"$3\" but: $said"
    [ "$3" = "${3#*has no column}" ] || [ "$(wc -l <<< "$said")" -gt 5 ] ||
        fail "$1 $2: the columns are not listed"
    [ ! -e out.svg ] || fail "$1 $2: draws all the same"
}

draws lines "csv='stall.csv'; x='batch.size'; y='throughput'; by='linger.ms'" \
    'throughput over batch.size' 'throughput, records/s' '128 KiB' 'linger.ms' '30'
point='[0-9.]+,[0-9.]+'
shows 1 "'rgb\( 18,  67, 109\)'  d='M$point L$point L$point  '" # a line through three points
shows 1 "'rgb\(244, 106,  37\)' [^>]* d='M$point L$point L$point  '"
# Two of them with intervals: at 512 KiB there is no steady state.
shows 2 "'rgb\( 18,  67, 109\)'  d='M$point L$point L$point M$point "
draws lines "csv='stall.csv'; x='linger.ms'; y='latency-p99'; by='batch.size'; logy=1" \
    'latency-p99, ms' '512 KiB'
draws lines "csv='stall.csv'; x='batch.size'; y='blocked-ratio'; only='linger.ms=30'; title='T'" \
    'T' '100 %'
draws lines "csv='stall.csv'; x='linger.ms'; y='blocked-ratio'; only='batch.size=16384'" '0 %'
draws lines "csv='stall.csv'; x='bottleneck'; y='throughput'; only='linger.ms=0 point=4'" \
    'bufferpool'
draws heat "csv='stall.csv'; x='batch.size'; y='linger.ms'; z='latency-p99'" \
    'latency-p99 over batch.size and linger.ms' '16 KiB' 'linger.ms' 'ms'
shows 134 "<polygon fill = 'rgb" # six fields, and 128 steps of the scale
draws timeline "csv='logs/timeline.csv'; broker=1; from=4.9; to=5.1" 'in flight' 'open' \
    'ready, waiting' 'time, s' 'events.t00-1'
draws stall "csv='series.csv'" 'bytes lent by the pool per producer' '128 MiB' 'time, s' \
    'mailboxes that wait for pool memory, of 4' 'open batches per producer'
draws stall "csv='series.csv'; from=5; to=5.2; memory=134217728; only='subtask=0'" \
    'bytes lent by the pool, of 128 MiB' 'one mailbox, one producer'
draws latency "csv='stall.csv'; x='batch.size'; only='linger.ms=30'" 'latency, ms' 'wire' 'linger' \
    '16 KiB'
draws latency "csv='stall.csv'; x='batch.size'; only='linger.ms=30'; of='p99'" 'latency, ms' \
    'linger'
draws fill "csv='stall.csv'; x='batch.size'; only='linger.ms=30'" 'exhausted' 'neighbour' '50 %'
draws parallelism "csv='shards.csv'; only='shards=1'" 'throughput, records/s' '24'
shows 8 "<polygon fill = 'rgb\( 18,  67, 109\)'"
draws shards "csv='shards.csv'; only='parallelism=12'" 'request-rate, requests/s' 'shard-imbalance'
draws shards "csv='shards.csv'; by='parallelism'" 'shards'
draws checkpoints "csv='shards.csv'; x='shards'; only='parallelism=24'" 'time, ms' \
    'start delay' 'flush' 'sync part' 'async part'

cat > checkpoints.csv << 'CSV'
checkpoint,subtask,trigger_ns,start_delay_ns,alignment_ns,flush_ns,sync_ns,async_ns,end_to_end_ns
0,0,1000000000,1000000,2000000,30000000,4000000,5000000,42000000
0,1,1000000000,3000000,2000000,10000000,4000000,5000000,24000000
1,0,2000000000,1000000,2000000,30000000,4000000,,
CSV
draws checkpoints "csv='checkpoints.csv'; x='checkpoint'" '33' '37' \
    'The flush takes 71.4 % of a checkpoint'
draws checkpoints "csv='checkpoints.csv'; x='subtask'; only='checkpoint=0'" '24' '42'

# Gaps, one row, a name of two words.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    NR > 1 { $1 = "\"two words\"" }
    NR == 3 || NR == 4 { $column["throughput:ci95"] = $column["batch-size-avg:ci95"] = "" }
    NR == 4 { $column["throughput"] = $column["batch-size-avg"] = "" }
    { print }' stall.csv > gaps.csv
head -n 2 gaps.csv > one.csv
for csv in gaps one; do
    draws lines "csv='$csv.csv'; x='batch.size'; y='throughput'; by='linger.ms'" '16 KiB'
    draws lines "csv='$csv.csv'; x='scenario'; y='throughput'; only='point=0'" 'two words'
    draws heat "csv='$csv.csv'; x='linger.ms'; y='batch.size'; z='throughput'" 'records/s'
    draws fill "csv='$csv.csv'; x='batch.size'; only='linger.ms=0'" '16 KiB'
done
head -n 2 shards.csv > one.csv
draws parallelism "csv='one.csv'"
draws shards "csv='one.csv'"
draws checkpoints "csv='one.csv'; x='shards'"

for rate in 1000 2000 4000; do
    "$program" "$root/scenarios/stall.yaml" --quiet --set "rate=$rate/s" --set duration=500ms \
        --set warm-up=500ms -o "$rate.csv" || fail "no run at $rate"
done
awk -F, -v OFS=, '{ $2 = FNR == 1 ? "rate" : FILENAME + 0 } NR == 1 || FNR > 1' ?000.csv > curve.csv
draws capacity "csv='curve.csv'" 'latency-p50' 'latency-p99' '4000' 'latency, ms'
draws capacity "csv='curve.csv'; goal=100; only='rate=2000'; title='T'" 'T' 'goal'
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "steady") c = i }
    NR > 3 { $c = 0 } { print }' curve.csv > gaps.csv
draws capacity "csv='gaps.csv'" 'stall; hollow: the backlog grew'
cat > front.csv << 'CSV'
best,linger.ms,latency-p99,request-rate,blocked-ratio
0,1,10,1000,0.5
1,5,20,400,0.25
0,50,300,30,0
CSV
draws pareto "csv='front.csv'; x='latency-p99'; y='request-rate'; goal=50" \
    'request-rate, requests/s' 'latency-p99, ms' 'goal' '100'
draws pareto "csv='front.csv'; x='linger.ms'; y='blocked-ratio'; only='best=0'; logx=0" \
    'No point meets the goal' '50 %'
refuses pareto "csv='stall.csv'; x='linger.ms'; y='throughput'" "stall.csv has no column 'best'"
refuses capacity "csv='stall.csv'" "stall.csv has no column 'rate'"

refuses lines "csv='stall.csv'; x='batch.sise'; y='throughput'" \
    "stall.csv has no column 'batch.sise'"
refuses lines "csv='stall.csv'; x='batch.size'; y='troughput'" "stall.csv has no column 'troughput'"
refuses lines "csv='stall.csv'; x='batch.size'; y='throughput'; by='linger'" \
    "stall.csv has no column 'linger'"
refuses lines "csv='stall.csv'; x='batch.size'; y='throughput'; only='linger=30'" \
    "stall.csv has no column 'linger'"
refuses lines "csv='stall.csv'; x='batch.size'; y='throughput'" \
    "stall.csv has several rows with the same batch.size"
refuses lines "csv='stall.csv'; x='batch.size'; y='checkpoint-flush-avg'" \
    "stall.csv has nothing to draw"
refuses lines "csv='stall.csv'; x='batch.size'; y='throughput'; only='linger.ms=31'" \
    "stall.csv has nothing to draw where only='linger.ms=31'"
refuses lines "csv='nowhere.csv'; x='batch.size'; y='throughput'" \
    "csv='nowhere.csv': there is no such file"
refuses heat "csv='stall.csv'; x='batch.size'; y='linger.ms'; z='nothing'" \
    "stall.csv has no column 'nothing'"
refuses stall "csv='stall.csv'" "stall.csv has no column 'time_ns'"
refuses stall "csv='series.csv'; from=100" "series.csv has fewer than two instants"
refuses latency "csv='series.csv'; x='time_ns'" "series.csv has no column 'latency-source-avg'"
refuses latency "csv='stall.csv'; x='batch.size'" "stall.csv has several rows with the same"
refuses timeline "csv='series.csv'; broker=1" "series.csv has no column 'broker'"
refuses timeline "csv='logs/timeline.csv'; broker=99" "logs/timeline.csv has no batch of subtask 0"
refuses fill "csv='series.csv'; x='time_ns'" "series.csv has no column 'batch-size-avg'"
refuses fill "csv='stall.csv'; x='nothing'" "stall.csv has no column 'nothing'"
refuses parallelism "csv='stall.csv'" "stall.csv has no column 'parallelism'"
refuses shards "csv='stall.csv'" "stall.csv has no column 'shards'"
refuses shards "csv='shards.csv'; by='nothing'" "shards.csv has no column 'nothing'"
refuses checkpoints "csv='shards.csv'; x='nothing'" "shards.csv has no column 'nothing'"
refuses checkpoints "csv='series.csv'; x='shard'" "series.csv has none of the columns checkpoint-*"
refuses checkpoints "csv='stall.csv'; x='linger.ms'; only='batch.size=16384'" \
    "stall.csv has no checkpoint"

# Each says how it is called; only .svg and .png are known.
for script in lines heat stall latency fill parallelism shards checkpoints capacity pareto; do
    said=$(gnuplot "$plots/$script.gp" 2>&1)
    [ $? -eq 2 ] || fail "$script without variables: not status 2"
    grep -q '^error: the variable csv is missing' <<< "$said" || fail "$script: $said"
    grep -qF "$plots/$script.gp" <<< "$said" || fail "$script does not say how it is called: $said"
    said=$(gnuplot_says $script "csv='stall.csv'; x='x'; y='y'; z='z'; out='out.pdf'")
    grep -q "^error: out='out.pdf': only .svg and .png" <<< "$said" || fail "$script: $said"
done

# The commands of plots/README.md, with shorter runs, draw what it shows.
mkdir -p copy/build
cp -r "$root/scenarios" "$plots" copy
rm copy/plots/gallery/*
ln -s "$program" copy/build/fanout-sim
awk '/^```$/ { block = 0 } block
     /^```sh$/ { block = 1 }' "$root/plots/README.md" |
    sed -e 's/-r [48]/-r 2/' -e 's/duration=[0-9]*s/duration=500ms/' > commands
(cd copy && bash -eu ../commands) > said 2>&1 || fail "plots/README.md: $(cat said)"
grep -F .gp said && fail "plots/README.md: gnuplot complains"
shown=$(sed -n 's|^!\[.*\](\(.*\))$|plots/\1|p' "$root/plots/README.md")
for name in $shown $(cd "$root" && ls plots/gallery/*); do
    grep -q '^</svg>' "$root/$name" || fail "$name is not a whole SVG"
    grep -q '^</svg>' "copy/$name" || fail "$name is not drawn by the commands of plots/README.md"
done

[ $failures -eq 0 ] || { echo "$failures failures, $drawn plots"; exit 1; }

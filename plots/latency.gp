# latency.gp - where the time of records goes, as stacked bars over a swept key: the parts of
# latency-avg, or with of='p99' those of the records around p99 (models/spec/latency.md).
#
#     gnuplot -e "csv='sweep.csv'; x='linger.ms'; out='latency.svg'" plots/latency.gp
#
# The five largest parts are drawn by themselves, all others as one. Also by -e: of='avg' or 'p99',
# only='shards=2 ..' (some rows), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('latency.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; x='linger.ms'; out='latency.svg'\" ".ARG0
required = 'csv x out'
keys = 'x'
if (!exists('of')) { of = 'avg' }
all_parts = 'source mailbox memory linger in-flight sender wire broker-queue append replication \
    retries'
all_names = "'source, exchange' 'mailbox' 'memory' 'linger' 'in flight' 'Sender' 'wire' \
    'broker queue' 'append' 'replication' 'retries'"
column_of(p) = 'latency-'.word(all_parts, p).'-'.of
columns = ''
do for [p = 1:words(all_parts)] { columns = columns.' '.column_of(p) }
load here.'table.gp'
load here.'numbers.gp'
by = ''
drawn(row) = kept(row) && strcol(x) ne '' && valid_number(column(column_of(1)))
load here.'rows.gp'

# Means in ms: of each part over all, to choose from, then per value of x.
all = words(all_parts)
array Part_sum[all]
do for [p = 1:all] { Part_sum[p] = 0.0 }
array Every[all * words(items)]
place_of(i, p) = (i - 1) * all + p
note(row) = sum [p = 1:all] (Every[place_of(item(row), p)] = column(column_of(p)), \
    Part_sum[p] = Part_sum[p] + column(column_of(p)), 0)
stats csv using (drawn($0) ? note($0) : 0, 1) nooutput
above(p) = sum [q = 1:all] (Part_sum[q] > Part_sum[p] || (Part_sum[q] == Part_sum[p] && q < p))
is_own(p) = above(p) < 5 && Part_sum[p] > 0
own = sum [p = 1:all] is_own(p)
whole = sum [p = 1:all] Part_sum[p]
if (whole == 0) {
    print 'error: '.csv.' has no latency to draw'
    exit status 2
}
rest = whole - (sum [p = 1:all] (is_own(p) ? Part_sum[p] : 0))
parts = own + (rest > 0)
array Part[parts]
array Height[parts * words(items)]
array Total[words(items)]
stacked_at(i, k) = (i - 1) * parts + k
k_of(p) = is_own(p) ? (sum [q = 1:p] is_own(q)) : parts
do for [j = 1:parts * words(items)] { Height[j] = 0.0 }
largest = 1
y_low = y_high = 0
do for [p = 1:all] {
    if (is_own(p)) { Part[k_of(p)] = word(all_names, p) }
    largest = Part_sum[p] > Part_sum[largest] ? p : largest
}
if (rest > 0) { Part[parts] = 'other parts' }
do for [i = 1:words(items)] {
    do for [p = 1:all] {
        if (is_own(p) || rest > 0) {
            j = stacked_at(i, k_of(p))
            Height[j] = Height[j] + Every[place_of(i, p)]
        }
    }
    Total[i] = sum [k = 1:parts] Height[stacked_at(i, k)]
    y_high = Total[i] > y_high ? Total[i] : y_high
}
if (!exists('title')) {
    title = text(Part_sum[largest] / whole, 'share').' of the time of records: ' \
        .word(all_names, largest)
}
subtitle = scenario.(of eq 'p99' ? '; records around p99' : '; mean over records') \
    .of_replications.if_growing('*')
width = 840
height = 480
load here.'style.gp'
load here.'bars.gp'
y_unit = 'ms'
y_tics = 5
y_high = 1.06 * y_high
load here.'axis.gp'
set label 1003 'latency, ms' at screen px(16), py(76) textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(width - 160)
set tmargin at screen py(98)
set bmargin at screen py(height - 62)
unset key
key_x = width - 144
key_y = 98
load here.'stack.gp'
star(i) = find(growing_items, word(items, i)) ? ' *' : ''
figure(i) = !figures_fit ? '' : text(Total[i], 'ms').star(i)
do for [i = 1:words(items)] {
    set label figure(i) at i, Total[i] center offset 0, 0.6 noenhanced font small \
        textcolor rgb Ink
}
plot @stacks

# timeline.gp - what one connection carried: of each partition the batches that were open, those
# that were ready and waited, and those in flight, over time; from timeline.csv of --logs.
#
#     gnuplot -e "csv='LOGS/timeline.csv'; broker=1; from=4.9; to=5.4; out='timeline.svg'" \
#         plots/timeline.gp
#
# Also by -e: subtask, shard (0 by default: whose connection), from, to (s), title='..'. Batches
# that were never sent are not in the file.
here = ARG0[1:strlen(ARG0) - strlen('timeline.gp')]
usage = "gnuplot -e \"csv='LOGS/timeline.csv'; broker=1; out='timeline.svg'\" ".ARG0
required = 'csv broker out'
columns = 'subtask shard broker topic partition opened_ns ready_ns sent_ns answered_ns completed_ns'
if (!exists('subtask')) { subtask = 0 }
if (!exists('shard')) { shard = 0 }
load here.'table.gp'
load here.'numbers.gp'
if (!exists('from')) { from = -1e300 }
if (!exists('to')) { to = 1e300 }

# Without an answer, or before it, a batch is in flight as long as is known.
ns(name) = strcol(name) eq '' ? NaN : column(name) / 1e9
ends(row) = valid_number(ns('answered_ns')) ? ns('answered_ns') \
    : valid_number(ns('completed_ns')) ? ns('completed_ns') : 1e300
within(row) = column('broker') == broker && column('subtask') == subtask \
    && column('shard') == shard && ends(row) >= from && ns('opened_ns') <= to

# Which partitions there are, and from when to when.
lanes = ''
batches = 0
first = 1e300
last = -1e300
lane_text(row) = strcol('topic').'-'.strcol('partition')
later(a, b) = a > b ? a : b
note(row) = (batches = batches + 1, lanes = add(lanes, lane_text(row)), \
    first = later(-first, -ns('opened_ns')) * -1, \
    last = later(last, ends(row) < 1e300 ? ends(row) : ns('sent_ns')))
stats csv using (within($0) ? note($0) : 0, 1) nooutput
if (batches == 0) {
    print 'error: '.csv.sprintf(' has no batch of subtask %d to broker %d then', subtask, broker)
    exit status 2
}
first = later(first, from)
last = to < 1e300 ? to : last
count = words(lanes)

# From where to where each state is drawn, and how much of it there is: batches on average.
clipped(t) = t < first ? first : t > last ? last : t
array Begins[3] = ['opened_ns', 'ready_ns', 'sent_ns']
state_end(row, k) = k == 3 ? ends(row) : ns(Begins[k + 1])
array Mean[3] = [0.0, 0.0, 0.0]
weigh(row) = sum [k = 1:3] (Mean[k] = Mean[k] \
    + (clipped(state_end(row, k)) - clipped(ns(Begins[k]))) / (last - first), 0)
stats csv using (within($0) ? weigh($0) : 0, 1) nooutput
array Name[3] = ['open', 'ready, waiting', 'in flight']
if (!exists('title')) {
    title = sprintf('Broker %d: %s batches open, %s waiting, %s in flight', broker, \
        text(Mean[1], ''), text(Mean[2], ''), text(Mean[3], ''))
}
subtitle = sprintf('subtask %d%s: its connection to broker %d; %d partitions, means over time', \
    subtask, shard > 0 ? sprintf(', shard %d', shard) : '', broker, count)
width = 840
height = 150 + (count < 12 ? 30 * count : count < 40 ? 14 * count : 560)
load here.'style.gp'
set lmargin at screen px(130)
set rmargin at screen px(width - 160)
set tmargin at screen py(80)
set bmargin at screen py(height - 50)
set xrange [first:last]
set yrange [count + 0.7:0.3]
set ytics ()
every = 1 + count / 40
do for [k = 1:count:every] { set ytics add (word(lanes, k) k) }
set ytics font small
unset grid
set xlabel 'time, s' offset 0, 0.3 textcolor rgb Ink
unset key
array Order[3] = [5, 2, 1] # shades: the darker, the further a batch has come
do for [j = 1:3] {
    k = Order[4 - j]
    swatch_x = width - 144
    swatch_y = 80 + 22 * (j - 1)
    swatch_text = Name[4 - j]
    load here.'swatch.gp'
}
lane(row) = find(lanes, lane_text(row))
lane_of(row, k) = within(row) && clipped(state_end(row, k)) > clipped(ns(Begins[k])) \
    ? lane(row) : NaN
bars = 'for [k = 1:3] csv using (clipped(ns(Begins[k]))):(lane_of($0, k)): \
    (clipped(ns(Begins[k]))):(clipped(state_end($0, k))):(lane($0) - 0.4):(lane($0) + 0.4) \
    with boxxyerror '
plot @bars fillstyle solid 1 noborder lc rgb Shade[Order[k]] notitle, \
    @bars fillstyle transparent pattern Hatch[Order[k]] noborder lc rgb Hatching[Order[k]] notitle

# capacity.gp - latencies over load.rate up to the largest that a job can take: latency-p50 and
# latency-p99. Where the backlog grew the points are hollow.
#
#     fanout-sim capacity SCENARIO --curve curve.csv
#     gnuplot -e "csv='curve.csv'; out='capacity.svg'" plots/capacity.gp
#
# Also by -e: goal=50 (ms: a line at what the 99 % may take), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('capacity.gp')]
usage = "gnuplot -e \"csv='curve.csv'; out='capacity.svg'\" ".ARG0
required = 'csv out'
x = 'rate'
columns = 'rate latency-p50 latency-p99 steady'
load here.'table.gp'
load here.'numbers.gp'
if (!exists('goal')) { goal = 0 }
by = ''
has_latency(row) = column('latency-p50') > 0 && column('latency-p99') > 0
drawn(row) = kept(row) && strcol(x) ne '' && has_latency(row)
load here.'rows.gp'

x_high = steady_high = 0.0
y_low = goal > 0 ? real(goal) : 1e300
y_high = real(goal)
note(row) = (x_high = column(x) > x_high ? column(x) : x_high, \
    steady_high = is_steady(row) && column(x) > steady_high ? column(x) : steady_high, \
    y_low = column('latency-p50') < y_low ? column('latency-p50') : y_low, \
    y_high = column('latency-p99') > y_high ? column('latency-p99') : y_high)
stats csv using (drawn($0) ? note($0) : 0, 1) nooutput

set xrange [0:1.04 * x_high]
x_step = step(1.04 * x_high, 7, '')
set xtics ()
do for [k = 0:int(1.04 * x_high / x_step)] {
    set xtics add (tic_text(k * x_step, '', x_high) k * x_step)
}
first = int(floor(log10(y_low)))
last = int(ceil(log10(y_high) + 1e-9))
set logscale y
set yrange [0.999 * 10.0**first:10.0**last]
set ytics ()
do for [k = first:last] { set ytics add (text(10.0**k, 'ms') 10.0**k) }

width = 840
height = 480
if (!exists('title')) {
    title = steady_high > 0 ? 'It is steady up to about '.text(steady_high, '').' records/s' \
        : 'It is steady at none of these rates'
}
subtitle = scenario.if_growing('hollow')
load here.'style.gp'
set label 1003 'latency, ms' at screen px(16), py(76) textcolor rgb Ink
set xlabel 'load.rate, input records/s' offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(width - 150)
set tmargin at screen py(98)
set bmargin at screen py(height - 62)
set key at screen px(width - 140), py(92) left top Left reverse
if (goal > 0) {
    set arrow from graph 0, first goal to graph 1, first goal nohead front lw 1.5 dt (6,4) \
        lc rgb Ink
    set label 1004 'goal' at graph 1, first goal offset 0.5, 0 textcolor rgb Ink
}

array Drawn[2] = ['latency-p50', 'latency-p99']
seen(row, k) = drawn(row) ? column(Drawn[k]) : NaN
unsteady(row, k) = is_steady(row) ? NaN : seen(row, k)
core = 'for [k = 1:2] csv using (column(x)):(unsteady($0, k)) with points pt Filled[k] ps 0.6 \
    lc rgb "white" notitle, '
cores = growing ? core : ''
plot for [k = 1:2] csv using (column(x)):(seen($0, k)) smooth unique with lines \
        linestyle k notitle, \
    for [k = 1:2] csv using (column(x)):(seen($0, k)) with points pt Filled[k] ps 1.1 \
        lc rgb Colour[k] notitle, \
    @cores \
    for [k = 1:2] keyentry with linespoints linestyle k title Drawn[k]

# pareto.gp - the front that `tune -o` writes: the objective over the goal's column. Nothing that
# was tried is better in both than a point of it; the large one is what tune recommends.
#
#     fanout-sim tune SCENARIO --goal 'latency-p99 < 50ms' --minimise request-rate .. -o front.csv
#     gnuplot -e "csv='front.csv'; x='latency-p99'; y='request-rate'; out='front.svg'" \
#         plots/pareto.gp
#
# Also by -e: goal=50 (a line at it), logx, logy as 0 or 1, title='..'.
here = ARG0[1:strlen(ARG0) - strlen('pareto.gp')]
usage = "gnuplot -e \"csv='front.csv'; x='latency-p99'; y='request-rate'; out='front.svg'\" ".ARG0
required = 'csv x y out'
keys = 'x y'
columns = 'best'
load here.'table.gp'
load here.'numbers.gp'
if (!exists('goal')) { goal = NaN }
is_drawn(row) = kept(row) && valid_number(column(x)) && valid_number(column(y))

drawn = 0
x_low = y_low = 1e300
x_high = y_high = -1e300
best_x = best_y = NaN
note_best(row) = strcol('best') eq '1' ? (best_x = column(x), best_y = column(y)) : 0
note(row) = (drawn = drawn + 1, note_best(row), \
    x_low = column(x) < x_low ? column(x) : x_low, \
    x_high = column(x) > x_high ? column(x) : x_high, \
    y_low = column(y) < y_low ? column(y) : y_low, \
    y_high = column(y) > y_high ? column(y) : y_high)
stats csv using (is_drawn($0) ? note($0) : 0, 1) nooutput
if (drawn == 0) {
    print 'error: '.csv.' has nothing to draw'
    exit status 2
}
if (!exists('logx')) { logx = x_low > 0 && x_high / x_low > 15 }
if (!exists('logy')) { logy = y_low > 0 && y_high / y_low > 15 }

# Tics of powers of ten, or of 1, 2 and 5 times them; ends of an axis that are a tic.
set xtics ()
set ytics ()
if (logx) {
    set logscale x
    x_from = int(floor(log10(x_low)))
    x_to = int(ceil(log10(x_high) + 1e-9))
    set xrange [0.999 * 10.0**x_from:1.001 * 10.0**x_to]
    do for [k = x_from:x_to] { set xtics add (escaped(text(10.0**k, scale(x))) 10.0**k) }
} else {
    x_step = step(x_high, 7, scale(x))
    set xrange [0:x_step * ceil(1.02 * x_high / x_step)]
    do for [k = 0:int(ceil(1.02 * x_high / x_step))] {
        set xtics add (tic_text(k * x_step, scale(x), x_high) k * x_step)
    }
}
y_unit = scale(y)
if (logy) {
    set logscale y
    y_from = int(floor(log10(y_low)))
    y_to = int(ceil(log10(y_high) + 1e-9))
    set yrange [0.999 * 10.0**y_from:10.0**y_to]
    do for [k = y_from:y_to] { set ytics add (escaped(text(10.0**k, y_unit)) 10.0**k) }
} else {
    y_tics = 6
    load here.'axis.gp'
}

width = 840
height = 480
found = valid_number(best_x)
with_unit(name) = carried(scale(name)) ? '' : ' '.scale(name)
at_best = y.' '.text(best_y, y_unit).with_unit(y).' at '.x.' '.text(best_x, scale(x)).with_unit(x)
if (!exists('title')) { title = found ? at_best : 'No point meets the goal' }
subtitle = 'what can be had: nothing that was tried is better in both'
load here.'style.gp'
set label 1003 name_of(y) at screen px(16), py(76) noenhanced textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(width - 40)
set tmargin at screen py(98)
set bmargin at screen py(height - 62)
unset key
if (valid_number(goal)) {
    set arrow from first goal, graph 0 to first goal, graph 1 nohead front lw 1.5 dt (6,4) \
        lc rgb Ink
    set label 1004 'goal' at first goal, graph 1 offset 0.5, 0.6 textcolor rgb Ink
}
seen(row) = is_drawn(row) ? column(y) : NaN
chosen(row) = is_drawn(row) && strcol('best') eq '1' ? column(y) : NaN
best_point = 'csv using (column(x)):(chosen($0)) with points pt 7 ps 2.4 lc rgb Colour[2], '
bests = found ? best_point : ''
plot csv using (column(x)):(seen($0)) smooth unique with lines linestyle 1, \
    @bests csv using (column(x)):(seen($0)) with points pt 7 ps 1.1 lc rgb Colour[1]

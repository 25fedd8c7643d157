# lines.gp - any column over any swept key, with its 95 % interval; a line per value of a second.
#
#     gnuplot -e "csv='sweep.csv'; x='batch.size'; y='throughput'; out='lines.svg'" plots/lines.gp
#
# Also by -e: by='shards' (the second key), only='linger.ms=30 ..' (some rows), title='..', and
# logx, logy, zero (the axis of y begins at 0) as 0 or 1. Where the backlog grew there is no steady
# state and no interval: the points are hollow.
here = ARG0[1:strlen(ARG0) - strlen('lines.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; x='batch.size'; y='throughput'; out='lines.svg'\" ".ARG0
required = 'csv x y out'
keys = 'x y by'
load here.'table.gp'
load here.'numbers.gp'
if (!exists('by')) { by = '' }
if (!exists('logy')) { logy = 0 }
drawn(row) = kept(row) && valid_number(column(y)) && strcol(x) ne '' && (!logy || column(y) > 0)
load here.'rows.gp'

# The range of y, intervals included.
intervals = 0
y_low = 1e300
y_high = -1e300
reach(row) = valid_number(half_width(y)) ? half_width(y) : 0
low(row) = logy && column(y) <= reach(row) ? column(y) : column(y) - reach(row)
high(row) = column(y) + reach(row)
least = 1e300
note(row) = (least = column(y) < least ? column(y) : least, \
    intervals = intervals + valid_number(half_width(y)), \
    y_low = low(row) < y_low ? low(row) : y_low, y_high = high(row) > y_high ? high(row) : y_high)
stats csv using (drawn($0) ? note($0) : 0, 1) nooutput
y_low = least >= 0 && y_low < 0 ? 0 : y_low # what cannot be negative has an axis that ends at 0

# The axis of x is to scale, or even where there are words, or a 0 that a log axis cannot hold.
numbers = (sum [k = 1:words(items)] is_number(word(items, k))) == words(items)
x_low = x_least = 1e300
x_high = -1e300
do for [item in items] {
    x_low = numbers && real(item) < x_low ? real(item) : x_low
    x_high = numbers && real(item) > x_high ? real(item) : x_high
    x_least = numbers && real(item) > 0 && real(item) < x_least ? real(item) : x_least
}
wide = numbers && words(items) > 2 && x_high / x_least > 15
if (!exists('logx')) { logx = wide && x_low > 0 }
even = !numbers || x_low <= 0 && (wide || logx)
logx = logx && !even
at(item) = even ? find(items, item) : real(item)
bent(v) = logx ? log(v) : v
straight(v) = logx ? exp(v) : v
left = bent(even ? 1 : x_low)
right = bent(even ? words(items) : x_high)
room = right > left ? 0.05 * (right - left) : 0.5
set xrange [straight(left - room):straight(right + room)]
if (logx) { set logscale x }

# A tic per value, but none that would run into another.
set xtics ()
places = ''
span = right - left + 2 * room
clear_of(v, other, size) = abs(v - other) / span > 0.0085 * size + 0.012
fits(v, size) = words(places) == sum [k = 1:words(places)] clear_of(v, real(word(places, k)), size)
do for [item in items] {
    label = escaped(key_text(x, item))
    if (fits(bent(at(item)), strlen(label))) {
        set xtics add (label at(item))
        places = places.sprintf(' %.17g', bent(at(item)))
    } else {
        set xtics add ('' at(item))
    }
}

y_unit = scale(y)
if (logy) {
    base = y_unit eq 'bytes' ? 4.0 : 10.0
    first = int(floor(log(y_low) / log(base)))
    last = int(ceil(log(y_high) / log(base) + 1e-9))
    set logscale y
    set yrange [0.999 * base**first:base**last]
    set ytics ()
    do for [k = first:last] { set ytics add (escaped(text(base**k, y_unit)) base**k) }
} else {
    y_tics = 6
    load here.'axis.gp'
}

width = 840
height = 480
if (!exists('title')) { title = y.' over '.x }
subtitle = about(y).(intervals ? with_interval : of_replications).if_growing('hollow')
load here.'style.gp'
set label 1003 name_of(y) at screen px(16), py(76) noenhanced textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(by eq '' ? width - 24 : width - 150)
set tmargin at screen py(98)
set bmargin at screen py(height - 62)
set key at screen px(width - 140), py(92) left top Left reverse title name_of(by) left

seen(row) = drawn(row) ? column(y) : NaN
mark(row) = Filled[cycle(group(row))]
tint(row) = Colour[cycle(group(row))]
in_line(row, k) = group(row) == k ? seen(row) : NaN
unsteady(row) = is_steady(row) ? NaN : seen(row)
# Side by side by a hair, or equal lines would hide one another.
apart = 0.04 * span / (words(groups) > 5 ? words(groups) : 5)
beside(row) = straight(bent(at(strcol(x))) + apart * (group(row) - 0.5 * (words(groups) + 1)))

# Lines, then intervals, then points with white around them and, where hollow, inside. Many points
# are a line.
foot(row) = valid_number(seen(row)) && valid_number(half_width(y)) ? low(row) : NaN
bars = 'csv using (beside($0)):(foot($0)):(0):(high($0) - low($0)):(tint($0)) \
    with vectors heads size screen 0.004,90 lw 1.5 lc rgb variable notitle, '
edges = 'csv using (beside($0)):(seen($0)):(mark($0)) with points pt variable ps 1.5 \
    lc rgb "white" notitle, '
dots = 'csv using (beside($0)):(seen($0)):(mark($0)):(tint($0)) with points pt variable ps 1.1 \
    lw 2 lc rgb variable notitle, '
cores = 'csv using (beside($0)):(unsteady($0)):(mark($0)) with points pt variable ps 0.6 \
    lc rgb "white" notitle, '
marked = rows <= 40 * words(groups)
layers = (marked ? edges : '').(intervals ? bars : '').(marked ? dots : '') \
    .(marked && growing ? cores : '')
plot for [k = 1:words(groups)] csv using (beside($0)):(in_line($0, k)) smooth unique \
        with lines linestyle cycle(k) notitle, \
    @layers for [k = 1:words(groups)] keyentry with linespoints linestyle cycle(k) \
        title by eq '' ? '' : key_text(by, word(groups, k))

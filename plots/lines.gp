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
if (!exists('zero')) { zero = 1 }
if (!exists('logy')) { logy = 0 }

# What there is to draw: the values of both keys and the ranges.
items = lines = pairs = scenario = ''
rows = growing = intervals = replications = 0
x_low = y_low = 1e300
x_high = y_high = -1e300
ci = has(y.':ci95') ? y.':ci95' : ''
half_width(row) = ci eq '' ? NaN : column(ci)
line_of(row) = by eq '' ? 'all' : strcol(by)
is_steady(row) = has('steady') ? strcol('steady') ne '0' : 1
drawn(row) = kept(row) && valid_number(column(y)) && strcol(x) ne '' && (!logy || column(y) > 0)
low(row) = valid_number(half_width(row)) ? column(y) - half_width(row) : column(y)
high(row) = valid_number(half_width(row)) ? column(y) + half_width(row) : column(y)
note(row) = (rows = rows + 1, items = add(items, strcol(x)), lines = add(lines, line_of(row)), \
    pairs = add(pairs, strcol(x).' '.line_of(row)), growing = growing + !is_steady(row), \
    intervals = intervals + valid_number(half_width(row)), \
    scenario = has('scenario') ? strcol('scenario') : csv, \
    replications = has('replications') ? column('replications') : 1, \
    y_low = low(row) < y_low && (!logy || low(row) > 0) ? low(row) : y_low, \
    y_high = high(row) > y_high ? high(row) : y_high)
stats csv using (drawn($0) ? note($0) : 0, 1) nooutput
if (rows == 0) {
    print "error: ".csv." has no value of '".y."' to draw"
    exit status 2
}
if (words(pairs) < rows) {
    print "error: ".csv." has several rows with the same ".x.(by eq '' ? '' : ' and '.by). \
        "; choose by='KEY' or only='KEY=VALUE'"
    exit status 2
}

# The axis of x is to scale, or even where there are words, or a 0 that a log axis cannot hold.
numbers = (sum [k = 1:words(items)] is_number(word(items, k))) == words(items)
x_least = 1e300
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

# The axis of y begins at 0 unless told otherwise.
y_unit = scale(y)
if (logy) {
    base = y_unit eq 'bytes' ? 4.0 : 10.0
    first_tic = int(floor(log(y_low) / log(base)))
    last_tic = int(ceil(log(y_high) / log(base) + 1e-9))
    tic(k) = base**k
    set logscale y
} else {
    y_low = zero && y_low > 0 ? 0 : y_low
    y_high = zero && y_high < 0 ? 0 : y_high
    y_step = step(y_high - y_low, y_unit)
    first_tic = int(floor(y_low / y_step + 1e-9))
    last_tic = int(ceil(y_high / y_step - 1e-9))
    last_tic = last_tic > first_tic ? last_tic : first_tic + 1
    tic(k) = k * y_step
}
set yrange [logy ? 0.999 * tic(first_tic) : tic(first_tic):tic(last_tic)]
set ytics ()
do for [k = first_tic:last_tic] { set ytics add (tic_text(tic(k), y_unit, logy ? 0 : tic(last_tic)) tic(k)) }

width = 840
height = 480
if (!exists('title')) { title = y.' over '.x }
subtitle = scenario.(meaning(y) eq '' ? '' : ': '.meaning(y)) \
    .(intervals ? sprintf('; mean and 95 %% interval of %d replications', replications) : '') \
    .(growing ? '; hollow: the backlog grew' : '')
load here.'style.gp'
set label 1003 name_of(y) at screen px(16), py(76) noenhanced textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(by eq '' ? width - 24 : width - 150)
set tmargin at screen py(98)
set bmargin at screen py(height - 62)
set key at screen px(width - 140), py(92) left top Left reverse title name_of(by) left

seen(row) = drawn(row) ? column(y) : NaN
line(row) = find(lines, line_of(row))
mark(row) = is_steady(row) ? Filled[cycle(line(row))] : Hollow[cycle(line(row))]
tint(row) = Colour[cycle(line(row))]
in_line(row, k) = line(row) == k ? seen(row) : NaN
# Side by side by a hair, or equal lines would hide one another.
apart = 0.04 * span / (words(lines) > 5 ? words(lines) : 5)
beside(row) = straight(bent(at(strcol(x))) + apart * (line(row) - 0.5 * (words(lines) + 1)))
bars = intervals ? 'csv using (beside($0)):(seen($0)):(half_width($0)):(tint($0)) \
    with yerrorbars pt 0 lw 1.5 lc rgb variable notitle,' : ''
plot for [k = 1:words(lines)] csv using (beside($0)):(in_line($0, k)) smooth unique \
        with lines linestyle cycle(k) notitle, \
    csv using (beside($0)):(seen($0)):(mark($0)) with points pt variable ps 1.5 \
        lc rgb 'white' notitle, \
    @bars csv using (beside($0)):(seen($0)):(mark($0)):(tint($0)) \
        with points pt variable ps 1.1 lw 2 lc rgb variable notitle, \
    for [k = 1:words(lines)] keyentry with linespoints linestyle cycle(k) \
        title by eq '' ? '' : key_text(by, word(lines, k))

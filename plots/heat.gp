# heat.gp - a column over two swept keys: the darker, the more; every field with its figure.
#
#     gnuplot -e "csv='sweep.csv'; x='batch.size'; y='linger.ms'; z='throughput'; out='heat.svg'" \
#         plots/heat.gp
#
# Also by -e: only='shards=1 ..' (some rows), title='..'. A figure in brackets is that of a run
# whose backlog grew; a hatched field has no value.
here = ARG0[1:strlen(ARG0) - strlen('heat.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; x='batch.size'; y='linger.ms'; z='throughput'; ". \
    "out='heat.svg'\" ".ARG0
required = 'csv out x y z'
keys = 'x y z'
load here.'table.gp'
load here.'numbers.gp'

across = upwards = pairs = scenario = ''
rows = values = growing = replications = 0
z_low = 1e300
z_high = -1e300
is_steady(row) = has('steady') ? strcol('steady') ne '0' : 1
note(row) = (rows = rows + 1, across = add(across, strcol(x)), upwards = add(upwards, strcol(y)), \
    pairs = add(pairs, strcol(x).' '.strcol(y)), \
    scenario = has('scenario') ? strcol('scenario') : csv, \
    replications = has('replications') ? column('replications') : 1, \
    valid_number(column(z)) ? note_value(column(z)) + note_growth(row) : 0)
note_value(v) = (values = values + 1, z_low = v < z_low ? v : z_low, z_high = v > z_high ? v : z_high)
note_growth(row) = (growing = growing + !is_steady(row))
stats csv using (kept($0) ? note($0) : 0, 1) nooutput
if (values == 0) {
    print "error: ".csv." has no value of '".z."' to draw"
    exit status 2
}
if (words(pairs) < rows) {
    print "error: ".csv." has several rows with the same ".x." and ".y."; choose only='KEY=VALUE'"
    exit status 2
}
at_x(row) = find(across, strcol(x))
at_y(row) = find(upwards, strcol(y))
z_unit = scale(z)
depth(v) = z_high > z_low ? (v - z_low) / (z_high - z_low) : 0.5

width = 840
height = clip(150 + 46 * words(upwards), 300, 900)
if (!exists('title')) { title = z.' over '.x.' and '.y }
subtitle = scenario.(meaning(z) eq '' ? '' : ': '.meaning(z)) \
    .(replications > 1 ? sprintf('; mean of %d replications', replications) : '') \
    .(growing ? '; in brackets: the backlog grew' : '')
load here.'style.gp'
set label 1003 name_of(y) at screen px(16), py(76) noenhanced textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(width - 110)
set tmargin at screen py(92)
set bmargin at screen py(height - 62)
set xrange [0.5:words(across) + 0.5]
set yrange [0.5:words(upwards) + 0.5]
unset grid
set border 0
set xtics scale 0 ()
set ytics scale 0 ()
do for [item in across] { set xtics add (escaped(key_text(x, item)) find(across, item)) }
do for [item in upwards] { set ytics add (escaped(key_text(y, item)) find(upwards, item)) }

# One hue from light to dark, so that grey says the same.
set palette defined (0 '#f2f5f9', 1 '#c3d3e6', 2 '#83a6cb', 3 '#3f74ab', 4 '#12436d')
set cbrange [z_low:z_high > z_low ? z_high : z_low + 1]
set cbtics scale 0 ()
set colorbox user origin px(width - 90), py(height - 62) size 14 / real(width), (height - 154.0) / height
set cbtics (escaped(text(z_low, z_unit)) z_low, escaped(text(z_high, z_unit)) z_high)
set label 1004 carried(z_unit) ? '' : z_unit at screen px(width - 90), py(74) noenhanced font small \
    textcolor rgb Ink
paper_or_ink(v) = depth(v) > 0.6 ? 0xffffff : 0x222222
figure(row) = is_steady(row) ? text(column(z), z_unit) : '('.text(column(z), z_unit).')'
filled(row) = kept(row) ? column(z) : NaN
set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle pattern 4 noborder \
    fillcolor rgb 0xc8cacd
plot csv using (at_x($0)):(at_y($0)):(valid_number(filled($0)) ? 0.5 : NaN):(0.5):(column(z)) \
        with boxxyerror fillstyle solid 1 noborder lc palette notitle, \
    csv using (at_x($0)):(at_y($0)):(valid_number(filled($0)) ? 0.5 : NaN):(0.5) \
        with boxxyerror fillstyle empty border lc rgb 'white' \
        lc rgb 'white' lw 3 notitle, \
    csv using (at_x($0)):(valid_number(filled($0)) ? at_y($0) : NaN):(figure($0)):(paper_or_ink(column(z))) \
        with labels noenhanced textcolor rgb variable notitle

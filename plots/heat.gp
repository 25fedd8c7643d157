# heat.gp - a column over two swept keys: the darker, the more; every field with its figure.
#
#     gnuplot -e "csv='sweep.csv'; x='batch.size'; y='linger.ms'; z='throughput'; out='heat.svg'" \
#         plots/heat.gp
#
# Also by -e: only='shards=1 ..' (some rows), title='..'. A figure in brackets is that of a run
# whose backlog grew; a hatched field has none.
here = ARG0[1:strlen(ARG0) - strlen('heat.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; x='batch.size'; y='linger.ms'; z='throughput'; ". \
    "out='heat.svg'\" ".ARG0
required = 'csv out x y z'
keys = 'x y z'
load here.'table.gp'
load here.'numbers.gp'

drawn(row) = kept(row) && valid_number(column(z))
by = y
load here.'rows.gp'
z_low = 1e300
z_high = -1e300
note(v) = (z_low = v < z_low ? v : z_low, z_high = v > z_high ? v : z_high)
stats csv using (drawn($0) ? note(column(z)) : 0, 1) nooutput
z_unit = scale(z)
depth(v) = z_high > z_low ? (v - z_low) / (z_high - z_low) : 0.5

width = 840
height = clip(150 + 46 * words(groups), 300, 900)
if (!exists('title')) { title = z.' over '.x.' and '.y }
subtitle = about(z).of_replications.if_growing('in brackets')
load here.'style.gp'
set label 1003 name_of(y) at screen px(16), py(76) noenhanced textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(width - 110)
set tmargin at screen py(92)
set bmargin at screen py(height - 62)
set xrange [0.5:words(items) + 0.5]
set yrange [0.5:words(groups) + 0.5]
unset grid
set border 0
set xtics scale 0 ()
set ytics scale 0 ()
every_x = 1 + words(items) / 16
every_y = 1 + words(groups) * 18 / (height - 154)
do for [k = 1:words(items):every_x] { set xtics add (escaped(key_text(x, word(items, k))) k) }
do for [k = 1:words(groups):every_y] { set ytics add (escaped(key_text(y, word(groups, k))) k) }

# One hue from light to dark, so that grey says the same.
set palette defined (0 '#f2f5f9', 1 '#c3d3e6', 2 '#83a6cb', 3 '#3f74ab', 4 '#12436d')
set cbrange [z_low:z_high > z_low ? z_high : z_low + 1]
set cbtics scale 0 ()
set colorbox user origin px(width - 90), py(height - 62) \
    size 14 / real(width), (height - 154.0) / height
set cbtics (escaped(text(z_low, z_unit)) z_low, escaped(text(z_high, z_unit)) z_high)
set label 1004 carried(z_unit) ? '' : z_unit at screen px(width - 90), py(74) noenhanced \
    font small textcolor rgb Ink
paper_or_ink(v) = depth(v) > 0.6 ? 0xffffff : 0x222222
# Figures and gaps between the fields only where there is room for them.
roomy = every_x == 1 && every_y == 1
figure(row) = !roomy ? '' : is_steady(row) ? text(column(z), z_unit) \
            : '('.text(column(z), z_unit).')'
place_y(row) = drawn(row) ? group(row) : NaN
set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle pattern 4 noborder \
    fillcolor rgb 0xc8cacd
plot csv using (item($0)):(place_y($0)):(0.5):(0.5):(column(z)) \
        with boxxyerror fillstyle solid 1 noborder lc palette notitle, \
    csv using (item($0)):(place_y($0)):(0.5):(0.5) \
        with boxxyerror fillstyle empty border lc rgb 'white' lc rgb 'white' \
        lw (roomy ? 3 : 0.5) notitle, \
    csv using (item($0)):(place_y($0)):(figure($0)):(paper_or_ink(column(z))) \
        with labels noenhanced textcolor rgb variable notitle

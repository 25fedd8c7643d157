# parallelism.gp - the parallelism table: throughput, effective-parallelism beside P, batch-size-avg
# and request-rate over P.
#
#     gnuplot -e "csv='sweep.csv'; out='parallelism.svg'" plots/parallelism.gp
#
# Also by -e: x='..' (default: parallelism), only='shards=1 ..' (some rows), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('parallelism.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; out='parallelism.svg'\" ".ARG0
required = 'csv out'
keys = 'x'
columns = 'throughput effective-parallelism batch-size-avg request-rate'
if (!exists('x')) { x = 'parallelism' }
load here.'table.gp'
load here.'numbers.gp'
by = ''
drawn(row) = kept(row) && strcol(x) ne ''
load here.'rows.gp'

# What is seen: where the least of the subtasks can be used.
used(row) = column('effective-parallelism') / column(x)
least_used = 1e300
least_text = ''
least_of(row) = text(column('effective-parallelism'), '').' of '.strcol(x)
note(row) = used(row) < least_used ? (least_text = least_of(row), least_used = used(row)) : 0
stats csv using (drawn($0) && used($0) > 0 ? note($0) : 0, 1) nooutput
if (!exists('title')) {
    title = least_used < 0.95 ? 'As few as '.least_text.' subtasks can be used' \
        : least_used < 1e300 ? 'Nearly all subtasks can be used' : 'What parallelism gives'
}
subtitle = scenario.' over '.x.of_replications.if_growing('*')
width = 840
height = 640
load here.'style.gp'
load here.'bars.gp'
unset key
unset grid
target_value(row) = column(x)
panel_left = 80
panel_right = width - 24
set multiplot
do for [k = 1:4] {
    panel_top = 92 + (k - 1) * 132
    panel_bottom = panel_top + 92
    panel_column = word(columns, k)
    panel_value(row) = column(panel_column)
    panel_unit = scale(panel_column)
    panel_name = name_of(panel_column)
    target = panel_column eq 'effective-parallelism'
    if (target) { panel_name = panel_name.'; the line is P' }
    if (k == 4) { set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink }
    load here.'panel.gp'
    unset label 1001
    unset label 1002
}
unset multiplot

# parallelism.gp - the parallelism table: throughput, effective-parallelism as a share of P,
# batch-size-avg and request-rate over P.
#
#     gnuplot -e "csv='sweep.csv'; out='parallelism.svg'" plots/parallelism.gp
#
# Also by -e: only='shards=1 ..' (some rows), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('parallelism.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; out='parallelism.svg'\" ".ARG0
required = 'csv out'
x = 'parallelism'
columns = 'parallelism throughput effective-parallelism batch-size-avg request-rate'
load here.'table.gp'
load here.'numbers.gp'
by = ''
drawn(row) = kept(row) && strcol(x) ne ''
load here.'rows.gp'

# What is seen: where the least of the subtasks can be used.
used(row) = column('effective-parallelism') / column(x)
least_used = 1e300
least_text = ''
least_of(row) = 'Of '.strcol(x).' subtasks '.text(column('effective-parallelism'), ''). \
    ' can be used'
note(row) = used(row) < least_used ? (least_text = least_of(row), least_used = used(row)) : 0
stats csv using (drawn($0) && used($0) > 0 ? note($0) : 0, 1) nooutput
if (!exists('title')) {
    title = least_used < 0.95 ? least_text \
        : least_used < 1e300 ? 'Nearly all subtasks can be used' : 'What parallelism gives'
}
subtitle = scenario.' over '.x.with_interval.if_growing('*')
width = 840
height = 596
load here.'style.gp'
unset key
unset grid
shown = 'throughput effective-parallelism batch-size-avg request-rate'
panels = words(shown)
panel_y = 76
set multiplot
do for [panel = 1:panels] {
    name = word(shown, panel)
    target = name eq 'effective-parallelism' ? 1 : 0
    panel_value(row) = column(name) / (target ? column(x) : 1)
    panel_half(row) = half_width(name) / (target ? column(x) : 1)
    panel_text(row) = text(column(name), scale(name))
    panel_name = name_of(name).(target ? '; the line is all of P' : '')
    load here.'panel.gp'
}
unset multiplot

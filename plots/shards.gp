# shards.gp - what shards cost and give: batch-size-avg, request-rate, pool memory per subtask and
# shard-imbalance over K, with a bar per way to shard.
#
#     gnuplot -e "csv='sweep.csv'; out='shards.svg'" plots/shards.gp
#
# Also by -e: by='..' (default: shard-by, if it is a column), only='parallelism=24 ..' (some rows),
# title='..'.
here = ARG0[1:strlen(ARG0) - strlen('shards.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; out='shards.svg'\" ".ARG0
required = 'csv out'
keys = 'x by'
x = 'shards'
columns = 'batch-size-avg request-rate pinned-bytes-avg shard-imbalance'
load here.'table.gp'
load here.'numbers.gp'
if (!exists('by')) { by = has('shard-by') ? 'shard-by' : '' }
drawn(row) = kept(row) && strcol(x) ne ''
load here.'rows.gp'

# What is seen: from the least to the most shards, in the first group.
first_requests = last_requests = first_bytes = last_bytes = NaN
least_shards = 1e300
most_shards = -1e300
note_least(row) = (least_shards = column(x), first_requests = column('request-rate'), \
    first_bytes = column('batch-size-avg'))
note_most(row) = (most_shards = column(x), last_requests = column('request-rate'), \
    last_bytes = column('batch-size-avg'))
note(row) = (column(x) < least_shards ? note_least(row) : 0, \
    column(x) > most_shards ? note_most(row) : 0)
stats csv using (drawn($0) && group($0) == 1 ? note($0) : 0, 1) nooutput
times(a, b) = valid_number(a / b) ? text(a / b, '') : '?'
if (!exists('title')) {
    title = least_shards == most_shards ? 'What shards cost and give' \
        : sprintf('%.0f shards instead of %.0f: %s times the requests, batches of %s times the size', \
            most_shards, least_shards, times(last_requests, first_requests), \
            times(last_bytes, first_bytes))
}
subtitle = scenario.' over K, the shards per subtask'.of_replications.if_growing('*')
width = 840
height = 540
load here.'style.gp'
load here.'bars.gp'
set key at screen px(width - 24), py(20) right top horizontal Right title ''
unset key
unset grid
target = 0
array Value[4] = ['batch-size-avg', 'request-rate', 'pinned-bytes-avg', 'shard-imbalance']
array Said[4] = ['batch-size-avg', name_of('request-rate'), \
    'memory in batches per subtask: K x pinned-bytes-avg', 'shard-imbalance: busiest shard over mean']
set multiplot
do for [k = 1:4] {
    panel_left = k % 2 ? 24 : 440
    panel_right = panel_left + 376
    panel_top = k < 3 ? 110 : 320
    panel_bottom = panel_top + 140
    panel_column = Value[k]
    panel_value(row) = k == 3 ? column(x) * column(panel_column) : column(panel_column)
    panel_unit = scale(panel_column)
    panel_name = Said[k]
    set xlabel 'K' offset 0, 0.6 textcolor rgb Ink
    load here.'panel.gp'
    unset label 1001
    unset label 1002
}
unset multiplot

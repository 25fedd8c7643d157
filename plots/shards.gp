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
keys = 'by'
x = 'shards'
columns = 'shards batch-size-avg request-rate pinned-bytes-avg shard-imbalance'
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
times(a, b, what) = !valid_number(a / b) ? what.' unknown' \
    : abs(a / b - 1) < 0.005 ? 'the same '.what : text(a / b, '').' times the '.what
if (!exists('title')) {
    title = least_shards == most_shards ? 'What shards cost and give' \
        : sprintf('%.0f shards%s instead of %.0f: %s, %s', \
            most_shards, by eq 'shard-by' ? ' by '.word(groups, 1) : '', least_shards, \
            times(last_requests, first_requests, 'requests'), \
            times(last_bytes, first_bytes, 'batch size'))
}
subtitle = scenario.' over shards, K'.with_interval.if_growing('*')
width = 840
height = by eq '' ? 596 : 620
load here.'style.gp'
unset key
unset grid
if (by ne '') {
    swatch_y = 66
    do for [k = 1:words(groups)] {
        swatch_x = 16 + 160 * (k - 1)
        swatch_text = by.' '.key_text(by, word(groups, k))
        load here.'swatch.gp'
    }
}
target = 0
shown = 'batch-size-avg request-rate pinned-bytes-avg shard-imbalance'
panels = words(shown)
panel_y = by eq '' ? 76 : 100
set multiplot
do for [panel = 1:panels] {
    name = word(shown, panel)
    pinned = name eq 'pinned-bytes-avg'
    panel_value(row) = (pinned ? column(x) : 1) * column(name)
    panel_half(row) = (pinned ? column(x) : 1) * half_width(name)
    panel_text(row) = text(panel_value(row), scale(name))
    panel_name = pinned ? 'pool memory lent per subtask: shards x pinned-bytes-avg' \
        : name_of(name)
    load here.'panel.gp'
}
unset multiplot

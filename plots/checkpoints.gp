# checkpoints.gp - where a checkpoint's time goes, as stacked bars: start delay, alignment, flush of
# the producers, synchronous and asynchronous part. Flink's UI has a column for each but the flush.
#
#     gnuplot -e "csv='sweep.csv'; x='shards'; out='checkpoints.svg'" plots/checkpoints.gp
#     gnuplot -e "csv='LOGS/checkpoints.csv'; x='checkpoint'; out='checkpoints.svg'" \
#         plots/checkpoints.gp
#
# From a sweep it draws the means of the columns checkpoint-*-avg, those that there are; from
# checkpoints.csv of --logs the means over all subtasks (x='checkpoint') or over all checkpoints
# (x='subtask'). Also by -e: only='shard-by=topic ..' (some rows), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('checkpoints.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; x='shards'; out='checkpoints.svg'\" ".ARG0
required = 'csv x out'
keys = 'x'
load here.'table.gp'
load here.'numbers.gp'

stages = "'start delay' alignment flush 'sync part' 'async part'"
sweep_columns = 'start-delay alignment flush sync async'
log_columns = 'start_delay alignment flush sync async'
is_log = has('trigger_ns')
column_of(k) = is_log ? word(log_columns, k).'_ns' : 'checkpoint-'.word(sweep_columns, k).'-avg'
array Part[5]
array Source[5]
parts = 0
do for [k = 1:5] {
    if (has(column_of(k))) {
        parts = parts + 1
        Part[parts] = word(stages, k)
        Source[parts] = column_of(k)
    }
}
if (parts == 0) {
    print "error: ".csv." has none of the columns checkpoint-*-avg or *_ns"
    exit status 2
}
by = ''
averaged = is_log
drawn(row) = kept(row) && strcol(x) ne ''
load here.'rows.gp'

# Means in ms per value of x.
array Height[parts * words(items)]
array Rows[parts * words(items)]
stacked_at(i, k) = (i - 1) * parts + k
do for [j = 1:parts * words(items)] {
    Height[j] = 0.0
    Rows[j] = 0
}
milliseconds(v) = is_log ? v / 1e6 : v
note_value(j, v) = (Height[j] = Height[j] + milliseconds(v), Rows[j] = Rows[j] + 1)
note_at(j, v) = valid_number(v) ? note_value(j, v) : 0
note(row) = sum [k = 1:parts] note_at(stacked_at(item(row), k), column(Source[k]))
stats csv using (drawn($0) ? note($0) : 0, 1) nooutput
array Total[words(items)]
y_low = y_high = 0
longest = 1
do for [i = 1:words(items)] {
    Total[i] = 0.0
    do for [k = 1:parts] {
        j = stacked_at(i, k)
        Height[j] = Rows[j] > 0 ? Height[j] / Rows[j] : 0.0
        Total[i] = Total[i] + Height[j]
    }
    y_high = Total[i] > y_high ? Total[i] : y_high
}
if (y_high == 0) {
    print 'error: '.csv.' has no checkpoint to draw'
    exit status 2
}
overall(k) = sum [i = 1:words(items)] Height[stacked_at(i, k)]
do for [k = 1:parts] { longest = overall(k) > overall(longest) ? k : longest }
all_of_it = sum [k = 1:parts] overall(k)
if (!exists('title')) {
    title = parts == 1 ? 'How long the '.Part[1].' of a checkpoint takes' \
        : 'The '.Part[longest].' takes '.text(overall(longest) / all_of_it, 'share'). \
        ' of a checkpoint'
}
where = only eq '' ? '' : ' where '.only
others = x eq 'subtask' ? 'checkpoints' : 'subtasks'
subtitle = is_log ? 'mean over the '.others.where \
    : scenario.'; mean over subtasks'.of_replications.if_growing('*')
width = 840
height = 480
load here.'style.gp'
load here.'bars.gp'
y_unit = 'ms'
y_tics = 5
y_high = 1.06 * y_high
load here.'axis.gp'
set label 1003 'time, ms' at screen px(16), py(76) textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
set lmargin at screen px(80)
set rmargin at screen px(width - 150)
set tmargin at screen py(98)
set bmargin at screen py(height - 62)
unset key
key_x = width - 134
key_y = 98
load here.'stack.gp'
star(i) = find(growing_items, word(items, i)) ? ' *' : ''
figure(i) = !figures_fit ? '' : text(Total[i], 'ms').star(i)
do for [i = 1:words(items)] {
    set label figure(i) at i, Total[i] center offset 0, 0.6 noenhanced font small \
        textcolor rgb Ink
}
plot @stacks

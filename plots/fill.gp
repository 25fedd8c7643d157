# fill.gp - how full batches are and why they leave, over a swept key: batch-size-avg and records
# per batch above, the shares of the dispatch-*-ratio columns below.
#
#     gnuplot -e "csv='sweep.csv'; x='linger.ms'; out='fill.svg'" plots/fill.gp
#
# Also by -e: only='parallelism=24 ..' (some rows), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('fill.gp')]
usage = "gnuplot -e \"csv='sweep.csv'; x='linger.ms'; out='fill.svg'\" ".ARG0
required = 'csv x out'
keys = 'x'
causes = 'flush full exhausted linger neighbour'
column_of(cause) = 'dispatch-'.cause.'-ratio'
columns = 'batch-size-avg record-send-rate batch-rate '
do for [cause in causes] { columns = columns.column_of(cause).' ' }
load here.'table.gp'
load here.'numbers.gp'
by = ''
drawn(row) = kept(row) && valid_number(column('batch-size-avg')) && strcol(x) ne ''
load here.'rows.gp'

# What is seen: from how many records to how many, and the cause with the largest share.
parts = words(causes)
array Part[parts]
array Shares[parts]
array Height[parts * words(items)]
stacked_at(i, k) = (i - 1) * parts + k
do for [k = 1:parts] {
    Part[k] = word(causes, k)
    Shares[k] = 0.0
}
share(k) = valid_number(column(column_of(Part[k]))) ? column(column_of(Part[k])) : 0.0
per_batch(row) = column('record-send-rate') / column('batch-rate')
least = 1e300
most = y_high = -1e300
note_share(row, k) = (Shares[k] = Shares[k] + share(k), Height[stacked_at(item(row), k)] = share(k))
half(row) = half_width('batch-size-avg')
reach(row) = column('batch-size-avg') + (valid_number(half(row)) ? half(row) : 0)
intervals = 0
note(row) = (y_high = reach(row) > y_high ? reach(row) : y_high, \
    intervals = intervals + valid_number(half(row)), \
    least = per_batch(row) < least ? per_batch(row) : least, \
    most = per_batch(row) > most ? per_batch(row) : most, sum [k = 1:parts] note_share(row, k))
stats csv using (drawn($0) ? note($0) : 0, 1) nooutput
main = 1
do for [k = 2:parts] { main = Shares[k] > Shares[main] ? k : main }
array Because[5] = ['of a flush', 'they are full', 'the pool is exhausted', \
    'linger.ms is over', 'a neighbour leaves']
span_text = digits(least) eq digits(most) ? digits(most) : digits(least).' to '.digits(most)
if (!exists('title')) {
    title = 'Batches leave with '.span_text.' record'.(digits(most) eq '1' ? '' : 's'). \
        ', mostly because '.Because[main]
}
subtitle = scenario.': batches over '.x.with_interval.if_growing('*')
width = 840
height = 600
load here.'style.gp'
set lmargin at screen px(80)
set rmargin at screen px(width - 130)
unset key
load here.'bars.gp'
set multiplot

# The figures stand on the bars.
set yrange [0:1.35 * y_high]
set ytics ('' 0)
set tmargin at screen py(98)
set bmargin at screen py(286)
set label 1003 'batch-size-avg, and records per batch' at screen px(16), py(76) textcolor rgb Ink
star(row) = is_steady(row) ? '' : ' *'
said(row) = !figures_fit ? '' : text(column('batch-size-avg'), 'bytes').star(row)
records_word = words(items) > 9 ? '' : ' records'
said_records(row) = !figures_fit ? '' : digits(per_batch(row)).records_word
place(row) = drawn(row) ? column('batch-size-avg') : NaN
text_place(row) = drawn(row) ? reach(row) : NaN
whisker = 'csv using (item($0)):(place($0) - half($0)):(0):(2 * half($0)) with vectors nohead '
whiskers = intervals ? whisker.'lw 3 lc rgb "white", '.whisker.'lw 1.2 lc rgb Ink, ' : ''
set xtics ('' 0)
plot csv using (item($0)):(place($0)):(2 * half_bar) with boxes fillstyle solid 1 noborder \
        lc rgb Colour[1], \
    @whiskers csv using (item($0)):(text_place($0)):(said($0)) \
        with labels offset 0, 1.7 noenhanced textcolor rgb Ink, \
    csv using (item($0)):(text_place($0)):(said_records($0)) with labels offset 0, 0.7 noenhanced \
        font small textcolor rgb 0x666666
unset label 1001
unset label 1002

y_low = 0
y_high = 1
y_tics = 4
y_unit = 'share'
load here.'axis.gp'
set tmargin at screen py(344)
set bmargin at screen py(height - 62)
set label 1003 'why they leave' at screen px(16), py(322) textcolor rgb Ink
set xlabel name_of(x) offset 0, 0.3 noenhanced textcolor rgb Ink
key_x = width - 114
key_y = 344
load here.'stack.gp'
load here.'bars.gp'
plot @stacks
unset multiplot

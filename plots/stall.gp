# stall.gp - a stall over time, from --series: pool bytes, blocked mailboxes, open batches, requests
# in flight. Lines are means per producer, the band reaches from the least to the most of them.
#
#     gnuplot -e "csv='series.csv'; out='stall.svg'" plots/stall.gp
#
# Also by -e: from, to (s), memory (buffer.memory in bytes, drawn as a limit), title='..'.
here = ARG0[1:strlen(ARG0) - strlen('stall.gp')]
usage = "gnuplot -e \"csv='series.csv'; out='stall.svg'\" ".ARG0
required = 'csv out'
columns = 'time_ns subtask shard pool_used_bytes open_batches in_flight_requests mailbox'
load here.'table.gp'
load here.'numbers.gp'
if (!exists('from')) { from = -1e300 }
if (!exists('to')) { to = 1e300 }
if (!exists('memory')) { memory = 0 }

# How much there is.
samples = subtasks = shards = 0
time_before = -1
seconds(row) = column('time_ns') / 1e9
within(row) = kept(row) && seconds(row) >= from && seconds(row) <= to
count(row) = (samples = samples + (column('time_ns') != time_before), \
    time_before = column('time_ns'), \
    subtasks = column('subtask') >= subtasks ? int(column('subtask')) + 1 : subtasks, \
    shards = column('shard') >= shards ? int(column('shard')) + 1 : shards)
stats csv using (within($0) ? count($0) : 0, 1) nooutput
if (samples < 2) {
    print "error: ".csv." has fewer than two instants to draw"
    exit status 2
}

# Per instant: pool, blocked mailboxes, open batches and requests in flight, as the mean (of the
# mailboxes the sum), the least and the most of the producers.
array Time[samples]
array Mean[4 * samples]
array Least[4 * samples]
array Most[4 * samples]
array Highest[4] = [0, 0, 0, 0]
producers = subtasks * shards
now = 0
time_before = -1
place(k) = (k - 1) * samples + now
begin(row) = (now = now + 1, time_before = column('time_ns'), Time[now] = seconds(row), \
    sum [k = 1:4] (Mean[place(k)] = 0, Least[place(k)] = 1e300, Most[place(k)] = 0))
look(k, v, of) = (Mean[place(k)] = Mean[place(k)] + v / real(of), \
    Least[place(k)] = v < Least[place(k)] ? v : Least[place(k)], \
    Most[place(k)] = v > Most[place(k)] ? v : Most[place(k)], \
    Highest[k] = Most[place(k)] > Highest[k] ? Most[place(k)] : Highest[k])
is_blocked(row) = strcol('mailbox') eq 'blocked' && column('shard') == 0
gather(row) = (column('time_ns') != time_before ? begin(row) : 0, \
    look(1, column('pool_used_bytes'), producers), look(2, is_blocked(row), 1), \
    look(3, column('open_batches'), producers), look(4, column('in_flight_requests'), producers))
stats csv using (within($0) ? gather($0) : 0, 1) nooutput
waiting = (sum [k = 1:samples] Mean[samples + k]) / (samples * subtasks)
Highest[1] = memory > Highest[1] ? memory : Highest[1]
Highest[2] = subtasks

each = producers > 1 ? ' per producer' : ''
array Name[4] = ['bytes lent by the pool'.each.(memory ? ', of '.text(memory, 'bytes') : ''), \
    sprintf('mailboxes that wait for pool memory, of %d', subtasks), 'open batches'.each, \
    'requests in flight'.each]
if (!exists('title')) {
    title = waiting > 0 ? 'Mailboxes wait for pool memory '.text(waiting, 'share').' of the time' \
        : 'No mailbox waits for pool memory'
}
subtitle = producers == 1 ? 'one mailbox, one producer' \
    : sprintf('%d mailboxes, %d producers: ', subtasks, producers) \
    .'the line is their mean, the band reaches from the least to the most'
width = 840
height = 660
load here.'style.gp'
set lmargin at screen px(80)
set rmargin at screen px(width - 24)
set xrange [Time[1]:Time[samples]]
set grid xtics ytics lc rgb Faint lw 1 lt 1 dt solid
set xtics format ''
unset key
set multiplot
do for [k = 1:4] {
    floor_y = 60 + 136 * k
    set tmargin at screen py(floor_y - 96)
    set bmargin at screen py(floor_y)
    set label 1003 Name[k] at screen px(16), py(floor_y - 110) noenhanced \
        textcolor rgb Ink
    y_low = 0
    y_high = Highest[k] > 0 ? Highest[k] : 1
    y_unit = k == 1 ? 'bytes' : ''
    y_tics = y_high < 3 ? y_high : 3
    load here.'axis.gp'
    set yrange [0:1.04 * y_last * y_step] # a line at the top is seen
    if (k == 4) {
        set xtics format '%g'
        set xlabel 'time, s' offset 0, 0.3 textcolor rgb Ink
    }
    first = (k - 1) * samples
    if (k == 2) {
        plot sample [i = 1:samples:1] '+' using (Time[int(i)]):(Mean[first + int(i)]) \
            with fillsteps fillstyle solid fillcolor rgb Colour[2]
    } else {
        plot sample [i = 1:samples:1] '+' using (Time[int(i)]):(Least[first + int(i)]): \
                (Most[first + int(i)]) with filledcurves fillcolor rgb 0xb9cce4, \
            [i = 1:samples:1] '+' using (Time[int(i)]):(Mean[first + int(i)]) \
                with lines linestyle 1 lw 1.5
    }
    unset label 1001
    unset label 1002
}
unset multiplot

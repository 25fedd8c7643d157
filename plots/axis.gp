# axis.gp - loaded per axis of y, with y_low, y_high, y_unit and y_tics (about how many) set: the
# range from 0, or from y_low if `zero` is 0, and tics that a person would choose.
if (!exists('zero')) { zero = 1 }
y_from = zero && y_low > 0 ? 0.0 : y_low
y_to = zero && y_high < 0 ? 0.0 : y_high
y_step = step(y_to - y_from, y_tics, y_unit)
y_first = int(floor(y_from / y_step + 1e-9))
y_last = int(ceil(y_to / y_step - 1e-9))
y_last = y_last > y_first ? y_last : y_first + 1
set yrange [y_first * y_step:y_last * y_step]
set ytics ()
do for [tic = y_first:y_last] {
    set ytics add (tic_text(tic * y_step, y_unit, y_last * y_step) tic * y_step)
}

# rows.gp - loaded after numbers.gp by what draws a sweep: which rows there are.
#
# Before: x, by and drawn(ROW), where `by` is '' or a second key and drawn($0) tells whether a row
# has something to be drawn. After: the values of x in `items` and of `by` in `groups`, in the
# order of the file; item(ROW) and group(ROW) are places in these lists. `scenario`,
# `replications`, `rows`, and `growing`, how many of them were no steady state, at values of x
# in growing_items. Two rows with the same keys are an error, but with averaged = 1.
items = groups = pairs = growing_items = scenario = ''
rows = growing = replications = 0
group_text(row) = by eq '' ? 'all' : strcol(by)
item(row) = find(items, strcol(x))
group(row) = find(groups, group_text(row))
is_steady(row) = has('steady') ? strcol('steady') ne '0' : 1
note_row(row) = (rows = rows + 1, growing = growing + !is_steady(row), \
    growing_items = is_steady(row) ? growing_items : add(growing_items, strcol(x)), \
    items = add(items, strcol(x)), groups = add(groups, group_text(row)), \
    pairs = add(pairs, strcol(x).' '.group_text(row)), \
    scenario = has('scenario') ? strcol('scenario') : csv, \
    replications = has('replications') ? column('replications') : 1)
stats csv using (drawn($0) ? note_row($0) : 0, 1) nooutput
if (only ne '') { scenario = scenario.' with '.only }
if (rows == 0) {
    print 'error: '.csv.' has nothing to draw'.(only eq '' ? '' : " where only='".only."'")
    exit status 2
}
if (!exists('averaged')) { averaged = 0 }
if (words(pairs) < rows && !averaged) {
    print 'error: '.csv.' has several rows with the same '.x.(by eq '' ? '' : ' and '.by). \
        "; choose with only='KEY=VALUE ..'"
    exit status 2
}

# The 95 % interval of a column, or NaN: none is claimed where there is no steady state.
half_width(name) = has(name.':ci95') && is_steady(0) ? column(name.':ci95') : NaN

# The parts of a subtitle. A long meaning would not fit and is left out.
about(name) = meaning(name) eq '' || strlen(meaning(name)) > 62 ? scenario \
    : scenario.': '.meaning(name)
with_interval = replications > 1 \
    ? sprintf('; mean and 95 %% interval of %d replications', replications) : ''
of_replications = replications > 1 ? sprintf('; mean of %d replications', replications) : ''
if_growing(sign) = growing ? '; '.sign.': the backlog grew' : ''

# stack.gp - loaded after style.gp: stacked bars, the first part at the bottom.
#
# Before: `parts` (6 at most), their names in Part[K], Height[stacked_at(I, K)], how high part K of
# the I-th item is, and key_x and key_y, the left upper corner of the key in pixels. After:
# plot @stacks. Parts differ by shade and by hatch.
swatch_x = key_x
do for [k = 1:parts] {
    swatch_y = key_y + 22 * (parts - k)
    swatch_text = Part[k]
    load here.'swatch.gp'
}
set print $Stacks
print 'item,part,from,to'
do for [i = 1:words(items)] {
    below = 0.0
    do for [k = 1:parts] {
        print sprintf('%d,%d,%.9g,%.9g', i, k, below, below + Height[stacked_at(i, k)])
        below = below + Height[stacked_at(i, k)]
    }
}
set print
of_part(k) = column('part') == k ? column('item') : NaN
stack_boxes = '$Stacks using (of_part(k)):(column("from")):(column("item") - half_bar): \
    (column("item") + half_bar):(column("from")):(column("to")) with boxxyerror'
stacks = 'for [k = 1:parts] '.stack_boxes.' fillstyle solid 1 noborder lc rgb Shade[k] notitle, \
    for [k = 1:parts] '.stack_boxes.' fillstyle transparent pattern Hatch[k] noborder \
        lc rgb Hatching[k] notitle'

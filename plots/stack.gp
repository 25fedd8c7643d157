# stack.gp - loaded after style.gp: stacked bars, the first part at the bottom.
#
# Before: `parts` (6 at most), their names in Part[K], Height[stacked_at(I, K)], how high part K of
# the I-th item is, and key_x and key_y, the left upper corner of the key in pixels. After:
# plot @stacks. Parts differ by shade and by hatch.
array Shade[6] = [0x12436d, 0xf9c3a4, 0x801650, 0xa9d5cf, 0xe4e7eb, 0x6f7478]
array Hatching[6] = [0x12436d, 0xe0702f, 0xe6c3d5, 0x1d8f84, 0xe4e7eb, 0xb9bdc2]
array Hatch[6] = [0, 5, 1, 4, 0, 6]
do for [k = 1:parts] {
    key_line = key_y + 22 * (parts - k)
    set object 100 + k rectangle from screen px(key_x), py(key_line) to screen px(key_x + 26), \
        py(key_line + 14) front fillstyle solid 1 noborder fillcolor rgb Shade[k]
    set object 200 + k rectangle from screen px(key_x), py(key_line) to screen px(key_x + 26), \
        py(key_line + 14) front fillstyle transparent pattern Hatch[k] noborder \
        fillcolor rgb Hatching[k]
    set label 1100 + k Part[k] at screen px(key_x + 34), py(key_line + 7) noenhanced \
        textcolor rgb Ink
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

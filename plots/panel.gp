# panel.gp - loaded per panel after rows.gp, style.gp and bars.gp: bars with their figures on them,
# side by side per group.
#
# Before: panel_name, panel_unit and panel_value(ROW), in a using clause; the corners in pixels,
# panel_left, panel_right, panel_top and panel_bottom. If `target` is 1, target_value(ROW) is
# drawn as a line across the bar.
panel_most = 0.0
panel_reach(row) = target && target_value(row) > panel_value(row) ? target_value(row) \
                 : panel_value(row)
has_value(row) = drawn(row) && valid_number(panel_value(row))
note_panel(v) = (panel_most = v > panel_most ? v : panel_most)
stats csv using (has_value($0) ? note_panel(panel_reach($0)) : 0, 1) nooutput
set lmargin at screen px(panel_left)
set rmargin at screen px(panel_right)
set tmargin at screen py(panel_top)
set bmargin at screen py(panel_bottom)
set yrange [0:panel_most > 0 ? 1.25 * panel_most : 1]
set ytics ('' 0)
set label 1003 panel_name at screen px(panel_left), py(panel_top - 6) noenhanced textcolor rgb Ink
bar_width = 2 * half_bar / words(groups)
bar_at(row) = item(row) + bar_width * (group(row) - 0.5 * (words(groups) + 1))
bar_top(row) = has_value(row) ? panel_value(row) : NaN
in_group(row, k) = group(row) == k ? bar_top(row) : NaN
figure(row) = text(panel_value(row), panel_unit).(is_steady(row) ? '' : ' *')
targets = target ? 'csv using (bar_at($0)):(has_value($0) ? target_value($0) : NaN): \
    (0.5 * bar_width) with xerrorbars pt 0 lw 2 lc rgb Colour[2],' : ''
array Bar_shade[3] = [0x12436d, 0xf9c3a4, 0xa9d5cf]
array Bar_hatching[3] = [0x12436d, 0xe0702f, 0x1d8f84]
array Bar_hatch[3] = [0, 5, 4]
plot for [k = 1:words(groups)] csv using (bar_at($0)):(in_group($0, k)):(0.94 * bar_width) \
        with boxes fillstyle solid 1 noborder lc rgb Bar_shade[1 + (k - 1) % 3], \
    for [k = 1:words(groups)] csv using (bar_at($0)):(in_group($0, k)):(0.94 * bar_width) \
        with boxes fillstyle transparent pattern Bar_hatch[1 + (k - 1) % 3] noborder \
        lc rgb Bar_hatching[1 + (k - 1) % 3], \
    @targets csv using (bar_at($0)):(has_value($0) ? panel_reach($0) : NaN):(figure($0)) \
        with labels offset 0, 0.6 noenhanced font small textcolor rgb Ink

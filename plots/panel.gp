# panel.gp - loaded per panel after rows.gp and style.gp: bars with their figures on them,
# side by side per group.
#
# Before: `panel`, counted from 1, of `panels` that stand below one another from panel_y, in pixels;
# panel_name; panel_value(ROW), the height of a bar, panel_half(ROW), its 95 % interval or NaN, and
# panel_text(ROW), what is written on it; if `target` is not 0, a line there, the figures above it.
load here.'bars.gp'
panel_most = real(target)
panel_intervals = 0
has_value(row) = drawn(row) && valid_number(panel_value(row))
has_half(row) = has_value(row) && valid_number(panel_half(row))
bar_reach(row) = panel_value(row) + (has_half(row) ? panel_half(row) : 0)
note_panel(row) = (panel_most = bar_reach(row) > panel_most ? bar_reach(row) : panel_most, \
    panel_intervals = panel_intervals + has_half(row))
stats csv using (has_value($0) ? note_panel($0) : 0, 1) nooutput
panel_top = panel_y + 18 + (panel - 1) * 118
set lmargin at screen px(24)
set rmargin at screen px(width - 24)
set tmargin at screen py(panel_top)
set bmargin at screen py(panel_top + 88)
set yrange [0:panel_most > 0 ? 1.25 * panel_most : 1]
set ytics ('' 0)
set label 1003 panel_name at screen px(16), py(panel_top - 8) noenhanced textcolor rgb Ink
bar_width = 2 * half_bar / words(groups)
bar_at(row) = item(row) + bar_width * (group(row) - 0.5 * (words(groups) + 1))
bar_top(row) = has_value(row) ? panel_value(row) : NaN
text_at(row) = !has_value(row) ? NaN : bar_reach(row) < target ? target : bar_reach(row)
in_group(row, k) = group(row) == k ? bar_top(row) : NaN
figure(row) = !figures_fit ? '' : panel_text(row).(is_steady(row) ? '' : ' *')
set xlabel panel == panels ? name_of(x) : '' offset 0, 0.3 noenhanced textcolor rgb Ink
if (panel < panels) { set xtics ('' 0) }
whisker = 'csv using (bar_at($0)):(has_half($0) ? panel_value($0) - panel_half($0) : NaN): \
    (0):(2 * panel_half($0)) with vectors nohead '
whiskers = panel_intervals == 0 ? '' \
    : whisker.'lw 3 lc rgb "white", '.whisker.'lw 1.2 lc rgb Ink, '
unset arrow
if (target > 0) { set arrow from graph 0, first target to graph 1, first target nohead front \
    lw 1.5 dt (6,4) lc rgb Colour[2] }
plot for [k = 1:words(groups)] csv using (bar_at($0)):(in_group($0, k)):(0.94 * bar_width) \
        with boxes fillstyle solid 1 noborder lc rgb Shade[shade(k)], \
    for [k = 1:words(groups)] csv using (bar_at($0)):(in_group($0, k)):(0.94 * bar_width) \
        with boxes fillstyle transparent pattern Hatch[shade(k)] noborder \
        lc rgb Hatching[shade(k)], \
    @whiskers csv using (bar_at($0)):(text_at($0)):(figure($0)) \
        with labels offset 0, 0.6 noenhanced font small textcolor rgb Ink
unset label 1001
unset label 1002
if (panel == 1 && words(groups) > 1) {
    do for [k = 1:words(groups)] {
        unset label 1100 + k
        unset object 100 + k
        unset object 200 + k
    }
}

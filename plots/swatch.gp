# swatch.gp - loaded per entry of a key of bars: the k-th shade and hatch, and swatch_text, at
# swatch_x and swatch_y, in pixels.
set object 100 + k rectangle from screen px(swatch_x), py(swatch_y) to \
    screen px(swatch_x + 26), py(swatch_y + 14) front fillstyle solid 1 noborder \
    fillcolor rgb Shade[shade(k)]
set object 200 + k rectangle from screen px(swatch_x), py(swatch_y) to \
    screen px(swatch_x + 26), py(swatch_y + 14) front fillstyle transparent pattern \
    Hatch[shade(k)] noborder fillcolor rgb Hatching[shade(k)]
set label 1100 + k swatch_text at screen px(swatch_x + 34), py(swatch_y + 7) noenhanced \
    textcolor rgb Ink

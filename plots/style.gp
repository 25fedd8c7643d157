# style.gp - loaded last, before the first `plot`: opens the output and says what is seen.
#
# Whatever a colour says is said again by dash and point or by a pattern, and neighbours differ in
# lightness: a grey copy can be read.
#
#     width, height, title, subtitle   must be set; `title` may come from the caller: enhanced text
#     px(N), py(N)                     N pixels from the left, from the top, for `at screen`
#     Colour, Filled                   by cycle(K); line styles 1 to 8
#     Shade, Hatch, Hatching           of bars, by shade(K)

array Colour[8] = [0x12436d, 0xf46a25, 0x1d8f84, 0xa285d1, 0x801650, 0x8a8d91, 0x3d3d3d, 0xd9a514]
array Filled[8] = [7, 5, 9, 13, 11, 15, 7, 5]
cycle(k) = 1 + (k - 1) % 8
set style line 1 dt solid
set style line 2 dt (10,4)
set style line 3 dt (3,3)
set style line 4 dt (10,3,3,3)
set style line 5 dt (18,4)
set style line 6 dt (2,5)
set style line 7 dt (10,3,2,3,2,3)
set style line 8 dt (5,5)
do for [k = 1:8] { set style line k lc rgb Colour[k] lw 2 pt Filled[k] ps 1.1 }
array Shade[6] = [0x12436d, 0xf9c3a4, 0x801650, 0xa9d5cf, 0xe4e7eb, 0x6f7478]
array Hatching[6] = [0x12436d, 0xe0702f, 0xe6c3d5, 0x1d8f84, 0xe4e7eb, 0xb9bdc2]
array Hatch[6] = [0, 5, 1, 4, 0, 6]
shade(k) = 1 + (k - 1) % 6
Ink = 0x333333
Faint = 0xd8dade

px(n) = n / real(width)
py(n) = 1 - n / real(height)
if (ending eq '.svg') {
    set terminal svg size width,height font 'sans-serif,12' background 'white'
    small = ',10.5'
    large = ',16'
} else {
    set terminal pngcairo size 2*width,2*height font 'Sans,9' fontscale 2 linewidth 2 \
        pointscale 2 background 'white'
    small = ',8'
    large = ',12'
}
set output out

# Names have underscores: all text but the title, which alone is bold, is taken as it is.
set label 1001 '{/:Bold '.title.'}' at screen px(16), py(26) font large textcolor rgb 0x111111
set label 1002 subtitle at screen px(16), py(47) noenhanced font small \
    textcolor rgb 0x666666
set border 1 lc rgb 0x888888 lw 1
set tics noenhanced nomirror out scale 0.5 textcolor rgb Ink
set ytics scale 0
set grid ytics lc rgb Faint lw 1 lt 1 dt solid
set key noenhanced textcolor rgb Ink samplen 3 spacing 1.3

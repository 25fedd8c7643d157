# bars.gp - loaded after rows.gp by what draws bars: a place per value of x, with its label below.
# Where there is no room for all labels, long ones are turned and short ones left out, and
# figures_fit is 0.
half_bar = 0.36
label_of(k) = escaped(key_text(x, word(items, k)))
letters = 0
do for [k = 1:words(items)] {
    letters = strlen(label_of(k)) > letters ? strlen(label_of(k)) : letters
}
bars_apart = words(items) < 4 ? (4 - words(items)) / 2.0 : 0
set xrange [0.4 - bars_apart:words(items) + 0.6 + bars_apart]
set xtics ()
turned = letters > 4 && words(items) <= 24 && words(items) * (letters + 1) > 85
every = turned ? 1 : 1 + words(items) * (letters + 1) / 86
do for [k = 1:words(items):every] { set xtics add (label_of(k) k) }
if (turned) { set xtics rotate by -35 }
figures_fit = words(items) * words(groups) <= 24

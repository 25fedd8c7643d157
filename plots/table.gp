# table.gp - loaded by every script: the -e variables, the columns of the CSV by name, their units.
#
# A script first sets
#     here      the directory of the scripts
#     usage     how it is called, for the error messages
#     required  -e variables that must be there
#     keys      -e variables that hold the name of a column, where they are given
# and may read afterwards
#     has(NAME), unit(NAME), meaning(NAME)
#     kept($0)  in a using clause: whether the row is one of -e "only='KEY=VALUE ..'"
# Names are compared with the words of the header, so nothing depends on the order of columns.
# gnuplot reads no further than a comma in a text, even if it is quoted: values that differ only
# after it are the same to it.
# A mistake of the caller is a line on standard error, with what would be right below it; status 2.
# Nothing is drawn then.

problem = ''
do for [name in required] {
    if (problem eq '' && !exists(name)) { problem = "the variable ".name." is missing" }
}
if (problem eq '') {
    ending = strlen(out) > 4 ? out[strlen(out)-3:*] : ''
    if (ending ne '.svg' && ending ne '.png') {
        problem = "out='".out."': only .svg and .png can be drawn"
    }
}
if (problem eq '' && system("test -s '".csv."' && echo yes") ne 'yes') {
    problem = "csv='".csv."': there is no such file, or it is empty"
}
if (problem ne '') {
    print "error: ".problem."; call it like this:\n    ".usage
    exit status 2
}

set datafile separator comma
set datafile missing NaN # a line goes on past a row that is not its own
set dummy u, v # x and y are names of columns

# A list is text, each item in quotes: words() and word() read it, item by item.
place_in(list, item) = strstrt(list, "'".item."'")
add(list, item) = place_in(list, item) ? list : list."'".item."' "
find(list, item) = place_in(list, item) == 0 ? 0 \
    : words(list[1:place_in(list, item) + strlen(item) + 1])

header = ''
stats csv using (1) every ::0::0 nooutput
header_width = STATS_columns
read_header(row) = sum [k = 1:header_width] (header = add(header, strcol(k)), 0)
stats csv using (read_header($0), 1) every ::0::0 nooutput
has(name) = find(header, name) > 0

if (!exists('only')) { only = '' }
split(pair) = strstrt(pair, '=')
given_key(k) = word(only, k)[1:split(word(only, k))-1]
given_value(k) = word(only, k)[split(word(only, k))+1:*]

wanted = exists('columns') ? columns.' ' : ''
do for [name in exists('keys') ? keys : ''] {
    if (exists(name) && value(name) ne '') { wanted = add(wanted, value(name)) }
}
do for [k = 1:words(only)] { wanted = add(wanted, given_key(k)) }
do for [k = 1:words(wanted)] {
    if (problem eq '' && !has(word(wanted, k))) { problem = word(wanted, k) }
}
if (problem ne '') {
    print "error: ".csv." has no column '".problem."'; it has"
    do for [name in header] { if (!strstrt(name, ':')) { print '    '.name } }
    exit status 2
}

set datafile columnheaders
kept(row) = (sum [k = 1:words(only)] (strcol(given_key(k)) eq given_value(k))) == words(only)
valid_number(v) = v == v
is_digit(c) = strstrt('0123456789+-.eE', c) > 0
is_number(text) = text ne '' && (sum [k = 1:strlen(text)] is_digit(text[k:k])) == strlen(text)

# names.csv is written by the program. A swept parameter goes by the end of its path.
units = '|'
meanings = '|'
stats here.'names.csv' using (units = units.strcol(1).'='.strcol(2).'|', \
    meanings = meanings.strcol(1).'='.strcol(3).'|', 1) nooutput
rest(all, at) = all[at:at+strstrt(all[at:*], '|')-2]
lookup(all, name, at) = at ? rest(all, at+strlen(name)+2) : ''
either(a, b) = a ? a : b
found(all, name) = lookup(all, name, \
    either(strstrt(all, '|'.name.'='), strstrt(all, '.'.name.'=')))
unit(name) = found(units, name)
meaning(name) = found(meanings, name)

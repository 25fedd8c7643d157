# numbers.gp - loaded after table.gp: how values are written and where an axis has its tics.
#
#     text(VALUE, UNIT)    as a person would write it: 128 KiB, 240 k, 12.5 %
#     scale(NAME)          the unit of a column or key: what the program says, or `share`
#     name_of(NAME)        the name of an axis, with its unit where the numbers do not carry one
#     key_text(NAME, ITEM) a value of a key
#     tic_text(VALUE, UNIT, TOP)  a tic of an axis up to TOP
#     step(RANGE, COUNT, UNIT)    between tics, so that there are up to about COUNT of them

prefixes = 'B KiB MiB GiB TiB'
clip(v, low, high) = v < low ? low : v > high ? high : v
order(v, base) = v == 0 ? 0 : int(floor(log(abs(v)) / log(base) + 1e-9))
shorter(t) = strstrt(t, '.') == 0 ? t : t[strlen(t):*] eq '0' ? shorter(t[1:strlen(t)-1]) \
           : t[strlen(t):*] eq '.' ? t[1:strlen(t)-1] : t
digits(v) = abs(v) >= 99.5 ? sprintf('%.0f', v) : abs(v) < 0.0995 ? sprintf('%.3g', v) \
          : shorter(sprintf(abs(v) >= 9.95 ? '%.1f' : '%.2f', v))
bytes_text(v, k) = digits(v / 1024.0**k).' '.word(prefixes, k + 1)
plain_text(v) = abs(v) >= 1e9 ? digits(v / 1e9).' G' : abs(v) >= 1e6 ? digits(v / 1e6).' M' \
              : abs(v) >= 1e4 ? digits(v / 1e3).' k' : digits(v)
text(v, unit) = v != v ? '' \
              : unit eq 'bytes' ? (v == 0 ? '0' : bytes_text(v, clip(order(v, 1024), 0, 4))) \
              : unit eq 'share' ? digits(100 * v).' %' \
              : unit eq 'ns' ? plain_text(v / 1e9).' s' \
              : plain_text(v)

# On an axis up to `top` with one prefix for all; % begins a format there.
escaped(t) = strstrt(t, '%') ? t[1:strstrt(t, '%')].'%' : t
tic_text(v, unit, top) = carried(unit) && unit ne '' || abs(top) < 1e4 \
    ? escaped(text(v, unit)) : v == 0 ? '0' : abs(top) < 1e7 ? digits(v / 1e3).' k' : text(v, unit)

# A column without a unit is a share if its name says so.
is_share(name) = strstrt(name, '-ratio') || strstrt(name, 'utilisation')
scale(name) = unit(name) eq '' && is_share(name) ? 'share' : unit(name)
carried(unit) = unit eq '' || unit eq 'bytes' || unit eq 'share' || unit eq 'ns'
name_of(name) = carried(scale(name)) || strstrt(name, '.ms') ? name : name.', '.scale(name)
key_text(name, item) = is_number(item) ? text(real(item), scale(name)) : item

# 1, 2 or 5 times a power of ten, or of two where bytes are counted: about `count` in the range.
nice(v, power) = v <= power ? power : v <= 2 * power ? 2 * power \
               : v <= 5 * power ? 5 * power : 10 * power
step(range, count, unit) = range <= 0 ? 1.0 \
                  : unit eq 'bytes' ? 2.0**ceil(log(range / real(count)) / log(2) - 1e-9) \
                  : nice(range / real(count), 10.0**order(range / real(count), 10))

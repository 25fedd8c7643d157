#!/bin/bash
# test_claims.sh PROGRAM - `claims` reruns what models/CLAIMS.md holds, and the page is what it
# prints; each row's scenario, typed, gives the row's figure; what has come to be otherwise is said.
# By default some of the claims; all of them, which takes some 20 s, and writing the page:
#
#     CLAIMS_ALL=1 tests/program/test_claims.sh build/fanout-sim
#     CLAIMS_UPDATE=1 tests/program/test_claims.sh build/fanout-sim
#
# guards: models/advice/claims, models/advice/claims_command, models/CLAIMS.md, sim/command/locate
. "$(dirname "$0")/../common.sh"
page=$tests/../models/CLAIMS.md
cd "$work" || exit 1

table() { sed -n '/^| claim | verdict |/,/^$/p' "$1" | sed '$d'; }

if [ -n "${CLAIMS_UPDATE:-}" ]; then
    "$program" claims --markdown > whole || fail "status $?"
    awk 'FNR == NR { rows = rows $0 "\n"; next }
        /^[|] claim [|] verdict [|]/ { printf "%s", rows; inside = 1 }
        inside && /^$/ { inside = 0 }
        !inside { print }' whole "$page" > page && cp page "$page"
fi

some=(C7 C16 C18 C43 C48 C52 C76)
[ -z "${CLAIMS_ALL:-}" ] || some=()
"$program" claims "${some[@]}" --markdown -o claims.csv > some || fail "claims: status $?"
table "$page" > held
[ "$(wc -l < held)" -gt 80 ] || fail "the page holds no table"
if [ -n "${CLAIMS_ALL:-}" ]; then
    diff held some || fail "models/CLAIMS.md is not what the program says"
else
    grep -vxFf held some && fail "models/CLAIMS.md is not what the program says"
fi
[ "$(head -n 1 claims.csv)" = claim,verdict,figure,scenario ] || fail "$(head -n 1 claims.csv)"
"$program" claims C7 C16 C48 -j 1 > one
"$program" claims C7 C16 C48 -j 3 > three
cmp -s one three || fail "-j 1 and -j 3 differ"
grep -q '^3 of 3 verdicts are as the runs say' one || fail "$(tail -n 1 one)"

# What a row names, as it is typed anywhere.
row=$("$program" claims C18 -v | grep -A 1 -F '18.2 with one' | tail -n 1)
[ -n "$row" ] || fail "no row of 18.2 requests/s"
eval "$program $row --quiet -o typed.csv" || fail "cannot be typed: $row"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "request-rate") c = i }
    NR == 2 { exit !($c > 18.1 && $c < 18.3) }' typed.csv || fail "typed it says something else"

# Otherwise than the table has it: a pipeline of another length.
"$program" claims C18 --set broker.request=8ms > other
[ $? -eq 3 ] || fail "another figure: status $?"
grep -q 'NOT SO: 77.0 requests/s' other || fail "not said: $(cat other)"
"$program" claims C99 > other 2>&1
[ $? -eq 2 ] && grep -q 'there is no claim C99' other || fail "C99: $(cat other)"

exit $((failures > 0))

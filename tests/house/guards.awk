# guards.awk - what the tests say that they guard: reads their head comments and prints, for each
# module or other thing of the tree that a test names and each section that it cites, a line
#
#     MODULE <tab> TEST <tab> DOCUMENT <tab> SECTION
#
# (the last two "-" where nothing is cited). A test without a line "guards: " is complained of as
# "file:1: what", and the exit status is 1. From the root of the tree:
#
#     LC_ALL=C awk -f tests/house/guards.awk FILE...
#
# The line is the last paragraph of the head comment: modules, then documents with their sections.
#
#     guards: models/producer/sender, models/kafka/batch; kafka-producer.md 3.5; clients.md V6

function finish(    parts, modules, sections, n, m, k, i, j, l, document, test, cited)
{
    if (file == "")
        return
    if (text == "") {
        print file ":1: says not what it guards" > "/dev/stderr"
        bad = 1
        return
    }
    test = file
    sub(/.*\//, "", test)
    sub(/\.[a-z]+$/, "", test)
    n = split(text, parts, /; */)
    m = split(parts[1], modules, /, */)
    for (i = 1; i <= m; i++) {
        cited = 0
        for (j = 2; j <= n; j++) {
            document = parts[j]
            sub(/ .*/, "", document)
            k = split(substr(parts[j], length(document) + 2), sections, /, */)
            for (l = 1; l <= k; l++)
                print modules[i] "\t" test "\t" document "\t" sections[l]
            cited += k
        }
        if (cited == 0)
            print modules[i] "\t" test "\t-\t-"
    }
}

FNR == 1 {
    finish()
    file = FILENAME
    text = ""
    inside = 1
    reading = 0
    next
}

!inside { next }
/^ \*\/$/ || !/^( \*|#)/ { inside = 0; next }

{
    line = $0
    sub(/^( \*|#) ?/, "", line)
    if (line ~ /^guards: /) {
        reading = 1
        text = substr(line, 9)
    } else if (reading && line != "")
        text = text " " line
    else
        reading = 0
}

END {
    finish()
    exit bad
}

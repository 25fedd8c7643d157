# citations.awk - every citation of the specification has its place there: prints "file:line: what"
# for each that has not, and exits with 1. From the root of the tree:
#
#     LC_ALL=C awk -v documents="$(find . -name '*.md')" -f tests/house/citations.awk FILE...
#
# How documents are cited is said in models/spec/README.md. Read are the comments of the code (a
# line is that at which the comment begins) and all of a document.

BEGIN {
    id = "(appendix [A-C]|[ACPV]?[0-9]+(\\.[0-9]+)*)( (steps?|rules?) [0-9]+( to [0-9]+)?)?"
    count = split(documents, document, "[ \n]+")
    for (i = 1; i <= count; i++) {
        sub(/^\.\//, "", document[i])
        read_document(document[i])
    }
    # What only a document may say of itself.
    bare["[([ ][ACPV][1-9][0-9]?[^A-Za-z0-9_%]"] = "a number without its document"
    bare["[^A-Za-z0-9_]\\((1[0-5]|[1-9])(\\.[0-9]+)*((,|;| and) [1-9][0-9]?(\\.[0-9]+)*)*[;)]"] = \
        "a number without its document"
    bare["^[ *]*[1-9][0-9]?\\.[0-9]+: "] = "a number without its document"
    bare["[Ss]ections? [0-9]"] = "a section without its document"
    bare["[^a-z]([Ss]teps?|[Rr]ules?) [0-9]"] = "a step without its section"
    bare["[Aa]ppendix [A-C]"] = "an appendix without its document"
    bare["\\.md,? (section |[A-Z][a-z]|\")"] = "a name instead of a number"
}

# The places of a document: headings, paragraphs in bold, rows of tables, items of lists.
function read_document(path,    line, place, item) {
    exists[path] = 1
    while ((getline line < path) > 0) {
        item = line
        if (line ~ /^#+ /) {
            sub(/^#+ /, "", item)
            if (match(item, /^Appendix [A-C]/))
                place = "appendix " substr(item, RLENGTH, 1)
            else if (match(item, /^[ACPV]?[0-9]+(\.[0-9]+)*/))
                place = substr(item, 1, RLENGTH)
            else
                place = ""
            if (place != "")
                has[path, place] = 1
        } else if (match(item, /^(\*\*|\| *)[ACPV]?[0-9]+(\.[0-9]+)*[ *]/)) {
            sub(/^(\*\*|\| *)/, "", item)
            match(item, /^[ACPV]?[0-9]+(\.[0-9]+)*/)
            if (line ~ /^\*\*/ || item ~ /^[A-Z]/)
                has[path, substr(item, 1, RLENGTH)] = 1
        } else if (match(item, /^[0-9]+\. /))
            has[path, place " item " substr(item, 1, RLENGTH - 2)] = 1
    }
    close(path)
}

function complain(what) {
    print file ":" first ": " what
    bad = 1
}

# Where the name leads from this file: beside a document, from the root, or to the specification.
function found(name,    beside) {
    if (prose) {
        beside = file
        sub(/[^\/]*$/, "", beside)
        while (sub(/^\.\.\//, "", name))
            sub(/[^\/]+\/$/, "", beside)
        if ((beside name) in exists)
            return beside name
    }
    if (name in exists)
        return name
    return "models/spec/" name
}

# One of the numbers after a document's name: a place, perhaps an item of its list.
function check_place(path, text,    place, items, n, i) {
    place = text
    if (match(text, / (steps?|rules?) /)) {
        place = substr(text, 1, RSTART - 1)
        n = split(substr(text, RSTART + RLENGTH), items, " to ")
        for (i = 1; i <= n; i++)
            if (!((path, place " item " items[i]) in has))
                complain(path " " place ": no item " items[i] " there")
    }
    if (!((path, place) in has))
        complain(path ": no " place " there")
}

# Takes the citations out of the text, one by one; what is left must be no citation.
function check(text,    rest, name, path, pattern, place, cited) {
    rest = ""
    while (match(text, /[A-Za-z0-9_.\/-]*[A-Za-z0-9_-]\.md/)) {
        name = substr(text, RSTART, RLENGTH)
        rest = rest substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        path = found(name)
        if (!(path in exists)) {
            complain(name ": no such document")
            path = ""
        }
        pattern = "^ " id
        cited = 0
        while (match(text, pattern) && substr(text, RLENGTH + 1) !~ /^[A-Za-z0-9_%]/) {
            place = substr(text, 1, RLENGTH)
            text = substr(text, RLENGTH + 1)
            sub(/^(,| and| to)? /, "", place)
            if (path != "")
                check_place(path, place)
            pattern = "^(,| and| to) " id
            cited = 1
        }
        rest = rest (cited ? "" : ".md")
    }
    rest = " " rest text " "
    if (!prose)
        for (pattern in bare)
            if (match(rest, pattern))
                complain(bare[pattern] ": " substr(rest, RSTART, RLENGTH))
    if (file ~ /^models\/spec\//)
        while (match(rest, /[Ss]ections? [0-9]+(\.[0-9]+)*/)) {
            name = substr(rest, RSTART, RLENGTH)
            rest = substr(rest, RSTART + RLENGTH)
            sub(/^[Ss]ections? /, "", name)
            if (!((file, name) in has))
                complain("no section " name " here")
        }
}

function flush() {
    if (comment != "")
        check(comment)
    comment = ""
}

function add(text) {
    if (comment == "")
        first = FNR
    sub(/^[ \t]*(\*|#)?[ \t]*/, "", text)
    comment = comment (comment == "" ? "" : " ") text
}

FNR == 1 {
    flush() # of the file before
    file = FILENAME
    inside = 0
    prose = file ~ /\.md$/
    hashes = file ~ /(\.(sh|awk|gp|yaml|txt)|\/run)$/
}

prose {
    if ($0 ~ /^[ \t]*$/ || $0 ~ /^\|/)
        flush()
    add($0)
    next
}

hashes {
    if (match($0, /(^|[ \t])#/))
        add(substr($0, RSTART + RLENGTH))
    else
        flush()
    next
}

{
    line = $0
    gsub(/'(\\.|[^'\\])'/, "' '", line)
    while (line != "") {
        if (inside) {
            end = index(line, "*/")
            add(end ? substr(line, 1, end - 1) : line)
            inside = !end
            line = end ? substr(line, end + 2) : ""
            if (end)
                flush()
        } else if (match(line, /"([^"\\]|\\.)*"|\/\*|\/\//)) {
            what = substr(line, RSTART, 2)
            line = substr(line, RSTART + RLENGTH)
            inside = what == "/*"
            if (what == "//") {
                add(line)
                flush()
                line = ""
            }
        } else
            line = ""
    }
}

END {
    flush()
    exit bad
}

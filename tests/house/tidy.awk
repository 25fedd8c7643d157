# tidy.awk - house rules that can be checked line by line: prints "file:line: what" for each that is
# broken, and exits with 1. From the root of the tree:
#
#     LC_ALL=C awk -v modules=tests/modules.txt -f tests/house/tidy.awk FILE...
#
# The list of modules, folder after folder, is the reading order and so the dependency rule: a file
# includes only what stands before it. A file NAME_x is a part of the module NAME where it has no
# line of its own; the parts of a module may include each other.

BEGIN {
    while ((getline line < modules) > 0)
        place[line] = ++places
    lines_max = 400
    columns_max = 100
    function_max = 60
    allocators = "(malloc|calloc|realloc|free|strdup|mmap|munmap)"
    banned = "(gets|sprintf|vsprintf|strcpy|strcat|strtok|atoi|atol|atof|rand|srand|time|setjmp|" \
             "longjmp|alloca|system)"
    may_allocate["sim/core/arena.c"] = may_allocate["models/log/log.c"] = 1
}

function complain(line, what)
{
    printf "%s:%d: %s\n", FILENAME, line, what
    broken = 1
}

function module_of(path)
{
    sub(/\.[a-z]+$/, "", path)
    while (!(path in place) && path ~ /_[^\/]*$/)
        sub(/_[^_\/]*$/, "", path)
    return path in place ? path : ""
}

function name_of(path)
{
    sub(/^.*\//, "", path)
    return path
}

function calls(code, names)
{
    return code ~ ("(^|[^A-Za-z0-9_.>])" names "\\(")
}

FNR == 1 {
    in_comment = in_function = 0
    heading = 1
    is_c = FILENAME ~ /\.[ch]$/
    is_ours = is_c && FILENAME ~ /^(sim|models)\//
    own = is_ours ? module_of(FILENAME) : ""
    if (is_c && $0 == "/*" && (getline) > 0 && index($0, " * " name_of(FILENAME) " - ") != 1)
        complain(2, "the head does not begin with the file's name")
    if (is_ours && own == "")
        complain(1, "no module of " modules)
}

FNR == lines_max + 1 { complain(FNR, "more than " lines_max " lines") }

{
    shown = $0
    gsub(/[\200-\277]/, "", shown) # a character of UTF-8 counts once
    if (length(shown) > columns_max)
        complain(FNR, length(shown) " columns, more than " columns_max)
    if ($0 ~ /(^|[^A-Za-z])(TO[D]O|FIX[M]E|X[X]X|HA[C]K)([^A-Za-z]|$)/)
        complain(FNR, "something left to do")
    if ($0 ~ /[ \t\r]$/)
        complain(FNR, "a space at the end")
}

FILENAME ~ /^sim\// && tolower($0) ~ /kafka|flink/ { complain(FNR, "the simulator knows no model") }

!is_c { next }

/\t/ { complain(FNR, "a tab") }

# Functions: from the first line of the heading to the brace in the first column.
!in_function && (/^$/ || /^#/ || /^ \*/ || /\*\/$/) { heading = FNR + 1 }
/^{$/ { in_function = 1 }
/^}/ {
    if (in_function && FNR - heading + 1 > function_max)
        complain(FNR, "a function of " (FNR - heading + 1) " lines, more than " function_max)
    in_function = 0
    heading = FNR + 1
}

!is_ours { next }

/^#include "/ {
    included = $2
    gsub(/"/, "", included)
    other = module_of(included)
    if (FILENAME ~ /^sim\// && included !~ /^sim\//)
        complain(FNR, included ": the simulator includes no model")
    else if (other == "")
        complain(FNR, included ": no module of " modules)
    else if (place[other] > place[own])
        complain(FNR, included ": comes later in the reading order")
}

# Calls, in the code alone.
{
    code = $0
    gsub(/\\./, "", code)
    gsub(/"[^"]*"/, "", code)
    gsub(/\/\*[^*]*\*\//, "", code)
    if (in_comment && !sub(/^.*\*\//, "", code))
        next
    in_comment = sub(/\/\*.*$/, "", code)
    if (calls(code, allocators) && !(FILENAME in may_allocate))
        complain(FNR, "memory comes from an arena")
    if (calls(code, banned))
        complain(FNR, "a function that we do not call")
}

END { exit broken }

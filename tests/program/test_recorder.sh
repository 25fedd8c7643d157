#!/bin/bash
# test_recorder.sh PROGRAM - records some cases anew from the released clients and compares them
# with what is in the tree. Skipped (77) where there is no JDK, no Maven, or nothing that the
# clients could be fetched from. The program is not asked.
#
# guards: tests/recorder, tests/conformance; recordings.md 1, 2
. "$(dirname "$0")/../common.sh"
cases=$tests/conformance
count=0

skip() {
    echo "skipped: $*"
    exit 77
}

command -v mvn > /dev/null || skip "there is no mvn"
command -v javac > /dev/null || skip "there is no javac"
[ "$(javac -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')" -ge 17 ] || skip "javac is before 17"

quick="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" # they do not run for long
export MAVEN_OPTS="${MAVEN_OPTS:-} $quick"

# build VERSION: the recorder for that client, from what Maven has at hand, else from the network.
build() {
    cp -r "$tests/recorder" "$work/$1"
    cd "$work/$1" || exit 1
    local options=(-B -q package "-Dkafka.version=$1")
    mvn -o "${options[@]}" > "$work/said" 2>&1 && return
    local left=$((SECONDS < 200 ? 200 - SECONDS : 1))
    timeout $left mvn "${options[@]}" > "$work/said" 2>&1 && return
    grep -q "COMPILATION ERROR" "$work/said" ||
        skip "Maven has no client $1: $(head -1 "$work/said")"
    cat "$work/said"
    exit 1
}

same() { # VERSION CASE...
    build "$1"
    local classes="target/classes:target/lib-$1/*"
    shift
    timeout 60 java $quick -cp "$classes" recorder.Recorder --check "${@/#/$cases/}" ||
        fail "recorded otherwise"
    count=$((count + $#))
}

same 4.0.1 stall-102 splitidem-301 txn-301
same 3.2.3 faultidem32-100
same 4.4.0 incodd-303

[ $failures -eq 0 ] && echo "$count cases recorded anew"
exit $((failures > 0))

#!/bin/bash
# test_compilers.sh - the sources compile without a warning as the other compilers and options have
# them: clang where it is installed, without optimisation, and with the slow checks.
#
# guards: sim, models, CMakeLists.txt
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
failures=0

warnings=$(sed -n '/^add_compile_options(/,/)$/p' CMakeLists.txt | grep -o -- '-[Wf][a-z0-9=-]*')
read -ra packages < <(pkg-config --cflags gsl yaml-0.1)
mapfile -t sources < <(find sim models -name '*.c')
[[ $warnings == *-Wall*-Wformat=2* ]] || { echo "CMakeLists.txt: no warnings found"; exit 1; }

compile() { # COMPILER OPTION...
    # shellcheck disable=SC2086
    "$1" -std=c11 -D_POSIX_C_SOURCE=200809L -DFANOUT_SIM_VERSION='"0"' \
        -DFANOUT_SIM_DATE='"0"' -I. "${packages[@]}" \
        $warnings -Werror "${@:2}" -fsyntax-only "${sources[@]}" && return
    echo "$*: does not compile"
    failures=$((failures + 1))
}

compile gcc -O0
compile gcc -O2 -DSIM_CHECK_SLOW
if command -v clang > /dev/null; then
    compile clang -O2 -DSIM_CHECK_SLOW
else
    echo "clang is not installed: only gcc"
fi
exit $((failures > 0))

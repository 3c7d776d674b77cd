#!/bin/sh
# Builds and runs every test; `make test`, `make asan` and `make tsan` call it.
#
#   tests/run.sh BUILD [WORD ...]     with words: only what has one of them in its name
#   UNDER=asan|tsan                   builds with that sanitizer
#   FULL=1                            the slow cases too
#
# Needs no network. The last line is "N passed, N failed, N skipped"; the exit code is not 0 when a test failed, or when
# none ran.
set -u
cd "$(dirname "$0")/.." || exit 2
[ $# -ge 1 ] || { echo "usage: tests/run.sh BUILD [WORD ...]" >&2; exit 2; }
build=$1
shift
words=$*
export TOP="$PWD" UNDER="${UNDER:-}" FULL="${FULL:-}" DEPS="${PORTRAIT_DEPS:-${DEPS:-$PWD/.deps}}"

case $UNDER in
asan)
    sanitize=address
    export ASAN_OPTIONS="${ASAN_OPTIONS:-allocator_may_return_null=1:detect_leaks=1:strict_string_checks=1}"
    export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
    ;;
tsan)
    sanitize=thread
    export TSAN_OPTIONS="${TSAN_OPTIONS:-allocator_may_return_null=1:suppressions=$TOP/tests/support/tsan.supp:ignore_noninstrumented_modules=1}"
    ;;
'') sanitize= ;;
*) echo "UNDER is asan, tsan or nothing, not '$UNDER'" >&2; exit 2 ;;
esac

passed=0 failed=0 skipped=0

count() { # passed, failed, skipped
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# Whether a test of this name is to run.
wanted() {
    [ -n "$words" ] || return 0
    for word in $words; do
        case $1 in *"$word"*) return 0 ;; esac
    done
    return 1
}

# A check that only passes or fails: name, command...
check() {
    wanted "$1" || return 0
    name=$1
    shift
    if "$@"; then
        count 1 0 0
    else
        echo "FAIL $name"
        count 0 1 0
    fi
}

# ---- build

generator=
[ -e "$build/CMakeCache.txt" ] || ! command -v ninja >/dev/null 2>&1 || generator=ninja
configure() {
    ${CMAKE:-cmake} ${generator:+-G Ninja} -S . -B "$build" -DPORTRAIT_DEPS="$DEPS" -DSANITIZE="$sanitize"
}
mkdir -p "$build"
log=$build/test.log
{ configure && ${CMAKE:-cmake} --build "$build" -j "${JOBS:-$(nproc 2>/dev/null || echo 2)}" --target check_programs; } \
    >"$log" 2>&1 || {
    grep -E 'error|FAILED|Error' "$log" | head -20
    echo "FAIL build: all of its output is in $log"
    count 0 1 0
    finish
}

# ---- what is written, not run

# shellcheck disable=SC2317 # called through `check`
headers_alone() {
    bad=0
    for header in src/*/*.h; do
        case $header in *_list.h | *_body.h) continue ;; esac # for inclusion in the middle of something
        printf '#include "%s"\n' "${header#src/}" |
            ${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc -Iinclude -isystem "$DEPS/duckdb/include" -fsyntax-only \
                -x c - || bad=1
    done
    return "$bad"
}

check layers tools/check_layers.sh
check headers_compile_alone headers_alone

# ---- unit tests, and failures of memory and disk

# A program of tests/support/test.c: shows what failed or was skipped, adds its last line to ours.
harness() {
    # shellcheck disable=SC2086 # a list of words
    "$build/$1" $words >"$log" 2>&1
    code=$?
    last=$(tail -n 1 "$log")
    case $last in
    *[0-9]" passed, "*" failed, "*" skipped")
        grep -vxF -- "$last" "$log"
        # shellcheck disable=SC2046 # three numbers
        count $(echo "$last" | tr -cd '0-9 ')
        ;;
    *)
        tail -n 60 "$log"
        echo "FAIL $1: ended with code $code in the middle of a test"
        count 0 1 0
        ;;
    esac
}

harness tests
[ ! -x "$build/faults" ] || harness faults

# ---- every fuzz target over its corpus, and over some thousand inputs made from it

mutants=20
[ -z "$FULL" ] || mutants=2000
for target in "$build"/fuzz_*; do
    name=$(basename "$target")
    { [ -x "$target" ] && wanted "$name"; } || continue
    corpus=tests/fuzz/corpus/${name#fuzz_}
    # shellcheck disable=SC2046 # names in a corpus have no spaces
    if "$target" -mutants "$mutants" -last "$build/$name.last" $(find "$corpus" -type f 2>/dev/null | sort) >"$log" 2>&1; then
        count 1 0 0
    else
        tail -n 40 "$log"
        echo "FAIL $name: the input is $build/$name.last"
        count 0 1 0
    fi
done

# ---- the program as people use it

for script in tests/e2e/*.sh; do
    name=e2e_$(basename "$script" .sh)
    { [ -r "$script" ] && wanted "$name"; } || continue
    WORK=$(mktemp -d)
    export WORK
    PORTRAIT=$TOP/${build#"$TOP"/}/portrait
    case $build in /*) PORTRAIT=$build/portrait ;; esac
    export PORTRAIT
    sh "$script" >"$log" 2>&1
    code=$?
    ok=$(grep -c '^ok ' "$log") bad=$(grep -c '^FAIL ' "$log") skip=$(grep -c '^skip ' "$log")
    grep '^skip ' "$log"
    if [ "$bad" -gt 0 ]; then
        grep -v -e '^ok ' -e '^skip ' "$log" | tail -n 60
    elif [ "$code" -ne 0 ]; then
        tail -n 40 "$log"
        echo "FAIL $name: ended with code $code"
        bad=1
    fi
    if [ "$bad" -gt 0 ]; then
        echo "  its files are in $WORK"
    else
        rm -rf "$WORK"
    fi
    count "$ok" "$bad" "$skip"
done

finish

#!/bin/sh
# Fuzzes with libFuzzer, each target for a while, from its corpus; `make fuzz` calls it.
#
#   tests/fuzz/run.sh BUILD [TARGET] [SECONDS]     TARGET as in tests/fuzz/fuzz_TARGET.c; without it, all
#
# New inputs gather in BUILD/corpus, what crashes in BUILD/crashes: minimise it, fix the cause, and put it into
# tests/fuzz/corpus/TARGET, where `make test` runs it ever after.
set -eu
cd "$(dirname "$0")/../.."
build=${1:?usage: tests/fuzz/run.sh BUILD [TARGET] [SECONDS]} only=${2:-} seconds=${3:-30}
deps=${PORTRAIT_DEPS:-${DEPS:-$PWD/.deps}}
export ASAN_OPTIONS="${ASAN_OPTIONS:-allocator_may_return_null=1}"

generator=
[ -e "$build/CMakeCache.txt" ] || ! command -v ninja >/dev/null 2>&1 || generator=ninja
CC=${CC:-clang} cmake ${generator:+-G Ninja} -S . -B "$build" -DPORTRAIT_DEPS="$deps" -DSANITIZE=fuzzer >/dev/null
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target fuzzers >"$build/build.log" 2>&1 || {
    tail -n 30 "$build/build.log"
    exit 1
}

ran=0 bad=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    target=${name#fuzz_}
    [ -e "$source" ] || continue
    [ -z "$only" ] || [ "$only" = "$target" ] || continue
    mkdir -p "$build/corpus/$target" "$build/crashes" "tests/fuzz/corpus/$target"
    ran=$((ran + 1))
    if "$build/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="$build/crashes/$target-" "$build/corpus/$target" "tests/fuzz/corpus/$target" \
        >"$build/$name.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")
        echo "ok $name: $runs runs in $seconds s"
    else
        bad=$((bad + 1))
        grep -E 'ERROR|SUMMARY|Test unit written' "$build/$name.log" || tail -n 20 "$build/$name.log"
        echo "FAIL $name: all of its output is in $build/$name.log"
    fi
done
[ "$ran" -gt 0 ] || { echo "no fuzz target${only:+ named $only}" >&2; exit 2; }
exit $((bad > 0))

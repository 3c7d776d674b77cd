#!/bin/sh
# Everything about the source that a machine can judge without running it; `make lint` calls it.
#
#   tools/lint.sh BUILD     BUILD is a folder of its own: it holds the compile commands, and what passed clang-tidy before
set -u
cd "$(dirname "$0")/.." || exit 2
build=${1:?usage: tools/lint.sh BUILD}
deps=${PORTRAIT_DEPS:-${DEPS:-$PWD/.deps}}
jobs=${JOBS:-$(nproc)}
bad=0

complain() {
    echo "FAIL $*"
    bad=1
}

# git ls-files also names what is deleted but not yet committed.
files() {
    git ls-files -- "$@" | while read -r path; do
        [ ! -f "$path" ] || printf '%s\n' "$path"
    done
}

tools/check_layers.sh || complain layers

# The tree is formatted by version 14; others differ in details.
format=$(command -v clang-format-14 || command -v clang-format)
case $("$format" --version) in
*"version 14."*) files '*.c' '*.h' | xargs "$format" --dry-run -Werror || complain "format: run make fmt" ;;
*) echo "skip format: clang-format 14 is wanted, this is $("$format" --version)" ;;
esac

# No bounds (strcpy, strcat, sprintf, vsprintf, gets), hidden state (strtok), no errors (atoi and its kin).
if files 'src/*.[ch]' 'tests/*.[ch]' 'tools/*.[ch]' 'bench/*.[ch]' |
    xargs grep -nE '(^|[^A-Za-z0-9_])(strcpy|strcat|v?sprintf|gets|strtok|atoi|atol|atoll|atof)\('; then
    complain "banned functions"
fi

long=$(files '*.c' '*.h' '*.sh' | xargs awk 'FNR == 801 { print FILENAME }')
[ -z "$long" ] || complain "files of more than 800 lines:" "$long"

# Package registries are the business of each machine's configuration.
if git grep -nIE '(registry|index-url|resolved)[^a-z].*https?:' -- ':!tools/lint.sh'; then
    complain "the address of a package registry"
fi

files '*.sh' deps/install | xargs shellcheck -S warning || complain shellcheck

# clang-tidy, for files that have changed, or whose headers have, since they last passed.
cmake -S . -B "$build" -DPORTRAIT_DEPS="$deps" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null || exit 1
export build
newest_header=$(files '*.h' .clang-tidy | xargs ls -t | head -n 1)
export newest_header
# shellcheck disable=SC2016 # expanded by the shell that runs it
files 'src/*.c' 'tests/*.c' 'tools/*.c' 'bench/*.c' | xargs -P "$jobs" -n 1 sh -c '
    stamp=$build/tidy/$1
    [ -e "$stamp" ] && [ "$stamp" -nt "$1" ] && [ "$stamp" -nt "$newest_header" ] && exit 0
    grep -qF "/$1\"" "$build/compile_commands.json" || exit 0
    mkdir -p "$(dirname "$stamp")"
    clang-tidy -p "$build" --quiet "$1" 2>/dev/null && : >"$stamp"
' tidy || complain clang-tidy

[ "$bad" -eq 0 ] && echo "lint: clean"
exit "$bad"

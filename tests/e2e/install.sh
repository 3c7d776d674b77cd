# shellcheck shell=sh disable=SC2016,SC2154 # programs in quotes expand inside
# make install, into a folder of its own: the program, the library (shared and static, from C and C++), and nothing left
# behind after make uninstall. $BUILD/installable was built by tests/run.sh.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
build=$(dirname "$PORTRAIT")
prefix=$WORK/prefix

mkdir -p "$prefix/share/man/man1"
: >"$prefix/share/man/man1/other.1"
find "$prefix" | sort >before
claim "installs" "$TOP/tools/install.sh" "$build" "$prefix"
claim "and again over itself" "$TOP/tools/install.sh" "$build" "$prefix"

shop shop 40
unset PORTRAIT_DUCKDB
claim "the installed program finds its database library" env -C shop "$prefix/bin/portrait" build
says "it is the one installed" "DuckDB" env -C shop "$prefix/bin/portrait" doctor
claim "it writes reports" env -C shop "$prefix/bin/portrait" report -o report.html

# ---- the library

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name portrait.pc)")
export PKG_CONFIG_PATH
library=$(pkg-config --variable=libdir portrait)
claim "pkg-config knows the version" pkg-config --exact-version="$("$PORTRAIT" --version | sed -n '1s/portrait \([^ ]*\).*/\1/p')" portrait

exported() {
    nm -D --defined-only "$library/libportrait.so" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort
}
declared() {
    printf '#include <portrait.h>\n' | ${CC:-cc} -E -P -I"$prefix/include" -x c - | grep -oE '\bportrait_[a-z_]+ ?\(' |
        tr -d ' (' | sort -u
}
listed() {
    sed -n 's/^ *\(portrait_[a-z_]*\);$/\1/p' "$TOP/src/lib/portrait.map" | sort
}
exported >exported
declared >declared
listed >listed
claim "exported is what the list says" diff listed exported
claim "and what the header declares" diff declared exported
claim "at least thirty functions" test "$(wc -l <exported)" -ge 30
says "under their version" "portrait_open@@PORTRAIT_1" nm -D "$library/libportrait.so"
says "the soname" "libportrait.so.1" sh -c 'readelf -d "$1/libportrait.so" | grep SONAME' - "$library"
static_names() {
    nm -g --defined-only "$library/libportrait.a" 2>/dev/null | awk 'NF == 3 { print $3 }' | grep -vE '^(__asan|__ubsan|__tsan)' | sort
}
static_names >static
claim "the static library shows no other names" diff exported static

for standard in c11 c17; do
    claim "the header alone is $standard" sh -c 'printf "#include <portrait.h>\n" |
        '"${CC:-cc}"' -std='$standard' -Wall -Wextra -pedantic -Werror -fsyntax-only -I"$1" -x c -' - "$prefix/include"
done
if command -v c++ >/dev/null; then
    claim "and C++17" sh -c 'printf "#include <portrait.h>\n" |
        c++ -std=c++17 -Wall -Wextra -pedantic -Werror -fsyntax-only -I"$1" -x c++ -' - "$prefix/include"
else
    echo "skip $test_name: c++ is not installed"
fi

# With sanitizers the library needs the same of the program.
sanitize=
case $UNDER in asan) sanitize=-fsanitize=address,undefined ;; tsan) sanitize=-fsanitize=thread ;; esac
example() { # claim, compiler..., with the flags of pkg-config; then runs it
    example_text=$1
    shift
    # shellcheck disable=SC2046,SC2086 # flags are words
    if out=$("$@" "$TOP/examples/c/profile.c" -o profile $sanitize $(pkg-config --cflags --libs portrait) 2>&1); then
        says "$example_text" "spend = " env LD_LIBRARY_PATH="$library" ./profile shop 7 'sum(orders.amount)'
        says "$example_text: evidence" "from" env LD_LIBRARY_PATH="$library" ./profile shop 7 'sum(orders.amount)'
    else
        fail "$example_text" "$out"
    fi
}
warnings="-Wall -Wextra -pedantic -Werror"
# shellcheck disable=SC2086
example "the example, in C" ${CC:-cc} -std=c11 $warnings
! command -v c++ >/dev/null || example "the example, in C++" c++ -std=c++17 -Wall -Wextra -Werror -x c++
! command -v clang >/dev/null || [ -n "$sanitize" ] || example "the example, by clang" clang -std=c17 $warnings
# shellcheck disable=SC2046,SC2086
if out=$(${CC:-cc} "$TOP/examples/c/profile.c" -o profile_static $sanitize -I"$prefix/include" "$library/libportrait.a" \
    $(pkg-config --static --libs portrait | sed 's/-lportrait//') 2>&1); then
    says "the example, linked statically" "customers" env PORTRAIT_DUCKDB="$prefix/lib/portrait/libduckdb.so" ./profile_static shop 7
else
    fail "the example, linked statically" "$out"
fi
says "errors are values" "not_found: no customer has this id" env LD_LIBRARY_PATH="$library" ./profile shop nobody

# ---- away again

claim "uninstalls" "$TOP/tools/uninstall.sh" "$prefix"
find "$prefix" | sort >after
claim "and leaves nothing behind" diff before after
exits "a second time there is nothing" 1 "$TOP/tools/uninstall.sh" "$prefix"
claim "DESTDIR goes before PREFIX" env DESTDIR="$WORK/root" "$TOP/tools/install.sh" "$build" /usr
claim "into it" test -x "$WORK/root/usr/bin/portrait"
says "from where it runs" "DuckDB" env -C shop "$WORK/root/usr/bin/portrait" doctor

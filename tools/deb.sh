#!/bin/sh
# Makes Debian packages of what BUILD has made; `make deb` builds it for other machines first (cmake -DPACKAGE=ON).
#
#   tools/deb.sh BUILD OUT      OUT/portrait_VERSION_ARCH.deb, libportrait1_..., libportrait-dev_...
#
#   portrait          the program, man pages, completion
#   libportrait1      the shared library, and the database library that both load (/usr/lib/portrait)
#   libportrait-dev   header, static library, pkg-config, libportrait(3), the example
#
# Needs dpkg-dev; no root. The same tree gives the same packages, to the byte: times are those of the last commit.
# DEB_COMPRESS=none makes them at once, for tests; the default is what dpkg-deb takes.
set -eu
cd "$(dirname "$0")/.."
build=${1:?usage: tools/deb.sh BUILD OUT}
out=${2:?usage: tools/deb.sh BUILD OUT}
case $build in /*) ;; *) build=$PWD/$build ;; esac
mkdir -p "$out"
out=$(cd "$out" && pwd)
version=$("$build/portrait" --version | sed -n '1s/^portrait \([^ ]*\).*/\1/p')
arch=$(dpkg --print-architecture)
triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- what belongs to which

stage=$work/stage
DESTDIR="$stage" ${CMAKE:-cmake} --install "$build" --prefix /usr >/dev/null
built=$stage/usr/lib
[ ! -d "$built/$triplet/pkgconfig" ] || built=$built/$triplet

move() { # package, folder under it, files...
    to=$work/$1/$2
    shift 2
    mkdir -p "$to"
    mv "$@" "$to/"
}
move libportrait1 "usr/lib/$triplet" "$built"/libportrait.so.*
move libportrait1 usr/lib/portrait "$stage/usr/lib/portrait/libduckdb.so"
move libportrait-dev usr/include "$stage/usr/include/portrait.h"
move libportrait-dev "usr/lib/$triplet" "$built/libportrait.so" "$built/libportrait.a"
# The prefix is found from where the file lies, which here is one folder deeper than below a plain lib.
mkdir -p "$work/libportrait-dev/usr/lib/$triplet/pkgconfig"
sed "s,^prefix=.*,prefix=/usr,; s,^libdir=.*,libdir=\${prefix}/lib/$triplet," "$built/pkgconfig/portrait.pc" \
    >"$work/libportrait-dev/usr/lib/$triplet/pkgconfig/portrait.pc"
move libportrait-dev usr/share/man/man3 "$stage"/usr/share/man/man3/*
rmdir "$stage/usr/share/man/man3"
mkdir -p "$work/libportrait-dev/usr/share/doc/libportrait-dev/examples"
cp examples/c/profile.c "$work/libportrait-dev/usr/share/doc/libportrait-dev/examples/"
move portrait usr/bin "$stage/usr/bin/portrait"
move portrait usr "$stage/usr/share"
mkdir -p "$work/portrait/usr/share/zsh/vendor-completions" # where Debian's zsh looks
mv "$work/portrait/usr/share/zsh/site-functions/_portrait" "$work/portrait/usr/share/zsh/vendor-completions/"
rmdir "$work/portrait/usr/share/zsh/site-functions"

strip --strip-unneeded "$work/portrait/usr/bin/portrait" "$work/libportrait1/usr/lib/$triplet"/libportrait.so.*.*.* \
    "$work/libportrait1/usr/lib/portrait/libduckdb.so"
chmod 644 "$work/libportrait1/usr/lib/$triplet"/libportrait.so.*.*.* "$work/libportrait1/usr/lib/portrait/libduckdb.so"
find "$work"/*/usr/share/man -type f -exec gzip -9n {} +

# ---- what each needs

needs() { # files...: the libraries they are linked to, as packages
    mkdir -p "$work/shlibs/debian"
    printf 'Source: portrait\n\nPackage: portrait\nArchitecture: any\n' >"$work/shlibs/debian/control"
    (cd "$work/shlibs" && dpkg-shlibdeps -O "$@" 2>/dev/null) | sed 's/^shlibs:Depends=//'
}

control() { # package, section, depends, recommends, summary; the rest of the description on standard input
    mkdir -p "$work/$1/DEBIAN" "$work/$1/usr/share/doc/$1"
    cp tools/deb/copyright "$work/$1/usr/share/doc/$1/copyright"
    printf 'portrait (%s) unstable; urgency=medium\n\n  * Packaged from the source tree.\n\n -- %s  %s\n' "$version" \
        "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n \
        >"$work/$1/usr/share/doc/$1/changelog.gz"
    {
        printf 'Package: %s\nSource: portrait\nVersion: %s\nArchitecture: %s\n' "$1" "$version" "$arch"
        printf 'Maintainer: %s\nInstalled-Size: %s\nSection: %s\nPriority: optional\n' "$maintainer" \
            "$(du -sk --apparent-size "$work/$1/usr" | cut -f 1)" "$2"
        [ -z "$3" ] || printf 'Depends: %s\n' "$3"
        [ -z "$4" ] || printf 'Recommends: %s\n' "$4"
        printf 'Description: %s\n' "$5"
        sed 's/^/ /'
    } >"$work/$1/DEBIAN/control"
    (cd "$work/$1" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$work/$1/DEBIAN/md5sums"
}
maintainer=${DEBEMAIL:+${DEBFULLNAME:-portrait maintainers} <$DEBEMAIL>}
maintainer=${maintainer:-$(cat tools/deb/maintainer)}

# Libraries of models, loaded when one is first trained (base/library.c): the packages they were tested with, or later ones.
loaded="libxgboost0, libdnnl2 | libdnnl3, liblinear4"

control portrait utils "libportrait1 (= $version), $(needs "$work/portrait/usr/bin/portrait"), tzdata" "" \
    "customer profiles from raw data" <<'TEXT'
portrait turns raw customer data (sales, app behaviour, CRM tables, files of
third parties) into a profile of every customer. What a profile holds is
written down in text files: sources, identities, tags. Every value can say
which events it came from, and the past can be asked.
TEXT
control libportrait1 libs "$(needs "$work/libportrait1/usr/lib/$triplet"/libportrait.so.*.*.* \
    "$work/libportrait1/usr/lib/portrait/libduckdb.so"), tzdata" "$loaded" \
    "customer profiles from raw data - shared library" <<'TEXT'
The library of portrait: opens and builds projects, reads profiles, evaluates
expressions for customers or for rows in memory.
.
It holds the database library that portrait and libportrait load when they
read raw data.
TEXT
control libportrait-dev libdevel "libportrait1 (= $version), libfyaml-dev, libutf8proc-dev, libpcre2-dev, zlib1g-dev, libzstd-dev, libxlsxwriter-dev, libicu-dev" \
    "pkg-config" "customer profiles from raw data - development files" <<'TEXT'
The header, the static library and an example of libportrait.
TEXT
echo "activate-noawait ldconfig" >"$work/libportrait1/DEBIAN/triggers"
echo "libportrait 1 libportrait1 (>= 0.1)" >"$work/libportrait1/DEBIAN/shlibs"

# ---- the packages

for package in portrait libportrait1 libportrait-dev; do
    find "$work/$package" -type d -exec chmod 755 {} +
    dpkg-deb --root-owner-group ${DEB_COMPRESS:+-Z$DEB_COMPRESS} --build "$work/$package" "$out" >/dev/null
done
ls "$out"/*"_${version}_$arch.deb"

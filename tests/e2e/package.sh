# shellcheck shell=sh disable=SC2016,SC2154 # programs in quotes expand inside
# Debian packages: what is in them, what they need, and that the program runs from where they put it. With FULL=1 they are
# installed by apt in a fresh system of its own (debootstrap, as root), used there and removed.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

if [ -n "$UNDER" ] || ! command -v dpkg-shlibdeps >/dev/null; then
    echo "skip $test_name: packages are made of plain builds, with dpkg-dev"
    exit 0
fi
claim "packages are made" env DEB_COMPRESS=none "$TOP/tools/deb.sh" "$(dirname "$PORTRAIT")" "$WORK"
version=$("$PORTRAIT" --version | sed -n '1s/^portrait \([^ ]*\).*/\1/p')
field() { # package, field
    dpkg-deb --field "$1"_*.deb "$2"
}
for package in portrait libportrait1 libportrait-dev; do
    claim "$package: its version" test "$(field $package Version)" = "$version"
    claim "$package: a maintainer and a description" test -n "$(field $package Maintainer)" -a -n "$(field $package Description)"
    dpkg-deb --contents $package"_"*.deb >$package.list
    says "$package: a copyright" "usr/share/doc/$package/copyright" cat $package.list
    says "$package: a changelog" "usr/share/doc/$package/changelog.gz" cat $package.list
    claim "$package: all files belong to root" sh -c '! grep -v " root/root " "$1"' - $package.list
    claim "$package: nobody else may write them" sh -c '! grep -E "^-.{7}w|^d.{7}w" "$1"' - $package.list
    claim "$package: its checksums" sh -c 'dpkg-deb -x "$1"_*.deb "$1.x" && dpkg-deb -e "$1"_*.deb "$1.e" &&
        cd "$1.x" && md5sum --quiet -c "../$1.e/md5sums"' - $package
done
says "the program needs its library" "libportrait1 (= $version)" field portrait Depends
says "and those it is linked to" "libfyaml0" field portrait Depends
says "the library needs those of the database" "libstdc++6" field libportrait1 Depends
says "man pages are packed" "man1/portrait-build.1.gz" cat portrait.list
says "also in Chinese" "zh_CN/man1/portrait-build.1.gz" cat portrait.list
says "completion" "bash-completion/completions/portrait" cat portrait.list
says "the linker's name is in -dev" "libportrait.so -> libportrait.so.1" cat libportrait-dev.list
claim "and not in the library's package" sh -c '! grep -q "libportrait.so ->" libportrait1.list'

# Unpacked side by side, as they would be on a system.
mkdir root
for package in portrait libportrait1 libportrait-dev; do
    dpkg-deb -x $package"_"*.deb root
done
shop shop 40
claim "the program runs from there" env -C shop -u PORTRAIT_DUCKDB "$WORK/root/usr/bin/portrait" build
says "with the packaged library" "7" env -C shop "$WORK/root/usr/bin/portrait" show user_id:7 --identities
PKG_CONFIG_PATH=$(dirname "$(find root -name portrait.pc)")
PKG_CONFIG_SYSROOT_DIR=$WORK/root
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
# shellcheck disable=SC2046 # flags are words
claim "the example is compiled against it" ${CC:-cc} "$TOP/examples/c/profile.c" -o profile $(pkg-config --cflags --libs portrait)
library=$(dirname "$(find "$WORK/root" -name libportrait.so.1)")
says "and runs" "customers" env LD_LIBRARY_PATH="$library" ./profile shop user_id:7
unset PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR

# ---- a fresh system

[ -n "$FULL" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "skip $test_name: a fresh system needs root and debootstrap"
    exit 0
fi
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The mirror this machine uses.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $release" 2>/dev/null | head -n 1)
system=$WORK/system
if ! debootstrap --variant=minbase "$release" "$system" ${mirror:+"$mirror"} >debootstrap.log 2>&1; then
    echo "skip $test_name: debootstrap cannot reach its mirror: $(tail -n 1 debootstrap.log)"
    exit 0
fi
trap 'umount "$system/proc" 2>/dev/null' EXIT
mount -t proc proc "$system/proc" 2>/dev/null
inside() {
    chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
cp ./*.deb "$system/tmp/"
cp -r shop "$system/tmp/shop"
rm -rf "$system/tmp/shop/portrait-data"
rm -f "$system"/etc/apt/sources.list.d/*
cp -r /etc/apt/sources.list.d /etc/apt/apt.conf.d "$system/etc/apt/" 2>/dev/null
cp /etc/resolv.conf /etc/hosts "$system/etc/" 2>/dev/null
inside apt-get update >apt.log 2>&1
claim "apt installs them" inside sh -c 'apt-get install -y --no-install-recommends /tmp/*.deb gcc libc6-dev pkg-config'
says "the program says what it is" "$version" inside portrait --version
claim "it builds" inside sh -c 'cd /tmp/shop && portrait build'
says "it shows" "Life cycle" inside sh -c 'cd /tmp/shop && portrait show user_id:7 --lang en --all'
says "in Chinese" "生命周期" inside sh -c 'cd /tmp/shop && portrait show user_id:7 --lang zh --all'
claim "a program is compiled with the library" inside sh -c 'cd /tmp &&
    gcc /usr/share/doc/libportrait-dev/examples/profile.c $(pkg-config --cflags --libs portrait) -o profile'
says "and runs" "customers" inside sh -c 'cd /tmp && ./profile shop user_id:7'
claim "apt removes them" inside apt-get purge -y portrait libportrait1 libportrait-dev
claim "nothing of them is left" sh -c '! find "$1" -xdev \( -path "$1/tmp" -o -path "$1/proc" -o -path "$1/var" \) -prune -o -name "*portrait*" -print | grep .' - "$system"

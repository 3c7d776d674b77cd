#!/bin/sh
# Installs what BUILD has made, and keeps a list of it for tools/uninstall.sh; `make install` calls it.
#
#   tools/install.sh BUILD PREFIX      DESTDIR in the environment goes before PREFIX
set -eu
build=${1:?usage: tools/install.sh BUILD PREFIX}
prefix=${2:?usage: tools/install.sh BUILD PREFIX}
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
destination=${DESTDIR:-}$prefix
list=$destination/lib/portrait/installed

# Every folder above a file that is not there yet is ours, and goes with it.
folders_to_make() {
    while read -r file; do
        folder=$(dirname "$file")
        while [ "$folder" != . ] && [ ! -d "$destination/$folder" ]; do
            echo "$folder/"
            folder=$(dirname "$folder")
        done
    done
}

rm -rf "$build/staged"
DESTDIR="$build/staged" ${CMAKE:-cmake} --install "$build" --prefix "$prefix" >/dev/null
files=$(cd "$build/staged$prefix" && find . ! -type d | sed 's,^\./,,' | sort)
files=$(printf '%s\nlib/portrait/installed\n' "$files")
folders=$(printf '%s\n' "$files" | folders_to_make | sort -u)
[ ! -r "$list" ] || folders=$(printf '%s\n' "$folders" "$(grep '/$' "$list" || true)" | sed '/^$/d' | sort -u)

mkdir -p "$destination"
cp -a "$build/staged$prefix/." "$destination/"
printf '%s\n' "$files" "$folders" | sed '/^$/d' >"$list"
rm -rf "$build/staged"
echo "installed in $destination ($(printf '%s\n' "$files" | wc -l) files); 'make uninstall' removes them"

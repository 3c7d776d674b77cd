#!/bin/sh
# Removes what tools/install.sh put under PREFIX, and the folders it made, where nothing else is in them.
#
#   tools/uninstall.sh PREFIX      DESTDIR in the environment goes before PREFIX
set -eu
prefix=${1:?usage: tools/uninstall.sh PREFIX}
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
destination=${DESTDIR:-}$prefix
list=$destination/lib/portrait/installed
[ -r "$list" ] || {
    echo "nothing is installed in $destination ($list is not there)" >&2
    exit 1
}
names=$(cat "$list")
printf '%s\n' "$names" | grep -v '/$' | while read -r file; do
    rm -f "$destination/$file"
done
# The deepest first.
printf '%s\n' "$names" | grep '/$' | sort -r | while read -r folder; do
    rmdir "$destination/$folder" 2>/dev/null || true
done
echo "removed from $destination"

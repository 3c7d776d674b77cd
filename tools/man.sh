#!/bin/sh
# Writes all man pages: those of the program and its commands from its own table, in English and Chinese; portrait(5) and
# libportrait(3) from the page and the header that define them.
#
#   tools/man.sh PROGRAM OUT      into OUT/man1, OUT/man3, OUT/man5, OUT/zh_CN/man1
set -eu
cd "$(dirname "$0")/.."
program=${1:?usage: tools/man.sh PROGRAM OUT}
out=${2:?usage: tools/man.sh PROGRAM OUT}
version=$("$program" --version | sed -n '1s/^portrait \([^ ]*\).*/\1/p')
commands=$("$program" --complete '' | cut -f 1 | grep -v '^help$')
rm -rf "$out"
mkdir -p "$out/man1" "$out/man3" "$out/man5" "$out/zh_CN/man1"
for pair in en: zh:zh_CN/; do
    LC_ALL=${pair%%:*} "$program" --man >"$out/${pair#*:}man1/portrait.1"
    for command in $commands; do
        LC_ALL=${pair%%:*} "$program" --man "$command" >"$out/${pair#*:}man1/portrait-$command.1"
    done
done
awk -v version="$version" -f tools/man/header.awk include/portrait.h >"$out/man3/libportrait.3"
awk -v version="$version" -f tools/man/markdown.awk docs/project-files.md >"$out/man5/portrait.5"

#!/bin/sh
# Fails when an #include points where src/layers.txt does not allow it, or a pure folder touches the outside world.
set -u
cd "$(dirname "$0")/.." || exit 2
bad=0
for dir in src/*/; do
    name=$(basename "$dir")
    allowed=$(sed -n "s/^$name: *//p" src/layers.txt)
    if ! grep -q "^$name:" src/layers.txt; then
        echo "src/layers.txt does not list folder '$name'"
        bad=1
        continue
    fi
    for use in $(grep -hoE '^#include "[a-z_]+/' "$dir"*.[ch] 2>/dev/null | sed 's/#include "//; s,/,,' | sort -u); do
        [ "$use" = "$name" ] && continue
        case " $allowed " in
        *" $use "*) ;;
        *)
            grep -nE "^#include \"$use/" "$dir"*.[ch] | sed "s/\$/  <- $name may not include $use/"
            bad=1
            ;;
        esac
    done
done
outside='<(fcntl|unistd|pthread|threads|dirent|sys/[a-z]+)\.h>|duckdb|[^_a-z](fopen|open|time|clock_gettime|gettimeofday|rand|random|srand|getenv)\('
for name in $(sed -n 's/^pure: *//p' src/layers.txt); do
    [ -d "src/$name" ] || continue
    if grep -nE "$outside" src/"$name"/*.[ch] | grep -vE ':[0-9]+: *(/\*|\*|//)'; then
        echo "  <- $name is pure: no files, clock, threads, global random numbers, engine"
        bad=1
    fi
done
exit $bad

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Trouble around a build: another build, no permission, no room, files that rot.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 300
cd shop || exit 1

# Two builds at once: one holds the folder, the other says so. Both may also follow each other, if one is quick.
"$PORTRAIT" build >"$WORK/first" 2>&1 &
pid=$!
"$PORTRAIT" build >"$WORK/second" 2>&1
second=$?
wait "$pid"
first=$?
case $first,$second in
0,0 | 0,5 | 5,0) ok "two builds at once: exit codes" ;;
*) fail "two builds at once: exit codes" "$first and $second: $(cat "$WORK/first" "$WORK/second")" ;;
esac
if [ "$first" = 5 ] || [ "$second" = 5 ]; then
    case $(cat "$WORK/first" "$WORK/second") in
    *"another"*) ok "the second says that another build is running" ;;
    *) fail "the second says that another build is running" "$(cat "$WORK/first" "$WORK/second")" ;;
    esac
fi
claim "and the state is whole" "$PORTRAIT" doctor

# A derived file that rots is noticed, named, and made again.
rot() { # FILE: changes 64 bytes in the middle
    size=$(wc -c <"$1")
    head -c 64 /dev/urandom | dd of="$1" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
}
for file in orders.timeline profile.tags customers.dir; do
    generation=$(cat portrait-data/CURRENT)
    rot "portrait-data/$generation/$file"
    exits "doctor notices that $file is damaged" 1 "$PORTRAIT" doctor
    says "and names it" "$file" "$PORTRAIT" doctor
    claim "the next build makes it again" "$PORTRAIT" build
    exits "and doctor is content" 0 "$PORTRAIT" doctor
done
cp portrait-data/store.duckdb "$WORK/store.copy"
size=$(wc -c <portrait-data/store.duckdb)
dd if="$WORK/store.copy" of=portrait-data/store.duckdb bs=1024 count=$((size / 2048)) 2>/dev/null
truncate -s $((size / 2)) portrait-data/store.duckdb
exits "a store that is cut short ends a build" 5 "$PORTRAIT" build
says "which names the file and says what to do" "portrait-data/store.duckdb" "$PORTRAIT" build
claim "profiles can still be read" "$PORTRAIT" show user_id:7
cp "$WORK/store.copy" portrait-data/store.duckdb
claim "a copy put back works" "$PORTRAIT" build
generation=$(cat portrait-data/CURRENT)
: >"portrait-data/$generation/profile.tags"
exits "an empty file is an error, not a crash" 5 "$PORTRAIT" show user_id:7
claim "that a build repairs" "$PORTRAIT" build
echo "g999999" >portrait-data/CURRENT
"$PORTRAIT" show user_id:7 >/dev/null 2>&1
case $? in 3 | 5) ok "CURRENT that points nowhere" ;; *) fail "CURRENT that points nowhere" ;; esac
claim "which a build repairs too" "$PORTRAIT" build

# No permission (root may do everything, so drop to nobody).
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null 2>&1; then
    chmod -R a+rX "$WORK" 2>/dev/null
    nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
    if $nobody test -x "$PORTRAIT" 2>/dev/null; then
        # shellcheck disable=SC2086 # words
        exits "a read-only data directory cannot be built" 5 $nobody "$PORTRAIT" build
        # shellcheck disable=SC2086
        says "and the message names it" "portrait-data" $nobody "$PORTRAIT" build
        # shellcheck disable=SC2086
        claim "but read" $nobody "$PORTRAIT" show user_id:7
        chmod 700 .
        # shellcheck disable=SC2086
        says "a project that may not be read is not called absent" "Permission denied" $nobody "$PORTRAIT" check \
            --project "$WORK/shop"
        chmod 755 .
    else
        echo "skip $test_name: nobody may not run the program"
    fi
else
    echo "skip $test_name: a read-only folder needs root to drop its rights"
fi

# A full disk: a small one of our own.
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    # shellcheck disable=SC2016 # expanded inside
    out=$(unshare -m sh -c '
        mkdir -p "$WORK/small" && mount -t tmpfs -o size=24m none "$WORK/small" || exit 77
        cp -R "$WORK/shop/." "$WORK/small" && cd "$WORK/small" || exit 78
        "$PORTRAIT" build >/dev/null 2>&1 || exit 79
        want=$("$PORTRAIT" show user_id:7 --json)
        dd if=/dev/zero of=filler bs=1k count=$(($(df -k . | awk "NR == 2 {print \$4}") - 40)) 2>/dev/null
        echo "o-x,7,,2017-06-30 12:00:00,S1,5.00,2,app,true,new,," >>raw/orders-2017.csv
        "$PORTRAIT" build 2>&1
        code=$?
        [ "$("$PORTRAIT" show user_id:7 --json)" = "$want" ] || { echo "the last good state is gone"; exit 80; }
        rm filler
        "$PORTRAIT" build >/dev/null 2>&1 || { echo "the build after it fails"; exit 81; }
        [ "$code" = 5 ] || { echo "exit code $code"; exit 82; }
        ' 2>&1)
    code=$?
    case $code in
    0) ok "a full disk ends a build with an error and the last good state stays" ;;
    77 | 78 | 79) echo "skip $test_name: no small disk to fill ($code)" ;;
    *) fail "a full disk ends a build with an error and the last good state stays" "$out" ;;
    esac
else
    echo "skip $test_name: a full disk needs root"
fi

# The raw store is looked at too.
says "doctor looks at the raw store" "raw store" "$PORTRAIT" doctor
cp portrait-data/store.duckdb store.kept
printf 'garbage' | dd of=portrait-data/store.duckdb conv=notrunc bs=1 seek=8 2>/dev/null
exits "and notices that it is damaged" 1 "$PORTRAIT" doctor
says "and says what to do" "put back a copy" "$PORTRAIT" doctor
mv store.kept portrait-data/store.duckdb

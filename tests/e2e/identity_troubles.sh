# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Decisions by hand when things go wrong: killed at any moment, several at once, no room, no permission.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 60
cd shop || exit 1
sed -i 's/limit: 1}/limit: 9}/' identity.yaml
claim "a first build" "$PORTRAIT" build

decisions() {
    "$PORTRAIT" identity list --json | grep -o '"decision":[0-9]*' | wc -l
}
numbers() { # how many different numbers the list has
    "$PORTRAIT" identity list --json | grep -o '"decision":[0-9]*' | sort -u | wc -l
}

# Killed: a decision is there whole or not at all, and the next one works.
rows=$("$PORTRAIT" identity split user_id:10 phone:13900079190 device:dev-10-1 --why 'dry' --dry-run --json |
    grep -o '"kind"' | wc -l)
for moment in 0.02 0.05 0.08 0.11 0.14 0.2; do
    "$PORTRAIT" identity split user_id:10 phone:13900079190 device:dev-10-1 --why "killed after $moment" >/dev/null 2>&1 &
    pid=$!
    sleep "$moment"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    before=$(decisions)
    got=$("$PORTRAIT" identity list --json | grep -o '"kind":"different"' | wc -l)
    [ "$got" -eq $((before * rows)) ] || fail "killed after $moment s, a decision is whole or not there" "$got rows, $before decisions"
done
ok "killed at any moment, decisions are whole or not there"
claim "and the next one works" "$PORTRAIT" identity merge user_id:10 user_id:12 --why 'after the kills'
claim "and a build" "$PORTRAIT" build

# Several at once: each is made, or is told that another one is at work.
before=$(decisions)
for user in 13 17 22 23 24 25; do
    ("$PORTRAIT" identity pin user_id:$user --why 'at once' >"$WORK/at-once.$user" 2>&1
    echo $? >>"$WORK/at-once.$user") &
done
wait
made=$(tail -qn1 "$WORK"/at-once.* | grep -c '^0$')
other=$(grep -lE 'locked by another|no customer has' "$WORK"/at-once.* | wc -l)
after=$(decisions)
if [ "$after" -eq $((before + made)) ] && [ $((made + other)) -eq 6 ] && [ "$(numbers)" -eq "$after" ]; then
    ok "of several at once each is made or refused, and numbers are given once"
else
    fail "of several at once" "$made made, $other refused, $before before, $after after: $(cat "$WORK"/at-once.*)"
fi

# No room.
if [ -w /dev/shm ] && mkdir "$WORK/full" 2>/dev/null && mount -t tmpfs -o size=64m none "$WORK/full" 2>/dev/null; then
    cp -r . "$WORK/full/shop"
    before=$(decisions)
    dd if=/dev/zero of="$WORK/full/filler" bs=4k 2>/dev/null
    exits "a full disk is told" 5 "$PORTRAIT" identity merge user_id:10 user_id:13 --why 'no room' --project "$WORK/full/shop"
    rm "$WORK/full/filler"
    got=$("$PORTRAIT" identity list --json --project "$WORK/full/shop" | grep -o '"decision":[0-9]*' | wc -l)
    [ "$got" -eq "$before" ] && ok "and nothing is decided" || fail "and nothing is decided" "$got, not $before"
    claim "with room it is" "$PORTRAIT" identity merge user_id:10 user_id:13 --why 'room' --project "$WORK/full/shop"
    umount "$WORK/full"
else
    echo "skip $test_name: no small file system"
fi

# No permission.
if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 true 2>/dev/null; then
    chmod -R a+rX "$WORK" "$PORTRAIT" 2>/dev/null
    exits "a read-only data directory takes no decision" 5 setpriv --reuid=65534 "$PORTRAIT" identity merge user_id:10 user_id:13 --why x
    says "but shows them" "after the kills" setpriv --reuid=65534 "$PORTRAIT" identity list
    says "and tells history" "decision" setpriv --reuid=65534 "$PORTRAIT" identity history user_id:10
fi

claim "doctor finds every file whole" "$PORTRAIT" doctor

# shellcheck shell=sh
# Kept history: was(...) against the events themselves, states in their place in time, files that are lost or damaged.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 600
cd shop || exit 1

same() { # claim, one condition, another that means the same
    this=$(members "$2") other=$(members "$3")
    if [ "$this" = "$other" ] && [ "$this" -gt 0 ]; then ok "$1"; else fail "$1" "$2: $this; $3: $other"; fi
}
# life_cycle = "active" as it was as of a day: an order in the 30 days before, told by the events alone.
active() { # first day that counts, as-of
    printf '(did(orders between %sT00:00+08:00 and %sT00:00+08:00))' "$1" "$2"
}

# --- states against events ---
exits "was() needs a build" 3 "$PORTRAIT" count 'was(life_cycle = "active")'
for day in 2017-02-01 2017-04-01 2017-05-01 2017-07-01; do
    "$PORTRAIT" build --as-of $day >/dev/null 2>&1 || fail "builds as of $day"
done
february=$(active 2017-01-02 2017-02-01) march=$(active 2017-01-30 2017-03-01) april=$(active 2017-03-02 2017-04-01)
may=$(active 2017-04-01 2017-05-01) july=$(active 2017-06-01 2017-07-01)
same "what holds now was" 'life_cycle = "active"' "$july"
same "at any kept time" 'was(life_cycle = "active")' "$february or $april or $may or $july"
same "for a stretch of one state" 'was(life_cycle = "active", at least 31d)' "$february or $may"
same "of two states" 'was(life_cycle = "active", at least 70d)' "$february and $april or $april and $may"
same "of three" 'was(life_cycle = "active", at least 120d)' "$february and $april and $may"
same "within a window" 'was(life_cycle = "active", within 65d)' "$april or $may or $july"
same "for long enough of a window" 'was(life_cycle = "active", at least 70d, within 75d)' "$april and $may"
same "beside other conditions" 'not was(life_cycle = "active") and orders_all > 0' "not ($february or $april or $may or $july) and orders_all > 0"
same "a condition in two parts" 'was(life_cycle = "active" or life_cycle = "sleeping", at least 31d)' \
    "$(active 2016-10-04 2017-02-01) or $(active 2017-01-01 2017-05-01)"

# --- a state in its place in time ---
"$PORTRAIT" build --as-of 2017-03-01 >/dev/null 2>&1
"$PORTRAIT" build --as-of 2017-07-01 >/dev/null 2>&1
same "a build for an earlier day is put in its place" 'was(life_cycle = "active", at least 58d, within 151d)' \
    "$february and $march or $march and $april or $april and $may or $may"
"$PORTRAIT" build --as-of 2017-04-01 >/dev/null 2>&1
same "a question knows nothing later than its build" 'was(life_cycle = "active")' "$february or $march or $april"
"$PORTRAIT" build --as-of 2017-07-01 >/dev/null 2>&1
files=$(ls portrait-data/history/*.tags | wc -l)
"$PORTRAIT" build --as-of 2017-07-01 >/dev/null 2>&1
if [ "$(ls portrait-data/history/*.tags | wc -l)" = "$files" ]; then ok "the same build again leaves one state"; else fail "the same build again leaves one state" "$(ls portrait-data/history)"; fi

# --- what is kept ---
if [ "$(members 'was(recency < 20)')" = 0 ]; then ok "no history of a number that nobody asked for"; else fail "no history of a number that nobody asked for"; fi
says "and it is said so" 'E0336' sh -c "$PORTRAIT count 'was(recency < 20)' 2>&1"
mkdir -p segments
printf 'lately:\n  when: was(recency <= 30, at least 20d)\n' >segments/history.yaml
"$PORTRAIT" build --as-of 2017-07-01 >/dev/null 2>&1
"$PORTRAIT" build --as-of 2017-07-21 >/dev/null 2>&1
same "a saved segment has its numbers kept" 'lately' "$july"
says "history lists its states" '2017-03-01' "$PORTRAIT" history
says "and which tags are kept" 'recency' "$PORTRAIT" history
says "in Chinese too" '截至' "$PORTRAIT" history --lang zh

# --- trends ---
says "a trend has a line for each build" '2017-05-01' "$PORTRAIT" tags life_cycle --trend
says "of numbers too" 'median' "$PORTRAIT" tags recency --trend
says "of quality" '2017-03-01' "$PORTRAIT" quality --trend
says "of a segment" '2017-07-21' "$PORTRAIT" segment lately --trend
exits "a trend of no tag is a wrong question" 2 "$PORTRAIT" tags --trend
exits "a trend of an unknown tag is not found" 3 "$PORTRAIT" tags nosuch --trend
share=$("$PORTRAIT" tags life_cycle --trend --json | sed 's/.*"as_of":"2017-07-21[^{]*{"active":\([0-9]*\).*/\1/')
if [ "$share" = "$(members 'life_cycle = "active"')" ]; then ok "the last point is the last build"; else fail "the last point is the last build" "$share"; fi

# --- worked out later ---
before=$("$PORTRAIT" tags life_cycle --trend --json) kept=$(members 'was(life_cycle = "active", at least 70d)')
mv portrait-data/history kept-history
mkdir portrait-data/history
"$PORTRAIT" build --as-of 2017-07-21 >/dev/null 2>&1
for day in 2017-02-01 2017-03-01 2017-04-01 2017-05-01; do
    claim "history backfill as of $day" "$PORTRAIT" history backfill --from $day --to $day
    worked=$("$PORTRAIT" tags life_cycle --trend --json | sed "s/.*\"as_of\":\"${day}[^{]*\({[^}]*}\).*/\1/")
    built=$(echo "$before" | sed "s/.*\"as_of\":\"${day}[^{]*\({[^}]*}\).*/\1/")
    if [ "$worked" = "$built" ]; then ok "as the build of $day found"; else fail "as the build of $day found" "$worked, not $built"; fi
done
claim "history backfill over a year" "$PORTRAIT" history backfill --from 2016-12-03 --every 30d
one=$(active 2017-01-02 2017-02-01) two=$(active 2017-02-01 2017-03-03) three=$(active 2017-03-03 2017-04-02)
four=$(active 2017-04-02 2017-05-02) five=$(active 2017-05-02 2017-06-01)
same "was() over what was worked out" 'was(life_cycle = "active", at least 90d, within 170d)' \
    "$one and $two and $three or $two and $three and $four or $three and $four and $five"
says "points that were worked out are marked" '2017-03-03 *' "$PORTRAIT" tags life_cycle --trend
exits "backfill needs a first day" 2 "$PORTRAIT" history backfill
exits "a wrong day is said" 2 "$PORTRAIT" history backfill --from yesterday
exits "a wrong step is said" 2 "$PORTRAIT" history backfill --from 2017-01-01 --every never
exits "too many states are too many" 2 "$PORTRAIT" history backfill --from 2017-01-01 --every 1m
rm -rf portrait-data/history
mv kept-history portrait-data/history
"$PORTRAIT" build --as-of 2017-07-21 >/dev/null 2>&1

# --- lost, damaged, half-written ---
if [ "$(members 'was(life_cycle = "active", at least 70d)')" = "$kept" ]; then ok "history put back is history"; else fail "history put back is history"; fi
touch portrait-data/history/g000099.tags portrait-data/history/g000003.tags.tmp
if [ "$(members 'was(life_cycle = "active", at least 70d)')" = "$kept" ]; then ok "what was never published does not count"; else fail "what was never published does not count"; fi
"$PORTRAIT" build --as-of 2017-07-21 >/dev/null 2>&1
if find portrait-data/history -name '*g000099*' -o -name '*tmp*' | grep -q .; then fail "and is swept away"; else ok "and is swept away"; fi
rm -rf portrait-data/g0* portrait-data/CURRENT
claim "derived files may be deleted" "$PORTRAIT" build --as-of 2017-07-21
if [ "$(members 'was(life_cycle = "active", at least 70d)')" = "$kept" ]; then ok "and history is still there"; else fail "and history is still there" "$(members 'was(life_cycle = "active", at least 70d)'), not $kept"; fi
file=$(ls portrait-data/history/*.tags | sed -n 2p)
cp "$file" saved.tags
printf 'XXXX' | dd of="$file" bs=1 seek=2000 conv=notrunc 2>/dev/null
exits "damaged history is refused" 5 "$PORTRAIT" count 'was(life_cycle = "active")'
says "with the file and what to do" 'put back a copy' sh -c "$PORTRAIT count 'was(life_cycle = \"active\")' 2>&1"
claim "and stops no build" "$PORTRAIT" build --as-of 2017-07-22
rm "$file"
exits "a state that others rest on is missed" 5 "$PORTRAIT" count 'was(life_cycle = "active")'
cp saved.tags "$file"
claim "and put back it is good" "$PORTRAIT" count 'was(life_cycle = "active")'

# --- where it may stand ---
exits "no tag asks for history" 2 "$PORTRAIT" explain 'was(life_cycle = "active")'
exits "only tags are asked about" 2 "$PORTRAIT" count 'was(count(orders) > 1)'
exits "was() stands alone" 2 "$PORTRAIT" count 'if(was(life_cycle = "active"), 1, 0) = 1'

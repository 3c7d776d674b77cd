# shellcheck shell=sh
# portrait count: the index against the pipe, which knows nothing of it.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
claim "the shop builds" "$PORTRAIT" build

# The profiles of all customers as lines, from the timelines.
same() { # claim, one condition, another that means the same
    one=$(members "$2") other=$(members "$3")
    if [ "$one" = "$other" ] && [ "$one" -gt 0 ]; then ok "$1"; else fail "$1" "$2: $one; $3: $other"; fi
}
same "a tag is what it is made of" 'recency <= 90' 'days_since(last(orders.time)) <= 90'
same "a tier is its condition" 'life_cycle = "active"' 'recency <= 30'
same "not, pushed down or not" 'not (spend >= 100 or city = "北京")' 'spend < 100 and city != "北京"'
all=$(members '') yes=$(members 'spend >= 300') no=$(members 'not (spend >= 300)') missing=$(members 'spend is missing')
if [ $((yes + no + missing)) -eq "$all" ]; then ok "true, false and missing make all"; else fail "true, false and missing make all" "$yes + $no + $missing, not $all"; fi
says "values are listed with their labels" "customers" "$PORTRAIT" count --by life_cycle
says "in Chinese too" "总体占比" "$PORTRAIT" count --by life_cycle --lang zh
exits "an unknown tag is a wrong condition" 2 "$PORTRAIT" count 'nosuch > 3'
says "and the nearest is suggested" "life_cycle" "$PORTRAIT" count 'life_cycel = "active"'
exits "a number is no condition" 2 "$PORTRAIT" count 'recency'
exits "an unknown tag to count by is not found" 3 "$PORTRAIT" count --by nosuch
dd if=/dev/zero of="portrait-data/$(cat portrait-data/CURRENT)/profile.index" bs=1 seek=64 count=64 conv=notrunc 2>/dev/null
exits "a damaged index is refused" 5 "$PORTRAIT" count 'recency <= 90'

# shellcheck shell=sh
# portrait associate on the shop: against `count`, against naive counting of its CSV files, and what a user gets to read.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
echo 'privacy: {min_group: 10}' >>portrait.yaml
claim "the shop builds" "$PORTRAIT" build

rule() { # key, value on the right; JSON of associate on standard input
    tr '{' '\n' | sed -n "s/^\"right\":\"$2\".*\"$1\":\([0-9]*\).*/\1/p"
}

# --- items and columns, by customer
category=$("$PORTRAIT" associate --with category --json --min-support 0 --min-confidence 0 | tr '{' '\n' | sed -n 's/^"left":\["\([^"]*\)"\],"right".*/\1/p' | head -1)
bought="count(orders where category = '$category') > 0"
"$PORTRAIT" associate "$category" --item category --with channel --min-lift 0 --json >out.json
same "customers with an item are whom the language counts" "$(figures left_baskets <out.json)" "$(members "$bought")"
channel=$(tr '{' '\n' <out.json | sed -n 's/^"right":"\([^"]*\)".*/\1/p' | head -1)
same "and those with both" "$(rule both "$channel" <out.json)" "$(members "$bought and count(orders where channel = '$channel') > 0")"
same "and those on the right" "$(rule right_count "$channel" <out.json)" "$(members "count(orders where channel = '$channel') > 0")"

# --- a condition and a tag
"$PORTRAIT" associate 'spend >= 300' --with life_cycle --min-lift 0 --json >out.json
value=$(tr '{' '\n' <out.json | sed -n 's/^"right":"\([^"]*\)".*/\1/p' | head -1)
same "a condition against a tag" "$(rule both "$value" <out.json)" "$(members "spend >= 300 and life_cycle = '$value'")"
same "an item against a tag" "$("$PORTRAIT" associate "$category" --with life_cycle --min-lift 0 --json | rule both "$value")" \
    "$(members "$bought and life_cycle = '$value'")"
same "of a segment" "$("$PORTRAIT" associate "$category" --with life_cycle --min-lift 0 --segment 'orders_all >= 3' --json | rule both "$value")" \
    "$(members "$bought and life_cycle = '$value' and orders_all >= 3")"
same "a list has several values" "$("$PORTRAIT" associate 'spend >= 300' --with interests --min-lift 0 --json --top 100 | figures both | head -1)" \
    "$(first=$("$PORTRAIT" associate 'spend >= 300' --with interests --min-lift 0 --json | tr '{' '\n' | sed -n 's/^"right":"\([^"]*\)".*/\1/p' | head -1); members "spend >= 300 and interests has '$first'")"

# --- baskets
same "a basket is an order" "$("$PORTRAIT" associate --with sku --by order_id --json | figures baskets)" "$("$PORTRAIT" associate --with sku --by basket --json | figures baskets)"
one=$("$PORTRAIT" associate --with sku --json --min-support 0.01 --threads 1 | cksum) two=$("$PORTRAIT" associate --with sku --json --min-support 0.01 --threads 3 | cksum)
same "the same bytes on any number of threads" "$one" "$two"
few=$("$PORTRAIT" associate --with sku --min-support 0 --min-confidence 0 --min-lift 0 --top 999 --json | figures both | sort -n | head -1)
if [ "${few:-0}" -ge 10 ]; then ok "no rule is of too few customers"; else fail "no rule is of too few customers" "$few"; fi

# --- what a user reads
says "part of a name is enough" "items: " "$PORTRAIT" associate "$(printf %.2s "$category")" --with channel
says "in Chinese" "置信度" "$PORTRAIT" associate "$category" --with channel --lang zh
says "rules of two items" "who has" "$PORTRAIT" associate --with sku
says "an unknown item" "knows no item 'nosuchthing'" "$PORTRAIT" associate nosuchthing --with channel --lang en
says "a wrong condition" "unknown tag 'nosuch'" "$PORTRAIT" associate 'nosuch > 3' --with channel
says "and nothing at all" "nothing says what to look at" "$PORTRAIT" associate --lang en
exits "an unknown column" 3 "$PORTRAIT" associate --with nosuch
exits "a column of numbers" 2 "$PORTRAIT" associate --with price
exits "a tag of numbers" 2 "$PORTRAIT" associate 'orders_all > 2' --with spend
exits "a tag alone" 2 "$PORTRAIT" associate --with life_cycle
exits "conditions have no baskets" 2 "$PORTRAIT" associate 'spend > 300' --with channel --by order_id
exits "a share is one" 2 "$PORTRAIT" associate --with sku --min-support many
exits "a share is at most 1" 2 "$PORTRAIT" associate --with sku --min-support 120%
exits "few customers are not described" 2 "$PORTRAIT" associate 'spend > 100000' --with channel

# shellcheck shell=sh
# portrait funnel, paths, cohort, heatmap on the shop: against `count`, and what a user gets to read.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
echo 'privacy: {min_group: 10}' >>portrait.yaml
claim "the shop builds" "$PORTRAIT" build

# The figures of a key, one a line.
figures() { # key; JSON on standard input
    tr ',{}[]' '\n' | sed -n "s/^\"$1\"://p"
}
same() { # claim, one text, another
    if [ "$2" = "$3" ] && [ -n "$2" ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}

# --- funnel
reached=$("$PORTRAIT" funnel "visits where page = 'home'" visits "orders where amount > 50" --within 90d --json | tr '{' '\n' | sed -n 's/^"step":.*"customers":\([0-9]*\),"median.*/\1/p' | tr '\n' ' ')
counted=$(for k in 1 2 3; do "$PORTRAIT" count "funnel(visits where page = 'home', visits, orders where amount > 50 within 90d) >= $k" --json | figures members; done | tr '\n' ' ')
same "a step is whom the language counts" "$reached" "$counted"
says "the condition is printed" "funnel(visits, orders within 1h) >= 1" "$PORTRAIT" funnel visits orders --within 1h
says "values of a tag are told apart" "Active" "$PORTRAIT" funnel "visits where page = 'home'" orders --by life_cycle
says "in Chinese" "占上一步" "$PORTRAIT" funnel "visits where page = 'home'" orders --lang zh
exits "one step is no funnel" 2 "$PORTRAIT" funnel orders
exits "a step is a source" 2 "$PORTRAIT" funnel orders 'spend > 3'
says "with the nearest one" "orders" "$PORTRAIT" funnel visits ordres
exits "a step is one did" 2 "$PORTRAIT" funnel orders 'visits) or did(orders'
exits "a step has no window" 2 "$PORTRAIT" funnel orders 'visits within 30d'
exits "an unknown tag to split by" 3 "$PORTRAIT" funnel orders visits --by nosuch
exits "a list is no group" 2 "$PORTRAIT" funnel orders visits --by interests
exits "a number of a small group is no row" 0 "$PORTRAIT" funnel visits orders --by last_order
exits "a day is a day" 2 "$PORTRAIT" funnel orders visits --from tomorrow
exits "a length is a length" 2 "$PORTRAIT" funnel orders visits --within 7
exits "a small segment is not described" 2 "$PORTRAIT" funnel orders visits --segment 'spend > 100000'

# shellcheck shell=sh
# portrait funnel, paths, cohort, heatmap on the shop: against `count`, and what a user gets to read.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
echo 'privacy: {min_group: 10}' >>portrait.yaml
claim "the shop builds" "$PORTRAIT" build

# The figures of a key, one a line.

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
says "a wrong step is shown as it was written" "step 1:1:1: error" "$PORTRAIT" cohort nosuch --lang en
says "with its place in it" "step 2:1:14: error" "$PORTRAIT" funnel visits 'orders where nosuch > 1' --lang en
exits "a step is one did" 2 "$PORTRAIT" funnel orders 'visits) or did(orders'
exits "a step has no window" 2 "$PORTRAIT" funnel orders 'visits within 30d'
exits "an unknown tag to split by" 3 "$PORTRAIT" funnel orders visits --by nosuch
exits "a list is no group" 2 "$PORTRAIT" funnel orders visits --by interests
exits "a number of a small group is no row" 0 "$PORTRAIT" funnel visits orders --by last_order
exits "a day is a day" 2 "$PORTRAIT" funnel orders visits --from tomorrow
exits "a length is a length" 2 "$PORTRAIT" funnel orders visits --within 7
exits "a small segment is not described" 2 "$PORTRAIT" funnel orders visits --segment 'spend > 100000'

# --- cohort
says "cohorts have a row a month" "2016-03" "$PORTRAIT" cohort orders
says "and a week, by its Monday" "2016-02-29" "$PORTRAIT" cohort orders --every week --periods 4
all=$("$PORTRAIT" count 'did(orders)' --json | figures members)
sum=$("$PORTRAIT" cohort orders --json | tr '{' '\n' | sed -n 's/^"start".*"customers":\([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n }')
hidden=$("$PORTRAIT" cohort orders --json | figures hidden_customers)
same "cohorts make all who ever came" "$((sum + hidden))" "$all"
says "values of a tag are rows" "Chengdu" "$PORTRAIT" cohort orders --of city
says "sums a customer" "sum for each customer" "$PORTRAIT" cohort orders --measure 'sum(amount)'
says "in Chinese" "首次月份" "$PORTRAIT" cohort orders --lang zh
exits "a text is not added up" 2 "$PORTRAIT" cohort orders --measure 'sum(note)'
exits "an unknown column is not found" 3 "$PORTRAIT" cohort orders --measure 'sum(nosuch)'
exits "a measure is a measure" 2 "$PORTRAIT" cohort orders --measure 'avg(amount)'
exits "no year is a period" 2 "$PORTRAIT" cohort orders --every year
exits "periods have a limit" 2 "$PORTRAIT" cohort orders --periods 61

# --- heatmap
events=$("$PORTRAIT" heatmap orders --json | figures events | head -1)
same "a week holds all events" "$("$PORTRAIT" heatmap orders --json | tr '{' '\n' | sed -n 's/^"events":\([0-9]*\),.*/\1/p' | awk 'NR <= 168 { n += $1 } END { print n }')" "$events"
says "weekdays in Chinese" "周三" "$PORTRAIT" heatmap orders --lang zh
says "an index against all" "index against all customers" "$PORTRAIT" heatmap orders --segment 'spend >= 300'
says "a condition of events" "where amount > 100" "$PORTRAIT" heatmap orders --where 'amount > 100'
exits "a condition of events is one" 2 "$PORTRAIT" heatmap orders --where 'spend'

# --- paths
says "what comes after" "after" "$PORTRAIT" paths "visits where page = 'cart'"
says "what came before, nearest first" "before, nearest first" "$PORTRAIT" paths orders --before 2
starts=$("$PORTRAIT" paths orders --start each --after 1 --json | tr ',{' '\n\n' | sed -n 's/^"starts"://p' | head -1)
level=$("$PORTRAIT" paths orders --start each --after 1 --json | tr '{' '\n' | sed -n 's/^"level":1,"parent".*"starts":\([0-9]*\),.*/\1/p' | awk '{ n += $1 } END { print n }')
same "what comes next makes all starts" "$level" "$starts"
says "values of a column tell events apart" "home" "$PORTRAIT" paths orders --by page --after 2
says "in Chinese" "再无行为" "$PORTRAIT" paths orders --lang zh
exits "a source of paths has events" 3 "$PORTRAIT" paths orders --through members
exits "a column is one of texts" 3 "$PORTRAIT" paths orders --by amount
exits "nine steps are too many" 2 "$PORTRAIT" paths orders --after 9
exits "a start is first, last or each" 2 "$PORTRAIT" paths orders --start second
one=$("$PORTRAIT" paths orders --start each --by page --json --threads 1 | cksum) two=$("$PORTRAIT" paths orders --start each --by page --json --threads 3 | cksum)
same "the same bytes on any number of threads" "$one" "$two"

# shellcheck shell=sh disable=SC2016,SC1111 # programs in quotes expand inside
# Rules, the report and its trend, and a first project from files, as a user meets them.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

mkdir -p shop/sources shop/tags shop/data
cat >shop/portrait.yaml <<'YAML'
name: shop
as_of: 2024-03-01
YAML
cat >shop/sources/orders.yaml <<'YAML'
orders:
  from: data/orders.csv
  kind: event
  time: at
  customer: {user_id: user}
  columns: {order_id: text, amount: money, channel: category}
  quality:
    - amount between 0 and 100
    - unique order_id
YAML
echo 'orders_all: count(orders)' >shop/tags/all.yaml
{
    echo "order_id,user,at,amount,channel"
    i=0
    while [ $i -lt 120 ]; do
        echo "o$i,u$((i % 9)),2024-0$((1 + i % 2))-1$((i % 9)) 1$((i % 9)):0$((i % 7)):00,$((1 + i % 50)).50,$([ $((i % 3)) -eq 0 ] && echo app || echo web)"
        i=$((i + 1))
    done
} >shop/data/orders.csv
cd shop || exit 1

exits "a report before a build finds nothing" 3 "$PORTRAIT" quality
claim "rules that hold" "$PORTRAIT" build
says "the summary has the score" "data quality" "$PORTRAIT" build
claim "the report" "$PORTRAIT" quality
says "columns of one source" "amount" "$PORTRAIT" quality orders
says "in Chinese" "数据质量" "$PORTRAIT" quality --lang zh
says "JSON has measures" '"distinct":120' "$PORTRAIT" quality --json
says "an unknown source is put right" "did you mean 'orders'" "$PORTRAIT" quality order
before=$(cat portrait-data/CURRENT)

echo "o5,u1,2024-02-20 10:00:00,999,web" >>data/orders.csv
says "a broken rule is a warning" "'amount between 0 and 100' does not hold: 1 of 121 rows (first: data/orders.csv:122)" "$PORTRAIT" build
says "the report shows the row" "data/orders.csv:122" "$PORTRAIT" quality orders
says "and the trend" "since the build before" "$PORTRAIT" quality
says "of the rule" "the rule 'unique order_id' does not hold" "$PORTRAIT" quality --lang en
before=$(cat portrait-data/CURRENT)

sed -i 's/- unique order_id/- error: unique order_id/' sources/orders.yaml
exits "a rule of level error stops the build" 1 "$PORTRAIT" build
says "and says which and where" "the rule 'unique order_id' does not hold: 1 of 121 rows, first data/orders.csv:122" "$PORTRAIT" build
says "in Chinese too" "规则“unique order_id”不成立" "$PORTRAIT" build --lang zh
if [ "$(cat portrait-data/CURRENT)" = "$before" ]; then ok "nothing was published"; else fail "nothing was published"; fi
says "the report is that of the failed build" "error" "$PORTRAIT" quality

sed -i 's/error: unique order_id/expect nosuch > 1/' sources/orders.yaml
says "check knows the columns of a condition" "'nosuch' is no declared column" "$PORTRAIT" check
exits "and so does build" 2 "$PORTRAIT" build

cd .. || exit 1
claim "init --from" "$PORTRAIT" init --from shop/data/orders.csv first
claim "what it wrote is sound" "$PORTRAIT" check --project first
claim "and builds" "$PORTRAIT" build --project first
exits "nothing is overwritten" 2 "$PORTRAIT" init --from shop/data/orders.csv first
says "and said" "is there already" "$PORTRAIT" init --from shop/data/orders.csv first
exits "a file that is not there" 3 "$PORTRAIT" init --from none.csv other
exits "files and a template" 2 "$PORTRAIT" init --template blank --from shop/data/orders.csv other

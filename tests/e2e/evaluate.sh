# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Models on later days: figures beside those of training, what has moved, cards as pages.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

# 600 customers who order every few days of 2017 until they leave, half of them some day; from December on baskets are ten
# times as dear: that has moved, how often they order has not.
mkdir -p shop/sources shop/tags shop/models
awk 'function day_of(n, month, length_of) {
    n = int(n)
    month = 1
    split("31 28 31 30 31 30 31 31 30 31 30 31", length_of, " ")
    while (n >= length_of[month]) n -= length_of[month++]
    return sprintf("2017-%02d-%02d", month, n + 1)
}
BEGIN {
    srand(3)
    print "user_id,ordered_at,amount"
    for (c = 1; c <= 600; c++) {
        leaves = rand() < 0.5 ? int(60 + rand() * 330) : 10000
        pace = 4 + rand() * 10
        for (day = rand() * 9; day < 365 && day < leaves; day += 1 + rand() * pace * (day > leaves - 50 ? 2 : 1))
            printf "u%d,%sT12:00:00,%.2f\n", c, day_of(day), (5 + rand() * 50) * (day > 310 ? 10 : 1)
    }
}' >shop/orders.csv
cat >shop/portrait.yaml <<'YAML'
name: shop
as_of: 2018-01-01
YAML
echo 'orders: {from: orders.csv, kind: event, time: ordered_at, customer: {user_id: user_id}, columns: {amount: money}}' >shop/sources/all.yaml
cat >shop/tags/all.yaml <<'YAML'
recency: days_since(last(orders.time))
orders_30d: count(orders within 30d)
spend_30d: sum(orders.amount within 30d)
YAML
cat >shop/models/churn.yaml <<'YAML'
churn:
  task: classify
  population: orders_30d > 0
  target: did_not(orders within next 30d)
  train: [2017-08-01, 2017-09-01]
  test: 2017-10-01
  algorithm: [logistic]
  tags: {churn_probability: probability}
YAML
cd shop || exit 1
claim "the project builds" "$PORTRAIT" build
says "nothing is trained yet" 'has no version in use' "$PORTRAIT" evaluate churn
claim "it is trained" "$PORTRAIT" train churn
says "figures of a later day stand beside those of training" 'in training' "$PORTRAIT" evaluate churn
says "what has moved is told" "Features that have moved a lot: 1, first of all 'spend_30d'" "$PORTRAIT" evaluate churn
says "in Chinese" '有 1 个特征的分布变化很大，首先是“spend_30d”' "$PORTRAIT" evaluate churn --lang zh
says "a day that is not later is told" 'not later than the days of training' "$PORTRAIT" evaluate churn --as-of 2017-09-15
says "a day whose outcome is not known is refused" 'is known only at' "$PORTRAIT" evaluate churn --as-of 2017-12-20
says "as JSON" '"part":"later"' "$PORTRAIT" evaluate churn --json
claim "the card is a page" sh -c '"$PORTRAIT" models churn card --out card.html && grep -q "ROC curve" card.html'
claim "and JSON" sh -c '"$PORTRAIT" models churn card v1 --out card.json && python3 -c "import json; json.load(open(\"card.json\"))"'
claim "the day's card is a page" sh -c '"$PORTRAIT" evaluate churn --out day.html --lang zh && grep -q "训练以来的变化" day.html'
exits "an unknown model" 3 "$PORTRAIT" evaluate nobody
exits "an unknown version" 3 "$PORTRAIT" evaluate churn v9
exits "no version at all" 2 "$PORTRAIT" evaluate churn latest

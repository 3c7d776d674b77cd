# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Models: trained on past days, kept as versions, scoring in builds as ordinary tags; nothing learned from the future.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

# 900 customers: each orders every few days until it leaves, half of them some day in 2017. The day is in the crm, as if
# it had been known before: a tag of it knows the future.
mkdir -p shop/sources shop/tags shop/models shop/segments
awk 'function day_of(n, month, length_of) {
    n = int(n)
    month = 1
    split("31 28 31 30 31 30 31 31 30 31 30 31", length_of, " ")
    while (n >= length_of[month]) n -= length_of[month++]
    return sprintf("2017-%02d-%02d", month, n + 1)
}
BEGIN {
    srand(7)
    print "user_id,left,city" >"shop/crm.csv"
    print "user_id,ordered_at,amount" >"shop/orders.csv"
    for (c = 1; c <= 900; c++) {
        leaves = rand() < 0.5 ? int(60 + rand() * 330) : 10000
        pace = 4 + rand() * 10
        date = "2030-01-01"
        if (leaves < 365) date = day_of(leaves)
        printf "u%d,%s,city%d\n", c, date, 1 + int(rand() * 5) >"shop/crm.csv"
        for (day = rand() * 9; day < 365 && day < leaves; day += 1 + rand() * pace * (day > leaves - 50 ? 2 : 1))
            printf "u%d,%sT12:00:00,%.2f\n", c, day_of(day), 5 + rand() * 50 >"shop/orders.csv"
    }
}'
cat >shop/portrait.yaml <<'YAML'
name: shop
as_of: 2018-01-01
privacy: {min_group: 10}
YAML
cat >shop/sources/all.yaml <<'YAML'
orders: {from: orders.csv, kind: event, time: ordered_at, customer: {user_id: user_id}, columns: {amount: money}}
crm: {from: crm.csv, kind: record, customer: {user_id: user_id}, columns: {left: date, city: category}}
YAML
cat >shop/tags/all.yaml <<'YAML'
recency: {value: days_since(last(orders.time)), label: {zh: 距上次下单天数, en: Days since an order}}
orders_30d: count(orders within 30d)
orders_90d: count(orders within 90d)
spend_90d: sum(orders.amount within 90d)
city: crm.city
left_on: crm.left
asked: {type: number, sql: "SELECT customer, 1 AS value FROM orders GROUP BY customer"}
alarm: {tiers: {high: churn_probability >= 0.5, low: churn_probability < 0.5}}
YAML
echo 'in_danger: churn_probability >= 0.5' >shop/segments/all.yaml
cat >shop/models/churn.yaml <<'YAML'
churn:
  label: {zh: 流失预测, en: Churn}
  task: classify
  population: orders_30d > 0
  target: did_not(orders within next 30d)
  features: {auto: true, except: [left_on]}
  train: [2017-09-01, 2017-10-01]
  test: 2017-11-01
  algorithm: [logistic, majority]
  tags:
    churn_probability: probability
    churn_risk: {value: decision, label: {zh: 流失风险, en: May leave}}
    churn_reasons: reasons
YAML
cd shop || exit 1
equal() { # claim, got, wanted
    if [ "$2" = "$3" ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}
artifact() { # MODEL: the hash of what the latest version learned
    "$PORTRAIT" models "$1" --json | sed 's/.*"artifact":"\([0-9a-f]*\)".*/\1/'
}

# --- before training ---
claim "the project is sound" "$PORTRAIT" check
exits "nothing is trained without a build" 3 "$PORTRAIT" train
says "a build says that a model has no version" 'no version is approved' "$PORTRAIT" build
equal "its tags are missing then" "$(members 'churn_probability is missing')" 900
equal "and so are tags made of them" "$(members 'alarm is missing')" 900
says "the list says so too" 'churn' "$PORTRAIT" models
says "and of one model" 'portrait train churn' "$PORTRAIT" models churn

# --- training ---
claim "a model is trained" "$PORTRAIT" train churn
says "the first version is in use" 'v1' "$PORTRAIT" models
"$PORTRAIT" models churn --json >models.json
says "JSON has its days" '"train":["2017-09-01' cat models.json
says "and the part it was measured on" '"part":"test"' cat models.json
"$PORTRAIT" train churn --json >train.json
says "what learns the same makes no new version" '"same":true' cat train.json
auc=$(grep -o '"name":"auc","of":"logistic","part":"test","value":[0-9.]*' train.json | sed 's/.*://' | head -n 1)
if awk "BEGIN { exit !($auc > 0.7 && $auc < 0.99) }"; then ok "it tells who leaves"; else fail "it tells who leaves" "AUC $auc"; fi
equal "no feature is a query" "$(grep -c 'asked (query)' train.json)" 1
equal "or rests on a model" "$(grep -c 'alarm (model)' train.json)" 1

# The rows of the test are the population of a build of that day.
"$PORTRAIT" build --as-of 2017-11-01 >/dev/null 2>&1
rows=$(sed 's/.*"test_rows":{[^}]*},"value":{"zh":"\([0-9]*\)".*/\1/' train.json)
equal "rows are the population of the day" "$rows" "$(members 'orders_30d > 0')"

# --- scores ---
claim "a build scores" "$PORTRAIT" build
equal "all of the population" "$(members 'churn_probability is not missing')" "$(members 'orders_30d > 0')"
equal "and nobody else" "$(members 'churn_probability is not missing and not orders_30d > 0')" 0
equal "segments and tiers use them" "$(members in_danger)" "$(members 'alarm = "high"')"
if [ "$(members in_danger)" -gt 0 ]; then ok "somebody may leave"; else fail "somebody may leave"; fi
equal "the decision is a threshold" "$(members 'churn_risk is missing')" "$(members 'churn_probability is missing')"
says "a profile shows them" 'May leave' "$PORTRAIT" show u1
says "reasons are called as the tags are" 'Days since an order' "$PORTRAIT" tags churn_reasons --lang en
says "in the reader's language" '距上次下单天数' "$PORTRAIT" tags churn_reasons --lang zh
if [ "$(members "churn_reasons has 'recency'")" -gt 0 ]; then ok "conditions take the tag's name"; else fail "conditions take the tag's name"; fi
says "the catalogue says who gives them" 'churn' "$PORTRAIT" tags churn_probability
says "in Chinese" '流失预测' "$PORTRAIT" tags churn_probability --lang zh
claim "they are explained" "$PORTRAIT" explain churn_probability --customer u1
claim "and what rests on them" "$PORTRAIT" explain alarm --customer u1
claim "insight takes them" "$PORTRAIT" insight in_danger
claim "lineage too" "$PORTRAIT" lineage churn_probability
says "the build says which version" '"churn":{"tags":3,"version":1' "$PORTRAIT" build --json
says "the manifest keeps it" 'model.churn' cat portrait-data/CURRENT portrait-data/g*/manifest.json

# --- the same on any number of threads ---
first=$(artifact churn)
for threads in 1 2 5; do
    rm -rf portrait-data/models
    "$PORTRAIT" train churn --threads $threads >/dev/null 2>&1
    cp portrait-data/models/churn/v1.model "v.$threads"
done
claim "two threads learn what one does" cmp v.1 v.2
claim "and five" cmp v.1 v.5
equal "and the first training too" "$(artifact churn)" "$first"
"$PORTRAIT" build --threads 1 >/dev/null 2>&1
cp "portrait-data/$(cat portrait-data/CURRENT)/profile.tags" tags.1
rm -f portrait-data/g*/profile.tags
"$PORTRAIT" build --threads 4 >/dev/null 2>&1
claim "scores do not depend on them" cmp tags.1 "portrait-data/$(cat portrait-data/CURRENT)/profile.tags"

# --- nothing is learned from the future ---
cp orders.csv orders.kept
awk 'BEGIN { for (c = 1; c <= 900; c += 2) printf "u%d,2017-12-15T12:00:00,99\n", c }' >>orders.csv
"$PORTRAIT" build >/dev/null 2>&1
"$PORTRAIT" train churn >/dev/null 2>&1
equal "what happens after all outcomes changes nothing" "$(artifact churn)" "$first"
cp orders.kept orders.csv
awk 'BEGIN { for (c = 1; c <= 900; c += 2) printf "u%d,2017-10-15T12:00:00,99\n", c }' >>orders.csv
"$PORTRAIT" build >/dev/null 2>&1
"$PORTRAIT" train churn >/dev/null 2>&1
if [ "$(artifact churn)" != "$first" ]; then ok "what happens within them does"; else fail "what happens within them does"; fi
cp orders.kept orders.csv
"$PORTRAIT" build >/dev/null 2>&1
rm -rf portrait-data/models
"$PORTRAIT" train churn >/dev/null 2>&1
sed 's/  test: 2017-11-01/  test: 2017-12-20/' models/churn.yaml >models.later
cp models/churn.yaml models.kept
sed 's/  train: .*/  train: [2016-09-01]/' models/churn.yaml >models/churn.early
mv models/churn.early models/churn.yaml
says "days before all data are refused" 'the data begins at' "$PORTRAIT" train churn
sed 's/  features: .*/  features: []/' models.kept >models/churn.yaml
says "no features at all are refused" "names nothing to learn from" "$PORTRAIT" check
sed 's/  features: .*/  features: {auto: false}/' models.kept >models/churn.yaml
says "in either form" "names nothing to learn from" "$PORTRAIT" check
cp models.later models/churn.yaml
says "an outcome that is not known yet is refused" 'the data ends at' "$PORTRAIT" train churn
sed 's/, except: \[left_on\]//' models.kept >models/churn.yaml
says "a planted leak is warned of" "'left_on' alone" "$PORTRAIT" train churn
says "in Chinese too" '单独' "$PORTRAIT" train churn --lang zh
"$PORTRAIT" train churn --json >leak.json
says "and in the card" '"warning":true' cat leak.json
cp models.kept models/churn.yaml

# --- no better than guessing ---
cat >models/luck.yaml <<'YAML'
luck:
  task: classify
  population: orders_30d > 0
  target: did_not(orders within next 30d)
  features: [city]
  train: [2017-09-01, 2017-10-01]
  test: 2017-11-01
  algorithm: logistic
  tags: {luck_probability: probability}
YAML
says "what is no better than guessing is not used" 'portrait models luck approve v1' "$PORTRAIT" train luck
says "and why" 'guessing gives 0.5' "$PORTRAIT" train luck
says "in Chinese" '看不出这个模型比随机猜测更好' "$PORTRAIT" train luck --lang zh
says "JSON knows" '"approved":false,"doubtful":true' "$PORTRAIT" train luck --json
says "its card is to be read" 'guessing gives 0.5' "$PORTRAIT" models luck card
exits "a card is a page, JSON or text" 2 "$PORTRAIT" models luck card --out card.pdf
claim "and so written" sh -c '"$PORTRAIT" models luck card --out c.html && "$PORTRAIT" models luck card --out c.txt && "$PORTRAIT" models luck card --out c.json'
says "as a page" '<html' cat c.html
says "as text" 'luck v1' cat c.txt
if ls card.pdf 2>/dev/null; then fail "and nothing else"; else ok "and nothing else"; fi
equal "times are told to the minute" "$("$PORTRAIT" models luck | grep -c '20[0-9-]* [0-9][0-9]:[0-9][0-9] *$')" 1
says "the list tells how to use it" 'luck: no version is in use' "$PORTRAIT" models
says "so does the build" 'no version is in use: portrait models luck' "$PORTRAIT" build
claim "it is approved all the same" "$PORTRAIT" models luck approve v1
says "and gives its tags then" '"luck":{"tags":1,"version":1' "$PORTRAIT" build --json
rm -r c.html c.txt c.json models/luck.yaml portrait-data/models/luck

# --- versions ---
rm -rf portrait-data/models
"$PORTRAIT" train churn >/dev/null 2>&1
sed 's/  algorithm: .*/  algorithm: {logistic: {c: 0.01}}/' models.kept >models/churn.yaml
says "a changed definition is seen" 'has changed' "$PORTRAIT" models
says "a second version waits" 'approve v2' "$PORTRAIT" train churn
claim "it is approved" "$PORTRAIT" models churn approve v2
says "builds use it" '"churn":{"tags":3,"version":2' "$PORTRAIT" build --json
claim "it is rolled back" "$PORTRAIT" models churn roll-back
says "builds use the one before" '"churn":{"tags":3,"version":1' "$PORTRAIT" build --json
says "rolled back once more, none" 'no version' "$PORTRAIT" models churn roll-back
exits "there is nothing to roll back then" 2 "$PORTRAIT" models churn roll-back
claim "--approve uses a new one at once" sh -c '"$PORTRAIT" train churn --approve && "$PORTRAIT" models churn | grep -q "v2.*in use"'

# --- while something else runs ---
printf '1\nbuild\n' >portrait-data/LOCK
flock portrait-data/LOCK sleep 3 &
holder=$!
sleep 1
says "a build says that a build is running" 'another build' "$PORTRAIT" build
claim "a training waits with what it has learned" "$PORTRAIT" train churn
wait $holder

# --- what is wrong ---
exits "an unknown model" 3 "$PORTRAIT" train nobody
exits "an unknown version" 3 "$PORTRAIT" models churn approve v9
exits "no version at all" 2 "$PORTRAIT" models churn approve latest
exits "an unknown word" 2 "$PORTRAIT" models churn forget
says "in Chinese" '没有模型' "$PORTRAIT" models nobody --lang zh
size=$(wc -c <portrait-data/models/churn/v2.model)
for at in 10 100 $((size / 2)) $((size - 3)); do
    cp portrait-data/models/churn/v2.model v2.kept
    printf '\377\377' | dd of=portrait-data/models/churn/v2.model bs=1 seek="$at" conv=notrunc 2>/dev/null
    says "damage at $at leaves the tags without values" 'its tags have no values' "$PORTRAIT" build
    cp v2.kept portrait-data/models/churn/v2.model
done
equal "and not worse" "$(members 'churn_probability is missing')" 900
claim "put back it works" sh -c '"$PORTRAIT" build && [ "$("$PORTRAIT" count "churn_risk is not missing" --json | grep -c "\"members\":0,")" = 0 ]'

# --- damage is told, with the way out ---
sed 's/churn/other/; s/churn_/other_/' models.kept >models/other.yaml
says "doctor counts models" '2, 1 in use' "$PORTRAIT" doctor
printf 'trained x y\n' >>portrait-data/models/churn/log.txt
says "a damaged log is told" 'log of model' "$PORTRAIT" models
says "and the others are listed" 'other ' "$PORTRAIT" models
says "in Chinese" '日志（log.txt）已损坏' "$PORTRAIT" models --lang zh
says "JSON knows" '"log":"damaged"' "$PORTRAIT" models churn --json
exits "doctor sees it" 1 "$PORTRAIT" doctor
says "a build tells" "log of model 'churn' makes no sense" "$PORTRAIT" build
claim "approving ends it" "$PORTRAIT" models churn approve v2
claim "doctor is content" "$PORTRAIT" doctor
rm portrait-data/models/churn/log.txt
says "a lost log is told" 'log of model' "$PORTRAIT" models churn
says "doctor names it" "log of model 'churn' is lost" "$PORTRAIT" doctor
says "a build does not take it for never trained" "log of model 'churn' is lost" "$PORTRAIT" build
claim "approving ends that too" "$PORTRAIT" models churn approve v2
printf '\377\377' | dd of=portrait-data/models/churn/v1.model bs=1 seek=100 conv=notrunc 2>/dev/null
says "doctor warns of a damaged version that nobody uses" "version v1 of model 'churn' is damaged" "$PORTRAIT" doctor
cp portrait-data/models/churn/v1.model portrait-data/models/churn/v2.model
exits "one in use is a failure" 1 "$PORTRAIT" doctor
says "the list names both" 'v2 is damaged' "$PORTRAIT" models

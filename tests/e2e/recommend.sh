# shellcheck shell=sh
# A model that recommends, from its file to tags and lists with reasons; against `count` and what a user gets to read.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
mkdir models
cat >models/next.yaml <<'YAML'
next:
  label: {zh: 下一件, en: Next}
  task: recommend
  events: orders where quantity > 0
  item: orders.sku
  name: orders.category
  like: [orders.category]
  min_customers: 3
  never: [S7]
  consent: orders_all != 3
  tags: {next_skus: items, next_sku: best, next_reason: reason}
YAML

claim "the model is sound" "$PORTRAIT" check
claim "the shop builds" "$PORTRAIT" build
says "before it is trained lists are learned on the spot" "learned just now" "$PORTRAIT" recommend --item S1 --lang en
says "training measures it by what came later" "were bought within the next 30 days" "$PORTRAIT" train next --lang en
claim "a build fills its tags" "$PORTRAIT" build
says "in use" "version 1" "$PORTRAIT" recommend --item S1 --lang en
some=$(members "next_sku is not missing")
if [ "${some:-0}" -gt 100 ]; then ok "customers have recommendations"; else fail "customers have recommendations" "$some"; fi
same "who has not agreed has none" "$(members "orders_all = 3 and next_sku is not missing")" 0
same "nobody is told of what is never to be" "$(members "next_skus has 'S7'")" 0
bought=0
for sku in S1 S2 S3 S4 S5; do
    n=$(members "next_skus has '$sku' and count(orders where sku = '$sku' and quantity > 0) > 0")
    bought=$((bought + ${n:-1}))
done
name=$("$PORTRAIT" tags next_skus --lang en | grep -c '^  [a-z]* S[0-9]')
same "lists call items by name" "$((name > 2))" 1
same "the others are no share of the customers" "$("$PORTRAIT" tags next_skus --lang en | grep -c 'others.*%')" 0
same "nor of what they have" "$bought" 0
who=$("$PORTRAIT" segment "next_sku is not missing" --out ids 2>/dev/null | head -1)
first=$("$PORTRAIT" recommend "$who" --json --top 1 | sed -n 's/.*"items":\[{"item":"\([^"]*\)".*/\1/p')
says "the list is the tag" "$first" "$PORTRAIT" show "$who"
says "reasons in Chinese" "理由" "$PORTRAIT" recommend "$who" --lang zh
one=$("$PORTRAIT" recommend "$who" --json --threads 1 | cksum) two=$("$PORTRAIT" recommend "$who" --json --threads 3 | cksum)
same "the same on any number of threads" "$one" "$two"
refused=$("$PORTRAIT" segment "orders_all = 3" --out ids 2>/dev/null | head -1)
says "and says who has not agreed" "has not agreed" "$PORTRAIT" recommend "$refused" --lang en
exits "an unknown customer" 3 "$PORTRAIT" recommend nobody
exits "an unknown item" 3 "$PORTRAIT" recommend --item nosuch
exits "an unknown model" 3 "$PORTRAIT" recommend "$who" --model nosuch
exits "two questions" 2 "$PORTRAIT" recommend "$who" --item S1
exits "no question" 2 "$PORTRAIT" recommend
sed -i 's/name: orders.category/name: orders.price/' models/next.yaml
says "a name is a text" "wants a column of texts" "$PORTRAIT" train next --lang en
rm models/next.yaml
exits "no model at all" 3 "$PORTRAIT" recommend "$who"

# shellcheck shell=sh
# A decision tree through the commands: its rules in words, and as a tag of tiers that says of everybody what the model says.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 400
cd shop || exit 1
mkdir -p models
cat >models/returns.yaml <<'YAML'
returns:
  label: {zh: 回购, en: Returns}
  task: classify
  target: did(orders within next 30d)
  train: {as_of: [2017-04-01, 2017-05-01]}
  algorithm:
    - tree: {max_depth: 4, min_samples_leaf: 10}
  tags: {return_chance: probability}
YAML
claim "builds" "$PORTRAIT" build
says "no rules before there is a version" "has no version in use" "$PORTRAIT" models returns rules
claim "trains" "$PORTRAIT" train
says "the rules, in words" "rules, from the highest share of 'true'" "$PORTRAIT" models returns rules
# shellcheck disable=SC1111 # Chinese quotation marks are meant
says "and in Chinese" "条规则，按“true”的占比从高到低" "$PORTRAIT" models returns rules --lang zh
says "and as JSON" '"when":' "$PORTRAIT" models returns rules --json

"$PORTRAIT" models returns tiers >tags/returns.yaml
says "tiers are named in the language asked for" '"规则1":' "$PORTRAIT" models returns tiers --lang zh
claim "the tiers are a tag" "$PORTRAIT" check
claim "which is built" "$PORTRAIT" build
says "everybody the model scores has a tier" "
0 of " "$PORTRAIT" count "return_chance is not missing and returns_rules is missing"
# The note above each tier says the model's probability, to a tenth of a percent.
awk '/^    # / { sub(/%.*/, "", $2); chance = $2 / 100 } /^    "rule/ { sub(/^ *"/, ""); sub(/":.*/, ""); print chance, $0 }' \
    tags/returns.yaml >notes
claim "several tiers" test "$(wc -l <notes)" -ge 5
while read -r chance tier; do
    says "$tier is whom the model gives $chance" "
0 of " "$PORTRAIT" count "returns_rules = '$tier' and (return_chance < $chance - 0.0006 or return_chance > $chance + 0.0006)"
done <notes

sed -i 's/- tree: .*/- logistic/' models/returns.yaml
claim "another algorithm" "$PORTRAIT" train --approve
exits "has no rules" 2 "$PORTRAIT" models returns rules
says "and says so" "only a decision tree has rules; this model is logistic" "$PORTRAIT" models returns rules

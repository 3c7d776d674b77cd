# shellcheck shell=sh
# Why a customer is in a segment, what would bring one in, who came and went.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 200
cd shop || exit 1
mkdir -p segments
cat >segments/all.yaml <<'YAML'
regulars: {when: orders_90d >= 1 and recency <= 60, label: {zh: 常客, en: Regulars}}
reachable: {when: regulars and not (top_channel = "web" and spend < 100)}
YAML
claim "a first build" "$PORTRAIT" build --as-of 2017-04-01
claim "a second one" "$PORTRAIT" build --as-of 2017-07-01

member() { # condition, customer
    "$PORTRAIT" explain "$1" --customer "$2" --json | sed 's/.*"member":\([a-z]*\).*/\1/'
}
wrong=0
for c in 1 2 3 4 5 6 7 8; do
    one=$(member regulars "user_id:$c")
    other=$(member 'orders_90d >= 1 and recency <= 60' "user_id:$c")
    [ "$one" = "$other" ] && [ -n "$one" ] || wrong=$((wrong + 1))
done
if [ "$wrong" -eq 0 ]; then ok "a segment is its rule"; else fail "a segment is its rule" "$wrong differ"; fi
exits "a customer is named" 2 "$PORTRAIT" explain 'spend >= 100000' --customer ''
says "what lacks is told" "more" "$PORTRAIT" explain 'spend >= 100000' --customer user_id:1
says "in Chinese" "还差" "$PORTRAIT" explain 'spend >= 100000' --customer user_id:1 --lang zh
says "events prove" "events: " "$PORTRAIT" explain 'count(orders) >= 1' --customer user_id:1
says "ways in" "The shortest ways in" "$PORTRAIT" why-not 'spend >= 100000 or orders_90d > 500' --customer user_id:1
says "nothing for one who is in" "Nothing has to change" "$PORTRAIT" why-not 'spend >= 0' --customer user_id:1
says "no way" "There is no way in" "$PORTRAIT" why-not 'random_bucket("x", 2) = 7' --customer user_id:1
says "a segment part by part" "so far" "$PORTRAIT" explain reachable
exits "a customer must be named" 2 "$PORTRAIT" why-not regulars
exits "one who is not there" 3 "$PORTRAIT" why-not regulars --customer nobody
exits "a wrong condition" 2 "$PORTRAIT" why-not 'nosuch > 3' --customer user_id:1

says "who came and went between builds" "entered" "$PORTRAIT" segment diff regulars
says "and between instants" "Part of the rule that changed" "$PORTRAIT" segment diff regulars --from 2017-02-01 --to 2017-06-01
claim "all of them in a file" "$PORTRAIT" segment diff regulars --from 2017-02-01 --to 2017-06-01 --file moved.csv
lines=$(($(wc -l <moved.csv) - 1))
moved=$("$PORTRAIT" segment diff regulars --from 2017-02-01 --to 2017-06-01 --json |
    sed 's/.*"entered":\([0-9]*\),"entered_new":\([0-9]*\),"left":\([0-9]*\),"left_merged":\([0-9]*\),"left_gone":\([0-9]*\).*/\1+\2+\3+\4+\5/')
if [ "$lines" -gt 0 ] && [ "$lines" -eq "$(echo "$moved" | sed "s/+/ + /g" | xargs expr)" ]; then ok "a line for each"; else fail "a line for each" "$lines, not $moved"; fi
exits "later before earlier" 2 "$PORTRAIT" segment diff regulars --from 2017-06-01 --to 2017-02-01
exits "no time and no build" 2 "$PORTRAIT" segment diff regulars --from soon
exits "a build that never was" 3 "$PORTRAIT" segment diff regulars --from g000099

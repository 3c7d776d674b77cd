# shellcheck shell=sh
# portrait insight, against counts that know nothing of it.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1200
cd shop || exit 1
cat >tags/more.yaml <<'YAML'
belief: {value: members.city, sensitivity: sensitive, purpose: tests, consent: made up}
YAML
echo 'privacy: {min_group: 10}' >>portrait.yaml
claim "the shop builds" "$PORTRAIT" build

field() { # condition, tag, value: how many the insight says have it
    "$PORTRAIT" insight "$1" --tags "$2" --json | sed 's/.*"tags"://' | tr '{' '\n' |
        sed -n "s/.*\"value\":\"$3\",\"customers\":\([0-9]*\),.*/\1/p"
}
same() { # claim, one figure, another
    if [ "$2" = "$3" ] && [ "${2:-0}" -gt 0 ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}
same "a value has as many members as count says" "$(field 'orders_90d >= 3' city 北京)" \
    "$(members 'orders_90d >= 3 and city = "北京"')"
same "of everybody too" "$(field '' life_cycle active)" "$(members 'life_cycle = "active"')"
versus=$("$PORTRAIT" insight 'spend >= 100' --vs 'life_cycle = "active"' --json | sed 's/.*"compared_with":\([0-9]*\).*/\1/')
same "those compared with are not in the segment" "$versus" "$(members 'life_cycle = "active" and (spend < 100 or spend is missing)')"

says "who they are comes first" "Who they are" "$PORTRAIT" insight 'spend >= 300'
says "in Chinese too" "他们是谁" "$PORTRAIT" insight 'spend >= 300' --lang zh
says "what the condition is made of is said" "the condition is made of them: Spend" "$PORTRAIT" insight 'spend >= 300'
says "of few nothing but the size is told" "fewer than 10 customers is not described" "$PORTRAIT" insight 'spend >= 300 and orders_90d >= 7'
says "nobody to compare with is not too few" "nobody to compare with" "$PORTRAIT" insight '' --vs 'spend >= 300' --lang en
says "sensitive tags are left out" "left out as sensitive (--sensitive shows them): belief" "$PORTRAIT" insight 'spend >= 300'
says "unless they are asked for" "belief" "$PORTRAIT" insight 'spend >= 100' --sensitive --tags belief --all
exits "a sensitive tag does not split a segment" 2 "$PORTRAIT" insight 'spend >= 300' --by belief
says "a segment is split" "By City" "$PORTRAIT" insight 'orders_90d >= 3' --by city
says "a table is made" "Cramér's V" "$PORTRAIT" insight --cross life_cycle,city
exits "one tag makes no table" 2 "$PORTRAIT" insight --cross life_cycle
exits "an unknown tag is not found" 3 "$PORTRAIT" insight --tags nosuch
exits "nor an unknown group" 3 "$PORTRAIT" insight --group nosuch
exits "nor an unknown tag to split by" 3 "$PORTRAIT" insight --by nosuch
exits "a wrong condition is wrong" 2 "$PORTRAIT" insight 'nosuch > 3'
exits "so is one to compare with" 2 "$PORTRAIT" insight 'spend > 3' --vs 'recency'
exits "and a wrong number of lines" 2 "$PORTRAIT" insight --top 0
"$PORTRAIT" insight 'orders_90d >= 3' --by city --cross life_cycle,spend --threads 1 --json >one.json
"$PORTRAIT" insight 'orders_90d >= 3' --by city --cross life_cycle,spend --threads 4 --json >four.json
if [ -s one.json ] && cmp -s one.json four.json; then ok "the same on any number of threads"; else fail "the same on any number of threads"; fi
if "$PORTRAIT" insight 'spend >= 100' | grep -q '[│█]'; then fail "no pictures in a pipe"; else ok "no pictures in a pipe"; fi
if "$PORTRAIT" insight 'spend >= 100' --all | grep -q 'nan\|inf'; then fail "no figure is missing"; else ok "no figure is missing"; fi

sed -i 's/min_group: 10/min_group: 9/' portrait.yaml
exits "a group may not be as small as nine" 1 "$PORTRAIT" check
sed -i 's/min_group: 9/min_group: 900/' portrait.yaml
says "the project says how small is too small" "fewer than 900 customers is not described" "$PORTRAIT" insight 'spend >= 300'
sed -i '/privacy/d' portrait.yaml
dd if=/dev/zero of="portrait-data/$(cat portrait-data/CURRENT)/profile.index" bs=1 seek=64 count=64 conv=notrunc 2>/dev/null
exits "a damaged index is refused" 5 "$PORTRAIT" insight 'spend >= 300'

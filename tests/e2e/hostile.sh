# shellcheck shell=sh
# Values that others wrote do not reach a terminal as orders, a page as elements, or a sheet as formulas.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p hostile/data hostile/sources hostile/tags
cd hostile || exit 1
cat >portrait.yaml <<'YAML'
name: hostile
time_zone: UTC
locale: en
as_of: 2024-06-01
privacy: {min_group: 10}
YAML
printf 'types:\n  uid: {}\n' >identity.yaml
cat >sources/all.yaml <<'YAML'
members: {from: data/members.csv, kind: record, customer: {uid: id}, columns: {city: category}}
orders: {from: data/orders.csv, kind: event, time: at, customer: {uid: id}, columns: {city: category}}
YAML
cat >tags/all.yaml <<'YAML'
city: members.city
cities: top(orders.city, 3)
YAML
awk 'BEGIN {
    value[0] = "\033[2J\033]0;owned\007red"; value[1] = "=1+1"; value[2] = "line\nbreak"
    value[3] = "</script><script>document.title=1</script>"; value[4] = "\302\2332Jc1"
    print "id,city" >"data/members.csv"; print "id,at,city" >"data/orders.csv"
    for (i = 0; i < 200; i++) {
        printf "u%d,\"%s\"\n", i, value[i % 5] >"data/members.csv"
        for (k = 0; k < 3; k++)
            printf "u%d,2024-0%d-01 10:00:00,\"%s\"\n", i, k + 1, value[(i + k) % 5] >"data/orders.csv"
    }
}'
claim "the project builds" "$PORTRAIT" build
customer=$("$PORTRAIT" segment "city != '=1+1' and contains(city, 'owned')" --out ids | head -n 1)
tame() { # claim, command...: what a terminal obeys is not in its output
    tame_text=$1
    shift
    if "$@" 2>&1 </dev/null | LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]\|\302\233')"; then
        fail "$tame_text" "control characters"
    else
        ok "$tame_text"
    fi
}
tame "counts" "$PORTRAIT" count --by city
tame "a value with its proof" "$PORTRAIT" explain city --customer "$customer"
tame "why not" "$PORTRAIT" why-not "city = 'x'" --customer "$customer"
tame "where a profile has it from" "$PORTRAIT" show "$customer" --why
tame "quality" "$PORTRAIT" quality members
tame "funnels" "$PORTRAIT" funnel orders "orders where city = '=1+1'"
tame "paths" "$PORTRAIT" paths orders --by city
broken=$("$PORTRAIT" funnel orders "orders where city = '=1+1'" | grep -c '^break')
if [ "$broken" = 0 ]; then ok "a value is on one line"; else fail "a value is on one line"; fi
if "$PORTRAIT" segment 'not (city is missing)' --out csv | grep -q ',=1+1'; then fail "no formulas"; else ok "no formulas"; fi
claim "the report is written" "$PORTRAIT" report -o page.html
if grep -q '<script>document' page.html; then fail "no script of a value"; else ok "no script of a value"; fi

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Merging, splitting and pinning by hand; undoing, replay, history; what tags make of it.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p shop/sources shop/tags shop/data
cd shop || exit 1

cat >portrait.yaml <<'YAML'
name: shop
time_zone: Asia/Shanghai
as_of: 2024-07-01
card: [spend]
YAML
cat >identity.yaml <<'YAML'
types:
  user_id: {priority: 1, limit: 3}
  phone: {priority: 2}
  device: {priority: 3}
YAML
cat >sources/s.yaml <<'YAML'
orders: {from: data/orders.csv, kind: event, time: at, customer: {user_id: id, phone: phone}, columns: {amount: number}}
visits: {from: data/visits.csv, kind: event, time: at, customer: {phone: phone, device: device}, columns: {page: text}}
YAML
cat >tags/t.yaml <<'YAML'
spend: sum(orders.amount)
visited: count(visits)
YAML
cat >data/orders.csv <<'CSV'
id,phone,at,amount
1,13800000001,2024-06-01,10
2,13800000002,2024-06-02,20
3,13800000003,2024-06-03,40
,13800000004,2024-06-04,80
CSV
cat >data/visits.csv <<'CSV'
phone,device,at,page
13800000001,d1,2024-06-05,a
13800000002,d2,2024-06-06,b
13800000003,d2,2024-06-06,b
CSV

tags() { # the tags of all customers, as they are now, by identifier
    for who in user_id:1 user_id:2 user_id:3 phone:13800000004; do
        printf '%s ' $who
        "$PORTRAIT" show $who --json | sed 's/.*"customer":"\([^"]*\)".*"tags":{\([^}]*\)}.*/\1 \2/'
    done
}
bytes() {
    cksum <"portrait-data/$(cat portrait-data/CURRENT)/customers.dir"
}
build() {
    "$PORTRAIT" build >/dev/null 2>&1 || fail "a build"
}

build
before=$(tags) first=$(bytes)
says "nothing is decided at first" "nothing has been decided by hand" "$PORTRAIT" identity
exits "a merge wants a reason" 2 "$PORTRAIT" identity merge user_id:1 phone:13800000004
says "a dry run says what would change" "C0000003            1     1  part of C0000001" \
    "$PORTRAIT" identity merge user_id:1 phone:13800000004 --why 'same voice' --dry-run
says "and decides nothing" "nothing has been decided by hand" "$PORTRAIT" identity list
says "a merge shows who survives" "then  C0000001            4     3" \
    "$PORTRAIT" identity merge user_id:1 phone:13800000004 --why 'same voice' --by 王芳
says "it waits for a build" "waits for a build" "$PORTRAIT" identity list
says "and is told twice no" "these are one customer already" "$PORTRAIT" identity merge C0000003 C0000001 --why again
build
says "the build follows it" '"customer":"C0000001"' "$PORTRAIT" show phone:13800000004 --json
says "tags follow" '"spend":90' "$PORTRAIT" show C0000001 --json
says "a forwarded id still works and says so" "C0000003 is now part of C0000001" "$PORTRAIT" show C0000003
says "in Chinese" "C0000003 现已并入 C0000001" "$PORTRAIT" show C0000003 --lang zh
says "explain says so, too" "C0000003 is now part of C0000001" "$PORTRAIT" explain spend --customer C0000003
says "as JSON" '"asked":"C0000003"' "$PORTRAIT" show C0000003 --json
merged=$(bytes)
says "history says who and why" "decision 1 by 王芳: user_id:1 and phone:13800000004 are one customer - same voice" \
    "$PORTRAIT" identity history C0000001
says "and what became of it" "C0000003 becomes part of C0000001" "$PORTRAIT" identity history C0000003
says "in Chinese too" "C0000003 并入 C0000001" "$PORTRAIT" identity history C0000003 --lang zh

# Replay: without the decision all is as if it had never been.
says "an undo says what comes apart" "then  C0000001            3     2" "$PORTRAIT" identity undo 1
build
[ "$(tags)" = "$before" ] && ok "tags after an undo are those before" || fail "tags after an undo" "$(tags)"
[ "$(bytes)" = "$first" ] && ok "customers after an undo are those before, byte for byte" || fail "customers after an undo"
says "an undo is not undone twice" "decision 1 is undone already" "$PORTRAIT" identity undo 1
says "an undo may be undone" "part of C0000001" "$PORTRAIT" identity undo 2
build
[ "$(bytes)" = "$merged" ] && ok "merged again is as merged before" || fail "merged again"
"$PORTRAIT" identity undo 3 >/dev/null && build
[ "$(bytes)" = "$first" ] && ok "and apart again" || fail "apart again"
says "the list keeps all of them" "undone by 4" "$PORTRAIT" identity list

# A split: users 2 and 3 share a device.
says "they are one customer by their device" '"spend":60' "$PORTRAIT" show user_id:2 --json
says "a split shows where identifiers go" "phone:13800000003  C0000002  a new customer" \
    "$PORTRAIT" identity split C0000002 user_id:3 13800000003 --why 'two brothers'
says "with a build at once" "2 split" "$PORTRAIT" identity split C0000001 device:d1 --why 'sold' --build
says "who leaves takes the rows along" '"spend":40' "$PORTRAIT" show user_id:3 --json
says "who stays keeps the id" '"customer":"C0000002"' "$PORTRAIT" show user_id:2 --json
says "the link that was cut is told" "a decision keeps them apart" "$PORTRAIT" identity history phone:13800000003
says "and by which decision" "(decision 5)" "$PORTRAIT" identity show C0000002
"$PORTRAIT" identity undo 5 >/dev/null && "$PORTRAIT" identity undo 6 >/dev/null && build
[ "$(tags)" = "$before" ] && ok "tags after undoing splits are those before" || fail "tags after undoing splits" "$(tags)"

# A pin: what somebody else has, too, does not join; what is the customer's alone does.
says "a pin changes nothing by itself" "no customer changes with it" "$PORTRAIT" identity pin C0000001
echo '1,13800000004,2024-06-09,1' >>data/orders.csv
echo '3,13800000004,2024-06-09,1' >>data/orders.csv
echo '1,13800000009,2024-06-09,1' >>data/orders.csv
build
says "a shared phone stays out" '"customer":"C0000002"' "$PORTRAIT" show phone:13800000004 --json
says "an own phone joins" '"customer":"C0000001"' "$PORTRAIT" show phone:13800000009 --json
says "why not" "one of them is pinned" "$PORTRAIT" identity show phone:13800000004
says "unpinned, all join" "part of C0000001" "$PORTRAIT" identity unpin C0000001
exits "twice is too much" 3 "$PORTRAIT" identity unpin C0000002
build
says "and they have" '"customer":"C0000001"' "$PORTRAIT" show user_id:3 --json

# Replay of a source: removing it gives what would be without it, and ids stay.
cp -r . ../fresh && rm -rf ../fresh/portrait-data
grep -v visits sources/s.yaml >x && mv x sources/s.yaml
grep -v visited tags/t.yaml >x && mv x tags/t.yaml
build
with=$(tags | cut -d' ' -f3-)
(cd ../fresh && cp ../shop/sources/s.yaml sources/ && cp ../shop/tags/t.yaml tags/ && build)
without=$(cd ../fresh && tags | cut -d' ' -f3-)
[ "$with" = "$without" ] && ok "without a source, as if it had never been" || fail "without a source" "$with / $without"
says "older ids survive" '"customer":"C0000001"' "$PORTRAIT" show user_id:1 --json

# What makes no sense.
exits "an unknown customer" 3 "$PORTRAIT" identity merge user_id:1 user_id:99 --why x
exits "an identifier of somebody else" 3 "$PORTRAIT" identity split user_id:1 user_id:99 --why x
exits "a customer with itself" 2 "$PORTRAIT" identity merge user_id:1 C0000001 --why x
exits "a split that leaves nobody" 2 "$PORTRAIT" identity split C0000001 user_id:1 user_id:3 \
    13800000001 13800000003 13800000004 13800000009 --why x
says "a merge of one says how many it takes" "merge takes two customers or more, not 1" "$PORTRAIT" identity merge user_id:1
says "in Chinese" "merge 需要两个或更多客户，而不是 1 个" "$PORTRAIT" identity merge user_id:1 --lang zh
says "and what would work" "portrait identity merge C0000001" "$PORTRAIT" identity merge user_id:1
says "a split of one, too" "and then the identifiers that leave it" "$PORTRAIT" identity split user_id:1
exits "an undo of nothing" 3 "$PORTRAIT" identity undo 99
exits "an undo of a word" 2 "$PORTRAIT" identity undo -- -1
exits "no such word" 2 "$PORTRAIT" identity merg a b
says "but a near one" "did you mean 'merge'" "$PORTRAIT" identity merg a b
newline=$(printf 'a\nb')
exits "a reason of two lines" 2 "$PORTRAIT" identity pin user_id:1 --why "$newline"
exits "a reason that is no text" 2 "$PORTRAIT" identity pin user_id:1 --why "$(printf '\377')"
exits "a reason of 100,000 bytes" 2 "$PORTRAIT" identity pin user_id:1 --why "$(head -c 100000 /dev/zero | tr '\0' x)"
exits "a name with an escape" 2 "$PORTRAIT" identity pin user_id:1 --by "$(printf '\033[2J')"
(
    exec 9>>portrait-data/LOCK
    flock 9
    says "not while somebody else writes" "is locked by another process" "$PORTRAIT" identity pin user_id:1
)
sed -i 's/limit: 3/limit: 1/' identity.yaml
build
says "a merge over a limit is refused at once" "the customer would have 2 values of user_id" \
    "$PORTRAIT" identity merge user_id:1 user_id:2 --why x
says "in Chinese" "超出 identity.yaml 允许的个数" "$PORTRAIT" identity merge user_id:1 user_id:2 --why x --lang zh
rm -r portrait-data
exits "before the first build" 3 "$PORTRAIT" identity list

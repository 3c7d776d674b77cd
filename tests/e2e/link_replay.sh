# shellcheck shell=sh
# Replay with likenesses: what was decided and undone, and what sources once said, leaves no trace; answers are decisions and labels.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" people 40
cd people || exit 1
echo 'link: {auto: 0.95, review: 0.01}' >>identity.yaml
echo 'circles: {household: {same: [address, phone]}}' >>identity.yaml
cat >>tags/tags.yaml <<'YAML'
shop_records: count(members)
household_size: household.size
YAML
# Every third caller is of another source, the desk.
awk -F, 'NR == 1 || NR % 3 == 0' callers.csv >desk.csv
awk -F, 'NR == 1 || NR % 3 != 0' callers.csv >rest.csv
mv rest.csv callers.csv
sed 's/callers/desk/' sources/callers.yaml >desk.yaml
cp desk.yaml sources/

build() { "$PORTRAIT" build >build.log 2>&1 || fail "a build" "$(cat build.log)"; }
dump() { "$PORTRAIT" segment 'shop_records >= 0' --out csv --tags city,shop_records,household_size; }
owners() { # each caller, and two members, with the customer
    for who in M0002 M0005 $(awk -F, 'FNR > 1 { print $1 }' callers.csv desk.csv); do
        "$PORTRAIT" show "$who" --json 2>/dev/null | figures customer | tr -d '"' | sed "s/^/$who /"
    done
}
groups() { # of owners: who is with whom, whatever the customers are called
    awk '{ if (!($2 in first)) first[$2] = $1; print $1, first[$2] }'
}
bytes() { cksum <"portrait-data/$(cat portrait-data/CURRENT)/customers.dir"; }
customer() { "$PORTRAIT" show "$1" --json | figures customer | head -1 | tr -d '"'; }

# --- a merge, and undone
build
dump >before.csv
owners >before.txt
first=$(bytes)
claim "likenesses join" test "$(awk '{ print $2 }' before.txt | sort -u | wc -l)" -lt "$(wc -l <before.txt)"
claim "a merge by hand" "$PORTRAIT" identity merge M0002 M0005 --why 'married' --by Ada
build
same "makes one of two" "$(customer M0002)" "$(customer M0005)"
together=$(awk -v a="$(awk '$1 == "M0002" { print $2 }' before.txt)" -v b="$(awk '$1 == "M0005" { print $2 }' before.txt)" \
    '$2 == a || $2 == b { print $1 }' before.txt)
same "with the callers of both" "$(for who in $together; do customer "$who"; done | sort -u)" "$(customer M0002)"
claim "there are callers of both" test "$(echo "$together" | wc -l)" -gt 3
dump >merged.csv
if cmp -s before.csv merged.csv; then fail "tags follow a merge"; else ok "tags follow a merge"; fi
claim "it is undone" "$PORTRAIT" identity undo 1
build
claim "tags are as before" cmp before.csv <<END
$(dump)
END
owners >after.txt
claim "customers too" cmp before.txt after.txt
same "to the byte" "$(bytes)" "$first"

# --- a split, and undone: what was not named stays, though only a likeness holds it
of_two=$(awk '/^C/ && ++n[$2] == 2 { print $2; exit }' before.txt)
two=$(awk -v of="$of_two" '$2 == of && /^C/ { print $1 }' before.txt)
leaves=$(echo "$two" | tail -1) stays=$(echo "$two" | head -1)
claim "a split by hand" "$PORTRAIT" identity split "$of_two" "$leaves" --why 'another voice' --build
same "the other caller stays" "$(customer "$stays")" "$of_two"
claim "and this one does not" test "$(customer "$leaves")" != "$of_two"
claim "it is undone, too" "$PORTRAIT" identity undo 3 --why mistaken --build
owners >after.txt
claim "all are who they were" cmp before.txt after.txt
split_bytes=$(bytes)

# --- a source removed is as if it had never been there; returned, as if it had never left
rm sources/desk.yaml
build
owners | groups >removed.txt
mv portrait-data kept-data
build
owners | groups >fresh.txt
claim "without a source the groups are those of an empty data directory" cmp removed.txt fresh.txt
claim "and fewer identifiers" test "$(wc -l <fresh.txt)" -lt "$(wc -l <before.txt)"
rm -r portrait-data
mv kept-data portrait-data
cp desk.yaml sources/
build
owners >returned.txt
claim "with it again all are who they were" cmp before.txt returned.txt
same "to the byte" "$(bytes)" "$split_bytes"

# --- answers
sed -i 's/auto: 0.95/auto: 0.9995/' identity.yaml
build
"$PORTRAIT" link review --out questions.csv >/dev/null 2>&1
awk -F, 'NR == FNR { person[$1] = $2; next }
    FNR == 1 { print "a,b,same"; next }
    { a = $1; b = $2; sub(/.*:/, "", a); sub(/.*:/, "", b); print $1 "," $2 "," (person[a] == person[b] ? "yes" : "no") }' \
    truth.csv questions.csv >answers.csv
claim "there are pairs to ask about" test "$(wc -l <answers.csv)" -gt 2
claim "answers are kept" "$PORTRAIT" link review --answers answers.csv --by Ada
same "as one decision" "$("$PORTRAIT" identity list --json | tr '{' '\n' | grep '"review"' | tr ',' '\n' | grep '"decision"' | sort -u | wc -l | tr -d ' ')" 1
build
apart=0
while IFS=, read -r a b answer; do
    [ "$answer" = same ] && continue
    [ "$(customer "$a")" = "$(customer "$b")" ] && together=yes || together=no
    [ "$together" = "$answer" ] || apart=$((apart + 1))
done <answers.csv
same "a build does what each says" "$apart" 0
same "they are labels" "$("$PORTRAIT" link evaluate --labels answers.csv --json | figures used)" "$(($(wc -l <answers.csv) - 1))"

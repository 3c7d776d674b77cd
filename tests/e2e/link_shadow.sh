# shellcheck shell=sh
# portrait link shadow on invented people: against linking by the changed rules themselves, and what it says of wrong changes.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" people 150
cd people || exit 1
echo 'link: {auto: 0.95}' >>identity.yaml
claim "the people build" "$PORTRAIT" build

figures() { # key; JSON on standard input
    tr ',{}[]' '\n' | sed -n "s/^\"$1\"://p"
}
same() { # claim, one text, another
    if [ "$2" = "$3" ] && [ -n "$2" ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}
counted() { # JSON of evaluate: customers of all records
    "$PORTRAIT" link evaluate --labels truth.csv --json | figures groups | tail -1
}
sum_of() { find data .portrait -type f -exec cksum {} + 2>/dev/null | sort | cksum; }

# --- what it says is what the changed rules do
before=$(sum_of)
"$PORTRAIT" link shadow --auto 0.5 --json >auto.json
same "nothing is written" "$(sum_of)" "$before"
same "customers as they are" "$(figures customers <auto.json | head -1)" "$(counted)"
sed 's/auto: 0.95/auto: 0.5/' identity.yaml >half.yaml
same "a file with the change says the same" "$("$PORTRAIT" link shadow --identity half.yaml --json | cksum)" "$(cksum <auto.json)"
cp identity.yaml kept.yaml
cp half.yaml identity.yaml
same "customers as they would be" "$(figures customers <auto.json | tail -1)" "$(counted)"
same "and back is split by what was merged" "$("$PORTRAIT" link shadow --identity kept.yaml --json | figures pairs_parted)" "$(figures pairs_joined <auto.json)"
cp kept.yaml identity.yaml
sed 's/link: .*/link: {auto: 0.95, columns: {birthday: ignore}}/' kept.yaml >without.yaml
same "a column left out is a column ignored" "$("$PORTRAIT" link shadow --drop-column birthday --json | cksum)" "$("$PORTRAIT" link shadow --identity without.yaml --json | cksum)"
sed 's/link: .*/link: {auto: 0.95, sources: [members]}/' kept.yaml >members.yaml
same "a source left out is a source not named" "$("$PORTRAIT" link shadow --drop-source callers --json | cksum)" "$("$PORTRAIT" link shadow --identity members.yaml --json | cksum)"
same "its identifiers are gone" "$("$PORTRAIT" link shadow --drop-source callers --json | figures identifiers_gone)" "$(($(wc -l <callers.csv) - 1))"
says "no change is no change" "no customer would change" "$PORTRAIT" link shadow --auto 0.95
same "the same bytes on any number of threads" "$("$PORTRAIT" link shadow --auto 0.6 --threads 1 | cksum)" "$("$PORTRAIT" link shadow --auto 0.6 --threads 3 | cksum)"

# --- what a user reads
says "who would be merged" "would be merged with others" "$PORTRAIT" link shadow --auto 0.99999
says "in Chinese too" "位客户会与他人合并" "$PORTRAIT" link shadow --auto 0.99999 --lang zh
says "values are there when asked for" "@example.org" "$PORTRAIT" link shadow --auto 0.99999 --examples
shown=$("$PORTRAIT" link shadow --auto 0.99999)
case $shown in
*@example.org* | *M0*) fail "and not else" "$shown" ;;
*) ok "and not else" ;;
esac

# --- wrong changes
exits "no change at all" 2 "$PORTRAIT" link shadow
exits "a probability above 1" 2 "$PORTRAIT" link shadow --auto 95
exits "a probability that is none" 2 "$PORTRAIT" link shadow --auto much
exits "a rule there is not" 2 "$PORTRAIT" link shadow --drop-rule nothing
exits "a source there is not" 2 "$PORTRAIT" link shadow --drop-source nothing
exits "a column there is not" 2 "$PORTRAIT" link shadow --drop-column nothing
exits "a file that is not there" 3 "$PORTRAIT" link shadow --identity nothing.yaml
echo 'link: {auto: 7}' >wrong.yaml
exits "a file with problems" 2 "$PORTRAIT" link shadow --identity wrong.yaml
says "which are told by their place" "wrong.yaml:1" "$PORTRAIT" link shadow --identity wrong.yaml

# shellcheck shell=sh
# portrait link shadow on invented people: against linking by the changed rules themselves, and what it says of wrong changes.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" people 150
cd people || exit 1
echo 'link: {auto: 0.95}' >>identity.yaml
mkdir -p segments
cat >segments/s.yaml <<'YAML'
everybody: {when: 'count(members) + count(callers) > 0'}
nobody: {when: 'count(members) < 0'}
YAML
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

# --- against builds by the changed rules: limits and decisions count
sed 's/link: .*/link: {auto: 0.99999}/' identity.yaml >tight.yaml
sed 's/link: .*/link: {auto: 0.5}/' identity.yaml >loose.yaml
{ cat loose.yaml && echo 'max_component: 2'; } >small.yaml
sed 's/member: {priority: 1}/member: {priority: 1, limit: 1}/' loose.yaml >single.yaml
cp -r . ../changed
built() { # customers of a build of ../changed by this identity.yaml
    cp "$1" ../changed/identity.yaml
    (cd ../changed && "$PORTRAIT" build --json 2>/dev/null | figures customers | head -1)
}
foretold() { "$PORTRAIT" link shadow --identity "$1" --json | figures customers | tail -1; }
same "customers then are those of a build" "$(foretold loose.yaml)" "$(built loose.yaml)"
same "no customer of more identifiers than may be" "$(foretold small.yaml)" "$(built small.yaml)"
claim "links that are too much are told" test "$("$PORTRAIT" link shadow --identity small.yaml --json | figures links_refused_after)" -gt 0
says "to people, too" "a limit, a fact or a decision forbids" "$PORTRAIT" link shadow --identity small.yaml
same "limits of identifiers hold" "$(foretold single.yaml)" "$(built single.yaml)"

# --- segments
built tight.yaml >/dev/null
(cd ../changed && "$PORTRAIT" link shadow --identity loose.yaml --json) >loose.json
claim "there is much to merge" test "$(figures merged <loose.json | head -1)" -gt 50
same "segments whose members change are told" "$(figures segment <loose.json | tr -d '"')" "everybody"
same "all who change are of it" "$(figures members_touched <loose.json)" "$(figures touched <loose.json)"
same "merged members are fewer" "$(figures members_fewer_at_least <loose.json)" "$(($(figures customers <loose.json | head -1) - $(figures customers <loose.json | tail -1)))"

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

# shellcheck shell=sh
# portrait link evaluate on invented people: figures against counting, forms of labels, wrong ones.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" people 150
cd people || exit 1
claim "the people build" "$PORTRAIT" build

figures() { # key; JSON on standard input
    tr ',{}[]' '\n' | sed -n "s/^\"$1\"://p"
}
same() { # claim, one text, another
    if [ "$2" = "$3" ] && [ -n "$2" ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}

# --- what is counted
"$PORTRAIT" link evaluate --labels truth.csv --json >out.json
pairs=$(awk -F, 'NR > 1 { sum += n[$2]++ } END { print sum }' truth.csv)
same "all pairs of one person are counted" "$(figures true_pairs <out.json)" "$pairs"
same "of every person" "$(figures persons <out.json)" "$(awk -F, 'NR > 1 { print $2 }' truth.csv | sort -u | wc -l | tr -d ' ')"
right=$(figures right <out.json | tail -1)
missed=$(($(figures not_blocked <out.json) + $(figures too_weak <out.json) + $(figures kept_apart <out.json)))
same "what is missed and what is found is all" "$((right + missed))" "$pairs"
same "the same bytes on any number of threads" "$("$PORTRAIT" link evaluate --labels truth.csv --threads 1 | cksum)" \
    "$("$PORTRAIT" link evaluate --labels truth.csv --threads 3 | cksum)"

# --- the other form: every pair of the first 40 members is two persons, members and callers of one person are one
awk -F, 'BEGIN { print "a,b,same" }
    NR > 1 { if ($2 in first) print first[$2] "," $1 ",yes"; else { first[$2] = $1; if (before) print before "," $1 ",否"; before = $1 } }' truth.csv >pairs.csv
"$PORTRAIT" link evaluate --labels pairs.csv --json >pairs.json
same "pairs can be labelled" "$(figures used <pairs.json)" "$(($(wc -l <pairs.csv) - 1))"
same "those that are one person are the truth" "$(figures true_pairs <pairs.json)" "$(grep -c yes pairs.csv)"
sed 's/^\([MC]\)/member:\1/; s/^member:C/caller:C/' truth.csv >typed.csv
same "an identifier may have its type before it" "$("$PORTRAIT" link evaluate --labels typed.csv --json | figures used)" "$(figures used <out.json)"

# --- what a user reads
says "the best threshold is said" "best from" "$PORTRAIT" link evaluate --labels truth.csv
says "in Chinese too" "最佳阈值" "$PORTRAIT" --lang zh link evaluate --labels truth.csv
says "values are there when asked for" "@example.org" "$PORTRAIT" link evaluate --labels truth.csv --examples
shown=$("$PORTRAIT" link evaluate --labels truth.csv)
case $shown in
*@example.org* | *M0*) fail "and not else" "$shown" ;;
*) ok "and not else" ;;
esac

# --- as linked: with few columns several persons fit, and those who are asked about must not change who that is
sh "$TOP/tests/support/make_people.sh" few 150
cd few || exit 1
sed -i 's/columns: {.*}/columns: {name: text, phone: text}/' sources/*.yaml
sed -i 's/members.city/members.name/' tags/tags.yaml
echo 'link: {auto: 0.95, review: 0.94}' >>identity.yaml
claim "people of few columns build" "$PORTRAIT" build
"$PORTRAIT" link evaluate --labels truth.csv --json >out.json
"$PORTRAIT" link --out pairs.csv >/dev/null
for p in 0.95 0.98 0.99; do
    same "pairs from $p are those that are linked" \
        "$(tr '{' '\n' <out.json | sed -n "s/^\"probability\":$p,.*\"pairs\":\([0-9]*\),.*/\1/p")" \
        "$(awk -F, -v p="$p" 'NR > 1 && $7 >= p { n++ } END { print n }' pairs.csv)"
done
cd .. || exit 1

# --- wrong labels
{ cat truth.csv; echo "M9999,P1"; } >more.csv
says "a row that names nobody is told by its line" "(line $(wc -l <more.csv | tr -d ' '))" "$PORTRAIT" link evaluate --labels more.csv
{ cat truth.csv; echo "M0001,P2"; } >both.csv
exits "labels that contradict each other are refused" 2 "$PORTRAIT" link evaluate --labels both.csv
says "with both lines" "both.csv:$(wc -l <both.csv | tr -d ' '): the label contradicts line 2" "$PORTRAIT" link evaluate --labels both.csv
printf 'record,person\nX1,1\nX2,1\n' >nobody.csv
exits "labels of nobody are refused" 2 "$PORTRAIT" link evaluate --labels nobody.csv
printf 'record,person\n' >empty.csv
exits "a file without labels is refused" 2 "$PORTRAIT" link evaluate --labels empty.csv
: >nothing.csv
exits "an empty file is refused" 2 "$PORTRAIT" link evaluate --labels nothing.csv
printf 'a,b,same\nM0001,M0002,perhaps\n' >perhaps.csv
says "an answer is yes or no" "perhaps.csv:2" "$PORTRAIT" link evaluate --labels perhaps.csv
printf 'a,b,same\nM0001,member:M0001,yes\n' >self.csv
exits "a record is not compared with itself" 2 "$PORTRAIT" link evaluate --labels self.csv
exits "a file that is not there" 3 "$PORTRAIT" link evaluate --labels not_there.csv
exits "no file at all" 2 "$PORTRAIT" link evaluate
exits "one word too many" 2 "$PORTRAIT" link evaluate truth.csv
exits "a word that is not known" 2 "$PORTRAIT" link guess

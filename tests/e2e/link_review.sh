# shellcheck shell=sh
# portrait link review on invented people: answers through a file and on a terminal, kept, undone, applied by the next build.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_people.sh" people 150
cd people || exit 1
echo 'link: {auto: 0.9995, review: 0.01}' >>identity.yaml
claim "the people build" "$PORTRAIT" build

figures() { # key; JSON on standard input
    tr ',{}[]' '\n' | sed -n "s/^\"$1\"://p"
}
same() { # claim, one text, another
    if [ "$2" = "$3" ] && [ -n "$2" ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}
customer() { # identifier
    "$PORTRAIT" show "$1" --json | figures customer | head -1
}

# --- questions
"$PORTRAIT" link review --json >questions.json
n=$(figures pairs <questions.json | wc -l | tr -d ' ')
claim "there are questions" test "$n" -gt 3
same "what tells most comes first" "$(figures information <questions.json)" "$(figures information <questions.json | sort -gr)"
claim "they are written" "$PORTRAIT" link review --out pairs.csv
same "each in a row" "$(($(wc -l <pairs.csv) - 1))" "$n"

# --- answers through a file, as the truth says
awk -F, 'NR == FNR { person[$1] = $2; next }
    FNR == 1 { print "a,b,same"; next }
    { a = $1; b = $2; sub(/.*:/, "", a); sub(/.*:/, "", b); print $1 "," $2 "," (person[a] == person[b] ? "yes" : "no") }' truth.csv pairs.csv >answers.csv
yes=$(grep -c ',yes$' answers.csv) no=$(grep -c ',no$' answers.csv)
before=$("$PORTRAIT" link evaluate --labels truth.csv --json | figures exact)
"$PORTRAIT" link review --answers answers.csv --by Ada --json >kept.json
same "every answer is kept" "$(figures answers <kept.json)" "$n"
same "yes and no" "$(figures same <kept.json)" "$yes"
same "they are one decision, by whom it was" "$("$PORTRAIT" identity list --json | tr '{' '\n' | grep -c '"decision":1.*"Ada".*"review"')" "1"
same "of as many pairs" "$("$PORTRAIT" identity list --json | figures taken_along | grep -c false)" "$n"
along=$("$PORTRAIT" identity list --json | figures taken_along | grep -c true)
claim "and of the parts that only likenesses hold to what was joined" test "$along" -gt 0
claim "what was asked comes before what was taken along" test "$("$PORTRAIT" identity list --json | figures taken_along | uniq | tr '\n' ' ')" = "false true "
same "what is answered is not asked again" "$("$PORTRAIT" link review --json | figures pairs | wc -l | tr -d ' ')" "0"
same "answers are kept once" "$("$PORTRAIT" link review --answers answers.csv --json | figures answers)" "0"
claim "with them it builds" "$PORTRAIT" build
after=$("$PORTRAIT" link evaluate --labels truth.csv --json | figures exact)
if [ "$after" -gt "$before" ]; then ok "answers make more customers right"; else fail "answers make more customers right" "$before, then $after"; fi
apart=$(grep ',no$' answers.csv | head -1)
if [ "$no" -gt 0 ] && [ "$(customer "$(echo "$apart" | cut -d, -f1)")" != "$(customer "$(echo "$apart" | cut -d, -f2)")" ]; then
    ok "a no keeps two customers apart"
else
    fail "a no keeps two customers apart" "$apart"
fi
together=$(grep ',yes$' answers.csv | head -1)
same "a yes makes one of two" "$(customer "$(echo "$together" | cut -d, -f1)")" "$(customer "$(echo "$together" | cut -d, -f2)")"
# What was taken along stays though no likeness is strong enough any more.
cp identity.yaml kept.yaml
sed 's/link: .*/link: {auto: 0.999999999, review: 0.01}/' kept.yaml >identity.yaml
claim "with likenesses that hold nothing it builds" "$PORTRAIT" build
"$PORTRAIT" identity list --json | sed 's/{"kind"/\n&/g' | grep '"taken_along":true' |
    sed 's/.*"a":{"type":"[^"]*","value":"\([^"]*\)"},"b":{"type":"[^"]*","value":"\([^"]*\)".*/\1 \2/' >along.txt
stranded=0
while read -r a b; do
    [ "$(customer "$a")" = "$(customer "$b")" ] || stranded=$((stranded + 1))
done <along.txt
same "no part is stranded" "$(wc -l <along.txt | tr -d ' '), $stranded stranded" "$along, 0 stranded"
cp kept.yaml identity.yaml
claim "and back" "$PORTRAIT" build
bits() { "$PORTRAIT" link explain M0011 C0012 --json | sed 's/.*],"bits"://; s/,.*//'; }
cp identity.yaml kept.yaml
alone=$(bits)
sed 's/link: .*/link: {auto: 0.9995, review: 0.01, train: labels}/' kept.yaml >identity.yaml
if [ "$(bits)" != "$alone" ] && [ -n "$alone" ]; then ok "answers can teach what agreement is worth"; else fail "answers can teach what agreement is worth" "$alone"; fi
cp kept.yaml identity.yaml
claim "a decision is taken back" "$PORTRAIT" identity undo 1 --build
same "and its questions are asked again" "$("$PORTRAIT" link review --json | figures pairs | wc -l | tr -d ' ')" "$n"

# --- on a terminal
if command -v script >/dev/null 2>&1 && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    decisions() { "$PORTRAIT" identity list --json | figures decision | wc -l | tr -d ' '; }
    wait_for() { # text, file: the program has said it, or a minute is over
        for _ in $(seq 600); do
            grep -q "$1" "$2" 2>/dev/null && return
            sleep 0.1
        done
    }
    first=$(decisions)
    { printf 'x\ny\nu\ns\nn\nq\n' && wait_for 'answers are kept' dialogue.txt; } |
        script -qefc "'$PORTRAIT' link review --lang en" dialogue.txt >/dev/null 2>&1
    says "a question shows the two side by side" "The same person?" cat dialogue.txt
    says "what was answered is said" "1 answers are kept: 0 the same person, 1 not" cat dialogue.txt
    same "a yes, its undoing and a no are three decisions" "$(decisions)" "$((first + 3))"
    first=$(decisions)
    { printf 'n\n' && wait_for 'Question [2-9]' stopped.txt && printf '\003' && wait_for 'are kept' stopped.txt; } |
        script -qefc "'$PORTRAIT' link review --lang en" stopped.txt >/dev/null 2>&1
    says "Ctrl-C ends the questions" "stopped; 1 answers are kept" cat stopped.txt
    same "and the answers before it stay" "$(decisions)" "$((first + 1))"
else
    echo "skip link_review: there is no program 'script' to make a terminal"
fi

# --- links inside customers: what was joined by one weak link is asked about
cp -r . ../inside && cd ../inside && rm -rf portrait-data || exit 1
sed 's/link: .*/link: {auto: 0.95}/' kept.yaml >identity.yaml
claim "joined from 0.95 it builds" "$PORTRAIT" build
says "a weak link is asked about, and why" "one customer" "$PORTRAIT" link review
says "in Chinese" "同一位客户" "$PORTRAIT" link review --lang zh
says "with what speaks against it" "birthday" "$PORTRAIT" link review
"$PORTRAIT" link review --json >inside.json
claim "as many as there are" test "$(figures now <inside.json | grep -c one)" -gt 0
claim "none of them is sure" test -z "$(figures probability <inside.json | awk '$1 > 0.9901')"
"$PORTRAIT" link review --out inside.csv >/dev/null
awk -F, 'NR == FNR { person[$1] = $2; next }
    FNR == 1 { print "a,b,same"; next }
    { a = $1; b = $2; sub(/.*:/, "", a); sub(/.*:/, "", b); print $1 "," $2 "," (person[a] == person[b] ? "yes" : "no") }' truth.csv inside.csv >answers.csv
claim "the truth says no to some" grep -q ',no$' answers.csv
exact() { "$PORTRAIT" link evaluate --labels truth.csv --json | figures exact; }
before=$(exact)
claim "answers are kept" "$PORTRAIT" link review --answers answers.csv --by Ada
claim "a yes inside a customer takes nothing along" test "$("$PORTRAIT" identity list --json | figures taken_along | grep -c true)" -eq 0
claim "with them it builds" "$PORTRAIT" build
claim "a no takes what was wrongly one apart" test "$(exact)" -gt "$before"
while IFS=, read -r a b answer; do
    [ "$answer" = no ] || continue
    claim "$a is not $b" test "$(customer "$a")" != "$(customer "$b")"
done <answers.csv
says "what is answered is not asked again" "nothing to ask" "$PORTRAIT" link review
cd ../people || exit 1

# --- wrong answers
printf 'a,b,same\nM0001,M9999,yes\n' >nobody.csv
exits "an answer about nobody is refused" 2 "$PORTRAIT" link review --answers nobody.csv
says "with its line" "nobody.csv:2" "$PORTRAIT" link review --answers nobody.csv
printf 'a,b,same\nM0001,M0002,yes\nM0002,M0001,no\n' >both.csv
exits "a pair answered both ways is refused" 2 "$PORTRAIT" link review --answers both.csv
printf 'a,b,same\nM0001,M0001,yes\n' >self.csv
exits "a pair of one record is refused" 2 "$PORTRAIT" link review --answers self.csv
printf 'a,b,same\nM0001,M0002,\n' >open.csv
says "no answer is no answer" "0 answers are kept" "$PORTRAIT" link review --answers open.csv
exits "a file that is not there" 3 "$PORTRAIT" link review --answers not_there.csv
exits "a file of records" 2 "$PORTRAIT" link review --answers truth.csv
exits "both at once" 2 "$PORTRAIT" link review --answers answers.csv --out pairs.csv

# shellcheck shell=sh
# portrait link explain on invented people: the waterfall adds up, it is what evaluate says, names of records, wrong ones.
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

# --- the waterfall of the worst pair that evaluate names
"$PORTRAIT" link evaluate --labels truth.csv --json >worst.json
a=$(figures a <worst.json | sed -n '1s/"//gp') b=$(figures b <worst.json | sed -n '1s/"//gp')
bits=$(tr '{' '\n' <worst.json | sed -n 's/^"a":.*"bits":\([-0-9.]*\),.*/\1/p' | head -1)
"$PORTRAIT" link explain "$a" "$b" --json >out.json
round() { awk '{ printf "%.3f\n", $1 }'; }
same "the bits are those of evaluate" "$(tail -c 100000 out.json | sed 's/.*],"bits"://; s/,.*//' | round)" "$(echo "$bits" | round)"
same "prior and steps add up to them" "$({ figures prior <out.json; figures added <out.json; } | awk '{ sum += $1 } END { printf "%.3f\n", sum }')" \
    "$(echo "$bits" | round)"
same "so does the last sum" "$(figures sum <out.json | tail -1 | round)" "$(echo "$bits" | round)"

# --- one record by all its names
first=$("$PORTRAIT" link explain M0001 C0001 --json)
same "a type may stand before" "$("$PORTRAIT" link explain member:M0001 caller:C0001 --json | cksum)" "$(echo "$first" | cksum)"
number_a=$(echo "$first" | figures record | sed -n 1p) number_b=$(echo "$first" | figures record | sed -n 2p)
same "a record has a number" "$("$PORTRAIT" link explain "#$number_a" "#$number_b" --json | cksum)" "$(echo "$first" | cksum)"
customer_a=$(echo "$first" | figures customer | sed -n '1s/"//gp') customer_b=$(echo "$first" | figures customer | sed -n '2s/"//gp')
same "so has a customer" "$("$PORTRAIT" link explain "$customer_a" "$customer_b" --json | cksum)" "$(echo "$first" | cksum)"
same "the same bytes on any number of threads" "$("$PORTRAIT" link explain M0001 C0001 --threads 1 | cksum)" "$("$PORTRAIT" link explain M0001 C0001 --threads 3 | cksum)"

# --- what a user reads
says "the verdict is said" "From 95.0% on records are linked" "$PORTRAIT" link explain M0001 C0001
says "in Chinese too" "概率达到 95.0% 即自动匹配" "$PORTRAIT" link explain M0001 C0001 --lang zh
says "a pair that nobody looked at" "No blocking rule brings the pair together" "$PORTRAIT" link explain M0001 M0003
claim "a page is written" "$PORTRAIT" link explain M0001 C0001 --out pair.html
says "it draws a waterfall" '"chart":"fall"' cat pair.html
says "in Chinese too" "逐列证据" sh -c '"$PORTRAIT" link explain M0001 C0001 --out zh.html --lang zh && cat zh.html'

# --- wrong names
exits "a record that is not there" 3 "$PORTRAIT" link explain M0001 M9999
says "which of the two is said, what was typed is not repeated" "B: no record that is linked has this identifier" "$PORTRAIT" link explain M0001 M9999
exits "a number past the last" 3 "$PORTRAIT" link explain M0001 '#999999'
exits "a number that is none" 3 "$PORTRAIT" link explain M0001 '#x'
exits "nothing" 3 "$PORTRAIT" link explain M0001 ''
exits "the same record twice" 2 "$PORTRAIT" link explain M0001 member:M0001
exits "one name alone" 2 "$PORTRAIT" link explain M0001
exits "a page that cannot be written" 5 "$PORTRAIT" link explain M0001 C0001 --out not/there/pair.html

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# The teaching projects that bring their data: each works at once, and a second build changes nothing.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

teach() { # FOLDER ID
    exits "$1: it is sound" 0 "$PORTRAIT" check --project "$1"
    cp -R "$1" "$1.alone"
    claim "$1: build" "$PORTRAIT" build --project "$1" --threads 2
    claim "$1: build on one thread" "$PORTRAIT" build --project "$1.alone" --threads 1
    says "$1: a second build reads nothing" ' 0 read' "$PORTRAIT" build --project "$1" --threads 1 --lang en
    for file in "$1"/portrait-data/g000001/*; do
        case $file in *manifest.json) continue ;; esac # holds the seconds that each stage took
        claim "$1: and changes nothing in ${file##*/}" cmp "$file" "$1/portrait-data/g000002/${file##*/}"
        claim "$1: threads change nothing in ${file##*/}" cmp "$file" "$1.alone/portrait-data/g000001/${file##*/}"
    done
    claim "$1: a profile" "$PORTRAIT" show --project "$1" "$2"
    says "$1: in Chinese" "截至" "$PORTRAIT" show --project "$1" "$2" --lang zh
    for tag in $("$PORTRAIT" tags --project "$1" --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4); do
        "$PORTRAIT" tags --project "$1" "$tag" >/dev/null 2>&1 || fail "$1: tags $tag"
    done
}

for name in bank b2b; do
    claim "$name: init makes project and data" "$PORTRAIT" init --template $name --customers 100 $name
done
teach bank customer_no:B0000009
teach b2b company_id:E000003
teach b2b/contacts contact_id:K0000025
says "rows set aside are told with their reason, in Chinese" "被隔离：at：不是日期时间" "$PORTRAIT" quality --project bank transactions --lang zh
says "another seed makes other customers" "differ" sh -c '
    "$PORTRAIT" init --template bank --customers 50 --seed 2 other >/dev/null && cmp bank/data/customers.csv other/data/customers.csv'
exits "a template without data has no customers to make" 2 "$PORTRAIT" init --template blank --customers 5 nothing
exits "no customers at all are no number" 2 "$PORTRAIT" init --template bank --customers 0 nothing
if [ -e nothing ]; then fail "what is refused makes no folder"; else ok "what is refused makes no folder"; fi

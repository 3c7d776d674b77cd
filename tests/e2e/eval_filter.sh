# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# The filter: rows in, tags out, with nothing but the project's files.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p p/sources p/tags
cat >p/portrait.yaml <<'YAML'
name: p
time_zone: Asia/Shanghai
YAML
cat >p/sources/s.yaml <<'YAML'
orders:
  from: none.csv
  kind: event
  time: t
  customer: {id: c}
  columns: {amount: money, channel: category, labels: list, note: text}
people:
  from: none.csv
  kind: record
  customer: {id: c}
  columns: {city: text, born: date}
YAML
cat >p/tags/t.yaml <<'YAML'
n: count(orders within 30d)
spend: sum(orders.amount)
last_note: last(orders.note)
labels: values(orders.channel)
fav: top(orders.channel, 2 weight amount)
city: people.city
age: years_since(people.born)
at: last(orders.time)
last_labels: last(orders.labels)
YAML
run() {
    "$PORTRAIT" eval --project p --as-of 2017-07-01 "$@"
}
T=$(printf '\t')

want="customer${T}n${T}spend${T}last_note${T}labels${T}fav${T}city${T}age${T}at${T}last_labels
a\\tb${T}1${T}30.50${T}tab\\there${T}we\\|b|app${T}app:20|we\\|b:10.5${T}上海${T}27${T}2017-06-30T08:00:00+08:00${T}x|y\\|z
b${T}0${T}0.00${T}\\N${T}${T}${T}\\N${T}\\N${T}\\N${T}\\N"
printf '%s\n' \
    "a\\tb${T}orders${T}2017-06-30T08:00:00+08:00${T}20${T}app${T}x|y\\|z${T}tab\\there" \
    "a\\tb${T}orders${T}2017-01-01 08:00:00${T}10.5${T}we|b${T}\\N${T}" \
    "a\\tb${T}people${T}\\N${T}上海${T}1990-06-30" \
    "b${T}people${T}@1496275200000000${T}\\N${T}\\N" >rows
got=$(run --header <rows)
if [ "$(printf '%s' "$got" | sort)" = "$(printf '%s' "$want" | sort)" ]; then
    ok "types, escapes, order within a customer"
else
    fail "types, escapes, order within a customer" "$got"
fi
says "JSON" '{"customer":"a\tb","tags":{"n":1,"spend":30.50' sh -c '"$PORTRAIT" eval --project p --as-of 2017-07-01 --format json <rows'
says "chosen tags" "a\\tb${T}上海${T}1" sh -c '"$PORTRAIT" eval --project p --as-of 2017-07-01 --tags city,n <rows'
if [ -e p/portrait-data ]; then fail "no data directory is made"; else ok "no data directory is made"; fi
claim "empty input is fine" sh -c '[ -z "$("$PORTRAIT" eval --project p --as-of 2017-07-01 </dev/null)" ]'
exits "without an as-of" 2 "$PORTRAIT" eval --project p

bad() { # claim, text of the error, rows...
    bad_claim=$1 bad_text=$2
    shift 2
    printf '%s\n' "$@" >bad_rows
    bad_out=$(run <bad_rows 2>&1)
    bad_code=$?
    case $bad_code,$bad_out in
    2,*"$bad_text"*) ok "$bad_claim" ;;
    *) fail "$bad_claim" "exit code $bad_code: $bad_out" ;;
    esac
}
good="a${T}people${T}\\N${T}x${T}1990-06-30"
bad "too few fields" "input:2" "$good" "a${T}people${T}\\N${T}x"
bad "too many fields" "5 fields" "$good${T}more"
bad "an unknown source" "unknown source 'peple'" "a${T}peple${T}\\N${T}x${T}1990-06-30"
bad "a value that is no date" "no date" "a${T}people${T}\\N${T}x${T}1990-06-31"
bad "an event without a time" "no time" "a${T}orders${T}\\N${T}1${T}x${T}x${T}x"
bad "a wrong escape" "escape" "a${T}people${T}\\N${T}x\\q${T}1990-06-30"
bad "a customer that comes back" "grouped by customer" "$good" "b${T}people${T}\\N${T}x${T}1990-06-30" "$good"
bad "no customer" "customer is empty" "${T}people${T}\\N${T}x${T}1990-06-30"
printf 'a\tpeople\t\\N\t\377\t1990-06-30\n' >bad_rows
case $(run <bad_rows 2>&1) in *UTF-8*) ok "text that is not UTF-8" ;; *) fail "text that is not UTF-8" ;; esac

printf '%s\n' "$good" "nonsense" "b${T}people${T}\\N${T}y${T}1990-06-30" >bad_rows
out=$(run --skip-bad <bad_rows 2>err)
code=$?
if [ "$code" = 1 ] && [ "$(printf '%s\n' "$out" | wc -l)" = 2 ] && grep -q "lines skipped: 1" err; then
    ok "--skip-bad counts and goes on"
else
    fail "--skip-bad counts and goes on" "$code $out $(cat err)"
fi
printf '%s' "$good" >bad_rows
claim "a last line without its end counts" sh -c '[ "$("$PORTRAIT" eval --project p --as-of 2017-07-01 <bad_rows | wc -l)" = 1 ]'
claim "a reader that goes away is no crash" sh -c '
    i=0; while [ $i -lt 5000 ]; do printf "c%d\tpeople\t\\\\N\tx\t1990-06-30\n" $i; i=$((i + 1)); done >many
    "$PORTRAIT" eval --project p --as-of 2017-07-01 <many | head -1 >/dev/null'

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Statistics of the base: from the build into a file, from the file into a pipe.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
sh "$TOP/tests/support/make_shop.sh" shop 200
claim "a shop with statistics builds" "$PORTRAIT" build --project shop
says "the file is for people" "base_mean(spend)	money	" sh -c 'cat shop/portrait-data/g000001/base.txt'
T=$(printf '\t')
row="x${T}orders${T}2017-06-30T08:00:00+08:00${T}o1${T}S1${T}tea${T}9000${T}1${T}9000${T}app${T}true${T}n${T}\\N${T}\\N"
printf '%s\n' "$row" >rows
says "a pipe takes those of the last build" "x${T}5${T}true" \
    sh -c '"$PORTRAIT" eval --project shop --tags spend_score,spends_much <rows'
cp shop/portrait-data/g000001/base.txt kept.txt
rm -r shop/portrait-data
exits "a pipe that knows none refuses" 2 sh -c '"$PORTRAIT" eval --project shop --tags spend_score <rows'
says "and says so" "base_quantile(spend, 0.2) is not known" sh -c '"$PORTRAIT" eval --project shop --tags spend_score <rows 2>&1'
says "it takes them from a file" "x${T}5" sh -c '"$PORTRAIT" eval --project shop --tags spend_score --base kept.txt <rows'
says "tags without them need none" "x${T}1" sh -c '"$PORTRAIT" eval --project shop --tags orders_all <rows'
sed 's/0/1/' kept.txt >wrong.txt
says "a changed file is refused" "checksum" sh -c '"$PORTRAIT" eval --project shop --tags spend_score --base wrong.txt <rows 2>&1'

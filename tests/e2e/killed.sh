# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# A build killed at any moment leaves the last good state; the next one works.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1500
cd shop || exit 1

killed_at() { # seconds
    "$PORTRAIT" build --threads 2 >/dev/null 2>&1 &
    pid=$!
    sleep "$1"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

# Before anything was ever published.
killed_at 0.05
killed_at 0.2
code=0
"$PORTRAIT" show user_id:7 >/dev/null 2>&1 || code=$?
case $code in 0 | 3) ok "a first build killed leaves nothing or all" ;; *) fail "a first build killed leaves nothing or all" "show: $code" ;; esac
claim "the next build works" "$PORTRAIT" build
# What follows from this customer's own events: a build that finished before it was killed moves the statistics of all.
profile() {
    "$PORTRAIT" show user_id:7 --json 2>&1 | sed 's/,"spend_gap".*//'
}
want=$(profile)

i=0
for moment in 0.02 0.05 0.1 0.15 0.2 0.3 0.4 0.6 0.8; do
    i=$((i + 1))
    echo "o-$i,8,,2017-06-30 12:00:00,S1,5.00,2,app,true,new,," >>raw/orders-2017.csv # something to do
    killed_at "$moment"
    got=$(profile)
    [ "$got" = "$want" ] || fail "killed after $moment s, the last good state is readable" "$got"
done
ok "the last good state was readable after every kill"
claim "a build after the kills works" "$PORTRAIT" build
got=$("$PORTRAIT" explain 'count(orders where note = "new")' --customer user_id:8 --json)
case $got in *'"value":9'*) ok "and lost nothing" ;; *) fail "and lost nothing" "$got" ;; esac
left=$(find portrait-data -maxdepth 1 -name 'g*' | wc -l)
if [ "$left" -le 2 ]; then ok "what dead builds left is gone"; else fail "what dead builds left is gone" "$(ls portrait-data)"; fi
exits "doctor finds every file whole" 0 "$PORTRAIT" doctor

# Ctrl-C is no accident.
echo "o-last,8,,2017-06-30 12:00:00,S1,5.00,2,app,true,last,," >>raw/orders-2017.csv
"$PORTRAIT" build >/dev/null 2>"$WORK/interrupted" &
pid=$!
sleep 0.1
kill -INT "$pid" 2>/dev/null
wait "$pid"
code=$?
case $code in
130) ok "an interrupted build exits with 130" ;;
0) echo "skip $test_name: the build was faster than the interrupt" ;;
*) fail "an interrupted build exits with 130" "exit code $code: $(cat "$WORK/interrupted")" ;;
esac
claim "and the next one works" "$PORTRAIT" build

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Builds while segments are read: each reader sees one build, whole. Builds killed at any moment: what was kept stays.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 800
cd shop || exit 1
mkdir segments
cat >segments/all.yaml <<'YAML'
rich: spend >= 300
busy: rich and recency <= 60
raw: count(orders where amount > 50 within 90d) >= 2
fixed: {when: recency <= 60, static: true}
YAML
claim "the first build" "$PORTRAIT" build --as-of 2017-05-01
ids() { "$PORTRAIT" segment busy --out ids | cksum; }
may=$(ids)
claim "the second" "$PORTRAIT" build --as-of 2017-06-01
june=$(ids)
[ "$may" != "$june" ] || fail "the two differ" "$may"

# Readers in a loop until told to stop; each writes what it saw.
read_on() {
    while [ ! -e "$WORK/stop" ]; do
        ids || echo failed
        "$PORTRAIT" segment overlap rich busy raw --json >/dev/null 2>&1 || echo failed
        [ "$("$PORTRAIT" count 'busy and not rich' --json 2>&1 | sed 's/.*"members":\([0-9]*\).*/\1/')" = 0 ] || echo failed
        "$PORTRAIT" segment fixed --json >/dev/null 2>&1 || echo failed
    done
}
read_on >"$WORK/seen.1" 2>&1 &
one=$!
read_on >"$WORK/seen.2" 2>&1 &
two=$!
for as_of in 2017-05-01 2017-06-01 2017-05-01 2017-06-01 2017-05-01 2017-06-01; do
    claim "a build under readers" "$PORTRAIT" build --as-of $as_of
done
: >"$WORK/stop"
wait $one $two
seen=$(sort -u "$WORK/seen.1" "$WORK/seen.2")
odd=$(printf '%s\n' "$seen" | grep -v -e "^$may$" -e "^$june$")
if [ -z "$odd" ]; then ok "every reader saw one build or the other"; else fail "every reader saw one build or the other" "$odd"; fi
if [ "$(sort "$WORK/seen.1" "$WORK/seen.2" | wc -l)" -gt 5 ]; then ok "and there were many"; else fail "and there were many" "$seen"; fi

# Killed while segments are written, or anywhere else.
builds=$("$PORTRAIT" segment busy --json | grep -o '"generation":"g[0-9]*"' | sort -u | wc -l)
for moment in 0.05 0.1 0.2 0.3 0.35 0.4 0.45 0.5 0.6; do
    "$PORTRAIT" build --as-of 2017-04-01 --threads 2 >/dev/null 2>&1 &
    pid=$!
    sleep "$moment"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    "$PORTRAIT" segment >/dev/null 2>&1 || fail "killed after $moment s, segments are readable" "$("$PORTRAIT" segment 2>&1)"
    "$PORTRAIT" segment busy --json >/dev/null 2>&1 || fail "killed after $moment s, history is readable" "$("$PORTRAIT" segment busy 2>&1)"
done
ok "segments and their history were readable after every kill"
claim "the next build works" "$PORTRAIT" build --as-of 2017-06-01
if [ "$(ids)" = "$june" ]; then ok "and finds the same members"; else fail "and finds the same members" "$(ids)"; fi
now=$("$PORTRAIT" segment busy --json | grep -o '"generation":"g[0-9]*"' | sort -u | wc -l)
if [ "$now" -ge "$builds" ]; then ok "history lost nothing"; else fail "history lost nothing" "$now, not $builds"; fi
if [ -z "$(find portrait-data/history -name '*.tmp')" ]; then ok "no half files stay"; else fail "no half files stay" "$(ls portrait-data/history)"; fi

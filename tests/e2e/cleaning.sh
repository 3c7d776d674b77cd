# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Rules of cleaning in a whole build: the same bytes on any number of threads, nothing half done when killed.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 1500
cat >rules <<'YAML'
  clean:
    - drop when amount is missing
    - flag big when amount > 500
    - fill channel: mode by category
    - cap price: iqr 0.5
    - flag quantity: zscore 2 by category
    - fill note: previous
    - dedupe by order_id keep newest
    - dedupe near note 0.9 by sku
YAML
sed -i '/^visits:/e cat rules' shop/sources/all.yaml
cp -R shop four
"$PORTRAIT" build --project shop --threads 1 >/dev/null 2>&1 || fail "build on one thread"
"$PORTRAIT" build --project four --threads 4 >/dev/null 2>&1 || fail "build on four threads"
for file in profile.tags customers.dir orders.timeline; do
    claim "$file on one and four threads" cmp "shop/portrait-data/g000001/$file" "four/portrait-data/g000001/$file"
done
one=$("$PORTRAIT" build --project shop --json | sed 's/.*"cleaning":\(.*\),"quarantine".*/\1/')
four=$("$PORTRAIT" build --project four --json | sed 's/.*"cleaning":\(.*\),"quarantine".*/\1/')
if [ "$one" = "$four" ]; then ok "and the same report"; else fail "and the same report" "$one" "$four"; fi

# Killed while it cleans by other rules: the last good state stays, and the next build does the rest.
cd shop || exit 1
want=$("$PORTRAIT" show user_id:7 --json 2>&1)
for moment in 0.05 0.1 0.2 0.3 0.5; do
    sed -i "s/amount > [0-9.]*/amount > $moment/" sources/all.yaml
    "$PORTRAIT" build --threads 2 >/dev/null 2>&1 &
    pid=$!
    sleep "$moment"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    got=$("$PORTRAIT" show user_id:7 --json 2>&1)
    [ "$got" = "$want" ] || fail "killed after $moment s, the last good state is readable" "$got"
done
ok "the last good state was readable after every kill"
sed -i "s/amount > [0-9.]*/amount > 500/" sources/all.yaml
claim "a build after the kills works" "$PORTRAIT" build
again=$("$PORTRAIT" build --json | sed 's/.*"cleaning":\(.*\),"quarantine".*/\1/')
if [ "$one" = "$again" ]; then ok "and cleans as before"; else fail "and cleans as before" "$one" "$again"; fi

# A dry run shows, and leaves everything as it was.
before=$(cksum portrait-data/store.duckdb portrait-data/CURRENT)
sed -i "s/amount > 500/amount > 450/" sources/all.yaml
says "a dry run shows columns before and after" 'values after' "$PORTRAIT" build --dry-run
says "and rules with examples" '→ kept: raw/orders-' "$PORTRAIT" build --dry-run
says "in Chinese" '清洗试运行' "$PORTRAIT" build --dry-run --lang zh
says "and as JSON" '"rows_before":' "$PORTRAIT" build --dry-run --json
sed -i "s/amount > 450/amount > 500/" sources/all.yaml
if [ "$before" = "$(cksum portrait-data/store.duckdb portrait-data/CURRENT)" ]; then
    ok "and leaves the store as it was"
else
    fail "and leaves the store as it was"
fi
"$PORTRAIT" build --dry-run --json | sed 's/.*"cleaning":\(.*\)}$/\1/' >"$WORK/dry"
if [ "$(cat "$WORK/dry")" = "$one" ]; then ok "and says of rules what the build says"; else fail "and says of rules what the build says" "$(cat "$WORK/dry")"; fi

# What is wrong with a rule is said at its place, in both languages.
sed -i 's/amount > 500/amout > 500/' sources/all.yaml
exits "check refuses a condition over no column" 1 "$PORTRAIT" check
says "with the column meant" "did you mean 'amount'?" "$PORTRAIT" check
says "in Chinese" '没有条件里用到的列' "$PORTRAIT" check --lang zh
exits "and so does build" 2 "$PORTRAIT" build

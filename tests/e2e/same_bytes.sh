# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# The same project, data and as-of give the same files on any number of threads.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop one 300
cp -R one four
"$PORTRAIT" build --project one --threads 1 >/dev/null 2>&1 || fail "build on one thread"
"$PORTRAIT" build --project four --threads 4 >/dev/null 2>&1 || fail "build on four threads"
for file in profile.tags customers.dir orders.timeline members.timeline visits.timeline; do
    claim "$file" cmp "one/portrait-data/g000001/$file" "four/portrait-data/g000001/$file"
done
"$PORTRAIT" build --project four --threads 3 >/dev/null 2>&1
claim "and when built again" cmp four/portrait-data/g000001/profile.tags four/portrait-data/g000002/profile.tags

# Another as-of, and back.
"$PORTRAIT" build --project four --as-of 2017-03-01 >/dev/null 2>&1
if cmp -s four/portrait-data/g000002/profile.tags four/portrait-data/g000003/profile.tags; then
    fail "another as-of gives other tags"
else
    ok "another as-of gives other tags"
fi
"$PORTRAIT" build --project four >/dev/null 2>&1
claim "and the first as-of the first tags" cmp one/portrait-data/g000001/profile.tags four/portrait-data/g000004/profile.tags

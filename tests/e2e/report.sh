# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# The report: written, refused, the same bytes twice; and opened in a browser.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 400
cat >>shop/portrait.yaml <<'YAML'
privacy: {min_group: 10}
YAML
cat >shop/tags/hostile.yaml <<'YAML'
# Values and labels that would run as script, end an element or a comment, were they not text.
user_class:
  label: {zh: "</script><script>alert(1)</script>", en: "</script><script>alert(1)</script>"}
  tiers:
    "</script><img src=x onerror=alert(1)>": spend >= 100
    "<!-- {a|b} & \"'": spend is not missing
YAML
mkdir shop/segments
cat >shop/segments/some.yaml <<'YAML'
big_spenders: {when: spend >= 300, label: {zh: "高消费 <b>客户</b>", en: "Big <b>spenders</b>"}}
few: {when: spend >= 300 and random_bucket('few', 100) < 2, label: {zh: 少数, en: A few}}
YAML
claim "a shop builds" "$PORTRAIT" build --project shop --as-of 2017-06-01
claim "and once more" "$PORTRAIT" build --project shop
exits "nothing built is not found" 3 sh -c 'mkdir none; cp -r shop/portrait.yaml shop/sources shop/tags shop/identity.yaml none/
    "$PORTRAIT" report --project none'
says "the report says where it is" "Wrote en.html" "$PORTRAIT" report --project shop -o en.html
claim "and in Chinese" "$PORTRAIT" report --project shop --lang zh --out=zh.html
claim "the same bytes twice" sh -c '"$PORTRAIT" report --project shop -o - | cmp - en.html'
claim "on any number of threads" sh -c '"$PORTRAIT" report --project shop --threads 3 -o - | cmp - en.html'
claim "JSON is JSON" sh -c '"$PORTRAIT" report --project shop --json | python3 -c "import json, sys; json.load(sys.stdin)"'
exits "a folder that is not there" 5 "$PORTRAIT" report --project shop -o no/such/folder/r.html
exits "an unknown letter" 2 "$PORTRAIT" report --project shop -x en.html
exits "a letter without its value" 2 "$PORTRAIT" report --project shop -o
exits "a wrong condition" 2 "$PORTRAIT" report --project shop --segment 'nosuch > 3' -o wrong.html
claim "of which nothing is written" test ! -e wrong.html
cp en.html before.html
says "a saved segment alone" "Wrote one.html" "$PORTRAIT" report --project shop --segment big_spenders -o one.html
claim "is a part of its own" sh -c 'grep -F "id=\"segment-big_spenders\"" one.html && ! grep -F "id=\"segment-few\"" one.html'
says "or a condition" "Wrote two.html" "$PORTRAIT" report --project shop --segment 'spend < 100' -o two.html
claim "that stands in it" grep -F 'spend &lt; 100' two.html
claim "what is too small is not described but for its size" sh -c '"$PORTRAIT" report --project shop --json | python3 -c "
import json, sys
few = [p for p in json.load(sys.stdin)[\"parts\"] if p[\"id\"] == \"segment-few\"][0]
figures = [f[\"title\"] for c in few[\"chapters\"] for f in c[\"figures\"]]
said = [s[\"rule\"] for s in few[\"conclusions\"] + few[\"actions\"]]
assert figures == [\"Size over time\"] and said == [\"size\"] and \"too few\" in few[\"note\"], few"'
claim "no figure is of fewer than the smallest group" sh -c '"$PORTRAIT" report --project shop --json | python3 -c "
import json, sys
r = json.load(sys.stdin)
for part in r[\"parts\"]:
    for chapter in part[\"chapters\"]:
        for f in chapter[\"figures\"]:
            for c, column in enumerate(f[\"columns\"]):
                if column[\"title\"] == \"Customers\" and f[\"title\"] != \"Size over time\":
                    assert all(v[c] is None or v[c] == 0 or v[c] >= r[\"min_group\"] for v in f[\"values\"]), f"'
claim "each sentence names a figure of its part" sh -c '"$PORTRAIT" report --project shop --json | python3 -c "
import json, sys
said = 0
for part in json.load(sys.stdin)[\"parts\"]:
    numbers = [f[\"number\"] for c in part[\"chapters\"] for f in c[\"figures\"]]
    for s in part[\"conclusions\"] + part[\"actions\"]:
        said += 1
        assert s[\"figure\"] in numbers and \"figure %d)\" % s[\"figure\"] in s[\"text\"].replace(\",\", \"\"), s
assert said > 3"'
exits "a full disk" 5 sh -c 'ulimit -f 100; trap "" XFSZ; "$PORTRAIT" report --project shop --lang zh -o en.html'
claim "leaves the old report" cmp en.html before.html
claim "and nothing beside it" sh -c '! ls | grep -F .tmp'
claim "values that look like markup are shown" grep -F "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" en.html
claim "data is never markup" sh -c '! grep -F "</script><img" en.html && ! grep -F "<script>alert" en.html && ! grep -F "<b>" en.html'

# ---- in a browser

browser=
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name")
done
run_browser() { # argument...: standard error into console.txt
    HOME=$WORK timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --allow-file-access-from-files \
        --virtual-time-budget=20000 --enable-logging=stderr "$@" 2>console.txt
}
if [ -z "$browser" ] || ! run_browser --dump-dom 'data:text/html,<p>works' | grep -q works; then
    echo "skip $test_name: no browser that runs here (deps/install browser)"
    exit 0
fi

look() { # FILE WIDTH: what report_page.html finds is in found.txt
    cp "$TOP/tests/e2e/report_page.html" .
    run_browser --dump-dom "file://$WORK/report_page.html?$2,$1" | sed -n '/<pre/,/<\/pre>/p' | sed 's/<[^>]*>//g' >found.txt
}
finds() { # claim, line
    if grep -qxF -- "$2" found.txt; then ok "$1"; else fail "$1" "$2 is not in: $(cat found.txt)"; fi
}
examine() { # FILE WIDTH LANG
    look "$1" "$2"
    n=$("$PORTRAIT" report --project shop --json | python3 -c 'import json, sys
print(sum(len(c["figures"]) for p in json.load(sys.stdin)["parts"] for c in p["chapters"]))')
    claim "$1 at $2: there are figures" test "$n" -ge 5
    finds "$1 at $2: a chart for each figure of the data" "figures=$n"
    finds "$1 at $2: each is drawn" "drawn=$n"
    finds "$1 at $2: each has words for those who do not see it" "labelled=$n"
    finds "$1 at $2: each has its table" "tables=$n"
    finds "$1 at $2: of the same rows" "rows=true"
    finds "$1 at $2: each tells more under the pointer" "tips=$n"
    finds "$1 at $2: links lead somewhere" "links=true"
    finds "$1 at $2: nothing to scroll sideways" "sideways=false"
    finds "$1 at $2: nothing stands outside" "outside=0"
    finds "$1 at $2: nothing foreign, no handlers" "foreign=0"
    finds "$1 at $2: its language" "lang=$3"
    claim "$1 at $2: no errors, no violations of its policy" sh -c '! grep -F CONSOLE console.txt'
}
examine en.html 1280 en
examine en.html 390 en
examine zh.html 1280 zh-CN
examine zh.html 390 zh-CN

run_browser --no-pdf-header-footer --print-to-pdf="$WORK/zh.pdf" "file://$WORK/zh.html"
pages=$(grep -a -c '/Type */Page$\|/Type */Page[^s]' zh.pdf)
claim "it prints: cover, parts, explanations" test "$pages" -ge 3
claim "and on no more pages than figures" test "$pages" -le $((n + 5))

# shellcheck shell=sh
# Saved segments: from their files through builds to listings, overlaps and lists of members.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 600
cd shop || exit 1
mkdir segments lists
cat >segments/all.yaml <<'YAML'
rich: {when: spend >= 300, label: {zh: 高消费, en: Rich}, description: {zh: 累计消费三百以上, en: spent 300 or more}}
busy: rich and recency <= 60
bought_twice: count(orders where amount > 50 within 90d) >= 2
others: not busy
fixed: {when: recency <= 60, static: true}
invited: {list: lists/invited.csv, column: user, by: user_id}
YAML
printf 'name,user\n"a, b",1\nc,2\nd,nobody\n' >lists/invited.csv
same() { # claim, one condition, another that means the same
    one=$(members "$2") other=$(members "$3")
    if [ "$one" = "$other" ] && [ "$one" -gt 0 ]; then ok "$1"; else fail "$1" "$2: $one; $3: $other"; fi
}
exits "the project is sound" 0 "$PORTRAIT" check
exits "nothing is built yet" 3 "$PORTRAIT" segment
says "the build tells of ids that are nobody's" "invited: 1 of 3 ids" "$PORTRAIT" build --as-of 2017-05-01 --lang en
claim "another build" "$PORTRAIT" build --as-of 2017-06-01
same "a segment is its condition" rich 'spend >= 300'
same "over another" busy 'spend >= 300 and recency <= 60'
same "over events" bought_twice 'count(orders where amount > 50 within 90d) >= 2'
all=$(members '') others=$(members others) busy=$(members busy)
if [ $((others + busy)) -eq "$all" ]; then ok "members and the others make all"; else fail "members and the others make all" "$busy + $others, not $all"; fi
if [ "$(members fixed)" != "$(members 'recency <= 60')" ]; then ok "a static segment stays"; else fail "a static segment stays" "$(members fixed)"; fi
says "the list of segments" "Rich" "$PORTRAIT" segment --lang en
says "in Chinese" "高消费" "$PORTRAIT" segment --lang zh
says "one of them with its builds" "g000001" "$PORTRAIT" segment busy --lang en
says "and who came and left" "came" "$PORTRAIT" segment busy --lang en
says "a condition that was typed" "customers" "$PORTRAIT" segment 'busy and city = "北京"' --lang en
says "regions of an overlap" "of either" "$PORTRAIT" segment overlap rich busy bought_twice --lang en
exits "an overlap of one is refused" 2 "$PORTRAIT" segment overlap rich
says "or of none" "two to six" "$PORTRAIT" segment overlap --lang en
says "a comparison wants a name" "missing argument NAME" "$PORTRAIT" segment diff --lang en
exits "seven at once are refused" 2 "$PORTRAIT" segment overlap rich busy rich busy rich busy rich
says "a tag knows the segments that use it" "busy  segment" "$PORTRAIT" lineage recency --lang en
exits "an unknown name is a wrong condition" 2 "$PORTRAIT" segment nosuch
regions=$("$PORTRAIT" segment overlap rich busy bought_twice --json | grep -o '"customers":[0-9]*' | cut -d: -f2 | tail -n +2 | awk '{n += $1} END {print n}')
if [ "$regions" = "$all" ]; then ok "regions make all customers"; else fail "regions make all customers" "$regions, not $all"; fi

printf 'name,user\nc,2\nd,3\ne,4\n' >lists/invited.csv
says "plan sees that a list has changed" "segment invited" "$PORTRAIT" plan --lang en
if [ "$(members invited)" = 2 ]; then ok "until the next build a list is what it was"; else fail "until the next build a list is what it was" "$(members invited)"; fi
claim "the build reads it" "$PORTRAIT" build --as-of 2017-06-01
if [ "$(members invited)" = 3 ]; then ok "then it is what it is"; else fail "then it is what it is" "$(members invited)"; fi
mv lists/invited.csv lists/away.csv
exits "a build without the file of a list is refused" 3 "$PORTRAIT" build
says "and check says so" "E0131" "$PORTRAIT" check
mv lists/away.csv lists/invited.csv

sed -i 's/spend >= 300/spend >= 400/' segments/all.yaml
same "a changed definition counts at once" rich 'spend >= 400'
says "and is marked" "*" "$PORTRAIT" segment
printf 'loop: loop and rich\n' >segments/loop.yaml
says "a circle is named" "loop -> loop" "$PORTRAIT" check
rm segments/loop.yaml

# What is kept for ever survives all that can be made again.
fixed=$(members fixed)
rm -rf portrait-data/g0* portrait-data/CURRENT
claim "a build after everything derived was deleted" "$PORTRAIT" build --as-of 2017-06-20
if [ "$(members fixed)" = "$fixed" ]; then ok "static members come from history"; else fail "static members come from history" "$(members fixed), not $fixed"; fi
says "and sizes of builds long gone are there" "g000001" "$PORTRAIT" segment busy --lang en

# A generation's own file is checked before it is believed.
file=portrait-data/$(cat portrait-data/CURRENT)/profile.segments
cp "$file" whole
printf 'x' | dd of="$file" bs=1 seek=200 conv=notrunc 2>/dev/null
exits "a damaged file of segments is refused" 5 "$PORTRAIT" count rich
says "with a way out" "portrait build" "$PORTRAIT" count rich --lang en
head -c 100 whole >"$file"
exits "a cut one too" 5 "$PORTRAIT" segment
claim "a build makes it anew" "$PORTRAIT" build --as-of 2017-06-20
exits "and it is read again" 0 "$PORTRAIT" segment

# Members written out.
exits "a spreadsheet does not go onto standard output" 2 "$PORTRAIT" segment rich --out xlsx
exits "options of an export need one" 2 "$PORTRAIT" segment rich --limit 3
exits "an unknown format is refused" 2 "$PORTRAIT" segment rich --out pdf
exits "an unknown tag is not found" 3 "$PORTRAIT" segment rich --out csv --tags nosuch
says "with --lang the titles are labels" "客户编号,累计消费" "$PORTRAIT" segment rich --out csv --tags spend --lang zh
rows=$("$PORTRAIT" segment rich --out ids | wc -l)
if [ "$rows" -eq "$(members rich)" ]; then ok "an id for each member"; else fail "an id for each member" "$rows"; fi
claim "a reader that has enough is no failure" sh -c '"$PORTRAIT" segment --out csv 2>/dev/null | head -n 1'
claim "a spreadsheet" "$PORTRAIT" segment rich --out xlsx --file rich.xlsx --lang zh
claim "a Parquet file" "$PORTRAIT" segment rich --out parquet --file rich.parquet
if command -v python3 >/dev/null; then
    cells=$(python3 -c '
import re, sys, zipfile
sheet = zipfile.ZipFile("rich.xlsx").read("xl/worksheets/sheet1.xml").decode()
print(sheet.count("<row "))')
    if [ "$cells" -eq $((rows + 1)) ]; then ok "the spreadsheet has a row for each"; else fail "the spreadsheet has a row for each" "$cells"; fi
fi
if [ -w /dev/shm ] && mkdir full 2>/dev/null && mount -t tmpfs -o size=16k none full 2>/dev/null; then
    for format in csv parquet xlsx; do
        exits "a full disk is told ($format)" 5 "$PORTRAIT" segment --out $format --file full/all.$format
        if [ -e full/all.$format ]; then fail "and leaves nothing ($format)"; else ok "and leaves nothing ($format)"; fi
        rm -rf full/*
    done
    umount full
fi

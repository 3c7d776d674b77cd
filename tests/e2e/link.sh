# shellcheck shell=sh
# Records of the same person without the same identifier: shown by link, joined by build, kept by kill -9.
. "$TOP/tests/support/e2e.sh"
mkdir -p "$WORK/people/sources" "$WORK/people/tags" && cd "$WORK/people" || exit 1

cat >portrait.yaml <<'YAML'
name: people
YAML
cat >sources/people.yaml <<'YAML'
people:
  from: people.csv
  kind: record
  customer: {member: id}
  columns: {姓名: text, 性别: category, 生日: text, 手机: text, 邮箱: text, 地址: text}
YAML
echo 'names: {value: people.姓名}' >tags/names.yaml
# Two records of 欧阳娜娜 (a new phone), three of 张丹 (written in Latin letters, a mistyped birthday), two of 李建国 (a masked
# phone); a couple at one address with one phone, and a father and son of one name.
cat >people.csv <<'CSV'
id,姓名,性别,生日,手机,邮箱,地址
a1,欧阳娜娜,女,1991-06-15,13912340001,nana.ouyang@mail.cn,杭州市西湖区文三路18号2栋301室
a2,歐陽娜娜,女,1991-06-15,18600007777,nana.ouyang@mail.cn,杭州市西湖区文三路18号2栋301
b1,张丹,女,1988-11-02,13612340002,zhangdan88@mail.cn,成都市武侯区人民南路4段27号
b2,Zhang Dan,F,1988-11-02,+86 136-1234-0002,zhangdan88@mail.cn,
b3,张丹,,1988-11-20,13612340002,,成都武侯区人民南路四段27号
c1,李建国,男,1965-03-08,13712340003,li_jianguo@mail.cn,西安市雁塔区长安中路99号1203室
c2,李建国先生,,1965-03-08,137****0003,li_jianguo@mail.cn,西安市雁塔区长安中路99号1203室
d1,王海涛,男,1979-09-09,13512340004,,武汉市洪山区珞喻路152号8栋601
d2,刘美玲,女,1981-01-23,13512340004,,武汉市洪山区珞喻路152号8栋601
e1,陈志强,男,1950-05-05,13412340005,,广州市天河区体育西路11号
e2,陈志强,男,1983-12-30,15912340006,,广州市天河区体育西路11号
CSV
i=0
for name in 赵敏 钱进 孙丽 周杰 吴芳 郑凯 冯雪 褚亮 卫东 蒋欣 沈冰 韩磊 杨柳 朱珠 秦岚 尤勇 许晴 何炅 吕燕 施展 \
    孔明 曹颖 严宽 华晨 金星 魏晨 陶虹 姜文 戚薇 谢娜; do
    i=$((i + 1))
    echo "x$i,$name,,19$((40 + i))-0$((1 + i % 9))-1$((i % 7)),188$((10000000 + i * 2345678)),user$i@site$((i % 5)).com,南京市鼓楼区中山路$((i * 7))号" >>people.csv
done

shows() { # member: how many customers its record's customer has identifiers
    "$PORTRAIT" show "member:$1" --identities --json 2>/dev/null | sed 's/.*"identifiers":\[\([^]]*\)\].*/\1/'
}
one() { # claim, member, member
    if [ -n "$(shows "$2")" ] && [ "$(shows "$2")" = "$(shows "$3")" ]; then ok "$1"; else fail "$1" "$(shows "$2") / $(shows "$3")"; fi
}
two() {
    if [ -n "$(shows "$2")" ] && [ "$(shows "$2")" != "$(shows "$3")" ]; then ok "$1"; else fail "$1" "$(shows "$2")"; fi
}

exits "link before the first build says what to do" 3 "$PORTRAIT" link
claim "a build without link: joins nobody" "$PORTRAIT" build
two "who shares no identifier is two customers" a1 a2
says "link works without any rule" "customers" "$PORTRAIT" link --lang en
says "it names the columns it found" "people.手机" "$PORTRAIT" link
says "it says how to go on" "link: auto" "$PORTRAIT" link
says "it speaks Chinese" "任取两条记录" "$PORTRAIT" link --lang zh
says "and calls its own columns and rules so" "电话首尾" "$PORTRAIT" link blocks --lang zh
says "a rule is meant by either name" "没有客户会改变" "$PORTRAIT" link shadow --drop-rule 电话首尾 --lang zh
says "in English, too" "no customer would change" "$PORTRAIT" link shadow --drop-rule 'phone ends' --lang en
for lang in en zh; do
    # Levels stand under the name of their column; figures follow after two blanks.
    twice=$("$PORTRAIT" link --lang $lang 2>/dev/null | sed -n '/^  .*[%+-][0-9.]*$/p' |
        awk '{ level = $0; sub(/   *[0-9.\/%]+  .*/, "", level); if (level ~ /^        /) sub(/^ +/, "", level); else { delete seen; sub(/^  [^ ]+( [^ ]+)*  +/, "", level) } if (level in seen) print level; seen[level] = 1 }')
    if [ -z "$twice" ]; then ok "no two levels of a column read alike ($lang)"; else fail "no two levels of a column read alike ($lang)" "$twice"; fi
done
"$PORTRAIT" link --json >first.json 2>/dev/null
two "link changes nothing" a1 a2
claim "pairs go to a file" "$PORTRAIT" link --out pairs.csv
says "which tells the two records and why" "a_source,a_type,a_value,b_source" head -n 1 pairs.csv
exits "a file of another kind is refused" 2 "$PORTRAIT" link --out pairs.doc
claim "also as Parquet" "$PORTRAIT" link --out pairs.parquet

echo 'link: auto' >identity.yaml
says "check is content" "no problems" "$PORTRAIT" check --lang en
says "a build tells what it linked" "41 records compared" "$PORTRAIT" build --lang en
one "a changed phone does not part a person, nor traditional characters" a1 a2
one "nor Latin letters" b1 b2
one "nor a mistyped birthday" b1 b3
one "nor a masked phone and a title" c1 c2
two "a couple is two persons" d1 d2
two "father and son are two persons" e1 e2
says "show says what holds a customer together" "member:a1 and member:a2" "$PORTRAIT" show member:a1 --why --lang en
says "a build with nothing new links nothing" "customers are as they were" "$PORTRAIT" build --lang en

# Rows in another order are the same records.
shows b1 >want
{ head -n 1 people.csv && sed 1d people.csv | sort -r; } >turned.csv && mv turned.csv people.csv
claim "rows in another order are built" "$PORTRAIT" build
if [ "$(shows b1)" = "$(cat want)" ]; then ok "and give the same customers"; else fail "and give the same customers" "$(shows b1)"; fi
for threads in 1 2 5; do
    "$PORTRAIT" link --json --threads $threads 2>/dev/null | sed 's/,"seconds".*//' >"by$threads"
done
if cmp -s by1 by2 && cmp -s by1 by5; then ok "any number of threads says the same"; else fail "any number of threads says the same" "$(cat by1 by2)"; fi

# Killed at any moment, the last good state is there.
i=0
for moment in 0.02 0.05 0.1 0.15 0.2 0.3 0.5; do
    i=$((i + 1))
    echo "k$i,赵钱$i,,1990-01-1$i,1770000$i$i$i$i,k$i@k.cn,北京市海淀区中关村大街$i号" >>people.csv
    "$PORTRAIT" build --threads 2 >/dev/null 2>&1 &
    pid=$!
    sleep $moment
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    one "killed after $moment s, customers are as they were" b1 b3
    "$PORTRAIT" link >/dev/null 2>&1 &
    pid=$!
    sleep $moment
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
done
claim "a build after the kills works" "$PORTRAIT" build
one "and joins the same records" a1 a2
exits "doctor finds every file whole" 0 "$PORTRAIT" doctor

# Given up again.
rm identity.yaml
claim "a build without link: works" "$PORTRAIT" build
two "what likenesses joined comes apart" a1 a2
echo 'link: {never: [生日]}' >identity.yaml
claim "one birthday a customer" "$PORTRAIT" build
two "parts the mistyped one" b1 b3
one "and not the others" b1 b2
printf 'link: {blocking: [prefix(手机, 3), 邮箱]}\n' >identity.yaml
says "a rule that a list has cut is told, and how to write it" '"prefix(手机, 3)"' "$PORTRAIT" check --lang en
printf 'link: {comparisons: {邮箱: [same, known, edits 1 of user(邮箱)]}}\n' >identity.yaml
says "explain says what a level asks of an expression" "both have a value" "$PORTRAIT" link --lang en
says "and of which" "user(邮箱)：差一个字符" "$PORTRAIT" link --lang zh
says "a level that only asks for a value is explained" "+" "$PORTRAIT" link explain a1 b1
printf 'purposes: {ads: 0.8}\n' >identity.yaml
says "check warns of purposes that choose among nothing" "'purposes' says nothing without 'link'" "$PORTRAIT" check --lang en
printf 'types: {member: {limit: 1}}\nlink: auto\n' >identity.yaml
says "check warns of links that can join nobody" "can join nobody" "$PORTRAIT" check --lang en
printf 'id,姓名,性别,生日,手机,邮箱,地址\na1,,,,,,\na2,,,,,,\n' >people.csv
echo 'link: auto' >identity.yaml
says "columns without values are no reason to stop" "nothing compared" "$PORTRAIT" build --lang en
exits "link says so" 2 "$PORTRAIT" link

# Published records, where they are there.
data="$TOP/../shared/data"
[ -d "$data" ] || data="$TOP/../../shared/data"
if [ ! -f "$data/fake_1000/fake_1000.csv" ]; then
    echo "skip $test_name: the shared data is not there"
    exit 0
fi
mkdir -p "$WORK/fake/sources" && cd "$WORK/fake" || exit 1
printf 'name: fake\n' >portrait.yaml
printf 'link: auto\n' >identity.yaml
cat >sources/people.yaml <<YAML
people:
  from: $data/fake_1000/fake_1000.csv
  kind: record
  customer: {unique_id: unique_id}
  columns: {first_name: text, surname: text, dob: date, city: text, email: text, cluster: text}
YAML
claim "published records are built" "$PORTRAIT" build
customers=$("$PORTRAIT" link --json 2>/dev/null | sed 's/.*"customers":\([0-9]*\).*/\1/')
persons=$(sed 1d "$data/fake_1000/fake_1000.csv" | sed 's/.*,//' | sort -u | wc -l)
if [ "$customers" -gt $((persons * 9 / 10)) ] && [ "$customers" -lt $((persons * 14 / 10)) ]; then
    ok "there are about as many customers as persons"
else
    fail "there are about as many customers as persons" "$customers customers, $persons persons"
fi

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Households and companies: who belongs together without being one person.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p shop/sources shop/tags shop/segments shop/data
cd shop || exit 1

cat >portrait.yaml <<'YAML'
name: shop
time_zone: Asia/Shanghai
as_of: 2024-07-01
YAML
cat >identity.yaml <<'YAML'
types:
  user_id: {priority: 1, limit: 1}
circles:
  household: {same: [address, phone], most: 4, label: {zh: 家庭, en: Household}}
  account: {same: [[company, city]], most: 100}
YAML
cat >sources/s.yaml <<'YAML'
crm: {from: data/crm.csv, kind: record, time: at, customer: {user_id: id}, columns: {address: text, phone: text, city: text, company: text}}
YAML
cat >tags/t.yaml <<'YAML'
household_size: household.size
letter: household.rank = 1
colleagues: account.size
YAML
printf 'families: household.size > 1\n' >segments/s.yaml
# 1 and 2 live together (written differently), 2 and 3 share a phone (+86), 4 moved out, 5 has a masked phone, 6 nothing;
# 7 to 11 give the phone of the shop.
cat >data/crm.csv <<'CSV'
id,at,address,phone,city,company
1,2024-01-01,中山路１号 3室,,杭州,Acme
2,2024-01-01,中山路1号3室,13800000001,杭州,ACME
3,2024-01-01,,+86 138 0000 0001,上海,Acme
4,2024-01-01,中山路1号3室,,,
4,2024-05-01,人民路9号,,,
5,2024-01-01,人民路 8 号,138****0001,,
6,2024-01-01,,-,,
7,2024-01-01,,057112345678,,
8,2024-01-01,,057112345678,,
9,2024-01-01,,057112345678,,
10,2024-01-01,,057112345678,,
11,2024-01-01,,057112345678,,
CSV

claim "circles are sound" "$PORTRAIT" check
cp identity.yaml sound.txt
for nothing in '[]' '[[]]'; do
    echo "circles: {household: {same: $nothing}}" >identity.yaml
    says "equal in nothing, $nothing, is no circle" "'same' in the circle 'household' has no value" "$PORTRAIT" check
done
mv sound.txt identity.yaml
"$PORTRAIT" build >built 2>&1
says "a build counts them" "Household: 1 of several customers (the largest has 3); 10 customers have what it asks for" cat built
says "and says what it left out" "Household: 1 values are shared by more than 4 customers" cat built
says "every word may have to be equal" "account: 1 of several customers (the largest has 2); 3 customers" cat built
says "in Chinese" "家庭：1 个不止一位客户（最大的有 3 位）；10 位客户有相应信息" "$PORTRAIT" build --lang zh
says "for programs" '"household":{"customers":10,"of_several":1,"largest":3,"values_too_common":1' "$PORTRAIT" build --json
says "its size is a tag" '"household_size":3' "$PORTRAIT" show user_id:3 --json
says "who moved out is alone" '"household_size":1' "$PORTRAIT" show user_id:4 --json
says "a masked phone is no sign" '"household_size":1' "$PORTRAIT" show user_id:5 --json
says "nothing known is missing, not one" '"household_size":null' "$PORTRAIT" show user_id:6 --json
says "one letter a household" "8 of 11" "$PORTRAIT" count "letter"
says "in conditions and segments" "3 of 11" "$PORTRAIT" segment families
says "in expressions over one customer" "C0000001" "$PORTRAIT" explain "household.id" --customer user_id:2
says "companies" '"colleagues":2' "$PORTRAIT" show user_id:1 --json
says "lineage goes to the columns shared" "crm.address" "$PORTRAIT" lineage household_size
sed -i 's/most: 4/most: 5/' identity.yaml
says "a plan shows the change" "household" "$PORTRAIT" plan
"$PORTRAIT" build >/dev/null 2>&1
says "the shop's phone joins now" '"household_size":5' "$PORTRAIT" show user_id:9 --json
sed -i '/household:/d' identity.yaml
sed -i '/household/d' tags/t.yaml segments/s.yaml
claim "a circle can go" "$PORTRAIT" build
says "its name is unknown then" "household" "$PORTRAIT" count "household.size > 1"

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# One attribute from several sources: who wins, where they disagree, where a value comes from.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p shop/sources shop/tags shop/data
cd shop || exit 1

cat >portrait.yaml <<'YAML'
name: shop
time_zone: Asia/Shanghai
as_of: 2024-07-01
card: [gender]
YAML
cat >sources/s.yaml <<'YAML'
crm: {from: data/crm.csv, kind: record, customer: {user_id: id}, trust: 0.9, columns: {gender: category}}
app: {from: data/app.csv, kind: record, time: at, customer: {user_id: id, phone: phone}, trust: 0.6, columns: {sex: category}}
vendor: {from: data/vendor.csv, kind: record, time: at, customer: {phone: phone}, trust: 0.3, columns: {gender: category}}
YAML
cat >tags/t.yaml <<'YAML'
gender: {merge: {from: [crm.gender, app.sex, vendor.gender], policy: trusted}, label: {zh: 性别, en: Gender}}
newest: {merge: {from: [crm.gender, app.sex, vendor.gender], policy: newest}}
is_f: gender = 'f'
YAML
printf 'id,gender\n1,f\n2,m\n' >data/crm.csv
printf 'id,phone,at,sex\n1,13800000001,2024-06-01,m\n2,13800000002,2024-06-02,m\n' >data/app.csv
printf 'phone,at,gender\n13800000001,2024-06-20,m\n' >data/vendor.csv

claim "a merged tag is sound" "$PORTRAIT" check
says "build counts who disagrees" "gender: its sources disagree for 1 of 2 customers" "$PORTRAIT" build
says "in Chinese" "gender：2 位客户有多个来源的值，其中 1 位不一致" "$PORTRAIT" build --lang zh
says "the most trusted wins" "Gender  f" "$PORTRAIT" show user_id:1
says "other tags use it" "is_f    yes" "$PORTRAIT" show user_id:1
says "the newest wins elsewhere" '"newest":"m"' "$PORTRAIT" show user_id:1 --json
says "an earlier as-of has fewer claims" '"newest":"f"' "$PORTRAIT" show user_id:1 --json --as-of 2024-05-01
says "why: file, row, trust" "crm.gender     f  data/crm.csv row 1     from the beginning  trust 0.9  counts" "$PORTRAIT" show user_id:1 --why
says "why: what lost" "lost: less trusted" "$PORTRAIT" show user_id:1 --why
says "why in Chinese" "未采用：可信度较低" "$PORTRAIT" show user_id:1 --why --lang zh
says "why as JSON" '"fate":"less_trusted","file":"data/app.csv","row":1' "$PORTRAIT" show user_id:1 --why --json
says "the matrix" "1 / 2  50.0%" "$PORTRAIT" tags gender
says "the matrix in Chinese" "两个来源都有值的客户中，有多少不一致" "$PORTRAIT" tags gender --lang zh
says "a definition people can read" "merged: trusted of crm.gender (trust 0.9), app.sex (trust 0.6)" "$PORTRAIT" tags gender
sed -i 's/policy: trusted/policy: trustd/' tags/t.yaml
says "a wrong policy is put right" "did you mean 'trusted'" "$PORTRAIT" check

# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# How sure is sure enough: soft links for one purpose, exact ones for another.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
mkdir -p shop/sources shop/tags shop/data
cd shop || exit 1

printf 'name: shop\ntime_zone: Asia/Shanghai\nas_of: 2024-07-01\n' >portrait.yaml
cat >identity.yaml <<'YAML'
types: {member: {priority: 1}, email: {priority: 2, normalize: email}}
link: {auto: 1, review: 0.3}
purposes: {ads: 0.5, email: exact}
YAML
printf 'crm: {from: data/crm.csv, kind: record, customer: {member: id, email: mail}, columns: {name: text, birth_date: date, mobile: text}}\n' >sources/s.yaml
printf 'records: count(crm)\n' >tags/t.yaml
# 300 invented people; every fifth a second time with the same name, birth and phone, every seventh with another address.
awk 'BEGIN {
    split("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗", family, " ");
    split("伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 建 国 志 海 燕", given, " ");
    print "id,mail,name,birth_date,mobile";
    for (i = 0; i < 300; i++) {
        x = (i * 7919 + 13) % 99991;
        name = family[x % 20 + 1] given[int(x / 20) % 25 + 1] given[int(x / 500) % 25 + 1];
        birth = sprintf("%d-%02d-%02d", 1955 + x % 47, x % 12 + 1, x % 28 + 1);
        phone = sprintf("13%09d", (x * 104729) % 999999937);
        printf "m%d,u%d@example.com,%s,%s,%s\n", i, i, name, birth, phone;
        if (i % 5 == 0) printf "n%d,,%s,%s,%s\n", i, name, birth, phone;
        if (i % 7 == 0) printf "p%d,p%d@example.com,%s,%s,\n", i, i, name, birth;
    }
}' >data/crm.csv

claim "purposes are sound" "$PORTRAIT" check
"$PORTRAIT" build >/dev/null 2>&1
rows() { "$PORTRAIT" segment "records > 0" --out ids "$@" | wc -l | tr -d ' '; }
says "nothing is linked by itself at auto 1" "403" rows
says "for ads each person once" "300" rows --purpose ads
says "exact is what the profile is here" "403" rows --purpose email
says "who stands for whom" '"person":"C0000001"' "$PORTRAIT" show member:n0 --purpose ads --json
says "in words" "for the purpose ads the same person as C0000001" "$PORTRAIT" show member:n0 --purpose ads
says "in Chinese" "用途 ads：与 C0000001 视为同一人" "$PORTRAIT" show member:n0 --purpose ads --lang zh
says "an unknown purpose is refused" "did you mean 'ads'" "$PORTRAIT" segment "records > 0" --out ids --purpose asd

sed -i 's/auto: 1,/auto: 0.9,/' identity.yaml
"$PORTRAIT" build >/dev/null 2>&1
says "likeness joins now" "300" rows
says "what only likeness joins is withheld" '"withheld":' "$PORTRAIT" show member:p0 --purpose email --json
says "the strongest identifier stays" "m0" "$PORTRAIT" show member:p0 --purpose email --identities
"$PORTRAIT" segment "records > 0" --out csv --purpose email --identifiers email --tags records >exact.csv
"$PORTRAIT" segment "records > 0" --out csv --identifiers email --tags records >all.csv
says "a column of identifiers" "customer,records,email" head -1 exact.csv
claim "no purpose, no less" sh -c '[ "$(grep -c @ all.csv)" -ge "$(grep -c @ exact.csv)" ]'
claim "no address of p is sure enough" sh -c '! grep -q ",p[0-9]*@" exact.csv'
says "ids have no room for them" "ids are one column" "$PORTRAIT" segment "records > 0" --out ids --identifiers email
says "an unknown type" "did you mean 'email'" "$PORTRAIT" segment "records > 0" --out csv --identifiers emial
claim "a spreadsheet too" "$PORTRAIT" segment "records > 0" --out xlsx --file a.xlsx --purpose email --identifiers email,member
claim "and parquet" "$PORTRAIT" segment "records > 0" --out parquet --file a.parquet --purpose email --identifiers email,member
sed -i 's/email: exact/email: 0.95/' identity.yaml
says "a changed purpose waits for the build" "no build has settled the purpose 'email' as it is now" "$PORTRAIT" show member:m0 --purpose email

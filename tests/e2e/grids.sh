# shellcheck shell=sh
# rfm, flow, regions, channels, pyramid: their figures against those of `count`, which goes another way.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
"$PORTRAIT" init --template bank bank >/dev/null
cd bank || exit 1
printf 'privacy: {min_group: 10}\n' >>portrait.yaml
claim "the bank builds" "$PORTRAIT" build

# The figure of a JSON object that holds all the texts given: its last number by that key.
figure() { # key, file, text...
    key=$1 file=$2
    shift 2
    tr '{' '\n' <"$file" >lines
    for text; do grep -F -- "$text" lines >found && mv found lines; done
    sed -n "s/.*\"$key\":\([0-9]*\).*/\1/p" lines | head -n 1
}
equal() { # claim, one figure, another
    if [ -n "$2" ] && [ "$2" = "$3" ] && [ "$2" -gt 0 ]; then ok "$1"; else fail "$1" "$2, not $3"; fi
}

"$PORTRAIT" pyramid --json >pyramid.json
equal "men of a pyramid are men" "$(figure left pyramid.json '"left_value":"male"')" "$(members 'gender = "male"')"
equal "a cell is who has both values" "$(figure right pyramid.json '"value":"50-60"')" "$(members 'gender = "female" and age_band = "50-60"')"
"$PORTRAIT" pyramid --segment 'has_mortgage' --json >pyramid.json
equal "of a segment too" "$(figure members pyramid.json '"condition"')" "$(members 'has_mortgage')"

"$PORTRAIT" regions --segment 'assets >= 50000' --json >regions.json
equal "customers of a province" "$(figure customers regions.json '"path":["江苏"]')" "$(members 'home_province = "江苏" and assets >= 50000')"
equal "and of the base" "$(figure of_all regions.json '"path":["江苏"]')" "$(members 'home_province = "江苏"')"
"$PORTRAIT" channels --channel main_channel --sub-channel platform --json >channels.json
first=$(sed 's/.*"path":\["\([a-z]*\)","\([a-z]*\)"\].*/\1 \2/; t; d' channels.json)
claim "a channel is divided into sub-channels" [ -n "$first" ]

"$PORTRAIT" flow --from 2024-07-01 --json >flow.json
"$PORTRAIT" flow --from 2024-07-01 --list active:sleeping >moved.txt
stayed=$(figure stayed flow.json '"stayed"') moved=$(figure moved flow.json '"stayed"')
claim "most stay where they were" [ "$stayed" -gt "$moved" ]
n=$(wc -l <moved.txt)
shown=$(figure customers flow.json '"from":"active","to":"sleeping"')
if [ -n "$shown" ]; then equal "those listed are those counted" "$n" "$shown"; else claim "few are listed, and not shown" [ "$n" -lt 10 ]; fi
"$PORTRAIT" flow --from 2024-07-01 --list active:active >stayed.txt
equal "a stay is listed too" "$(wc -l <stayed.txt | tr -d ' ')" "$(figure customers flow.json '"from":"active","to":"active"')"
who=$(head -n 1 stayed.txt)
says "whom it lists is active now" "Active" "$PORTRAIT" show "$who" --lang en
says "and was active then" "Active" "$PORTRAIT" show "$who" --as-of 2024-07-01 --lang en

"$PORTRAIT" rfm --frequency transactions_90d --json >rfm.json
condition='recency <= base_mean(recency) and transactions_90d >= base_mean(transactions_90d) and spend_365d >= base_mean(spend_365d)'
equal "a class is what its definition says" "$(figure customers rfm.json '"class":"important_value"')" "$(members "$condition")"
condition='base_score_low(recency, 5) = 5 and base_score(transactions_90d, 5) = 5'
equal "a cell is two scores" "$(figure customers rfm.json '"r":5,"f":5')" "$(members "$condition")"

for command in pyramid regions flow "rfm --frequency transactions_90d" "channels --channel main_channel"; do
    # shellcheck disable=SC2086 # words of a command
    says "$command in Chinese" "客户" "$PORTRAIT" $command --lang zh
    # shellcheck disable=SC2086
    exits "$command: a wrong condition" 2 "$PORTRAIT" $command --segment 'no such'
done
exits "a role that no tag plays is not found" 3 "$PORTRAIT" channels
says "and what would make it is said" "portrait add rfm_frequency" "$PORTRAIT" rfm --lang en
exits "a list has no flow" 2 "$PORTRAIT" flow favourite_merchants
exits "no level of that name" 2 "$PORTRAIT" regions --level village
exits "a move needs two values" 2 "$PORTRAIT" flow --list active
exits "a value that nobody has is not found" 3 "$PORTRAIT" flow --list active:asleep

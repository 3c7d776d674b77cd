# shellcheck shell=sh
# From the catalogue into a project and out as values, as a user goes.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 200
cd shop || exit 1

says "templates say what the project can do" "templates: " "$PORTRAIT" tags --templates
says "in Chinese too" "个模板" "$PORTRAIT" tags --templates --lang zh
says "roles are guessed" "(guessed)" "$PORTRAIT" tags --roles
says "a view before anything is added" "not collected" "$PORTRAIT" tags --view 43
exits "an unknown template" 3 "$PORTRAIT" add life_cycel
says "is put right" "did you mean" "$PORTRAIT" add frequencyy
exits "an unknown view" 3 "$PORTRAIT" tags --view 44
exits "nothing said" 2 "$PORTRAIT" add
exits "sensitive information needs a purpose" 2 "$PORTRAIT" add religion
cp -r . ../before
claim "a dry run" "$PORTRAIT" add --all-computable --dry-run
claim "writes nothing" diff -r . ../before
claim "add all that the data can compute" "$PORTRAIT" add --all-computable
claim "a questionnaire" "$PORTRAIT" add personality religion --purpose meals --consent "form item 7"
says "an interview is not computed" "Nothing to add" "$PORTRAIT" add --group interview/vehicle
claim "but can be collected" "$PORTRAIT" add --group interview/vehicle --collect
says "with its questions" "公里" "$PORTRAIT" tags vehicle_daily_mileage --lang zh
claim "the project is sound" "$PORTRAIT" check
says "a second time there is nothing to add" "Nothing to add" "$PORTRAIT" add --all-computable
claim "it builds without the questionnaires' files" "$PORTRAIT" build
says "what nobody answered is not collected" "not collected: nobody has a value" "$PORTRAIT" tags --view psychology
says "what was computed has its share" "rule · " "$PORTRAIT" tags --view 43
from=sources/survey_psychology.yaml
id=$(sed -n 's/^  customer: {\([a-z_]*\):.*/\1/p' $from)
mkdir -p data
questions=$(sed -n 's/^    \([a-z_]*\):$/\1/p' $from | tr '\n' ',')
printf '%s\n' "$id,answered_at,${questions%,}" > data/survey_psychology.csv
printf '%s\n' "7,2017-01-02,outgoing,,,,,,,,,,,,," >> data/survey_psychology.csv
claim "with an answer it builds again" "$PORTRAIT" build
says "and the answer is there" "survey · 0." "$PORTRAIT" tags --view psychology

# On real data: everything that can be computed builds, and hardly any of it stays empty.
cd "$WORK" || exit 1
if [ -f "$DEPS/data/completejourney/transactions.parquet" ]; then
    "$PORTRAIT" init --template retail retail >/dev/null
    ln -s "$DEPS/data/completejourney" retail/data
    cd retail || exit 1
    before=$("$PORTRAIT" check | tr -dc '0-9 ' | awk '{print $2}')
    claim "all that the retail data can compute" "$PORTRAIT" add --all-computable
    after=$("$PORTRAIT" check | tr -dc '0-9 ' | awk '{print $2}')
    [ "$((after - before))" -ge 35 ] && ok "is 35 tags and more" || fail "is 35 tags and more" "$before, then $after"
    claim "builds" "$PORTRAIT" build
    says "the 43 items have values" "statistic · 100.0%" "$PORTRAIT" tags --view 43
    says "the consumption view too" "rule · " "$PORTRAIT" tags --view consumption
fi

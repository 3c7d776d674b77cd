# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# From an empty folder to a profile, as a new user goes.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1

claim "init makes a project" "$PORTRAIT" init --template blank blank
claim "the blank project is sound" "$PORTRAIT" check --project blank
says "a project without sources says so" "has no sources" "$PORTRAIT" build --project blank
exits "init refuses a folder that is not empty" 2 "$PORTRAIT" init --template blank blank
says "init names the templates there are" "retail" "$PORTRAIT" init --template retial other
claim "the retail template is sound" sh -c '"$PORTRAIT" init --template retail retail && "$PORTRAIT" check --project retail'

shop shop 200
cd shop || exit 1
exits "show before a build finds nothing" 3 "$PORTRAIT" show 1
says "show before a build says what to do" "portrait build" "$PORTRAIT" show 1
claim "tags lists the catalogue before a build" "$PORTRAIT" tags
claim "build" "$PORTRAIT" build
says "a second build reads nothing" "0 read, 2 unchanged" "$PORTRAIT" build
says "and keeps timelines" "kept" "$PORTRAIT" build
says "what did not fit is counted" "rows did not fit" "$PORTRAIT" build
says "with reason, file and line" "price: not an amount (first: raw/orders-2017.csv:" "$PORTRAIT" build
says "build finds its project from a folder inside it" "customers" sh -c 'cd raw && "$PORTRAIT" build'

says "show by identifier" "as of 2017-07-01" "$PORTRAIT" show user_id:7
says "show by a value alone" "as of 2017-07-01" "$PORTRAIT" show 13900055433
says "identifiers stay hidden" "--identities shows them" "$PORTRAIT" show user_id:7
says "until they are asked for" "user_id:7" "$PORTRAIT" show user_id:7 --identities
says "a profile in Chinese" "生命周期" "$PORTRAIT" show user_id:7 --lang zh
exits "an unknown customer" 3 "$PORTRAIT" show user_id:no-such
says "an error does not repeat what was typed" "no customer has this id" "$PORTRAIT" show secret-value
case $("$PORTRAIT" show secret-value 2>&1) in *secret*) fail "identifiers stay out of errors" ;; *) ok "identifiers stay out of errors" ;; esac

says "coverage and distribution of a tag" "customers have it" "$PORTRAIT" tags spend
says "tags of a group" "spend_rank" "$PORTRAIT" tags --group value
says "lineage down to files" "raw/orders-*.csv" "$PORTRAIT" tags spend
says "a wrong tag is put right" "did you mean 'spend'" "$PORTRAIT" tags spnd
says "explain: tree and plan" "Plan" "$PORTRAIT" explain life_cycle
says "explain proves with events" "events: " "$PORTRAIT" explain life_cycle --customer user_id:7
says "explain an expression" "number" "$PORTRAIT" explain 'count(orders within 30d)'
says "explain shows what is wrong" "did you mean" "$PORTRAIT" explain 'count(ordres)'
exits "and fails then" 2 "$PORTRAIT" explain 'count(ordres)'
says "doctor" "last build" "$PORTRAIT" doctor
exits "doctor is content" 0 "$PORTRAIT" doctor

claim "every command speaks JSON" sh -c '
    for c in "check" "build" "tags" "tags spend" "show user_id:7" "explain spend --customer user_id:7" "doctor"; do
        out=$("$PORTRAIT" $c --json) || exit 1
        case $out in "{"*"}" | "["*"]") ;; *) echo "$c: $out"; exit 1 ;; esac
    done'

# Only what changed is done again.
echo 'extra: count(orders within 7d)' >>tags/person.yaml
before=$(ls -li portrait-data/CURRENT portrait-data/g*/orders.timeline | awk '/timeline/ {print $1}' | sort -u)
claim "a new tag is built" "$PORTRAIT" build
after=$(ls -li portrait-data/g*/orders.timeline | awk '{print $1}' | sort -u)
if [ "$before" = "$after" ]; then ok "without touching timelines"; else fail "without touching timelines" "$before / $after"; fi
says "and is there" "extra" "$PORTRAIT" tags
echo 'o-new,7,,2017-06-30 12:00:00,S1,5.00,2,app,true,new,,' >>raw/orders-2017.csv
says "a changed file is read again" "1 read, 1 unchanged" "$PORTRAIT" build
says "and its event is in the profile" "10" "$PORTRAIT" explain 'last(orders.amount)' --customer user_id:7

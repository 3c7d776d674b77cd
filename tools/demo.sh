#!/bin/sh
# The main job on real data: makes the retail project in DIR, gives it the demo's data, builds, and shows what came out.
#
#   tools/demo.sh DIR        `make demo` calls it with build/demo, after deps/install demo
set -eu

[ $# -eq 1 ] || { echo "usage: tools/demo.sh DIR" >&2; exit 2; }
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
data=${DEPS:-$top/.deps}/data/completejourney
before=$PWD
build=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)
demo=$build/$(basename -- "$1")
portrait=$build/portrait
[ -x "$portrait" ] || { echo "demo: $portrait is not built; run make" >&2; exit 1; }
[ -r "$data/transactions.parquet" ] || { echo "demo: no data in $data; run deps/install demo" >&2; exit 1; }

# Anew each time, so that it shows what a first build does. Only a folder that is a project is removed.
if [ -e "$demo" ]; then
    [ -e "$demo/portrait.yaml" ] || { echo "demo: $demo is something else; not touching it" >&2; exit 1; }
    rm -rf "$demo"
fi
"$portrait" init --template retail "$demo" >/dev/null
ln -s "$data" "$demo/data"
cd "$demo"

title() {
    printf '\n== %s\n' "$1"
}

title "Build: raw files to profiles (The Complete Journey, a grocery chain, 2017)"
"$portrait" build

title "Where customers stand"
"$portrait" tags life_cycle | sed -n '/customers have it/,$p'

title "What they are worth"
"$portrait" tags rfm_class | sed -n '/customers have it/,$p'

title "What they like best"
"$portrait" tags favourite_departments | sed -n '/customers have it/,$p'

title "One of them"
"$portrait" show 1 | awk '/^$/ { gaps++ } gaps < 2'
echo "(portrait show 1 has the rest)"

title "Why do we call this customer what we call it?"
"$portrait" explain life_cycle --customer 1 | sed -n '/^customer/,$p' | head -12

short=${demo#"$before/"}
cat <<TRY

== What to try next
  cd $short
  ../portrait show 7 --lang zh                      another profile, in Chinese
  ../portrait show 7 --as-of 2017-07-01             the same customer half a year earlier
  ../portrait tags                                  the catalogue: every tag, and how many customers have it
  ../portrait tags promotion_sensitivity            one tag: definition, distribution, lineage
  ../portrait explain 'sum(transactions.sales_value within 30d) > 100' --customer 7
  edit tags/value.yaml, then ../portrait build      only what changed is computed again
  ../portrait doctor                                is everything whole?
TRY

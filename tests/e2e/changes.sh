# shellcheck shell=sh disable=SC2016 # programs in quotes expand inside
# Lineage of anything, the plan before a build, the difference after one: in both languages.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 200
cd shop || exit 1

zh() {
    "$PORTRAIT" "$@" --lang zh
}

says "lineage of a tag: up to the file" "raw/orders-*.csv  file" "$PORTRAIT" lineage life_cycle
says "lineage of a column: what breaks" "life_cycle  tag" "$PORTRAIT" lineage orders.time
says "lineage in Chinese" "少了它会影响" zh lineage orders.time
says "lineage of a file" "made from nothing else" "$PORTRAIT" lineage 'raw/orders-*.csv'
says "lineage as JSON" '"kind":"tag","name":"life_cycle"' "$PORTRAIT" lineage orders --json
says "lineage for Graphviz" "digraph lineage {" "$PORTRAIT" lineage orders --format dot
says "a picture" "</svg>" "$PORTRAIT" lineage orders --format svg
says "labels of the picture in Chinese" "生命周期" zh lineage orders --format svg
exits "an unknown name" 3 "$PORTRAIT" lineage orders.amuont
says "is put right" "did you mean 'orders." "$PORTRAIT" lineage orders.tme
says "and in Chinese" "这里没有名为" zh lineage orders.tme
exits "an unknown format" 2 "$PORTRAIT" lineage orders --format png

says "the first plan" "nothing has been built yet" "$PORTRAIT" plan
exits "no build to compare" 3 "$PORTRAIT" diff
says "no build to compare, in Chinese" "尚未构建" zh diff
claim "build as of May" "$PORTRAIT" build --as-of 2017-05-01
says "nothing to do" "nothing has changed" "$PORTRAIT" plan
says "nothing to do, in Chinese" "没有变化" zh plan
exits "one build is nothing to compare" 3 "$PORTRAIT" diff

sed -i 's/recency <= 30/recency <= 20/' tags/*.yaml
says "a changed definition" "changed  tag" "$PORTRAIT" plan
says "how it read" "recency <= 30" "$PORTRAIT" plan
says "in Chinese" "改动  标签" zh plan
echo 'o-new,7,,2017-06-30 12:00:00,S1,5.00,2,app,true,new,,' >>raw/orders-2017.csv
says "a changed file" "changed  raw/orders-2017.csv" "$PORTRAIT" plan
says "as JSON" '"state":"changed"' "$PORTRAIT" plan --json

claim "build as of July" "$PORTRAIT" build
says "who moved where" "life_cycle: " "$PORTRAIT" diff
says "who moved where, in Chinese" "位客户发生移动" zh diff
says "a tag defined anew" "(defined anew)" "$PORTRAIT" diff
says "figures" "rows.orders" "$PORTRAIT" diff
says "diff as JSON" '"same":false' "$PORTRAIT" diff --json
says "a build with itself" "no difference" "$PORTRAIT" diff --from g000002 --to g000002
says "a build with itself, in Chinese" "没有差别" zh diff --from g000002 --to g000002
says "an unknown build" "kept are g000001 and g000002" "$PORTRAIT" diff --from g000009

# shellcheck shell=sh
# Models of the tasks cluster and lookalike on the shop: train, what the card says, tags of the next build.
. "$TOP/tests/support/e2e.sh"
cd "$WORK" || exit 1
shop shop 600
cd shop || exit 1
mkdir -p models
cat >models/groups.yaml <<'YAML'
groups:
  label: {zh: 客户群, en: Groups}
  task: cluster
  features: [spend, orders_90d]
  algorithm: {kmeans: {k: 3}}
  tags: {customer_group: cluster, group_name: name}
lone:
  task: cluster
  features: [spend, orders_90d]
  algorithm: {dbscan: {min_rows: 5}}
  tags: {crowd: cluster}
alike:
  label: {zh: 相似高价值, en: Like the best}
  task: lookalike
  like: spend > 300
  features: {auto: true, except: [spend]}
  algorithm: logistic
  tags: {alike_score: score, alike_rank: rank, alike_band: band}
YAML
claim "the models check" "$PORTRAIT" check
claim "the shop builds before anything is learned" "$PORTRAIT" build
says "clusters are named by what tells them apart" "Cluster 1: " "$PORTRAIT" train groups --lang en
claim "a second training is the same" "$PORTRAIT" train groups
says "and makes no version" "v1" "$PORTRAIT" train groups
claim "density learns too" "$PORTRAIT" train lone
says "lookalikes are told how many to expect" "expected to be like the seed" "$PORTRAIT" train alike --lang en
says "in Chinese" "隐藏种子" "$PORTRAIT" train alike --lang zh
claim "the build scores" "$PORTRAIT" build
says "every customer has a group" "c1" "$PORTRAIT" tags customer_group
says "clusters are numbered" "c3" "$PORTRAIT" tags customer_group
says "their names are a tag" "high" "$PORTRAIT" tags group_name --lang en
named=$("$PORTRAIT" train groups --json | tr '{' '\n' | grep -c 'Cluster [1-3]: ')
if [ "$named" = 3 ]; then ok "of three clusters"; else fail "of three clusters" "$named"; fi
says "bands are a tag like others" "top_20" "$PORTRAIT" tags alike_band
seed=$(members "alike_band = 'seed'") like=$(members "spend > 300")
if [ "$seed" = "$like" ] && [ "${seed:-0}" -gt 20 ]; then ok "the seed is whom its condition says"; else fail "the seed is whom its condition says" "$seed, not $like"; fi
first=$(members "alike_rank = 1")
if [ "$first" = 1 ]; then ok "one customer is the likest"; else fail "one customer is the likest" "$first"; fi
tenth=$(members "alike_band in ('top_01', 'top_05', 'top_10')") all=$(members "alike_rank > 0")
if [ "$tenth" = $(((all + 9) / 10)) ]; then ok "bands are shares of the others"; else fail "bands are shares of the others" "$tenth of $all"; fi
says "lookalikes of a condition are found on the spot" "expected to be" "$PORTRAIT" lookalike 'spend > 300' --lang en
says "in Chinese too" "种子客户" "$PORTRAIT" lookalike 'spend > 300' --lang zh
"$PORTRAIT" lookalike 'spend > 300' --top 25 --out csv --file like.csv >/dev/null
"$PORTRAIT" lookalike 'spend > 300' --top 25 --out ids --threads 1 >like.ids
if [ "$(sed 1d like.csv | cut -d, -f1)" = "$(cat like.ids)" ] && [ "$(wc -l <like.ids)" = 25 ]; then ok "as lists of the likest"; else fail "as lists of the likest"; fi
"$PORTRAIT" segment 'spend > 300' --out ids >seed.ids
if [ -z "$(sort seed.ids like.ids | uniq -d)" ]; then ok "of whom none is in the seed"; else fail "of whom none is in the seed"; fi
says "tags of the seed are not learned from, and named" "rests on them: spend" "$PORTRAIT" lookalike 'spend > 300' --lang en
says "even when they are asked for" "has no tag to learn from" "$PORTRAIT" lookalike 'spend > 300' --features spend
exits "features by name" 0 "$PORTRAIT" lookalike 'spend > 300' --features spend,orders_90d,recency
exits "and all but some" 0 "$PORTRAIT" lookalike 'spend > 300' --except orders_90d
exits "both are too much" 2 "$PORTRAIT" lookalike 'spend > 300' --features recency --except orders_90d
exits "an unknown tag" 2 "$PORTRAIT" lookalike 'spend > 300' --features nosuch
exits "a wrong condition is refused" 2 "$PORTRAIT" lookalike 'spend >'
exits "and so is nobody" 2 "$PORTRAIT" lookalike 'spend > 1000000'
exits "and an unknown format" 2 "$PORTRAIT" lookalike 'spend > 300' --out xlsx
sed -i 's/like: spend > 300/like: spend > 1000000/' models/groups.yaml
exits "a seed of nobody is refused" 2 "$PORTRAIT" train alike
says "with a reason" "too few" "$PORTRAIT" train alike --lang en
sed -i '/like: /d' models/groups.yaml
says "a seed is needed" "like" "$PORTRAIT" check --lang en

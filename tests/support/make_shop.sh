#!/bin/sh
# Writes a small shop's project and data: the same bytes on every machine for the same number of customers.
#
#   make_shop.sh DIR [CUSTOMERS]
#
# Chinese and English, a GB18030 file, JSON lines, lookups, several identifiers a customer, missing values, ties in time,
# texts with tabs, bars and backslashes, and some rows that do not fit.
set -eu
dir=$1
customers=${2:-200}
mkdir -p "$dir/sources" "$dir/tags" "$dir/raw"

cat >"$dir/portrait.yaml" <<'YAML'
name: shop
label: {zh: 小店, en: Shop}
time_zone: Asia/Shanghai
locale: en
currency: CNY
as_of: 2017-07-01
card: [life_cycle, spend, orders_90d]
YAML
cat >"$dir/identity.yaml" <<'YAML'
types:
  user_id: {priority: 1, limit: 1}
  phone: {priority: 2, limit: 3, normalize: digits, blocked: ["13800000000"], label: {zh: 手机, en: Phone}}
  device: {priority: 3, limit: 5}
YAML
cat >"$dir/sources/all.yaml" <<'YAML'
members:
  from: raw/members.csv
  kind: record
  encoding: gb18030
  time: 更新时间
  customer: {user_id: 会员号, phone: 手机}
  columns:
    姓名: {type: text, sensitivity: personal}
    city: {type: category, from: 城市}
    birthday: {type: date, from: 生日}
    interests: {type: list, from: 兴趣, format: "|"}
products:
  from: raw/products.csv
  kind: reference
  columns:
    sku: text
    category: category
orders:
  from: [raw/orders-*.csv]
  kind: event
  time: ordered_at
  customer: {user_id: user_id, phone: mobile}
  columns:
    order_id: {type: text, required: true}
    sku: text
    category: {type: category, lookup: products.category by sku}
    price: money
    quantity: number
    amount: {type: money, from: price * quantity}
    channel: category
    paid: bool
    note: text
    deliver_on: date
    shipped_at: instant
visits:
  from: raw/visits.jsonl
  kind: event
  time: at
  customer: {device: device}
  columns:
    page: text
    seconds: number
devices:
  from: raw/devices.csv
  kind: link
  customer: {device: device, user_id: user_id}
YAML
cat >"$dir/tags/value.yaml" <<'YAML'
orders_90d: {value: count(orders within 90d), label: {zh: 近90天订单数, en: Orders in 90 days}, unit: {zh: 单, en: orders}}
orders_all: count(orders)
spend: {value: sum(orders.amount), label: {zh: 累计消费, en: Spend}}
spend_90d: sum(orders.amount where paid within 90d)
avg_basket: avg(orders.amount)
biggest: max(orders.amount)
spread: stddev(orders.amount)
middle: median(orders.amount)
recency: days_since(last(orders.time))
first_order: first(orders.time)
last_order: last(orders.time)
since_last: as_of - last(orders.time)
next_delivery: max(orders.deliver_on)
last_shipped: last(orders.shipped_at)
favourites: top(orders.category, 3 weight amount half_life 30d)
channels: values(orders.channel)
top_channel: mode(orders.channel)
last_note: last(orders.note)
distinct_skus: distinct(orders.sku)
evening: {value: count(orders where hour(time) >= 18) / count(orders), type: number}
paid_share: avg(orders.paid)
rhythm: gap(orders)
spend_trend: trend(orders.amount)
first_note_long: length(first(orders.note)) > 8
spend_gap: spend - base_mean(spend)
spends_much: spend >= base_quantile(spend, 0.8)
spend_score: base_score(spend, 5)
recency_score: base_score_low(recency, 5)
score_sum: spend_score + recency_score
above: score_sum > base_mean(score_sum) and spend > base_top_share(spend, 0.8)
big_orders: count(orders where amount > base_mean(avg_basket))
spend_z: (number(spend) - number(base_mean(spend))) / base_stddev(spend)
likes: take(lift(favourites, base_weights(favourites)), 2)
stands_out: tf_idf(favourites, base_reach(favourites))
spend_class: score(spend, base_mean(spend), base_quantile(spend, 0.9))
taste: entropy(favourites)
rank_gap: base_max(spend_rank) - spend_rank
newest_gap: base_max(last_order) - last_order
big_interest: interests has 'vip' and base_share(interests, 'vip') < 0.5
spend_rank:
  type: number
  sql: |
    -- the share of customers who spend less; 'not $as_of', really
    SELECT customer, percent_rank() OVER (ORDER BY sum(amount)) * 100 AS value
    FROM orders WHERE time <= $as_of GROUP BY customer;
top_spender: {value: spend_rank >= 90, label: {zh: 高消费, en: Top spender}}
YAML
cat >"$dir/tags/person.yaml" <<'YAML'
quiet_basket: {value: avg(orders.amount within 20d), on_empty: keep, version: 2, previous: {v1: avg(orders.amount)}}
basket_change: quiet_basket - quiet_basket@v1
mood: {value: last(orders.note), ttl: 60d, on_empty: keep, origin: survey, confidence: if(orders_all > 3, 0.9, 2)}
fresh_likes: {value: top(orders.category, 2), ttl: 40d}
city: {value: members.city, label: {zh: 城市, en: City}}
age: years_since(members.birthday)
interests: members.interests
name_known: members.姓名 is not missing
group_ab: {value: random_bucket('test', 10), label: {zh: 实验组, en: Test group}}
近期活跃: {value: orders_90d > 0 or did(visits within 30d), label: {zh: 近期活跃, en: Recently active}}
viewed_then_bought: sequence(visits where page = 'product', orders within 30d)
steps: funnel(visits where page = 'home', visits where page = 'product', orders)
seconds_total: sum(visits.seconds)
life_cycle:
  tiers: {active: recency <= 30, sleeping: recency <= 120, lapsing: recency <= 240, lost: recency > 240}
  labels:
    active: {zh: 活跃, en: Active}
    sleeping: {zh: 沉睡, en: Sleeping}
    lapsing: {zh: 预流失, en: Lapsing}
    lost: {zh: 流失, en: Lost}
  label: {zh: 生命周期, en: Life cycle}
YAML

# A generator of its own (Park and Miller 1988): awk's rand() differs between awks.
awk -v n="$customers" -v dir="$dir/raw" '
function below(m) { seed = (seed * 16807) % 2147483647; return seed % m }
function pick(list,    a, k) { k = split(list, a, ","); return a[below(k) + 1] }
function moment(    y, mo) { y = 2016 + below(2); mo = 1 + below(y == 2016 ? 12 : 7)
    return sprintf("%04d-%02d-%02d %02d:%02d:%02d", y, mo, 1 + below(28), below(24), below(60), below(60)) }
function phone(i) { return sprintf("139%08d", i * 7919 % 100000000) }
function line(file, text) { print text > (dir "/" file) }
BEGIN {
    seed = 20170630
    split("vip|新客,茶|coffee|yoga,,茶,a\\b|c:d", interests, ",")
    split("normal note,含\t制表符,back\\slash,pipe|bar,,她说\"\"好\"\",colon: x,very long note to be counted by its length", notes, ",")
    line("products.csv", "sku,category")
    for (i = 1; i <= 30; i++) line("products.csv", "S" i "," pick("tea,coffee,nuts,茶具,零食"))
    line("members.utf8", "会员号,姓名,手机,城市,生日,兴趣,更新时间")
    line("devices.csv", "device,user_id")
    for (i = 1; i <= n; i++) {
        mobile = below(20) ? phone(i) : "13800000000"
        line("members.utf8", i ",客户" i "," mobile "," pick("上海,北京,杭州,,Chengdu") "," \
             (below(5) ? sprintf("%04d-%02d-%02d", 1950 + below(55), 1 + below(12), 1 + below(28)) : "") "," \
             interests[1 + below(5)] "," (below(10) ? moment() : ""))
        if (below(4) == 0) line("members.utf8", i ",客户" i ",," pick("上海,广州") ",,," moment())
        for (d = below(3); d > 0; d--) line("devices.csv", "dev-" i "-" d "," i)
        for (k = below(12) * (below(6) > 0); k > 0; k--) {
            at = moment()
            file = "orders-" substr(at, 1, 4) ".csv"
            if (!(file in begun)) line(file, "order_id,user_id,mobile,ordered_at,sku,price,quantity,channel,paid,note,deliver_on,shipped_at")
            begun[file] = 1
            for (twin = below(8) == 0; twin >= 0; twin--)
                line(file, "o" ++orders "," (below(3) ? i : "") "," mobile "," at ",S" (1 + below(31)) "," \
                     (below(15) ? sprintf("%d.%02d", below(300), below(100)) : "") "," (below(15) ? 1 + below(4) : "") "," \
                     pick("app,web,门店,") "," pick("true,false,1,0,") ",\"" notes[1 + below(8)] "\"," \
                     (below(3) ? substr(moment(), 1, 10) : "") "," (below(3) ? moment() "+08:00" : ""))
        }
        for (k = below(6); k > 0; k--)
            line("visits.jsonl", sprintf("{\"device\": \"dev-%d-%d\", \"at\": \"%s\", \"page\": \"%s\", \"seconds\": %s}",
                 i, 1 + below(2), moment(), pick("home,product,cart,帮助"), below(10) ? below(300) / 4 : "null"))
    }
    line("orders-2017.csv", "bad-1,1,,no such day,S1,1.00,1,app,true,x,,")
    line("orders-2017.csv", "bad-2,1,,2017-02-03 10:00:00,S1,not money,1,app,true,x,,")
    line("orders-2017.csv", ",1,,2017-02-03 10:00:00,S1,1.00,1,app,true,x,,")
    line("orders-2017.csv", "nobody,,,2017-02-03 10:00:00,S1,1.00,1,app,true,x,,")
}' </dev/null
iconv -f utf-8 -t gb18030 "$dir/raw/members.utf8" >"$dir/raw/members.csv"
rm "$dir/raw/members.utf8"

-- The 40 tags of the eval benchmark in ClickHouse, in the forms tried; the fastest counts.
--   plain     one GROUP BY with uniqExact and topK
--   inorder   the same over a table ordered by customer, aggregating in order
--   two       distinct and top from a second GROUP BY over (customer, item), in order
-- @setup
CREATE DATABASE IF NOT EXISTS b ENGINE = Atomic;
USE b;
DROP TABLE IF EXISTS events;
CREATE TABLE events (customer UInt32, time DateTime64(6, 'UTC'), type LowCardinality(String), channel LowCardinality(String), item UInt32, amount Int64)
ENGINE = MergeTree ORDER BY (customer, time);
INSERT INTO events SELECT customer, time, type, channel, item, toInt64(amount * 100) FROM file('{dir}/events_{rows}.parquet', Parquet) SETTINGS max_insert_threads = 1;
OPTIMIZE TABLE events FINAL;
-- @before eval/two
DROP TABLE IF EXISTS tags;
DROP TABLE IF EXISTS base;
DROP TABLE IF EXISTS items_of;
-- @once eval/two
CREATE TABLE base ENGINE = Memory AS SELECT customer, countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS buys_30d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS buys_90d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS buys_180d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS buys_360d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS spend_30d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS spend_90d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS spend_180d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS spend_360d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS largest_30d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS largest_90d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS largest_180d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS largest_360d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS views_30d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS views_90d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS views_180d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS views_360d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS app_buys_30d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS app_buys_90d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS app_buys_180d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS app_buys_360d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS web_spend_30d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS web_spend_90d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS web_spend_180d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS web_spend_360d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS store_visits_30d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS store_visits_90d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS store_visits_180d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS store_visits_360d,
       min(time) AS first_seen,
       max(time) AS last_seen,
       argMax(channel, time) AS last_channel,
       argMaxOrNullIf(amount, time, type = 'buy') AS last_spend,
       maxOrNullIf(time, type = 'buy') AS last_buy,
       countIf(channel = 'app') AS n_app,
       countIf(channel = 'web') AS n_web,
       countIf(channel = 'store') AS n_store,
       countIf(channel = 'mini') AS n_mini
FROM events GROUP BY customer SETTINGS optimize_aggregation_in_order = 1;
CREATE TABLE items_of ENGINE = Memory AS SELECT customer, count() AS items, countIf(n90 > 0) AS items_90d, countIf(bought > 0) AS items_bought,
       argMax(item, n) AS top_item, argMaxIf(item, bought, bought > 0) AS top_bought
FROM (SELECT customer, item, count() AS n, countIf(time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS n90, countIf(type = 'buy') AS bought
      FROM events GROUP BY customer, item SETTINGS optimize_aggregation_in_order = 1) GROUP BY customer SETTINGS optimize_aggregation_in_order = 1;
CREATE TABLE tags ENGINE = Memory AS SELECT base.*, (n_app > 0) + (n_web > 0) + (n_store > 0) + (n_mini > 0) AS channels,
       multiIf(n_app = greatest(n_app, n_web, n_store, n_mini), 'app', n_web = greatest(n_app, n_web, n_store, n_mini), 'web', n_store = greatest(n_app, n_web, n_store, n_mini), 'store', 'mini') AS top_channel,
       items, items_90d, items_bought, top_item, top_bought
FROM base INNER JOIN items_of USING customer;
-- @before eval/inorder
DROP TABLE IF EXISTS tags;
-- @time eval/inorder
CREATE TABLE tags ENGINE = Memory AS SELECT customer, countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS buys_30d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS buys_90d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS buys_180d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS buys_360d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS spend_30d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS spend_90d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS spend_180d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS spend_360d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS largest_30d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS largest_90d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS largest_180d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS largest_360d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS views_30d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS views_90d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS views_180d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS views_360d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS app_buys_30d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS app_buys_90d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS app_buys_180d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS app_buys_360d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS web_spend_30d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS web_spend_90d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS web_spend_180d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS web_spend_360d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS store_visits_30d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS store_visits_90d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS store_visits_180d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS store_visits_360d,
       min(time) AS first_seen,
       max(time) AS last_seen,
       argMax(channel, time) AS last_channel,
       argMaxOrNullIf(amount, time, type = 'buy') AS last_spend,
       maxOrNullIf(time, type = 'buy') AS last_buy,
       uniqExact(item) AS items,
       uniqExactIf(item, time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS items_90d,
       uniqExactIf(item, type = 'buy') AS items_bought,
       uniqExact(channel) AS channels,
       topK(1)(channel) AS top_channel,
       topK(1)(item) AS top_item,
       topKIf(1)(item, type = 'buy') AS top_bought
FROM events GROUP BY customer SETTINGS optimize_aggregation_in_order = 1;
-- @before eval/plain
DROP TABLE IF EXISTS tags;
-- @once eval/plain
CREATE TABLE tags ENGINE = Memory AS SELECT customer, countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS buys_30d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS buys_90d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS buys_180d,
       countIf(type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS buys_360d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS spend_30d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS spend_90d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS spend_180d,
       sumIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS spend_360d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS largest_30d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS largest_90d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS largest_180d,
       maxOrNullIf(amount, type = 'buy' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS largest_360d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS views_30d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS views_90d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS views_180d,
       countIf(type = 'view' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS views_360d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS app_buys_30d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS app_buys_90d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS app_buys_180d,
       countIf(type = 'buy' AND channel = 'app' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS app_buys_360d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS web_spend_30d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS web_spend_90d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS web_spend_180d,
       sumIf(amount, type = 'buy' AND channel = 'web' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS web_spend_360d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 30 DAY) AS store_visits_30d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS store_visits_90d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 180 DAY) AS store_visits_180d,
       countIf(channel = 'store' AND time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 360 DAY) AS store_visits_360d,
       min(time) AS first_seen,
       max(time) AS last_seen,
       argMax(channel, time) AS last_channel,
       argMaxOrNullIf(amount, time, type = 'buy') AS last_spend,
       maxOrNullIf(time, type = 'buy') AS last_buy,
       uniqExact(item) AS items,
       uniqExactIf(item, time > toDateTime64('2026-01-01 00:00:00', 6, 'UTC') - INTERVAL 90 DAY) AS items_90d,
       uniqExactIf(item, type = 'buy') AS items_bought,
       uniqExact(channel) AS channels,
       topK(1)(channel) AS top_channel,
       topK(1)(item) AS top_item,
       topKIf(1)(item, type = 'buy') AS top_bought
FROM events GROUP BY customer;

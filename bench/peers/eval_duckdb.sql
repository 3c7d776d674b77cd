-- The 40 tags of the eval benchmark in DuckDB, in the forms tried; the fastest counts.
--   plain    one GROUP BY, as a user would write it
--   two      distinct and top from a second GROUP BY over (customer, item): no mode(), no count(DISTINCT)
--   sorted   "two" over a table sorted by customer and time
-- Money is an integer number of cents and texts are ENUMs, DuckDB's fastest forms of them. Results go to a table.
-- @setup
ATTACH '{dir}/events_{rows}.duckdb' AS d (READ_ONLY);
ATTACH ':memory:' AS m;
CREATE TABLE m.events AS SELECT customer, time, type, channel, item, CAST(amount * 100 AS BIGINT) AS amount FROM d.coded;
CREATE TABLE m.sorted AS SELECT customer, time, type, channel, item, CAST(amount * 100 AS BIGINT) AS amount FROM d.coded_sorted;
-- @time eval/sorted
CREATE OR REPLACE TABLE m.base AS SELECT customer, count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS buys_30d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS buys_90d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS buys_180d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS buys_360d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS spend_30d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS spend_90d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS spend_180d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS spend_360d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS largest_30d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS largest_90d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS largest_180d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS largest_360d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS views_30d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS views_90d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS views_180d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS views_360d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS app_buys_30d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS app_buys_90d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS app_buys_180d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS app_buys_360d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS web_spend_30d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS web_spend_90d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS web_spend_180d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS web_spend_360d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS store_visits_30d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS store_visits_90d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS store_visits_180d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS store_visits_360d,
       min(time) AS first_seen,
       max(time) AS last_seen,
       arg_max(channel, time) AS last_channel,
       arg_max(amount, time) FILTER (WHERE type = 'buy') AS last_spend,
       max(time) FILTER (WHERE type = 'buy') AS last_buy,
       count(*) FILTER (WHERE channel = 'app') AS n_app,
       count(*) FILTER (WHERE channel = 'web') AS n_web,
       count(*) FILTER (WHERE channel = 'store') AS n_store,
       count(*) FILTER (WHERE channel = 'mini') AS n_mini
FROM m.sorted GROUP BY customer;
CREATE OR REPLACE TABLE m.items AS SELECT customer, count(*) AS items, count(*) FILTER (WHERE n90 > 0) AS items_90d, count(*) FILTER (WHERE bought > 0) AS items_bought,
       arg_max(item, n) AS top_item, arg_max(item, bought) FILTER (WHERE bought > 0) AS top_bought
FROM (SELECT customer, item, count(*) AS n, count(*) FILTER (WHERE time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS n90, count(*) FILTER (WHERE type = 'buy') AS bought
      FROM m.sorted GROUP BY customer, item) GROUP BY customer;
CREATE OR REPLACE TABLE m.tags AS SELECT b.* EXCLUDE (n_app, n_web, n_store, n_mini),
       CAST(n_app > 0 AS INTEGER) + CAST(n_web > 0 AS INTEGER) + CAST(n_store > 0 AS INTEGER) + CAST(n_mini > 0 AS INTEGER) AS channels,
       CASE greatest(n_app, n_web, n_store, n_mini) WHEN n_app THEN 'app' WHEN n_web THEN 'web' WHEN n_store THEN 'store' ELSE 'mini' END AS top_channel,
       i.* EXCLUDE (customer)
FROM m.base b JOIN m.items i USING (customer);
-- @time eval/two
CREATE OR REPLACE TABLE m.base AS SELECT customer, count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS buys_30d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS buys_90d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS buys_180d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS buys_360d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS spend_30d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS spend_90d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS spend_180d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS spend_360d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS largest_30d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS largest_90d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS largest_180d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS largest_360d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS views_30d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS views_90d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS views_180d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS views_360d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS app_buys_30d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS app_buys_90d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS app_buys_180d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS app_buys_360d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS web_spend_30d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS web_spend_90d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS web_spend_180d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS web_spend_360d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS store_visits_30d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS store_visits_90d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS store_visits_180d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS store_visits_360d,
       min(time) AS first_seen,
       max(time) AS last_seen,
       arg_max(channel, time) AS last_channel,
       arg_max(amount, time) FILTER (WHERE type = 'buy') AS last_spend,
       max(time) FILTER (WHERE type = 'buy') AS last_buy,
       count(*) FILTER (WHERE channel = 'app') AS n_app,
       count(*) FILTER (WHERE channel = 'web') AS n_web,
       count(*) FILTER (WHERE channel = 'store') AS n_store,
       count(*) FILTER (WHERE channel = 'mini') AS n_mini
FROM m.events GROUP BY customer;
CREATE OR REPLACE TABLE m.items AS SELECT customer, count(*) AS items, count(*) FILTER (WHERE n90 > 0) AS items_90d, count(*) FILTER (WHERE bought > 0) AS items_bought,
       arg_max(item, n) AS top_item, arg_max(item, bought) FILTER (WHERE bought > 0) AS top_bought
FROM (SELECT customer, item, count(*) AS n, count(*) FILTER (WHERE time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS n90, count(*) FILTER (WHERE type = 'buy') AS bought
      FROM m.events GROUP BY customer, item) GROUP BY customer;
CREATE OR REPLACE TABLE m.tags AS SELECT b.* EXCLUDE (n_app, n_web, n_store, n_mini),
       CAST(n_app > 0 AS INTEGER) + CAST(n_web > 0 AS INTEGER) + CAST(n_store > 0 AS INTEGER) + CAST(n_mini > 0 AS INTEGER) AS channels,
       CASE greatest(n_app, n_web, n_store, n_mini) WHEN n_app THEN 'app' WHEN n_web THEN 'web' WHEN n_store THEN 'store' ELSE 'mini' END AS top_channel,
       i.* EXCLUDE (customer)
FROM m.base b JOIN m.items i USING (customer);
-- @once eval/plain
CREATE OR REPLACE TABLE m.tags AS SELECT customer, count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS buys_30d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS buys_90d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS buys_180d,
       count(*) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS buys_360d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS spend_30d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS spend_90d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS spend_180d,
       sum(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS spend_360d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS largest_30d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS largest_90d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS largest_180d,
       max(amount) FILTER (WHERE type = 'buy' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS largest_360d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS views_30d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS views_90d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS views_180d,
       count(*) FILTER (WHERE type = 'view' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS views_360d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS app_buys_30d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS app_buys_90d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS app_buys_180d,
       count(*) FILTER (WHERE type = 'buy' AND channel = 'app' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS app_buys_360d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS web_spend_30d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS web_spend_90d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS web_spend_180d,
       sum(amount) FILTER (WHERE type = 'buy' AND channel = 'web' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS web_spend_360d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY) AS store_visits_30d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS store_visits_90d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 180 DAY) AS store_visits_180d,
       count(*) FILTER (WHERE channel = 'store' AND time > TIMESTAMP '2026-01-01' - INTERVAL 360 DAY) AS store_visits_360d,
       min(time) AS first_seen,
       max(time) AS last_seen,
       arg_max(channel, time) AS last_channel,
       arg_max(amount, time) FILTER (WHERE type = 'buy') AS last_spend,
       max(time) FILTER (WHERE type = 'buy') AS last_buy,
       count(DISTINCT item) AS items,
       count(DISTINCT item) FILTER (WHERE time > TIMESTAMP '2026-01-01' - INTERVAL 90 DAY) AS items_90d,
       count(DISTINCT item) FILTER (WHERE type = 'buy') AS items_bought,
       count(DISTINCT channel) AS channels,
       mode(channel) AS top_channel,
       mode(item) AS top_item,
       mode(item) FILTER (WHERE type = 'buy') AS top_bought
FROM m.events GROUP BY customer;

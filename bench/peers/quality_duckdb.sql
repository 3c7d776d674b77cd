-- The peer of quality: the same measures of the same columns in one scan, and the five most frequent values of those with
-- few different ones, as somebody who knows DuckDB well would write them.
-- @setup
ATTACH '{dir}/clean_{rows}.duckdb' AS d (READ_ONLY);
-- @time quality/one_scan
CREATE OR REPLACE TEMP TABLE measures AS SELECT
  count(*),
  count(_time), count(DISTINCT _time),
  min(epoch(_time)), max(epoch(_time)), avg(epoch(_time)), stddev_samp(epoch(_time)),
  count(_id_user), count(DISTINCT _id_user),
  min(length(_id_user)), max(length(_id_user)),
  count(order_id), count(DISTINCT order_id),
  min(length(order_id)), max(length(order_id)),
  count(sku), count(DISTINCT sku),
  min(length(sku)), max(length(sku)),
  count(channel), count(DISTINCT channel),
  min(length(channel)), max(length(channel)),
  count(city), count(DISTINCT city),
  min(length(city)), max(length(city)),
  count(category), count(DISTINCT category),
  min(length(category)), max(length(category)),
  count(amount), count(DISTINCT amount),
  min(amount), max(amount), avg(amount), stddev_samp(amount), quantile_disc(amount, [0.01, 0.25, 0.5, 0.75, 0.99]),
  count(quantity), count(DISTINCT quantity),
  min(quantity), max(quantity), avg(quantity), stddev_samp(quantity), quantile_disc(quantity, [0.01, 0.25, 0.5, 0.75, 0.99]),
  count(discount), count(DISTINCT discount),
  min(discount), max(discount), avg(discount), stddev_samp(discount), quantile_disc(discount, [0.01, 0.25, 0.5, 0.75, 0.99]),
  count(price), count(DISTINCT price),
  min(price), max(price), avg(price), stddev_samp(price), quantile_disc(price, [0.01, 0.25, 0.5, 0.75, 0.99]),
  count(born), count(DISTINCT born),
  min(epoch(born)), max(epoch(born)), avg(epoch(born)), stddev_samp(epoch(born)),
  count(paid), count(DISTINCT paid),
  avg(CAST(paid AS INTEGER)),
  count(note), count(DISTINCT note),
  min(length(note)), max(length(note))
FROM d.raw.orders;
CREATE OR REPLACE TEMP TABLE frequent AS
(SELECT 'channel' AS c, CAST(channel AS VARCHAR) AS v, count(*) AS n FROM d.raw.orders WHERE channel IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 5)
UNION ALL (SELECT 'city' AS c, CAST(city AS VARCHAR) AS v, count(*) AS n FROM d.raw.orders WHERE city IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 5)
UNION ALL (SELECT 'category' AS c, CAST(category AS VARCHAR) AS v, count(*) AS n FROM d.raw.orders WHERE category IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 5)
UNION ALL (SELECT 'paid' AS c, CAST(paid AS VARCHAR) AS v, count(*) AS n FROM d.raw.orders WHERE paid IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 5);

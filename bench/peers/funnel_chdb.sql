-- The funnel of the benchmark in ClickHouse: its own windowFunnel, over a table ordered by customer and time.
-- @setup
CREATE DATABASE IF NOT EXISTS b ENGINE = Atomic;
USE b;
DROP TABLE IF EXISTS events;
CREATE TABLE events (customer UInt32, time UInt64, type LowCardinality(String))
ENGINE = MergeTree ORDER BY (customer, time);
INSERT INTO events SELECT customer, toUnixTimestamp64Micro(time), type FROM file('{dir}/events_{rows}.parquet', Parquet) SETTINGS max_insert_threads = 1;
OPTIMIZE TABLE events FINAL;
-- @time funnel/plain
SELECT countIf(n >= 1), countIf(n >= 2), countIf(n >= 3) FROM
(SELECT customer, windowFunnel(604800000000, 'strict_increase')(time, type = 'view', type = 'cart', type = 'buy') AS n FROM events GROUP BY customer);
-- @time funnel/inorder
SELECT countIf(n >= 1), countIf(n >= 2), countIf(n >= 3) FROM
(SELECT customer, windowFunnel(604800000000, 'strict_increase')(time, type = 'view', type = 'cart', type = 'buy') AS n FROM events GROUP BY customer)
SETTINGS optimize_aggregation_in_order = 1;

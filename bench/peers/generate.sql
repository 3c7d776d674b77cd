-- The events every benchmark uses: {rows} of them over two years, about 20 a customer (skewed), in order of time.
-- Everything comes from hash(), so the same DuckDB makes the same rows.
-- @setup
SET preserve_insertion_order = true;
CREATE TYPE event_type AS ENUM ('view', 'cart', 'buy', 'search', 'return');
CREATE TYPE event_channel AS ENUM ('app', 'web', 'store', 'mini');
CREATE TABLE raw AS
SELECT CAST(floor(pow((hash(i * 5 + 1) % 1000003) / 1000003.0, 1.4) * ({rows} / 20)) AS UINTEGER) AS customer,
       TIMESTAMP '2024-01-01' + to_microseconds(CAST(i * (63158400000000 / {rows}) AS BIGINT) + CAST(hash(i * 5) % 1000000 AS BIGINT)) AS time,
       CAST(list_extract(['view', 'view', 'view', 'view', 'view', 'view', 'view', 'view', 'view', 'view', 'view',
            'cart', 'cart', 'cart', 'buy', 'buy', 'buy', 'buy', 'search', 'return'], CAST(1 + hash(i * 5 + 2) % 20 AS BIGINT)) AS event_type) AS type,
       CAST(list_extract(['app', 'app', 'app', 'app', 'app', 'web', 'web', 'web', 'store', 'mini'], CAST(1 + hash(i * 5 + 3) % 10 AS BIGINT)) AS event_channel) AS channel,
       CAST(floor(pow((hash(i * 5 + 4) % 1000003) / 1000003.0, 2) * 10000) AS UINTEGER) AS item,
       CAST((1 + hash(i * 7 + 5) % 50000) / 100.0 AS DECIMAL(18, 2)) AS amount
FROM range({rows}) t(i);
ATTACH '{dir}/events_{rows}.duckdb' AS d;
-- "events" is what reading the CSV leaves in the store; "coded" is the same for engines that like codes better.
CREATE TABLE d.events AS SELECT customer, time, CAST(type AS VARCHAR) AS type, CAST(channel AS VARCHAR) AS channel,
       'i' || item AS item, CAST(amount AS DECIMAL(18, 4)) AS amount FROM raw;
CREATE TABLE d.coded AS SELECT * FROM raw;
CREATE TABLE d.coded_sorted AS SELECT * FROM raw ORDER BY customer, time;
COPY (SELECT * FROM d.coded_sorted) TO '{dir}/events_{rows}.parquet' (FORMAT parquet);
-- @time generate
COPY (SELECT 'c' || customer AS customer, strftime(time, '%Y-%m-%d %H:%M:%S.%f') AS time, type, channel, item, amount FROM d.events) TO '{dir}/events_{rows}.csv' (HEADER);
DETACH d;

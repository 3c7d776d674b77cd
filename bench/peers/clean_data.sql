-- Orders for the benchmark of cleaning: {rows} rows x 12 columns as reading leaves them in a store, with what cleaning is
-- for: 5 % of amounts, 3 % of channels, 4 % of discounts and 1 % of quantities missing, heavy tails, 1 % of orders twice.
-- @setup
SET preserve_insertion_order = true;
ATTACH '{dir}/clean_{rows}.duckdb' AS d;
CREATE SCHEMA d.raw;
-- @time generate
CREATE TABLE d.raw.orders AS
SELECT CAST(0 AS UINTEGER) AS _file, CAST(i AS UBIGINT) AS _row,
       TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_microseconds(CAST(i * (63158400000000 / {rows}) AS BIGINT)) AS _time,
       'c' || CAST(floor(pow((hash(i * 5 + 1) % 1000003) / 1000003.0, 1.4) * ({rows} / 20)) AS UINTEGER) AS _id_user,
       'o' || (CASE WHEN hash(i * 11) % 100 = 0 AND i > 100 THEN i - 1 - hash(i * 13) % 90 ELSE i END) AS order_id,
       'i' || CAST(floor(pow((hash(i * 5 + 4) % 1000003) / 1000003.0, 2) * 10000) AS UINTEGER) AS sku,
       CASE WHEN hash(i * 17) % 100 >= 3 THEN ['app', 'app', 'web', 'store', 'mini'][CAST(1 + hash(i * 5 + 3) % 5 AS BIGINT)] END AS channel,
       'city ' || hash(i * 19) % 300 AS city,
       'category ' || hash(i * 23) % 200 AS category,
       CASE WHEN hash(i * 29) % 100 >= 5 THEN CAST(exp(3 + 1.2 * sqrt(-2 * ln((1 + hash(i * 7 + 5) % 999983) / 999984.0)) * cos(6.283185307179586 * (hash(i * 7 + 6) % 999983) / 999983.0)) AS DECIMAL(18, 4)) END AS amount,
       CASE WHEN hash(i * 31) % 100 >= 1 THEN CAST(1 + hash(i * 37) % 9 AS DOUBLE) END AS quantity,
       CASE WHEN hash(i * 41) % 100 >= 4 THEN 0.3 * sqrt(-2 * ln((1 + hash(i * 43) % 999983) / 999984.0)) * cos(6.283185307179586 * (hash(i * 47) % 999983) / 999983.0) END AS discount,
       CAST((1 + hash(i * 53) % 50000) / 100.0 AS DECIMAL(18, 4)) AS price,
       DATE '1950-01-01' + CAST(hash(i * 59) % 20000 AS INTEGER) AS born,
       hash(i * 61) % 4 > 0 AS paid,
       CASE WHEN hash(i * 67) % 10 = 0 THEN 'note ' || hash(i * 71) % 100000 END AS note
FROM range({rows}) t(i);
DETACH d;

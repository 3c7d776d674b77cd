-- The peer of clean: the same rules, the same table, the same rows set aside and counts of what each rule touched, as
-- somebody who knows DuckDB well would write them.
-- @setup
ATTACH '{dir}/clean_{rows}.duckdb' AS d;
-- @before clean/one_pass
DROP TABLE IF EXISTS d.cleaned; DROP TABLE IF EXISTS d.set_aside; DROP TABLE IF EXISTS d.counts;
-- @time clean/one_pass
-- What is learned of all rows, in one statement; rules see what those before them left: rows with an amount.
CREATE OR REPLACE TEMP TABLE learned AS
SELECT (SELECT channel FROM d.raw.orders WHERE amount IS NOT NULL AND channel IS NOT NULL GROUP BY channel ORDER BY count(*) DESC LIMIT 1) AS channel,
       median(quantity) AS quantity, quantile_cont(CAST(amount AS DOUBLE), [0.25, 0.75]) AS q
FROM d.raw.orders WHERE amount IS NOT NULL;
CREATE OR REPLACE TEMP TABLE by_category AS
SELECT category, avg(discount) AS discount FROM d.raw.orders WHERE amount IS NOT NULL AND discount IS NOT NULL GROUP BY category;
CREATE OR REPLACE TEMP TABLE spread AS
SELECT avg(coalesce(o.discount, c.discount)) AS mean, stddev_samp(coalesce(o.discount, c.discount)) AS s
FROM d.raw.orders o LEFT JOIN by_category c USING (category) WHERE amount IS NOT NULL;
CREATE OR REPLACE TEMP TABLE twice AS
SELECT _row FROM (SELECT _row, row_number() OVER (PARTITION BY order_id ORDER BY _time DESC, _row DESC) AS place FROM d.raw.orders
 WHERE amount IS NOT NULL AND order_id IN (SELECT order_id FROM d.raw.orders WHERE amount IS NOT NULL GROUP BY order_id HAVING count(*) > 1))
WHERE place > 1;
CREATE TABLE d.cleaned AS
SELECT o._file, o._row, o._time, o._id_user, order_id, sku, coalesce(o.channel, l.channel) AS channel, city, o.category,
       least(greatest(amount, CAST(q[1] - 3 * (q[2] - q[1]) AS DECIMAL(18, 4))), CAST(q[2] + 3 * (q[2] - q[1]) AS DECIMAL(18, 4))) AS amount,
       coalesce(o.quantity, l.quantity) AS quantity,
       least(greatest(coalesce(o.discount, c.discount), mean - 4 * s), mean + 4 * s) AS discount,
       price, born, paid, note, amount > 500 AS big
FROM d.raw.orders o LEFT JOIN by_category c ON c.category = o.category, learned l, spread
WHERE amount IS NOT NULL AND NOT EXISTS (SELECT 1 FROM twice t WHERE t._row = o._row);
CREATE TABLE d.set_aside AS
SELECT 'orders' AS source, _file, _row, CASE WHEN amount IS NULL THEN 'no amount' ELSE 'twice' END AS reason, CAST(to_json(o) AS VARCHAR) AS raw
FROM d.raw.orders o WHERE amount IS NULL OR _row IN (SELECT _row FROM twice);
CREATE TABLE d.counts AS
SELECT count(*) AS n, count(*) FILTER (amount IS NULL) AS dropped, count(*) FILTER (amount > 500) AS big,
       count(*) FILTER (amount IS NOT NULL AND o.channel IS NULL) AS channels, count(*) FILTER (amount IS NOT NULL AND o.quantity IS NULL) AS quantities,
       count(*) FILTER (amount IS NOT NULL AND o.discount IS NULL) AS discounts,
       count(*) FILTER (amount > q[2] + 3 * (q[2] - q[1]) OR amount < q[1] - 3 * (q[2] - q[1])) AS capped,
       count(*) FILTER (amount IS NOT NULL AND abs(o.discount - mean) > 4 * s) AS far, (SELECT count(*) FROM twice) AS twice
FROM d.raw.orders o, learned, spread;
-- @before clean/windows
DROP TABLE IF EXISTS d.cleaned; DROP TABLE IF EXISTS d.set_aside; DROP TABLE IF EXISTS d.counts;
-- @once clean/windows
-- The same with a window over all rows instead of the rows whose key occurs twice.
CREATE OR REPLACE TEMP TABLE learned AS
SELECT mode(channel) AS channel, median(quantity) AS quantity, quantile_cont(CAST(amount AS DOUBLE), [0.25, 0.75]) AS q
FROM d.raw.orders WHERE amount IS NOT NULL;
CREATE OR REPLACE TEMP TABLE by_category AS
SELECT category, avg(discount) AS discount FROM d.raw.orders WHERE amount IS NOT NULL AND discount IS NOT NULL GROUP BY category;
CREATE OR REPLACE TEMP TABLE spread AS
SELECT avg(coalesce(o.discount, c.discount)) AS mean, stddev_samp(coalesce(o.discount, c.discount)) AS s
FROM d.raw.orders o LEFT JOIN by_category c USING (category) WHERE amount IS NOT NULL;
CREATE TABLE d.cleaned AS
SELECT o._file, o._row, o._time, o._id_user, order_id, sku, coalesce(o.channel, l.channel) AS channel, city, o.category,
       least(greatest(amount, CAST(q[1] - 3 * (q[2] - q[1]) AS DECIMAL(18, 4))), CAST(q[2] + 3 * (q[2] - q[1]) AS DECIMAL(18, 4))) AS amount,
       coalesce(o.quantity, l.quantity) AS quantity,
       least(greatest(coalesce(o.discount, c.discount), mean - 4 * s), mean + 4 * s) AS discount,
       price, born, paid, note, amount > 500 AS big
FROM d.raw.orders o LEFT JOIN by_category c ON c.category = o.category, learned l, spread
WHERE amount IS NOT NULL QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY _time DESC, _row DESC) = 1;
CREATE TABLE d.set_aside AS
SELECT 'orders' AS source, _file, _row, 'dropped' AS reason, CAST(to_json(o) AS VARCHAR) AS raw
FROM d.raw.orders o ANTI JOIN d.cleaned USING (_row);
CREATE TABLE d.counts AS
SELECT count(*) AS n, count(*) FILTER (amount IS NULL) AS dropped, count(*) FILTER (amount > 500) AS big,
       count(*) FILTER (amount IS NOT NULL AND o.channel IS NULL) AS channels, count(*) FILTER (amount IS NOT NULL AND o.quantity IS NULL) AS quantities,
       count(*) FILTER (amount IS NOT NULL AND o.discount IS NULL) AS discounts,
       count(*) FILTER (amount > q[2] + 3 * (q[2] - q[1]) OR amount < q[1] - 3 * (q[2] - q[1])) AS capped,
       count(*) FILTER (amount IS NOT NULL AND abs(o.discount - mean) > 4 * s) AS far
FROM d.raw.orders o, learned, spread;

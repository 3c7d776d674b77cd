-- What the other queries read: lines of known customers that are goods, have a price, and stand there for the first time.
-- London was an hour ahead of UTC from 27 March 2011, 1 o'clock UTC. The as-of is 1 September 2011, midnight in London.
CREATE MACRO as_of() AS TIMESTAMP '2011-08-31 23:00:00';
CREATE MACRO today() AS DATE '2011-09-01';
CREATE MACRO utc_time(local) AS
    local - CASE WHEN local >= TIMESTAMP '2011-03-27 02:00:00' THEN INTERVAL 1 HOUR ELSE INTERVAL 0 HOUR END;
CREATE MACRO within_days(t, n) AS t > as_of() - n * INTERVAL 24 HOUR AND t <= as_of();
CREATE MACRO half_up(numerator, denominator) AS
    sign(numerator) * ((2 * abs(numerator) + denominator) // (2 * denominator));
CREATE MACRO money(units) AS CAST(CAST(units AS DECIMAL(18, 0)) * 0.0001 AS DECIMAL(18, 4));
CREATE MACRO share(part, whole) AS CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

CREATE TABLE file AS
SELECT row_number() OVER () AS place, *
FROM read_csv('online_retail.csv.gz', all_varchar = true);

CREATE TABLE goods AS
SELECT min(place) AS place, split_part(CustomerID, '.', 1) AS customer_id, InvoiceNo AS invoice, StockCode AS stock_code,
       trim(Description) AS description, CAST(Quantity AS INTEGER) AS quantity,
       CAST(UnitPrice AS DECIMAL(18, 4)) AS price, Country AS country, CAST(InvoiceDate AS TIMESTAMP) AS local_at
FROM file
WHERE CustomerID IS NOT NULL AND CAST(UnitPrice AS DECIMAL(18, 4)) > 0
  AND regexp_matches(StockCode, '^([0-9]{5}|DCGS)')
GROUP BY ALL;

CREATE TABLE lines AS
SELECT *, utc_time(local_at) AS instant, CAST(local_at AS DATE) AS day, quantity * price AS amount,
       invoice LIKE 'C%' AS cancelled
FROM goods;

-- Customers without a line that is left have no profile.
CREATE TABLE customers AS SELECT DISTINCT customer_id FROM lines;

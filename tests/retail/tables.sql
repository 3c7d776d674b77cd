-- What the other queries of this folder read: the files as they are, with exact money and local time. The test runs
-- this first, with the folder of the files as DuckDB's search path.

-- The project's as-of, 1 January 2018 in New York, is 05:00 in UTC. In 2017 New York was four hours behind UTC from
-- 12 March, 2 o'clock, to 5 November, 2 o'clock (by the clocks before each change), and five hours in the rest of it.
CREATE MACRO as_of() AS TIMESTAMP '2018-01-01 05:00:00';
CREATE MACRO today() AS DATE '2018-01-01';
CREATE MACRO local_time(utc) AS
    utc - CASE WHEN utc >= TIMESTAMP '2017-03-12 07:00:00' AND utc < TIMESTAMP '2017-11-05 06:00:00'
               THEN INTERVAL 4 HOUR ELSE INTERVAL 5 HOUR END;
CREATE MACRO utc_time(local) AS
    local + CASE WHEN local >= TIMESTAMP '2017-03-12 02:00:00' AND local < TIMESTAMP '2017-11-05 02:00:00'
                 THEN INTERVAL 4 HOUR ELSE INTERVAL 5 HOUR END;
CREATE MACRO within_days(t, n) AS t > as_of() - n * INTERVAL 24 HOUR AND t <= as_of();

-- Money is exact: a whole number of 1/10,000. A quotient is rounded half away from zero, which no amount here is below.
CREATE MACRO units(amount) AS CAST(amount * 10000 AS BIGINT);
CREATE MACRO half_up(numerator, denominator) AS (2 * numerator + denominator) // (2 * denominator);
CREATE MACRO money(units) AS CAST(CAST(units AS DECIMAL(18, 0)) * 0.0001 AS DECIMAL(18, 4));
CREATE MACRO share(part, whole) AS CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

CREATE MACRO age_in_days(t) AS epoch_us(as_of() - t) / 86400000000.0;
CREATE MACRO decay(t, half_life) AS pow(0.5, age_in_days(t) / half_life);

-- `place` is the order of events: by time (whole seconds), and within one instant as they stand in the file (fewer than
-- ten million rows).
CREATE MACRO place(t, row_number) AS CAST(epoch(t) AS BIGINT) * 10000000 + row_number;

CREATE TABLE purchases AS
SELECT CAST(household_id AS VARCHAR) AS household_id, transaction_timestamp AS instant,
       local_time(transaction_timestamp) AS local_at, CAST(local_time(transaction_timestamp) AS DATE) AS day,
       place(transaction_timestamp, t.file_row_number) AS place,
       CAST(basket_id AS VARCHAR) AS basket_id, CAST(store_id AS VARCHAR) AS store_id, quantity,
       CAST(sales_value AS DECIMAL(18, 4)) AS amount,
       CAST(coupon_disc AS DECIMAL(18, 4)) + CAST(coupon_match_disc AS DECIMAL(18, 4)) AS coupon_discount,
       CAST(retail_disc AS DECIMAL(18, 4)) + CAST(coupon_disc AS DECIMAL(18, 4))
           + CAST(coupon_match_disc AS DECIMAL(18, 4)) AS discount,
       department, product_category AS category, brand, product_type
FROM read_parquet('transactions.parquet', file_row_number = true) AS t
LEFT JOIN 'products.parquet' USING (product_id)
WHERE transaction_timestamp <= as_of()
  -- Lines of nothing. Some amounts are 4e-16, which as money is nothing too.
  AND NOT (quantity = 0 AND CAST(sales_value AS DECIMAL(18, 4)) = 0
           AND CAST(retail_disc + coupon_disc + coupon_match_disc AS DECIMAL(18, 4)) = 0);

CREATE TABLE mailings AS
SELECT CAST(household_id AS VARCHAR) AS household_id, utc_time(start_date) AS instant, campaign_type,
       place(start_date, c.file_row_number) AS place
FROM read_parquet('campaigns.parquet', file_row_number = true) AS c
LEFT JOIN 'campaign_descriptions.parquet' USING (campaign_id)
WHERE utc_time(start_date) <= as_of();

CREATE TABLE redemptions AS
SELECT CAST(household_id AS VARCHAR) AS household_id, utc_time(redemption_date) AS instant
FROM 'coupon_redemptions.parquet'
WHERE utc_time(redemption_date) <= as_of();

CREATE TABLE facts AS
SELECT CAST(household_id AS VARCHAR) AS household_id, * EXCLUDE household_id
FROM 'demographics.parquet';

-- Whoever is in any file is a customer.
CREATE TABLE households AS
SELECT household_id FROM purchases UNION SELECT household_id FROM mailings
UNION SELECT household_id FROM redemptions UNION SELECT household_id FROM facts;

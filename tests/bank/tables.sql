-- The bank's files, cleaned by hand. Times are those of Shanghai, which has one offset all year.
CREATE MACRO as_of() AS TIMESTAMP '2025-01-01 00:00:00';
CREATE MACRO today() AS DATE '2025-01-01';
CREATE MACRO within_days(t, n) AS t > as_of() - n * INTERVAL 24 HOUR AND t <= as_of();
CREATE MACRO share(part, whole) AS CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);
-- ￥, 元, separators and full-width digits taken off.
CREATE MACRO plain_amount(written) AS CAST(nullif(translate(
    regexp_replace(written, '[¥元,]', '', 'g'), '０１２３４５６７８９．', '0123456789.'), '') AS DECIMAL(18, 4));

CREATE TABLE transactions AS
SELECT row_number() OVER () AS place, txn_no, customer_no, CAST("at" AS TIMESTAMP) AS instant, kind, channel, merchant,
       plain_amount(amount) AS amount
FROM read_csv('transactions.csv', all_varchar = true)
WHERE TRY_CAST("at" AS TIMESTAMP) IS NOT NULL;
DELETE FROM transactions WHERE amount IS NULL;
DELETE FROM transactions WHERE place NOT IN (SELECT min(place) FROM transactions GROUP BY txn_no);
DELETE FROM transactions WHERE amount > 10000000;

CREATE TABLE products AS FROM read_csv('products.csv', all_varchar = true);
CREATE TABLE accounts AS
SELECT a.* EXCLUDE (opened_on, closed_on), family, CAST(opened_on AS TIMESTAMP) AS instant, CAST(closed_on AS DATE) AS closed_on
FROM read_csv('accounts.csv', all_varchar = true) AS a LEFT JOIN products USING (product_code)
WHERE CAST(opened_on AS TIMESTAMP) <= as_of();
CREATE TABLE balances AS
SELECT customer_no, family, CAST(day AS TIMESTAMP) AS instant, CAST(balance AS DECIMAL(18, 4)) AS balance
FROM read_csv('balances.csv', all_varchar = true) LEFT JOIN products USING (product_code);
CREATE TABLE bills AS
SELECT customer_no, CAST(due_on AS TIMESTAMP) AS instant, CAST(amount AS DECIMAL(18, 4)) AS amount
FROM read_csv('bills.csv', all_varchar = true) WHERE CAST(due_on AS TIMESTAMP) <= as_of();
CREATE TABLE repayments AS
SELECT customer_no, CAST(paid_on AS TIMESTAMP) AS instant, CAST(amount AS DECIMAL(18, 4)) AS amount,
       CAST(paid_on AS DATE) - CAST(due_on AS DATE) AS days_late
FROM read_csv('repayments.csv', all_varchar = true) WHERE CAST(paid_on AS TIMESTAMP) <= as_of();
CREATE TABLE limits AS
SELECT customer_no, CAST(day AS TIMESTAMP) AS instant, CAST(credit_limit AS DOUBLE) AS credit_limit, CAST(used AS DOUBLE) AS used
FROM read_csv('limits.csv', all_varchar = true) WHERE CAST(day AS TIMESTAMP) <= as_of();

CREATE TABLE customers AS
SELECT customer_no FROM read_csv('customers.csv', all_varchar = true) WHERE customer_no LIKE 'B%' GROUP BY customer_no;

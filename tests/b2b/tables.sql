-- The files of the seller to companies, cleaned by hand. Twins, entered under a number that begins with E9, are the company
-- whose credit code they have.
CREATE MACRO as_of() AS TIMESTAMP '2025-01-01 00:00:00';
CREATE MACRO today() AS DATE '2025-01-01';
CREATE MACRO within_days(t, n) AS t > as_of() - n * INTERVAL 24 HOUR AND t <= as_of();
CREATE MACRO plain_amount(written) AS CAST(nullif(translate(
    regexp_replace(written, '[¥元,]', '', 'g'), '０１２３４５６７８９．', '0123456789.'), '') AS DECIMAL(18, 4));

CREATE TABLE codes AS
SELECT company_id, first(company_id) OVER (PARTITION BY credit_code ORDER BY company_id) AS company
FROM read_csv('companies.csv', all_varchar = true);
CREATE TABLE companies AS SELECT DISTINCT company AS company_id FROM codes;
CREATE TABLE stages AS
SELECT company AS company_id, CAST("at" AS TIMESTAMP) AS instant, stage, seller
FROM read_csv('stages.csv', all_varchar = true) JOIN codes USING (company_id) WHERE CAST("at" AS TIMESTAMP) <= as_of();
CREATE TABLE people AS
SELECT company AS company_id, contact_id, email, role, left_on
FROM read_csv('people.csv', all_varchar = true) JOIN codes USING (company_id);
CREATE TABLE contracts AS
SELECT company AS company_id, CAST(starts_on AS DATE) AS starts_on, CAST(ends_on AS DATE) AS ends_on,
       CAST(seats AS DOUBLE) AS seats, plain_amount(amount) AS amount
FROM (SELECT DISTINCT ON (contract_no) * FROM read_csv('contracts.csv', all_varchar = true)) JOIN codes USING (company_id)
WHERE CAST(signed_on AS TIMESTAMP) <= as_of();
CREATE TABLE invoices AS
SELECT company AS company_id, CAST(amount AS DECIMAL(18, 4)) AS amount
FROM read_csv('invoices.csv', all_varchar = true) JOIN codes USING (company_id) WHERE CAST(issued_on AS TIMESTAMP) <= as_of();
CREATE TABLE payments AS
SELECT company AS company_id, CAST(amount AS DECIMAL(18, 4)) AS amount, CAST(paid_on AS DATE) - CAST(due_on AS DATE) AS days_late
FROM read_csv('payments.csv', all_varchar = true) JOIN codes USING (company_id) WHERE CAST(paid_on AS TIMESTAMP) <= as_of();
CREATE TABLE usage AS
SELECT company_id, u.email, CAST(day AS TIMESTAMP) AS instant, CAST(actions AS INTEGER) AS actions
FROM read_csv('usage.csv', all_varchar = true) AS u JOIN people USING (email) WHERE feature <> '登录';
CREATE TABLE tickets AS
SELECT company_id, CAST(opened_at AS TIMESTAMP) AS instant, severity
FROM read_csv('tickets.csv', all_varchar = true) JOIN people USING (email);

-- tags/holdings.yaml: the last month-end, and the one of three months before.
WITH sums AS (
    SELECT customer_no,
           sum(balance) FILTER (within_days(instant, 31)) AS assets,
           sum(balance) FILTER (within_days(instant, 123) AND NOT within_days(instant, 92)) AS assets_before,
           sum(balance) FILTER (within_days(instant, 31) AND family IN ('deposit', 'time_deposit')) AS deposits,
           sum(balance) FILTER (within_days(instant, 31) AND family IN ('wealth', 'fund')) AS investments
    FROM balances GROUP BY customer_no
),
held AS (
    SELECT customer_no, count(DISTINCT family) FILTER (closed_on IS NULL) AS products_held,
           count(*) FILTER (closed_on <= today()) AS closed_accounts
    FROM accounts GROUP BY customer_no
)
SELECT customer_no,
       CAST(coalesce(assets, 0) AS DECIMAL(18, 4)) AS assets,
       CAST(coalesce(assets_before, 0) AS DECIMAL(18, 4)) AS assets_before,
       round(share(coalesce(assets, 0), assets_before) - 1, 3) AS assets_change,
       CAST(coalesce(deposits, 0) AS DECIMAL(18, 4)) AS deposits,
       CAST(coalesce(investments, 0) AS DECIMAL(18, 4)) AS investments,
       coalesce(products_held, 0) AS products_held,
       coalesce(closed_accounts, 0) AS closed_accounts,
       CASE WHEN assets >= 6000000 THEN 'private' WHEN assets >= 1000000 THEN 'diamond' WHEN assets >= 200000 THEN 'gold'
            WHEN assets > 0 THEN 'basic' END AS value_tier
FROM customers LEFT JOIN sums USING (customer_no) LEFT JOIN held USING (customer_no)

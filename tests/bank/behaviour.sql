-- tags/behaviour.yaml: what is left of the transactions after cleaning.
WITH words AS (
    SELECT * REPLACE (CASE WHEN channel IN ('APP', 'app', '手机银行') THEN 'app' WHEN channel IN ('网银', 'WEB') THEN 'web'
                           WHEN channel = '第三方支付' THEN 'third_party' WHEN channel = '柜台' THEN 'branch'
                           WHEN channel = 'ATM' THEN 'atm' END AS channel)
    FROM transactions
),
sums AS (
    SELECT customer_no, count(*) FILTER (within_days(instant, 90)) AS transactions_90d,
           sum(amount) FILTER (kind = '消费' AND within_days(instant, 90)) AS spend_90d,
           sum(amount) FILTER (kind = '消费' AND within_days(instant, 365)) AS spend_365d,
           sum(amount) FILTER (kind = '转账' AND within_days(instant, 90)) AS transfers_90d,
           max(amount) FILTER (within_days(instant, 90)) AS largest_transaction_90d,
           count(*) FILTER (kind IN ('工资', '养老金') AND within_days(instant, 183)) AS pays,
           count(*) FILTER (channel IN ('app', 'web', 'third_party') AND within_days(instant, 180)) AS digital,
           count(*) FILTER (within_days(instant, 180)) AS in_180d,
           CAST(today() - CAST(max(instant) AS DATE) AS DOUBLE) AS recency
    FROM words GROUP BY customer_no
),
channels AS (
    SELECT customer_no, channel FROM words WHERE within_days(instant, 180) GROUP BY customer_no, channel
    QUALIFY row_number() OVER (PARTITION BY customer_no ORDER BY count(*) DESC, max(instant) DESC) = 1
)
SELECT customer_no, coalesce(transactions_90d, 0) AS transactions_90d,
       CAST(coalesce(spend_90d, 0) AS DECIMAL(18, 4)) AS spend_90d,
       CAST(coalesce(spend_365d, 0) AS DECIMAL(18, 4)) AS spend_365d,
       CAST(coalesce(transfers_90d, 0) AS DECIMAL(18, 4)) AS transfers_90d,
       largest_transaction_90d, coalesce(pays, 0) >= 5 AS salary_here, channel AS main_channel,
       round(share(digital, in_180d), 3) AS digital_share, recency,
       CASE WHEN recency <= 30 THEN 'active' WHEN recency <= 90 THEN 'quiet' WHEN recency <= 180 THEN 'sleeping'
            WHEN recency > 180 THEN 'lost' END AS life_cycle
FROM customers LEFT JOIN sums USING (customer_no) LEFT JOIN channels USING (customer_no)

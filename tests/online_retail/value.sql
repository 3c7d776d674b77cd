-- tags/value.yaml. A fifth is 1 and how many of the four inner quintiles lie below the value (quantile_cont interpolates as
-- type 7); the means are over the customers that have a value, that of money rounded to 1/10,000.
WITH facts_of AS (
    SELECT customer_id, sum(amount) AS spend, coalesce(sum(amount) FILTER (within_days(instant, 90)), 0) AS spend_90d,
           count(DISTINCT invoice) FILTER (NOT cancelled) AS orders,
           CAST(coalesce(sum(amount) FILTER (NOT cancelled), 0) * 10000 AS BIGINT) AS paid_units,
           CAST(today() - max(day) FILTER (NOT cancelled) AS DOUBLE) AS recency
    FROM lines GROUP BY ALL
),
base AS (
    SELECT avg(recency) AS recency, avg(CAST(orders AS DOUBLE)) AS orders,
           round(sum(spend) / count(*), 4) AS spend,
           quantile_cont(recency, [0.2, 0.4, 0.6, 0.8]) AS r, quantile_cont(CAST(orders AS DOUBLE), [0.2, 0.4, 0.6, 0.8]) AS f,
           quantile_cont(CAST(spend AS DOUBLE), [0.2, 0.4, 0.6, 0.8]) AS m
    FROM facts_of
),
-- In falling order: the customer with whom the running total first reaches the part, and all who have as much.
running AS (
    SELECT spend, sum(spend) OVER (ORDER BY spend DESC ROWS UNBOUNDED PRECEDING) AS so_far, sum(spend) OVER () AS total
    FROM facts_of WHERE spend > 0
),
bounds AS (
    SELECT max(spend) FILTER (so_far >= total * 0.5) AS half, max(spend) FILTER (so_far >= total * 0.8) AS four_fifths
    FROM running
),
sides AS (
    SELECT f.*, f.recency <= b.recency AS r_high, f.orders >= b.orders AS f_high, f.spend >= b.spend AS m_high,
           6 - (1 + len(list_filter(b.r, lambda x: x < f.recency))) AS r_score,
           1 + len(list_filter(b.f, lambda x: x < f.orders)) AS f_score,
           1 + len(list_filter(b.m, lambda x: x < CAST(f.spend AS DOUBLE))) AS m_score
    FROM facts_of AS f, base AS b
)
SELECT customer_id, CAST(spend AS DECIMAL(18, 4)) AS spend, CAST(spend_90d AS DECIMAL(18, 4)) AS spend_90d,
       CASE WHEN orders > 0 THEN money(half_up(paid_units, orders)) END AS order_value,
       CASE WHEN recency IS NOT NULL THEN r_score END AS r_score, f_score, m_score,
       CASE WHEN r_high IS NULL THEN NULL
            ELSE CASE WHEN m_high THEN 'important_' ELSE 'general_' END ||
                 CASE WHEN r_high AND f_high THEN 'value' WHEN r_high THEN 'develop' WHEN f_high THEN 'keep'
                      ELSE 'win_back' END END AS rfm_class,
       CASE WHEN spend > 0 AND spend >= half THEN 'top' WHEN spend > 0 AND spend >= four_fifths THEN 'high'
            WHEN spend > 0 THEN 'basic' ELSE 'negative' END AS value_tier
FROM sides, bounds

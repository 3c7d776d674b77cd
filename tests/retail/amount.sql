-- tags/consumption/amount.yaml: how much.
WITH sums AS (
    SELECT household_id,
           coalesce(sum(amount) FILTER (within_days(instant, 30)), 0) AS spend_30d,
           coalesce(sum(amount) FILTER (within_days(instant, 90)), 0) AS spend_90d,
           coalesce(sum(amount) FILTER (within_days(instant, 365)), 0) AS spend_365d,
           coalesce(sum(amount) FILTER (within_days(instant, 180) AND NOT within_days(instant, 90)), 0) AS spend_before,
           max(amount) FILTER (within_days(instant, 365)) AS dearest_item_365d,
           fsum(CAST(amount AS DOUBLE) * decay(instant, 60)) AS recent_spend,
           count(DISTINCT basket_id) FILTER (within_days(instant, 90)) AS baskets_90d
    FROM purchases GROUP BY household_id
),
ratios AS (
    SELECT household_id,
           CASE WHEN baskets_90d > 0 THEN half_up(units(spend_90d), baskets_90d) END AS basket_units,
           share(spend_90d, spend_before) AS spend_change
    FROM sums
)
SELECT household_id,
       CAST(coalesce(spend_30d, 0) AS DECIMAL(18, 4)) AS spend_30d,
       CAST(coalesce(spend_90d, 0) AS DECIMAL(18, 4)) AS spend_90d,
       CAST(coalesce(spend_365d, 0) AS DECIMAL(18, 4)) AS spend_365d,
       money(basket_units) AS basket_value,
       dearest_item_365d,
       CAST(round(coalesce(recent_spend, 0), 4) AS DECIMAL(18, 4)) AS recent_spend,
       spend_change,
       CASE WHEN spend_change >= 1.25 THEN 'growing' WHEN spend_change >= 0.8 THEN 'steady'
            WHEN spend_change < 0.8 THEN 'falling' END AS spend_direction,
       CASE WHEN basket_units < 150000 THEN '<15' WHEN basket_units < 300000 THEN '15-30'
            WHEN basket_units < 600000 THEN '30-60' WHEN basket_units >= 600000 THEN '>=60' END AS basket_size_level
FROM households LEFT JOIN sums USING (household_id) LEFT JOIN ratios USING (household_id)

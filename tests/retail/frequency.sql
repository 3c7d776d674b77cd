-- tags/consumption/frequency.yaml: how often.
WITH counts AS (
    SELECT household_id,
           count(DISTINCT basket_id) FILTER (within_days(instant, 30)) AS baskets_30d,
           count(DISTINCT basket_id) FILTER (within_days(instant, 90)) AS baskets_90d,
           count(DISTINCT basket_id) FILTER (within_days(instant, 365)) AS baskets_365d,
           count(DISTINCT basket_id) FILTER (within_days(instant, 180) AND NOT within_days(instant, 90))
               AS baskets_prior_90d,
           count(*) FILTER (within_days(instant, 90)) AS items_90d,
           count(DISTINCT day) FILTER (within_days(instant, 90)) AS shopping_days_90d,
           today() - max(day) AS recency,
           count(DISTINCT instant) FILTER (within_days(instant, 365)) AS moments,
           min(instant) FILTER (within_days(instant, 365)) AS earliest,
           max(instant) FILTER (within_days(instant, 365)) AS latest,
           count(DISTINCT date_trunc('month', day)) FILTER (within_days(instant, 365)) AS months,
           -- Whole months from the first purchase to 1 January 2018, and the one that has begun.
           12 * (2018 - year(min(day))) + 1 - month(min(day)) - CASE WHEN day(min(day)) > 1 THEN 1 ELSE 0 END + 1 AS since_first
    FROM purchases GROUP BY household_id
),
cycles AS (
    SELECT household_id,
           CASE WHEN moments > 1 THEN epoch_us(latest - earliest) / (moments - 1) / 86400000000.0 END AS purchase_cycle
    FROM counts
),
-- Days in a row have one difference between the day and its rank.
shopping_days AS (SELECT DISTINCT household_id, day FROM purchases WHERE within_days(instant, 365)),
runs AS (
    SELECT household_id, count(*) AS days
    FROM (SELECT household_id, day - CAST(rank() OVER (PARTITION BY household_id ORDER BY day) AS INTEGER) AS run
          FROM shopping_days)
    GROUP BY household_id, run
),
streaks AS (SELECT household_id, max(days) AS longest_streak FROM runs GROUP BY household_id),
-- The 180 days of 24 hours before the as-of, the oldest first; also those without a purchase.
daily AS (
    SELECT household_id, 179 - CAST(floor(age_in_days(instant)) AS INTEGER) AS day_number, count(*) AS items
    FROM purchases WHERE within_days(instant, 180) GROUP BY ALL
),
trends AS (
    SELECT household_id, regr_slope(coalesce(items, 0), day_number) AS items_trend
    FROM (SELECT household_id, unnest(range(180)) AS day_number FROM households)
    LEFT JOIN daily USING (household_id, day_number)
    GROUP BY household_id
)
SELECT household_id,
       coalesce(baskets_30d, 0) AS baskets_30d,
       coalesce(baskets_90d, 0) AS baskets_90d,
       coalesce(baskets_365d, 0) AS baskets_365d,
       coalesce(baskets_prior_90d, 0) AS baskets_prior_90d,
       coalesce(items_90d, 0) AS items_90d,
       share(items_90d, baskets_90d) AS items_per_basket,
       coalesce(shopping_days_90d, 0) AS shopping_days_90d,
       purchase_cycle,
       coalesce(longest_streak, 0) AS longest_streak,
       items_trend,
       CASE WHEN purchase_cycle <= 7 THEN 'weekly' WHEN purchase_cycle <= 14 THEN 'fortnightly'
            WHEN purchase_cycle <= 31 THEN 'monthly' WHEN purchase_cycle > 31 THEN 'rare' END AS frequency_level,
       recency > 2 * purchase_cycle + 7 AS overdue,
       least(1, share(months, least(12, since_first))) AS purchase_regularity
FROM households
LEFT JOIN counts USING (household_id) LEFT JOIN cycles USING (household_id)
LEFT JOIN streaks USING (household_id) LEFT JOIN trends USING (household_id)

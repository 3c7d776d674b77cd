-- tags/value.yaml: recency, frequency, monetary value, and what follows from them.
WITH facts_of AS (
    SELECT household_id, min(day) AS first_purchase, max(day) AS last_purchase, today() - max(day) AS recency,
           count(DISTINCT basket_id) FILTER (within_days(instant, 365)) AS baskets,
           sum(amount) FILTER (within_days(instant, 365)) AS spend
    FROM purchases GROUP BY household_id
),
scores AS (
    SELECT household_id,
           CASE WHEN recency <= 1 THEN 5 WHEN recency <= 4 THEN 4 WHEN recency <= 10 THEN 3 WHEN recency <= 25 THEN 2
                WHEN recency > 25 THEN 1 END AS r,
           CASE WHEN baskets >= 95 THEN 5 WHEN baskets >= 55 THEN 4 WHEN baskets >= 32 THEN 3 WHEN baskets >= 16 THEN 2
                ELSE 1 END AS f,
           CASE WHEN spend >= 3000 THEN 5 WHEN spend >= 1600 THEN 4 WHEN spend >= 850 THEN 3 WHEN spend >= 350 THEN 2
                ELSE 1 END AS m
    FROM households LEFT JOIN facts_of USING (household_id)
),
-- How many of the other households spent less.
percentiles AS (
    SELECT a.household_id, round(100 * (count(*) FILTER (b.spend < a.spend) / (count(*) - 1)), 1) AS percentile
    FROM facts_of AS a, facts_of AS b WHERE a.spend IS NOT NULL AND b.spend IS NOT NULL GROUP BY a.household_id
)
SELECT household_id,
       first_purchase,
       last_purchase,
       CAST(date_trunc('month', first_purchase) AS DATE) AS cohort,
       today() - first_purchase AS tenure,
       recency,
       r AS r_score,
       f AS f_score,
       m AS m_score,
       r + f + m AS rfm_score,
       CASE WHEN r IS NULL THEN NULL
            ELSE CASE WHEN m >= 4 THEN 'important_' ELSE 'general_' END ||
                 CASE WHEN r >= 4 AND f >= 4 THEN 'value' WHEN r >= 4 THEN 'develop' WHEN f >= 4 THEN 'keep'
                      ELSE 'win_back' END END AS rfm_class,
       CASE WHEN recency <= 90 THEN 'active' WHEN recency <= 180 THEN 'sleeping' WHEN recency <= 360 THEN 'lapsing'
            WHEN recency > 360 THEN 'lost' END AS life_cycle,
       percentile AS spend_percentile,
       CASE WHEN percentile >= 95 THEN 'top' WHEN percentile >= 80 THEN 'high' WHEN percentile >= 40 THEN 'middle'
            WHEN percentile < 40 THEN 'basic' END AS value_tier
FROM households LEFT JOIN facts_of USING (household_id) LEFT JOIN scores USING (household_id)
LEFT JOIN percentiles USING (household_id)

-- tags/consumption/price.yaml: how dear. The median of an even number of prices is the mean of the two in the middle. The
-- position of a price is the part of the other prices of its category that are lower; 0 where there is no other.
WITH prices AS (
    SELECT household_id, list_sort(list(half_up(units(amount), quantity))) AS sorted
    FROM purchases WHERE quantity BETWEEN 1 AND 50 AND within_days(instant, 365) GROUP BY household_id
),
medians AS (
    SELECT household_id, half_up(sorted[(len(sorted) + 1) // 2] + sorted[(len(sorted) + 2) // 2], 2) AS median
    FROM prices
),
paid AS (
    SELECT household_id, category, CAST(amount AS DOUBLE) / CAST(quantity AS DOUBLE) AS price
    FROM purchases
    WHERE category IS NOT NULL AND amount > 0 AND quantity > 0 AND within_days(instant, 365)
),
distribution AS (SELECT category, price, count(*) AS n FROM paid GROUP BY category, price),
lower_prices AS (
    SELECT category, price,
           coalesce(sum(n) OVER (PARTITION BY category ORDER BY price ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
               AS below, sum(n) OVER (PARTITION BY category) AS total
    FROM distribution
),
positions AS (
    SELECT household_id, round(CAST(sum(millionths) AS DOUBLE) / count(*) / 1e6, 6) AS position
    FROM (SELECT household_id, CAST(round(CASE WHEN total > 1 THEN below / (total - 1) ELSE 0 END * 1e6) AS BIGINT) AS millionths
          FROM paid JOIN lower_prices USING (category, price))
    GROUP BY household_id
),
thirds AS (SELECT quantile_cont(position, 0.3333) AS first, quantile_cont(position, 0.6667) AS second FROM positions)
SELECT household_id,
       money(median) AS unit_price,
       CASE WHEN median < 15000 THEN 'economy' WHEN median < 23500 THEN 'middle'
            WHEN median >= 23500 THEN 'premium' END AS price_level,
       position AS price_position,
       CASE WHEN position < first THEN 'high' WHEN position < second THEN 'middle' WHEN position >= second THEN 'low'
            END AS price_sensitivity
FROM thirds, households LEFT JOIN medians USING (household_id) LEFT JOIN positions USING (household_id)

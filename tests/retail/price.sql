-- tags/consumption/price.yaml: how dear. The median of an even number of prices is the mean of the two in the middle.
WITH prices AS (
    SELECT household_id, list_sort(list(half_up(units(amount), quantity))) AS sorted
    FROM purchases WHERE quantity BETWEEN 1 AND 50 AND within_days(instant, 365) GROUP BY household_id
),
medians AS (
    SELECT household_id, half_up(sorted[(len(sorted) + 1) // 2] + sorted[(len(sorted) + 2) // 2], 2) AS median
    FROM prices
)
SELECT household_id,
       money(median) AS unit_price,
       CASE WHEN median < 15000 THEN 'economy' WHEN median < 23500 THEN 'middle'
            WHEN median >= 23500 THEN 'premium' END AS price_level
FROM households LEFT JOIN medians USING (household_id)

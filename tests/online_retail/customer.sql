-- tags/customer.yaml. Of several most frequent values the one that came last counts.
WITH countries AS (
    SELECT customer_id, country FROM lines GROUP BY customer_id, country
    QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, max(local_at) DESC, max(place) DESC) = 1
),
days AS (
    SELECT customer_id, min(day) AS first_order, max(day) AS last_order FROM lines WHERE NOT cancelled GROUP BY ALL
)
SELECT customer_id, country, country <> 'United Kingdom' AS abroad, first_order, last_order,
       CAST(today() - last_order AS DOUBLE) AS recency, CAST(date_trunc('month', first_order) AS DATE) AS cohort,
       CASE WHEN today() - last_order <= 90 THEN 'active' WHEN today() - last_order <= 180 THEN 'sleeping'
            WHEN today() - last_order <= 360 THEN 'lapsing' END AS life_cycle
FROM customers LEFT JOIN countries USING (customer_id) LEFT JOIN days USING (customer_id)

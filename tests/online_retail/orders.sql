-- tags/orders.yaml.
WITH counts AS (
    SELECT customer_id,
           count(DISTINCT invoice) FILTER (NOT cancelled) AS orders,
           count(DISTINCT invoice) FILTER (NOT cancelled AND within_days(instant, 90)) AS orders_90d,
           count(*) FILTER (NOT cancelled) AS ordered_lines,
           count(DISTINCT stock_code) FILTER (NOT cancelled) AS products,
           CAST(median(quantity) FILTER (NOT cancelled) AS DOUBLE) AS median_quantity,
           count(DISTINCT invoice) FILTER (cancelled) AS cancelled_invoices,
           coalesce(sum(amount) FILTER (cancelled), 0) AS went_back,
           coalesce(sum(amount) FILTER (NOT cancelled), 0) AS paid
    FROM lines GROUP BY ALL
),
weekdays AS (
    SELECT customer_id, isodow(day) AS usual_weekday FROM lines WHERE NOT cancelled GROUP BY customer_id, usual_weekday
    QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, max(local_at) DESC, max(place) DESC) = 1
),
hours AS (
    SELECT customer_id, hour(local_at) AS usual_hour FROM lines WHERE NOT cancelled GROUP BY customer_id, usual_hour
    QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, max(local_at) DESC, max(place) DESC) = 1
),
weights AS (
    SELECT customer_id, description, CAST(sum(quantity) AS DOUBLE) AS weight, max(local_at) AS last_at, max(place) AS latest
    FROM lines WHERE NOT cancelled AND description IS NOT NULL GROUP BY customer_id, description
    QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY weight DESC, last_at DESC, latest DESC) <= 3
),
favourites AS (
    SELECT customer_id, list(description ORDER BY weight DESC, last_at DESC, latest DESC) AS favourites,
           sum(weight) AS weights
    FROM weights GROUP BY ALL
)
SELECT customer_id, orders, orders_90d, round(share(ordered_lines, orders), 2) AS lines_per_order, products,
       median_quantity,
       CASE WHEN median_quantity >= 12 THEN 'wholesale' WHEN median_quantity >= 6 THEN 'shop'
            WHEN median_quantity < 6 THEN 'private' END AS buyer_kind,
       usual_weekday, usual_hour, cancelled_invoices, round(share(-went_back, paid), 4) + 0.0 AS return_rate,
       coalesce(favourites, []) AS favourites, coalesce(weights, 0) AS "favourites#weights"
FROM customers LEFT JOIN counts USING (customer_id) LEFT JOIN weekdays USING (customer_id)
LEFT JOIN hours USING (customer_id) LEFT JOIN favourites USING (customer_id)

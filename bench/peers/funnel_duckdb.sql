-- The funnel of the benchmark in DuckDB, texts as ENUMs: of all views before a cart, and of all carts before a purchase, the
-- latest beginning is best.
-- @setup
ATTACH '{dir}/events_{rows}.duckdb' AS d (READ_ONLY);
-- @time funnel/windows
WITH carts AS (
    SELECT *, max(time) FILTER (type = 'view') OVER (
               PARTITION BY customer ORDER BY time RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS began
    FROM d.coded_sorted WHERE type IN ('view', 'cart', 'buy')
),
buys AS (
    SELECT *, max(began) FILTER (type = 'cart') OVER (
               PARTITION BY customer ORDER BY time RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS buy_began
    FROM carts
),
depths AS (
    SELECT customer, max(CASE WHEN type = 'buy' AND time - buy_began <= INTERVAL 7 DAY THEN 3
                              WHEN type = 'cart' AND time - began <= INTERVAL 7 DAY THEN 2
                              WHEN type = 'view' THEN 1 ELSE 0 END) AS n
    FROM buys GROUP BY customer
)
SELECT count(*) FILTER (n >= 1), count(*) FILTER (n >= 2), count(*) FILTER (n >= 3) FROM depths;

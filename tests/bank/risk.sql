-- tags/risk.yaml: due and paid, late and in time, limit and use.
WITH due AS (SELECT customer_no, count(*) AS bills, sum(amount) AS amount FROM bills GROUP BY customer_no),
paid AS (
    SELECT customer_no, count(*) AS bills, sum(amount) AS amount,
           count(*) FILTER (days_late > 0 AND within_days(instant, 365)) AS late,
           max(days_late) FILTER (within_days(instant, 365)) AS worst,
           count(*) FILTER (days_late <= 0 AND within_days(instant, 365)) AS in_time,
           count(*) FILTER (within_days(instant, 365)) AS in_year
    FROM repayments GROUP BY customer_no
),
used AS (
    SELECT customer_no, last(used ORDER BY instant) AS used, last(credit_limit ORDER BY instant) AS credit_limit,
           avg(used / credit_limit) FILTER (within_days(instant, 183)) AS mean
    FROM limits GROUP BY customer_no
)
SELECT customer_no, coalesce(d.bills, 0) - coalesce(p.bills, 0) AS open_bills,
       CAST(coalesce(d.amount, 0) - coalesce(p.amount, 0) AS DECIMAL(18, 4)) AS overdue_amount,
       coalesce(late, 0) AS late_payments_12m, worst AS worst_days_late,
       round(share(in_time, in_year), 3) AS on_time_share,
       CAST(credit_limit AS DECIMAL(18, 4)) AS credit_limit, round(used / credit_limit, 3) AS utilisation,
       round(mean, 3) AS utilisation_6m
FROM customers LEFT JOIN due AS d USING (customer_no) LEFT JOIN paid AS p USING (customer_no)
LEFT JOIN used USING (customer_no)

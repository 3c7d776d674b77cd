-- The company's people, contracts, money, use of the product and tickets, whoever of its people it was.
WITH known AS (
    SELECT company_id, count(*) AS contacts_known, count(*) FILTER (role = '决策者') AS decision_makers
    FROM people WHERE left_on IS NULL GROUP BY company_id
),
last_stage AS (
    SELECT company_id, last(stage ORDER BY instant) AS stage, last(seller ORDER BY instant) AS seller,
           CAST(today() - CAST(max(instant) AS DATE) AS DOUBLE) AS days_in_stage
    FROM stages GROUP BY company_id
),
signed AS (
    SELECT company_id, sum(amount) AS value_all, sum(amount) FILTER (starts_on <= today() AND ends_on >= today()) AS value,
           sum(seats) FILTER (starts_on <= today() AND ends_on >= today()) AS seats,
           CAST(max(ends_on) FILTER (ends_on >= today()) - today() AS DOUBLE) AS days_to_renewal
    FROM contracts GROUP BY company_id
),
invoiced AS (SELECT company_id, sum(amount) AS amount FROM invoices GROUP BY company_id),
paid AS (SELECT company_id, sum(amount) AS amount, round(avg(days_late), 1) AS late FROM payments GROUP BY company_id),
used AS (
    SELECT company_id, count(DISTINCT email) FILTER (within_days(instant, 30)) AS users,
           sum(actions) FILTER (within_days(instant, 90)) AS actions_90d
    FROM usage GROUP BY company_id
),
trouble AS (
    SELECT company_id, count(*) AS tickets_90d, count(*) FILTER (severity IN ('高', '紧急')) AS severe
    FROM tickets WHERE within_days(instant, 90) GROUP BY company_id
)
SELECT company_id, coalesce(contacts_known, 0) AS contacts_known, coalesce(decision_makers, 0) AS decision_makers,
       stage, seller, days_in_stage,
       CAST(coalesce(value, 0) AS DECIMAL(18, 4)) AS contract_value,
       CAST(coalesce(value_all, 0) AS DECIMAL(18, 4)) AS contract_value_all,
       coalesce(seats, 0) AS seats, days_to_renewal,
       CAST(coalesce(i.amount, 0) - coalesce(p.amount, 0) AS DECIMAL(18, 4)) AS unpaid, late AS mean_days_late,
       coalesce(users, 0) AS active_users_30d, coalesce(actions_90d, 0) AS actions_90d,
       coalesce(tickets_90d, 0) AS tickets_90d, coalesce(severe, 0) AS severe_tickets_90d
FROM companies LEFT JOIN known USING (company_id) LEFT JOIN last_stage USING (company_id) LEFT JOIN signed USING (company_id)
LEFT JOIN invoiced AS i USING (company_id) LEFT JOIN paid AS p USING (company_id) LEFT JOIN used USING (company_id)
LEFT JOIN trouble USING (company_id)

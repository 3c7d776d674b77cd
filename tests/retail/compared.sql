-- tags/compared.yaml: against all households. Quintiles interpolate as type 7; a mean of money is rounded to 1/10,000.
WITH sums AS (
    SELECT household_id, CAST(today() - max(day) AS DOUBLE) AS recency, max(day) AS last_day,
           CAST(count(DISTINCT basket_id) FILTER (within_days(instant, 365)) AS DOUBLE) AS baskets,
           coalesce(sum(amount) FILTER (within_days(instant, 365)), 0) AS spend,
           coalesce(sum(amount) FILTER (within_days(instant, 90)), 0) AS spend_90d,
           count(DISTINCT basket_id) FILTER (within_days(instant, 90)) AS baskets_90d,
           count(DISTINCT category) FILTER (within_days(instant, 365)) AS categories,
           count(DISTINCT instant) FILTER (within_days(instant, 365)) AS moments,
           epoch_us(max(instant) FILTER (within_days(instant, 365)) - min(instant) FILTER (within_days(instant, 365))) AS span
    FROM purchases GROUP BY household_id
),
people AS (
    SELECT household_id, recency, last_day, coalesce(baskets, 0) AS baskets, coalesce(spend, 0) AS spend, categories,
           CASE WHEN baskets_90d > 0 THEN money(half_up(units(spend_90d), baskets_90d)) END AS basket_value,
           CASE WHEN moments > 1 THEN span / (moments - 1) END AS cycle_us
    FROM households LEFT JOIN sums USING (household_id)
),
base AS (
    SELECT avg(recency) AS recency, avg(baskets) AS baskets, round(sum(spend) / count(*), 4) AS spend, sum(spend) AS total,
           round(sum(basket_value) / count(basket_value), 4) AS basket_value,
           quantile_cont(recency, [0.2, 0.4, 0.6, 0.8]) AS r, quantile_cont(baskets, [0.2, 0.4, 0.6, 0.8]) AS f,
           quantile_cont(CAST(spend AS DOUBLE), [0.2, 0.4, 0.6, 0.8]) AS m
    FROM people
),
running AS (
    SELECT spend, sum(spend) OVER (ORDER BY spend DESC ROWS UNBOUNDED PRECEDING) AS so_far, sum(spend) OVER () AS total
    FROM people WHERE spend > 0
),
bounds AS (
    SELECT max(spend) FILTER (so_far >= total * 0.5) AS half, max(spend) FILTER (so_far >= total * 0.8) AS four_fifths
    FROM running
),
department_weights AS (
    SELECT household_id, department, fsum(CAST(amount AS DOUBLE) * decay(instant, 90)) AS weight, max(place) AS latest
    FROM purchases WHERE department IS NOT NULL GROUP BY ALL
),
favourites AS (
    SELECT *, row_number() OVER (PARTITION BY household_id ORDER BY round(weight, 9) DESC, latest DESC) AS rank
    FROM department_weights WHERE weight > 0 QUALIFY rank <= 3
),
usual AS (SELECT department, fsum(weight) / (SELECT fsum(weight) FROM favourites) AS share FROM favourites GROUP BY department),
reach AS (
    SELECT department, CAST(count(*) AS DOUBLE) / (SELECT count(*) FROM households) AS reach FROM favourites
    GROUP BY department
),
lifts AS (
    SELECT household_id, department, rank, weight / fsum(weight) OVER (PARTITION BY household_id) / share AS lift
    FROM favourites JOIN usual USING (department)
),
distinctive AS (
    SELECT household_id, list(department ORDER BY lift DESC, rank) AS names, fsum(lift) AS weights FROM lifts GROUP BY household_id
),
tf_idfs AS (
    SELECT household_id, department, rank,
           weight / fsum(weight) OVER (PARTITION BY household_id) * ln(1 / reach) AS tf_idf
    FROM favourites JOIN reach USING (department)
),
unusual AS (
    SELECT household_id, list(department ORDER BY tf_idf DESC, rank) AS names, fsum(tf_idf) AS weights
    FROM tf_idfs WHERE tf_idf > 0 GROUP BY household_id
),
scores AS (
    SELECT p.*, b.total, b.basket_value AS mean_basket, p.recency <= b.recency AS r_high, p.baskets >= b.baskets AS f_high,
           p.spend >= b.spend AS m_high,
           CASE WHEN p.recency IS NOT NULL THEN 5 - len(list_filter(b.r, lambda x: x < p.recency)) END AS r_fifth,
           1 + len(list_filter(b.f, lambda x: x < p.baskets)) AS f_fifth,
           1 + len(list_filter(b.m, lambda x: x < CAST(p.spend AS DOUBLE))) AS m_fifth,
           last_day + CAST(floor(round(cycle_us) / 86400000000) AS INTEGER) AS next_purchase
    FROM people AS p, base AS b
)
SELECT household_id, r_fifth, f_fifth, m_fifth, CAST(r_fifth * 100 + f_fifth * 10 + m_fifth AS VARCHAR) AS rfm_cell,
       CASE WHEN recency IS NULL THEN NULL
            ELSE CASE WHEN m_high THEN 'important_' ELSE 'general_' END ||
                 CASE WHEN r_high AND f_high THEN 'value' WHEN r_high THEN 'develop' WHEN f_high THEN 'keep'
                      ELSE 'win_back' END END AS rfm_class_by_mean,
       share(spend, total) AS spend_share,
       CASE WHEN spend > 0 AND spend >= half THEN 'half' WHEN spend > 0 AND spend >= four_fifths THEN 'four_fifths'
            WHEN spend > 0 THEN 'rest' END AS value_by_share,
       share(basket_value, mean_basket) AS basket_against_mean,
       coalesce(d.names, []) AS distinctive_departments, coalesce(d.weights, 0) AS "distinctive_departments#weights",
       coalesce(u.names, []) AS unusual_departments, coalesce(u.weights, 0) AS "unusual_departments#weights", next_purchase, CAST(today() - next_purchase AS DOUBLE) AS days_overdue,
       CASE WHEN recency <= 90 AND f_fifth >= 4 AND m_fifth >= 4 THEN 'core'
            WHEN recency <= 90 AND (f_fifth >= 3 OR m_fifth >= 3) THEN 'secondary'
            WHEN coalesce(categories, 0) <= 20 THEN 'niche' WHEN recency IS NOT NULL THEN 'other' END AS user_class
FROM scores LEFT JOIN distinctive AS d USING (household_id) LEFT JOIN unusual AS u USING (household_id), bounds

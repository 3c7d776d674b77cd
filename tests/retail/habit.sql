-- tags/consumption/habit.yaml: when and where. Of values equally frequent the mode is the one whose last event is
-- latest.
WITH hours AS (
    SELECT household_id, hour(local_at) AS usual_hour FROM purchases WHERE within_days(instant, 365)
    GROUP BY household_id, usual_hour
    QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY count(*) DESC, max(place) DESC) = 1
),
weekdays AS (
    SELECT household_id, isodow(local_at) AS usual_weekday FROM purchases WHERE within_days(instant, 365)
    GROUP BY household_id, usual_weekday
    QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY count(*) DESC, max(place) DESC) = 1
),
store_weights AS (
    SELECT household_id, store_id, fsum(CAST(amount AS DOUBLE) * decay(instant, 180)) AS weight, max(place) AS latest
    FROM purchases GROUP BY ALL
),
stores AS (
    SELECT household_id, store_id AS main_store FROM store_weights WHERE weight > 0
    QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY weight DESC, latest DESC) = 1
),
shares AS (
    SELECT household_id,
           share(count(*) FILTER (isodow(local_at) >= 6), count(*)) AS weekend_share,
           count(DISTINCT store_id) AS stores_365d,
           share(coalesce(sum(amount) FILTER (store_id = main_store), 0), sum(amount)) AS main_store_share
    FROM purchases LEFT JOIN stores USING (household_id)
    WHERE within_days(instant, 365) GROUP BY household_id
)
SELECT household_id,
       usual_hour,
       CASE WHEN usual_hour IN (5, 6, 7, 8, 9, 10) THEN 'morning' WHEN usual_hour IN (11, 12, 13) THEN 'midday'
            WHEN usual_hour IN (14, 15, 16, 17) THEN 'afternoon' WHEN usual_hour IN (18, 19, 20, 21) THEN 'evening'
            WHEN usual_hour IS NOT NULL THEN 'night' END AS usual_day_part,
       usual_weekday,
       weekend_share,
       coalesce(stores_365d, 0) AS stores_365d,
       main_store,
       main_store_share
FROM households LEFT JOIN hours USING (household_id) LEFT JOIN weekdays USING (household_id)
LEFT JOIN stores USING (household_id) LEFT JOIN shares USING (household_id)

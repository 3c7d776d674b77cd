-- tags/consumption/preference.yaml: what. Fuel (which is under COUPON/MISC ITEMS, with gift cards, and under FUEL) is
-- neither a favourite category nor of a brand. A column TAG#weights is the sum of the weights of a weighted list.
WITH department_weights AS (
    SELECT household_id, department, fsum(CAST(amount AS DOUBLE) * decay(instant, 90)) AS weight, max(place) AS latest
    FROM purchases WHERE department IS NOT NULL GROUP BY ALL
),
departments AS (
    SELECT household_id, list(department ORDER BY round(weight, 9) DESC, latest DESC) AS names, fsum(weight) AS weights
    FROM (FROM department_weights WHERE weight > 0
          QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY round(weight, 9) DESC, latest DESC) <= 3)
    GROUP BY household_id
),
category_weights AS (
    SELECT household_id, category, fsum(CAST(amount AS DOUBLE) * decay(instant, 90)) AS weight, max(place) AS latest
    FROM purchases WHERE category NOT IN ('COUPON/MISC ITEMS', 'FUEL') GROUP BY ALL
),
categories AS (
    SELECT household_id, list(category ORDER BY round(weight, 9) DESC, latest DESC) AS names, fsum(weight) AS weights
    FROM (FROM category_weights WHERE weight > 0
          QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY round(weight, 9) DESC, latest DESC) <= 5)
    GROUP BY household_id
),
bought AS (
    SELECT household_id,
           count(DISTINCT category) FILTER (within_days(instant, 365)) AS categories_365d,
           count(*) FILTER (within_days(instant, 180) AND category IN
               ('BABY FOODS', 'BABYFOOD', 'DIAPERS & DISPOSABLES', 'INFANT FORMULA')) AS for_baby,
           count(*) FILTER (within_days(instant, 180) AND category IN
               ('DOG FOODS', 'CAT FOOD', 'CAT LITTER', 'PET CARE SUPPLIES')) AS for_pets,
           count(*) FILTER (within_days(instant, 365) AND category LIKE '%WINE%') AS wine,
           count(*) FILTER (within_days(instant, 90) AND product_type LIKE 'GASOLINE%') AS fuel,
           sum(amount) FILTER (within_days(instant, 365)) AS spend,
           coalesce(sum(amount) FILTER (within_days(instant, 365) AND department IN
               ('PRODUCE', 'MEAT', 'SEAFOOD', 'DELI', 'PASTRY', 'SALAD BAR', 'FLORAL')), 0) AS fresh,
           sum(amount) FILTER (within_days(instant, 365) AND category NOT IN ('COUPON/MISC ITEMS', 'FUEL')) AS goods,
           coalesce(sum(amount) FILTER (within_days(instant, 365) AND category NOT IN ('COUPON/MISC ITEMS', 'FUEL')
                                        AND brand = 'Private'), 0) AS own_brand
    FROM purchases GROUP BY household_id
)
SELECT household_id,
       coalesce(d.names, []) AS favourite_departments,
       coalesce(d.weights, 0) AS "favourite_departments#weights",
       coalesce(c.names, []) AS favourite_categories,
       coalesce(c.weights, 0) AS "favourite_categories#weights",
       d.names[1] AS main_department,
       coalesce(categories_365d, 0) AS categories_365d,
       coalesce(for_baby, 0) > 0 AS buys_for_baby,
       coalesce(for_pets, 0) > 0 AS has_pet,
       coalesce(wine, 0) > 0 AS buys_wine,
       coalesce(fuel, 0) > 0 AS buys_fuel,
       share(fresh, spend) AS fresh_share,
       CAST(coalesce(goods, 0) AS DECIMAL(18, 4)) AS goods_365d,
       share(own_brand, goods) AS private_label_share,
       CASE WHEN share(own_brand, goods) >= 0.31 THEN 'own_brand' WHEN share(own_brand, goods) >= 0.14 THEN 'mixed'
            WHEN goods > 0 THEN 'national_brand' END AS brand_leaning
FROM households LEFT JOIN departments AS d USING (household_id) LEFT JOIN categories AS c USING (household_id)
LEFT JOIN bought USING (household_id)

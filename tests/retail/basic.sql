-- tags/basic.yaml: what households said of themselves.
SELECT household_id,
       age AS age_band,
       income AS income_band,
       marital_status,
       home_ownership,
       household_size,
       kids_count,
       kids_count <> '0' AS has_kids,
       CASE WHEN income IN ('Under 15K', '15-24K', '25-34K') THEN 'low'
            WHEN income IN ('35-49K', '50-74K', '75-99K') THEN 'middle'
            WHEN income IS NOT NULL THEN 'high' END AS income_level,
       CASE WHEN kids_count <> '0' THEN 'with_kids'
            WHEN age < '35' AND household_size = '1' THEN 'young_single'
            WHEN age < '35' THEN 'young_couple'
            WHEN age < '55' THEN 'middle_aged'
            WHEN age IS NOT NULL THEN 'senior' END AS family_life_cycle
FROM households LEFT JOIN facts USING (household_id)

-- tags/promotion.yaml: discounts, campaigns, coupons. 60 days are 60 times 24 hours, whatever the clocks do.
WITH discounts AS (
    SELECT household_id, sum(discount) AS discount, sum(coupon_discount) AS coupon_savings,
           share(sum(discount), sum(discount) + sum(amount)) AS discount_share,
           share(count(*) FILTER (discount > 0), count(*)) AS deal_share
    FROM purchases WHERE within_days(instant, 365) GROUP BY household_id
),
coupons AS (
    SELECT household_id, count(*) AS redeemed FROM redemptions WHERE within_days(instant, 365) GROUP BY household_id
),
received AS (
    SELECT household_id, count(*) FILTER (within_days(instant, 365)) AS campaigns_received,
           last(campaign_type ORDER BY place) AS last_campaign_type
    FROM mailings GROUP BY household_id
),
responded AS (
    SELECT DISTINCT m.household_id FROM mailings AS m JOIN redemptions AS r USING (household_id)
    WHERE r.instant > m.instant AND r.instant <= m.instant + INTERVAL 1440 HOUR
),
shopped AS (
    SELECT m.household_id, m.instant AS mailed, min(p.instant) AS shopped
    FROM mailings AS m JOIN purchases AS p USING (household_id)
    WHERE p.instant > m.instant AND p.instant <= m.instant + INTERVAL 1440 HOUR GROUP BY ALL
),
redeemed_after AS (
    SELECT DISTINCT s.household_id FROM shopped AS s JOIN redemptions AS r USING (household_id)
    WHERE r.instant > s.shopped AND r.instant <= s.mailed + INTERVAL 1440 HOUR
),
steps AS (
    SELECT household_id,
           CASE WHEN household_id IN (SELECT household_id FROM redeemed_after) THEN 3
                WHEN household_id IN (SELECT household_id FROM shopped) THEN 2
                WHEN household_id IN (SELECT household_id FROM mailings) THEN 1 ELSE 0 END AS campaign_funnel
    FROM households
)
SELECT household_id,
       discount_share,
       deal_share,
       CAST(coalesce(coupon_savings, 0) AS DECIMAL(18, 4)) AS coupon_savings,
       coalesce(redeemed, 0) AS coupons_redeemed,
       coalesce(campaigns_received, 0) AS campaigns_received,
       last_campaign_type,
       household_id IN (SELECT household_id FROM responded) AS responded_to_campaign,
       campaign_funnel,
       share(coalesce(redeemed, 0), campaigns_received) AS coupons_per_campaign,
       CASE WHEN redeemed >= 5 THEN 'coupon_hunter' WHEN discount_share >= 0.19 OR deal_share >= 0.58 THEN 'high'
            WHEN discount_share >= 0.11 THEN 'middle' WHEN discount_share < 0.11 THEN 'low' END AS promotion_sensitivity
FROM households LEFT JOIN discounts USING (household_id) LEFT JOIN coupons USING (household_id)
LEFT JOIN received USING (household_id) LEFT JOIN steps USING (household_id)

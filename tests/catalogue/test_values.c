/* Templates of consumption, use and journey for two customers whose values are worked out by hand. It is midnight of
 * 1 January 2024. Ann bought three times, a month apart, after looking around; Bob once, without. */
#include "support/everything.h"
#include "support/test.h"

static const char orders[] = "who,at,number,amount,discount,category,brand,channel,payment,quantity\n"
                             "ann,2023-10-03 10:00:00,o1,100,0,tea,X,app,wechat,1\n"
                             "ann,2023-11-03 10:00:00,o2,50,10,tea,X,app,alipay,1\n"
                             "ann,2023-12-03 10:00:00,o3,50,0,nuts,Y,store,cash,1\n"
                             "bob,2023-12-30 20:00:00,o4,30,5,tea,X,store,cash,1\n";
static const char views[] = "who,at,action,category\n"
                            "ann,2023-12-01 10:00:00,view,nuts\n"
                            "ann,2023-12-02 10:00:00,view,tea\n"
                            "ann,2023-12-03 09:00:00,cart,nuts\n"
                            "ann,2023-12-20 12:00:00,search,\n";
static const char sources[] = "orders:\n  from: data/orders.csv\n  kind: event\n  time: at\n  customer: {who: who}\n"
                              "  columns: {number: text, amount: money, discount: money, category: category,\n"
                              "    brand: category, channel: category, payment: category, quantity: number}\n"
                              "views:\n  from: data/views.csv\n  kind: event\n  time: at\n  customer: {who: who}\n"
                              "  columns: {action: category, category: category}\n";

static const struct {
    const char *tag, *ann, *bob;
} expected[] = {
    {"recency", "29", "2"},
    {"life_cycle", "active", "active"},
    {"purchases_90d", "3", "1"}, /* 3 October, 10:00 is within 90 days */
    {"spend_90d", "200.00", "30.00"},
    {"order_value", "66.6667", "30.00"},
    {"purchase_cycle", "30.5", "\\N"}, /* 61 days, two gaps */
    {"purchase_frequency", "monthly", "\\N"},
    {"purchase_regularity", "1", "1"}, /* October to December; December */
    {"next_purchase", "2024-01-02", "\\N"},
    {"purchase_overdue", "false", "\\N"},
    {"main_brand", "X", "X"},
    {"brand_share", "0.75", "1"},
    {"brand_repeat_rate", "0.33333333333333337", "0"},
    {"brand_entropy", "0.636514168", "0"}, /* ln 3 - 2/3 ln 2 */
    {"brand_loyalty", "loyal", "new"},
    {"promotion_share", "0.25", "1"},
    {"discount_rate", "0.047619047619047616", "0.14285714285714285"}, /* 10 of 210, 5 of 35 */
    {"promotion_sensitivity", "low", "high"},
    {"price_position", "0.5", "0"},            /* tea 100, 50, 30: 1, 0.5, 0; nuts alone: 0 */
    {"distinctive_categories", "nuts", "\\N"}, /* everybody buys tea */
    {"main_channel", "app", "store"},
    {"online_share", "0.6666666666666666", "0"},
    {"shopping_mode", "both", "store"},
    {"payment_method", "cash", "cash"}, /* of equals the latest */
    {"purchase_time", "morning", "evening"},
    {"usual_weekday", "7", "6"},
    {"weekend_share", "0.3333333333333333", "1"}, /* 3 December was a Sunday, 30 December a Saturday */
    {"decision_cycle", "2", "\\N"},               /* nuts first seen on 1 December, 10:00 */
    {"views_before_purchase", "3", "0"},
    {"decision_mode", "habitual", "habitual"},
    {"conversion", "0.75", "\\N"}, /* three purchases, four days with visits */
    {"searches_30d", "1", "0"},
    {"journey_stage", "after_sales", "after_sales"},
    {"journey_steps", "3", "0"},
    {"retention", "0.5", "0.16666666666666666"},
    {"value_tier", "high", "low"},
    {"contribution", "0.8695652173913043", "0.13043478260869565"}, /* of 230 */
    {"stickiness", "0.1", "0"}, /* 2, 3, 20 December; the purchase of 30 December is no visit */
};

TEST(catalogue_values__are_those_worked_out_by_hand)
{
    const char *names[PT_COUNT(expected)];

    write_project_file("data/orders.csv", orders);
    write_project_file("data/views.csv", views);
    write_project_file("portrait.yaml", "name: two\nas_of: 2024-01-01\n");
    write_project_file("sources/s.yaml", sources);
    for (size_t i = 0; i < PT_COUNT(expected); i++)
        names[i] = expected[i].tag;
    add_templates(names, PT_COUNT(names));
    pt_app *app = build_project();
    for (size_t i = 0; i < PT_COUNT(expected); i++) {
        test_eq_str(__FILE__, __LINE__, expected[i].tag, value_of(app, "ann", expected[i].tag), expected[i].ann);
        test_eq_str(__FILE__, __LINE__, expected[i].tag, value_of(app, "bob", expected[i].tag), expected[i].bob);
    }
    pt_app_close(app);
}

/* Linking persons of real sets with the truth known: comparisons and rules of Splink's examples. */
#include "link/link.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "support/link_people.h"
#include "support/test.h"

static double day_of(void *ctx, pt_sv value)
{
    int32_t date;

    (void)ctx;
    return pt_date_parse(&date, value) ? (double)date : (double)NAN;
}

static const pt_link_derivation as_day = {.name = "day", .number = day_of};

enum { NAME_LEVELS = 4, DATE_LEVELS = 5 };

static void name_levels(pt_link_level *l, uint32_t column)
{
    l[0] = (pt_link_level){PT_LINK_SAME, column, 0, 0};
    l[1] = (pt_link_level){PT_LINK_JARO_WINKLER, column, 0, 0.92};
    l[2] = (pt_link_level){PT_LINK_JARO_WINKLER, column, 0, 0.88};
    l[3] = (pt_link_level){PT_LINK_JARO_WINKLER, column, 0, 0.7};
}

static void date_levels(pt_link_level *l, uint32_t text, uint32_t day)
{
    l[0] = (pt_link_level){PT_LINK_SAME, text, 0, 0};
    l[1] = (pt_link_level){PT_LINK_EDITS, text, 0, 1};
    l[2] = (pt_link_level){PT_LINK_WITHIN, day, 0, 30.4375};
    l[3] = (pt_link_level){PT_LINK_WITHIN, day, 0, 365.25};
    l[4] = (pt_link_level){PT_LINK_WITHIN, day, 0, 3652.5};
}

static void learn(pt_link_model *model, const pt_link_records *records, pt_link_blocks *training, pt_pool *pool)
{
    pt_link_training t = {.pool = pool, .seed = 1, .random_pairs = 2000000};
    pt_err err = {0};

    CHECK_INT(pt_link_check(model, records, &err), PT_OK);
    pt_link_preset(model);
    CHECK_INT(pt_link_learn_u(model, records, &t, &err), PT_OK);
    CHECK_INT(pt_link_learn_m(model, records, training, &t, &err), PT_OK);
}

TEST(link_people__of_fake_1000_are_found)
{
    link_people *p = link_people_read("fake_1000/fake_1000.csv");
    pt_link_table t = {.arena = p->arena};
    pt_pool *pool;
    pt_link_blocks *training, *blocks;
    pt_link_pair *pairs;
    size_t n;
    uint32_t first = link_people_column(&t, p, "first_name"), last = link_people_column(&t, p, "surname"),
             birth = link_people_column(&t, p, "dob"), city = link_people_column(&t, p, "city"),
             email = link_people_column(&t, p, "email"), day;

    link_people_truth(p, "cluster", NULL);
    CHECK_INT(pt_link_derive(&t, birth, &as_day, &day, NULL), PT_OK);
    CHECK_INT(pt_pool_new(&pool, 0, NULL), PT_OK);
    pt_link_level of_first[NAME_LEVELS], of_last[NAME_LEVELS], of_birth[DATE_LEVELS];
    name_levels(of_first, first);
    name_levels(of_last, last);
    date_levels(of_birth, birth, day);
    pt_link_level of_city[] = {{PT_LINK_SAME, city, 0, 0}, {PT_LINK_JARO_WINKLER, city, 0, 0.88}};
    pt_link_level of_email[] = {
        {PT_LINK_SAME, email, 0, 0}, {PT_LINK_JARO_WINKLER, email, 0, 0.92}, {PT_LINK_JARO_WINKLER, email, 0, 0.7}};
    pt_link_comparison comparisons[] = {{"first_name", first, of_first, NAME_LEVELS, true},
                                        {"surname", last, of_last, NAME_LEVELS, true},
                                        {"dob", birth, of_birth, DATE_LEVELS, false},
                                        {"city", city, of_city, PT_COUNT(of_city), true},
                                        {"email", email, of_email, PT_COUNT(of_email), false}};
    pt_link_model model = {.n_comparisons = PT_COUNT(comparisons), .comparisons = comparisons};
    uint32_t names[] = {first, last};
    pt_link_rule trained[] = {link_rule_of(&t, "names", names, NULL, 2), link_rule_of(&t, "dob", &birth, NULL, 1)};
    pt_link_rule sure[] = {link_rule_of(&t, "email", &email, NULL, 1)};
    uint32_t prefix[] = {3, 3};
    pt_link_rule rules[] = {link_rule_of(&t, "first", &first, NULL, 1), link_rule_of(&t, "last", &last, NULL, 1),
                            link_rule_of(&t, "dob", &birth, NULL, 1),   link_rule_of(&t, "email", &email, NULL, 1),
                            link_rule_of(&t, "city", &city, NULL, 1),   link_rule_of(&t, "prefixes", names, prefix, 2)};
    CHECK_INT(pt_link_blocks_new(&training, &t.records, trained, PT_COUNT(trained), 0, pool, NULL), PT_OK);
    CHECK_INT(pt_link_blocks_new(&blocks, &t.records, sure, 1, 0, pool, NULL), PT_OK);
    model.prior = pt_link_prior(pt_link_blocks_report(blocks, 0)->pairs, 0.7, p->n);
    pt_link_blocks_free(blocks);
    learn(&model, &t.records, training, pool);
    CHECK_INT(pt_link_blocks_new(&blocks, &t.records, rules, PT_COUNT(rules), 0, pool, NULL), PT_OK);
    CHECK_INT(pt_link_score(&pairs, &n, &model, &t.records, blocks, -10, pool, NULL), PT_OK);
    link_quality q = link_best_f1(p, pairs, n);
    if (getenv("LINK_SHOW")) {
        printf("prior %g, %zu pairs, best F1 %.4f P %.4f R %.4f at %.2f\n", model.prior, n, q.f1, q.precision, q.recall,
               q.at);
        for (double at = -2; at < 12; at += 1) {
            link_quality c = link_cluster_f1(p, pairs, n, at);
            printf("  at %.0f clusters F1 %.4f P %.4f R %.4f\n", at, c.f1, c.precision, c.recall);
        }
        for (size_t k = 0; k < model.n_comparisons; k++)
            for (uint32_t l = 0; l <= comparisons[k].n_levels; l++)
                printf("  %s %u m %.5f u %.6f w %.2f\n", comparisons[k].name, l, model.m[k][l], model.u[k][l],
                       log2(model.m[k][l] / model.u[k][l]));
    }
    CHECK(q.f1 > 0.8);
    free(pairs);
    pt_link_blocks_free(blocks);
    pt_link_blocks_free(training);
    pt_pool_free(pool);
    link_people_free(p);
}

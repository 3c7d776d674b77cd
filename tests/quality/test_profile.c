/* Measures against figures worked out by hand. */
#include <math.h>

#include "clean/clean.h"
#include "quality/quality.h"
#include "support/source.h"
#include "support/test.h"

static const pt_quality_column *column_of(const pt_quality_source *s, const char *name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    test_fail(__FILE__, __LINE__, "no column %s", name);
}

static void profile(pt_quality_source *out, test_project *t, const char *as_of)
{
    pt_err err = {0};
    pt_quality_context x = {.project = &t->project, .conn = t->store.conn, .arena = t->arena};

    CHECK_OK(pt_clean_prepare(t->store.conn, &err));
    CHECK_OK(pt_clean_source(&t->project, 0, x.as_of, t->store.conn, &err));
    CHECK(pt_instant_parse(&x.as_of, pt_sv_of(as_of), pt_zone_utc()));
    CHECK_OK(pt_quality_profile(out, &x, 0, &err));
}

static double measure(const pt_quality_source *s, const char *column, pt_measure m)
{
    return column_of(s, column)->measures[m];
}

static void open_orders(test_project *t)
{
    test_project_open(t);
    TEST_WRITE("orders.csv", "user,at,amount,n,day,channel,paid\n"
                             "u1,2024-01-01T00:00:00Z,10,1,2024-01-01,app,yes\n"
                             "u2,2024-01-02T00:00:00Z,20,,2024-01-03,app,no\n"
                             "u2,2024-01-03T00:00:00Z,30,3,,web,\n"
                             "u3,2024-01-04T00:00:00Z,40,8,2024-01-05,,yes\n"
                             "u4,2024-02-01T00:00:00Z,999,99,2024-02-01,late,yes\n");
    t->sources[0].time = "at";
    TEST_IDENTIFIERS(t, 0, "user_id user");
    TEST_COLUMNS(t, 0, "amount money", "n number", "day date", "channel category", "paid bool");
    test_read_ok(t, 0);
}

TEST(quality_profile__measures_are_those_of_a_person_with_a_pencil)
{
    test_project t;
    pt_quality_source s;

    open_orders(&t);
    profile(&s, &t, "2024-01-31"); /* the row of February does not count */
    CHECK_INT(s.rows, 4);
    CHECK_DOUBLE(measure(&s, "customer.user_id", PT_MEASURE_DISTINCT), 3);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_FILLED), 4);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_MIN), 10);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_MAX), 40);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_MEAN), 25);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_STDDEV), 12.9099444874); /* sqrt(500/3) */
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_P25), 10);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_MEDIAN), 20);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_P75), 30);
    CHECK_DOUBLE(measure(&s, "n", PT_MEASURE_FILLED), 3);
    CHECK_DOUBLE(measure(&s, "n", PT_MEASURE_MEDIAN), 3);
    CHECK_DOUBLE(measure(&s, "day", PT_MEASURE_MIN), 19723); /* 2024-01-01 */
    CHECK_DOUBLE(measure(&s, "day", PT_MEASURE_MAX), 19727);
    CHECK_DOUBLE(measure(&s, "time", PT_MEASURE_MAX), 19726.0 * 86400);
    CHECK_DOUBLE(measure(&s, "channel", PT_MEASURE_DISTINCT), 2);
    CHECK_DOUBLE(measure(&s, "channel", PT_MEASURE_LONGEST), 3);
    CHECK(isnan(measure(&s, "channel", PT_MEASURE_MEAN)));
    CHECK_DOUBLE(measure(&s, "paid", PT_MEASURE_MEAN), 0.666666666667);
    test_project_close(&t);
}

TEST(quality_profile__frequent_values_are_kept_unless_they_are_personal)
{
    test_project t;
    pt_quality_source s;

    open_orders(&t);
    profile(&s, &t, "2024-01-31");
    const pt_quality_column *channel = column_of(&s, "channel");
    CHECK_INT(channel->n_top, 2);
    CHECK_STR(channel->top[0].text, "app");
    CHECK_INT(channel->top[0].rows, 2);
    CHECK_STR(channel->top[1].text, "web");
    CHECK_INT(column_of(&s, "customer.user_id")->n_top, 0);
    test_project_close(&t);
}

TEST(quality_profile__a_source_without_rows_has_no_measures)
{
    test_project t;
    pt_quality_source s;

    open_orders(&t);
    profile(&s, &t, "2020-01-01");
    CHECK_INT(s.rows, 0);
    CHECK_DOUBLE(measure(&s, "amount", PT_MEASURE_FILLED), 0);
    CHECK(isnan(measure(&s, "amount", PT_MEASURE_MEAN)));
    test_project_close(&t);
}

TEST(quality_profile__every_measure_has_a_name_of_its_own)
{
    for (int m = 0; m < PT_MEASURE_COUNT; m++) {
        pt_measure back;
        CHECK(pt_measure_name((pt_measure)m));
        CHECK(pt_measure_parse(&back, pt_sv_of(pt_measure_name((pt_measure)m))) && (int)back == m);
    }
}

/* What show, tags and explain say, held against the columns and against evaluation at other instants. */
#include <math.h>

#include "app/app_int.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

/* --- distributions --------------------------------------------------------------------------------------------------- */

static void check_bars(const pt_distribution *d, pt_type type)
{
    uint64_t n = d->others;

    for (size_t i = 0; i < d->n_bars; i++) {
        n += d->bars[i].count;
        CHECK(d->bars[i].text.ptr || d->bars[i].low <= d->bars[i].high);
        CHECK(d->bars[i].text.ptr || i == 0 || d->bars[i - 1].high <= d->bars[i].low);
    }
    if (!pt_type_is_list(type)) /* of lists, items are counted */
        CHECK_INT(n, d->known);
    if (d->ordered) {
        CHECK(d->min <= d->p25 && d->p25 <= d->median && d->median <= d->p75 && d->p75 <= d->max);
        CHECK(d->min <= d->mean && d->mean <= d->max);
    }
}

TEST(app_distribution__every_customer_is_in_one_bar)
{
    pt_app *app = shop_open(150);
    const pt_project *p = pt_app_project(app);
    pt_coverage coverage;
    pt_distribution d;

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    CHECK_OK(pt_app_coverage(&coverage, app, shop_arena(), &err));
    for (uint32_t t = 0; t < p->n_tags; t++) {
        const pt_column *c;
        uint64_t known = 0;
        CHECK_OK(pt_app_distribution(&d, app, t, shop_arena(), &err));
        CHECK_OK(pt_view_column(&c, v, t, &err));
        for (uint32_t o = 0; o < v->n_ordinals; o++)
            known += pt_is_customer(v->directory, o) && !pt_column_missing(c, o);
        CHECK_INT(d.known, known);
        CHECK_INT(coverage.known[t], known);
        CHECK_INT(d.customers, coverage.customers);
        check_bars(&d, p->module->types[t]);
    }
    pt_app_close(app);
}

/* --- lineage --------------------------------------------------------------------------------------------------------- */

static bool uses(const pt_lineage *l, pt_app *app, const char *source, const char *column)
{
    const pt_project *p = pt_app_project(app);

    for (size_t i = 0; i < l->n_columns; i++) {
        const pt_source *s = &p->sources[l->columns[i].source];
        int32_t c = l->columns[i].column;
        if (strcmp(s->name, source) == 0 && strcmp(c < 0 ? "time" : s->columns[c].name, column) == 0)
            return true;
    }
    return false;
}

TEST(app_lineage__goes_down_to_columns_and_up_to_users)
{
    pt_app *app = shop_open(1);
    const pt_project *p = pt_app_project(app);
    pt_lineage l;

    CHECK_OK(pt_lineage_of(&l, p, (int)shop_tag(app, "life_cycle"), NULL, shop_arena(), &err));
    CHECK_INT(l.n_tags, 1);
    CHECK_INT(l.tags[0], shop_tag(app, "recency"));
    CHECK(l.direct[0] && !l.queries && uses(&l, app, "orders", "time") && !uses(&l, app, "orders", "amount"));
    CHECK_OK(pt_lineage_of(&l, p, (int)shop_tag(app, "近期活跃"), NULL, shop_arena(), &err));
    CHECK(uses(&l, app, "orders", "time") && uses(&l, app, "visits", "time"));
    CHECK_OK(pt_lineage_of(&l, p, (int)shop_tag(app, "top_spender"), NULL, shop_arena(), &err));
    CHECK(l.queries && l.n_columns == 0);
    CHECK_OK(pt_lineage_of(&l, p, (int)shop_tag(app, "recency"), NULL, shop_arena(), &err));
    CHECK_INT(l.n_used_by, 2);
    CHECK_INT(l.used_by[0] + l.used_by[1], shop_tag(app, "life_cycle") + shop_tag(app, "recency_score"));
    CHECK_OK(pt_lineage_of(&l, p, (int)shop_tag(app, "big_orders"), NULL, shop_arena(), &err));
    CHECK_INT(l.n_tags, 1); /* by its mean over all customers */
    CHECK_INT(l.tags[0], shop_tag(app, "avg_basket"));
    pt_app_close(app);
}

/* --- explanations ---------------------------------------------------------------------------------------------------- */

/* The tag's value at an instant when nothing happens after `until`: the shop has no events later than it. */
static const char *value_at(pt_app *app, pt_sv id, uint32_t tag, int64_t instant)
{
    pt_profile_options options = {.has_as_of = true, .as_of = instant};
    const pt_profile *profile;

    CHECK_OK(pt_app_profile(&profile, app, id, &options, shop_arena(), &err));
    return shop_value(pt_app_project(app), &profile->values[tag], 0);
}

static const pt_explanation *explain(pt_app *app, const char *what, pt_sv customer)
{
    pt_explain_options options = {
        .customer = customer, .has_as_of = true, .as_of = INT64_C(1501516800000000)}; /* 2017-08 */
    const pt_explanation *x;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_explain(&x, app, pt_sv_of(what), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return x;
}

/* The instant told is the first at which the value differs, and the value told is the one it takes. */
TEST(app_forecast__tells_when_a_value_changes_by_time_alone)
{
    static const char *const tags[] = {"orders_90d", "recency", "life_cycle", "近期活跃",
                                       "spend_90d",  "age",     "group_ab"};
    pt_app *app = shop_open(60);
    size_t changes = 0;

    shop_build(app, 2, "2017-08-01");
    pt_view *v = shop_view(app);
    for (uint32_t o = 0; o < v->n_ordinals; o += 3)
        for (size_t i = 0; i < PT_COUNT(tags); i++) {
            if (!pt_is_customer(v->directory, o))
                continue;
            pt_sv id = pt_directory_id(v->directory, o);
            uint32_t tag = shop_tag(app, tags[i]);
            const pt_explanation *x = explain(app, tags[i], id);
            const pt_finding *f = &x->findings[0];
            CHECK_STR(shop_value(v->project, &f->value, 0), value_at(app, id, tag, x->as_of));
            if (f->next_change == INT64_MAX) {
                CHECK_STR(value_at(app, id, tag, x->as_of + 400 * PT_DAY), shop_value(v->project, &f->value, 0));
                continue;
            }
            changes++;
            CHECK_STR(value_at(app, id, tag, f->next_change - 1), shop_value(v->project, &f->value, 0));
            CHECK_STR(value_at(app, id, tag, f->next_change), shop_value(v->project, &f->next_value, 0));
            CHECK(strcmp(shop_value(v->project, &f->value, 0), shop_value(v->project, &f->next_value, 0)) != 0);
        }
    CHECK(changes > 20);
    pt_app_close(app);
}

TEST(app_explain__proofs_add_up)
{
    pt_app *app = shop_open(80);
    uint32_t shown = 0;

    shop_build(app, 2, "2017-08-01");
    pt_view *v = shop_view(app);
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!pt_is_customer(v->directory, o))
            continue;
        const pt_explanation *x = explain(app, "count(orders) + count(visits)", pt_directory_id(v->directory, o));
        CHECK_INT(x->n_findings, 1);
        CHECK_INT(x->findings[0].n_proofs, 2);
        double n = 0;
        for (size_t i = 0; i < 2; i++) {
            const pt_proof *proof = &x->findings[0].proofs[i];
            n += (double)proof->n_events;
            CHECK(proof->n_shown == (proof->n_events < PT_PROOF_EVENTS ? proof->n_events : PT_PROOF_EVENTS));
            for (size_t k = 1; k < proof->n_shown; k++)
                CHECK(proof->times[k - 1] <= proof->times[k]);
            shown += (uint32_t)proof->n_shown;
        }
        CHECK_DOUBLE(((const double *)x->findings[0].value.data)[0], n);
    }
    CHECK(shown > 100);
    pt_app_close(app);
}

TEST(app_explain__problems_of_an_expression_are_told)
{
    pt_app *app = shop_open(1);
    pt_explain_options options = {0};
    const pt_explanation *x;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    CHECK_INT(pt_app_explain(&x, app, PT_SV("count(ordres) > 1"), &options, &diags, shop_arena(), &err), PT_EINVAL);
    CHECK_INT(diags.errors, 1);
    pt_diags_free(&diags);
    pt_app_close(app);
}

TEST(app_explain__error_codes)
{
    CHECK(pt_app_diag_info(PT_SV("E0301")) && pt_app_diag_info(PT_SV("301")) == pt_app_diag_info(PT_SV("e0301")));
    CHECK(!pt_app_diag_info(PT_SV("E9999")) && !pt_app_diag_info(PT_SV("E")) && !pt_app_diag_info(PT_SV("")));
}

/* --- finding customers ------------------------------------------------------------------------------------------------- */

TEST(app_view__a_customer_is_found_by_id_and_by_every_identifier)
{
    pt_app *app = shop_open(50);
    uint32_t found, type;
    pt_sv value;

    shop_build(app, 1, NULL);
    pt_view *v = shop_view(app);
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!pt_is_customer(v->directory, o))
            continue;
        CHECK_OK(pt_view_find(&found, v, pt_directory_id(v->directory, o), &err));
        CHECK_INT(found, o);
        for (uint32_t k = 0; pt_directory_identifier(v->directory, o, k, &type, &value); k++) {
            const char *typed = pt_arena_printf(shop_arena(), " %s:%.*s", pt_directory_type_name(v->directory, type),
                                                (int)value.len, value.ptr);
            CHECK_OK(pt_view_find(&found, v, pt_sv_of(typed), &err));
            CHECK_INT(found, o);
        }
    }
    CHECK_OK(pt_view_find(&found, v, PT_SV("phone:139 0000-7919"), &err)); /* in its normal form */
    CHECK_INT(pt_view_find(&found, v, PT_SV(""), &err), PT_ENOTFOUND);
    CHECK_INT(pt_view_find(&found, v, PT_SV("phone:"), &err), PT_ENOTFOUND);
    CHECK_INT(pt_view_find(&found, v, PT_SV("phone:13800000000"), &err), PT_ENOTFOUND); /* blocked */
    pt_app_close(app);
}

TEST(app_view__a_project_that_has_changed_since_is_noticed)
{
    pt_app *app = shop_open(5);
    pt_view *v;

    shop_build(app, 1, NULL);
    pt_app_close(app);
    shop_shell("sed -i 's/seconds: number/seconds: text/' shop/sources/all.yaml");
    shop_shell("sed -i '/seconds_total/d' shop/tags/person.yaml");
    app = shop_open_again();
    CHECK_OK(pt_app_view(&v, app, &err)); /* tags can still be read */
    CHECK_INT(pt_view_timelines(v, &err), PT_EINVAL);
    CHECK(strstr(err.hint, "portrait build"));
    pt_app_close(app);
}

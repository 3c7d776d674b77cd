/* What is told of a tag's value beside it: how sure it is, since when it is kept, the statistics of the base it uses. */
#include "app/confidence.h"
#include "app/why.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static double number_of(const pt_profile *p, uint32_t tag)
{
    return ((const double *)p->values[tag].data)[0];
}

static bool missing(const pt_profile *p, uint32_t tag)
{
    return pt_column_missing(&p->values[tag], 0);
}

static const pt_explanation *explain(pt_app *app, const char *what, pt_sv customer)
{
    pt_explain_options options = {.customer = customer};
    const pt_explanation *x;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_explain(&x, app, pt_sv_of(what), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return x;
}

static void check_confidences(pt_app *app, const pt_profile *p, const double *c, size_t *seen)
{
    uint32_t spend = shop_tag(app, "spend"), mood = shop_tag(app, "mood"), city = shop_tag(app, "city");
    uint32_t cycle = shop_tag(app, "life_cycle"), all = shop_tag(app, "orders_all");
    double orders = number_of(p, all);

    CHECK(c[all] == orders / (orders + 1));
    CHECK(c[spend] <= c[all]); /* orders without an amount do not count */
    CHECK(missing(p, city) ? isnan(c[city]) : c[city] == 1);
    CHECK(missing(p, mood) ? isnan(c[mood]) : c[mood] == (orders > 3 ? 0.9 : 1)); /* 2 is cut */
    CHECK(missing(p, cycle) ? isnan(c[cycle]) : c[cycle] == 0.5);                 /* recency: one order counts */
    *seen += !missing(p, mood) + !missing(p, cycle);
}

TEST(app_confidence__follows_from_origin_and_evidence)
{
    pt_app *app = shop_open(80);
    pt_profile_options options = {0};
    const pt_profile *profile;
    pt_whys whys;
    size_t seen = 0;

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    for (uint32_t o = 0; o < v->n_ordinals; o += 2) {
        if (!pt_is_customer(v->directory, o))
            continue;
        CHECK_OK(pt_app_profile(&profile, app, pt_directory_id(v->directory, o), &options, shop_arena(), &err));
        CHECK_OK(pt_app_why(&whys, app, profile, shop_arena(), &err));
        check_confidences(app, profile, whys.confidence, &seen);
    }
    CHECK(seen > 20);
    pt_app_close(app);
}

TEST(app_confidence__sources_that_are_trusted_less_weigh_it_down)
{
    pt_app *app = shop_open(20);
    pt_profile_options options = {0};
    const pt_profile *profile;
    pt_whys whys;
    size_t seen = 0;

    pt_app_close(app);
    shop_shell("sed -i 's/^members:/members:\\n  trust: 0.4/' shop/sources/all.yaml");
    app = shop_open_again();
    shop_build(app, 1, NULL);
    pt_view *v = shop_view(app);
    uint32_t city = shop_tag(app, "city");
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!pt_is_customer(v->directory, o))
            continue;
        CHECK_OK(pt_app_profile(&profile, app, pt_directory_id(v->directory, o), &options, shop_arena(), &err));
        CHECK_OK(pt_app_why(&whys, app, profile, shop_arena(), &err));
        CHECK(missing(profile, city) || whys.confidence[city] == 0.4);
        seen += !missing(profile, city);
    }
    CHECK(seen > 5);
    pt_app_close(app);
}

/* A kept value is the tag's own at the instant that is told. */
TEST(app_explain__says_since_when_a_value_is_kept)
{
    pt_app *app = shop_open(80);
    size_t kept = 0;

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    uint32_t tag = shop_tag(app, "quiet_basket");
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!pt_is_customer(v->directory, o))
            continue;
        pt_sv id = pt_directory_id(v->directory, o);
        const pt_finding *f = &explain(app, "quiet_basket", id)->findings[0];
        if (f->kept_from == PT_I64_MISSING)
            continue;
        pt_profile_options then = {.has_as_of = true, .as_of = f->kept_from};
        const pt_profile *past;
        CHECK_OK(pt_app_profile(&past, app, id, &then, shop_arena(), &err));
        CHECK_STR(shop_value(v->project, &f->value, 0), shop_value(v->project, &past->values[tag], 0));
        CHECK(explain(app, "avg(orders.amount within 20d)", id)->findings[0].proofs[0].n_events == 0);
        CHECK(f->confidence > 0);
        kept++;
    }
    CHECK(kept > 5);
    pt_app_close(app);
}

/* What the build kept, and what it did not need, worked out now: the same figures. */
TEST(app_explain__shows_the_statistics_of_the_base)
{
    pt_app *app = shop_open(60);
    const pt_explanation *x;
    const pt_column *column;
    pt_base_value mean;

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    x = explain(app, "spend_score", (pt_sv){NULL, 0});
    CHECK_INT(x->n_constants, 4);
    CHECK_INT(x->built_as_of, v->as_of);
    x = explain(app, "base_mean(distinct_skus) + base_quantile(recency, 0.2)", (pt_sv){NULL, 0});
    CHECK_INT(x->n_constants, 2);
    CHECK(!pt_base_find(&v->base.set, x->constants[0].node)); /* no tag asks for it */
    mean.node = x->constants[0].node;
    CHECK_OK(pt_view_column(&column, v, shop_tag(app, "distinct_skus"), &err));
    CHECK_OK(pt_base_compute(&mean, 1, column, v->n_ordinals, shop_arena(), &err));
    CHECK(*(const double *)mean.value.data == *(const double *)x->constants[0].value.data);
    pt_app_close(app);
}

TEST(app_base__a_file_that_was_touched_is_refused)
{
    pt_app *app = shop_open(20);
    const pt_base_set *set;
    pt_base_file file;
    pt_str text = {0};

    shop_build(app, 1, NULL);
    pt_view *v = shop_view(app);
    CHECK_OK(pt_view_base(&set, v, NULL, shop_arena(), &err));
    pt_base_write(&text, set, v->project, v->as_of);
    CHECK_OK(pt_base_read(&file, (pt_sv){text.ptr, text.len}, v->project, shop_arena(), &err));
    CHECK_INT(file.set.n, set->n);
    CHECK_INT(file.as_of, v->as_of);
    for (size_t i = 0; i < set->n; i++)
        CHECK_STR(shop_value(v->project, pt_base_find(&file.set, set->items[i].node), 0),
                  shop_value(v->project, &set->items[i].value, 0));
    for (size_t cut = 0; cut < text.len; cut += 7) /* ended early, or one byte another */
        CHECK_INT(pt_base_read(&file, (pt_sv){text.ptr, cut ? cut : 1}, v->project, shop_arena(), &err), PT_ECORRUPT);
    for (size_t at = 0; at < text.len; at += 5) {
        text.ptr[at] ^= 1;
        CHECK_INT(pt_base_read(&file, (pt_sv){text.ptr, text.len}, v->project, shop_arena(), &err), PT_ECORRUPT);
        text.ptr[at] ^= 1;
    }
    pt_str_free(&text);
    pt_app_close(app);
}

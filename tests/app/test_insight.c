/* Insight against people whom the test makes up and counts one by one. */
#include "app/insight.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "base/io.h"
#include "base/rng.h"
#include "segment/interaction.h"
#include "support/shop.h"
#include "support/test.h"

enum { PEOPLE = 6000, CITIES = 6, LIKES = 5, LEAST = 20 };

typedef struct person {
    int city;       /* -1: missing */
    double score;   /* NaN: missing; more different ones than codes */
    int visits;     /* 0..9 */
    int64_t spend;  /* in hundredths; -1: missing; more different ones than codes */
    int32_t born;   /* days */
    unsigned likes; /* a bit each */
    int vip;        /* 0, 1; 2 missing */
} person;

static person people[PEOPLE];
static pt_err err;

static const char yaml[] = "name: people\ntime_zone: UTC\ncurrency: CNY\nas_of: 2025-01-01\nprivacy: {min_group: 20}\n"
                           "card: [visits]\n";
static const char sources[] =
    "people:\n  from: people.csv\n  kind: record\n  customer: {user_id: id}\n"
    "  columns: {city: category, score: number, visits: number, spend: money, born: date, likes: list, vip: bool,\n"
    "            same: category, none: category, secret: {type: category, from: city}}\n";
static const char tags[] = "city: people.city\nscore: people.score\nvisits: people.visits\nspend: people.spend\n"
                           "born: people.born\nlikes: people.likes\nvip: people.vip\nsame: people.same\n"
                           "none: people.none\nvisits_twice: visits * 2\n"
                           "often: {tiers: {rarely: visits < 2, sometimes: visits < 6, often: visits >= 6}}\n"
                           "secret: {value: people.secret, sensitivity: sensitive}\n";

/* --- the people ------------------------------------------------------------------------------------------------------------- */

static void make_up(void)
{
    pt_rng r;

    pt_rng_seed(&r, 3);
    for (size_t i = 0; i < PEOPLE; i++) {
        person *p = &people[i];
        double u = pt_rng_double(&r);
        *p = (person){.vip = pt_rng_below(&r, 20) ? pt_rng_double(&r) < 0.15 : 2};
        p->city = pt_rng_below(&r, 10) ? (int)(u * u * u * CITIES) : -1; /* the last ones are few */
        for (unsigned l = 0; l < LIKES; l++)
            p->likes |= (unsigned)(pt_rng_below(&r, l + 2) == 0) << l;
        if (p->vip == 0 && p->city == 1 && (p->likes & 4)) /* what city and likes do only together */
            p->vip = pt_rng_below(&r, 3) > 0;
        p->visits = (int)pt_rng_below(&r, p->vip == 1 ? 10 : 5);
        p->score = pt_rng_below(&r, 15) ? (double)pt_rng_below(&r, 1000000) / 1000 + (p->vip == 1 ? 150 : 0) : NAN;
        p->spend = pt_rng_below(&r, 8) ? (int64_t)pt_rng_below(&r, 3) * (int64_t)pt_rng_below(&r, 900000) : -1;
        p->born = (int32_t)pt_rng_below(&r, 15000);
    }
}

static void add_line(pt_str *out, size_t i)
{
    const person *p = &people[i];
    char born[32], number[32];

    pt_str_addf(out, "p%zu,", i);
    if (p->city >= 0)
        pt_str_addf(out, "c%d", p->city);
    number[0] = '\0';
    if (!isnan(p->score))
        pt_format_double(number, p->score);
    pt_str_addf(out, ",%s,%d,", number, p->visits);
    if (p->spend >= 0)
        pt_str_addf(out, "%lld.%02d", (long long)p->spend / 100, (int)(p->spend % 100));
    pt_str_addf(out, ",%s,", pt_date_format(born, p->born));
    for (unsigned l = 0; l < LIKES; l++)
        if (p->likes >> l & 1)
            pt_str_addf(out, "%sl%u", p->likes & ((1U << l) - 1) ? "|" : "", l);
    pt_str_addf(out, ",%s,one,\n", p->vip == 2 ? "" : p->vip ? "true" : "false");
}

static void write(const char *folder, const char *name, const char *text)
{
    const char *path = pt_path_join(shop_arena(), folder, name);

    CHECK_OK(pt_write_file(path, text, strlen(text), &err));
}

static pt_app *crowd(void)
{
    const char *folder = pt_path_join(shop_arena(), test_dir(), "people");
    pt_str csv = {0};
    pt_app *app;

    make_up();
    pt_str_add(&csv, "id,city,score,visits,spend,born,likes,vip,same,none\n");
    for (size_t i = 0; i < PEOPLE; i++)
        add_line(&csv, i);
    shop_shell("mkdir -p people/sources people/tags");
    write(folder, "portrait.yaml", yaml);
    write(folder, "sources/all.yaml", sources);
    write(folder, "tags/all.yaml", tags);
    write(folder, "people.csv", pt_str_cstr(&csv));
    pt_str_free(&csv);
    CHECK_OK(pt_app_open(&app, folder, &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    shop_build(app, 2, NULL);
    return app;
}

/* --- asking ----------------------------------------------------------------------------------------------------------------- */

static pt_insight ask_with(pt_app *app, const char *condition, pt_insight_options options)
{
    pt_diags diags;
    pt_insight x;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_insight(&x, app, pt_sv_of(condition), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return x;
}

static pt_insight ask(pt_app *app, const char *condition, const char *vs)
{
    return ask_with(app, condition, (pt_insight_options){.vs = pt_sv_of(vs), .by = -1});
}

static const pt_insight_tag *tag_of(pt_app *app, const pt_insight *x, const char *name)
{
    for (size_t i = 0; i < x->n_tags; i++)
        if (strcmp(pt_app_project(app)->tags[x->tags[i].tag].name, name) == 0)
            return &x->tags[i];
    test_fail(__FILE__, __LINE__, "no tag %s", name);
    return NULL;
}

static uint32_t number_of(pt_app *app, const char *name)
{
    return (uint32_t)pt_project_find_tag(pt_app_project(app), pt_sv_of(name));
}

/* --- counting one by one ---------------------------------------------------------------------------------------------------- */

typedef bool belongs(const person *p);

static bool is_vip(const person *p)
{
    return p->vip == 1;
}

static bool in_city_one(const person *p)
{
    return p->city == 1;
}

static bool visits_often(const person *p)
{
    return p->visits >= 4;
}

static bool scores_low(const person *p)
{
    return p->score < 200;
}

static bool anybody(const person *p)
{
    return p != NULL;
}

/* The values of a person for a tag, as numbers; how many. */
static size_t values_of(double out[LIKES], const person *p, const char *tag)
{
    size_t n = 0;

    if (strcmp(tag, "likes") == 0) {
        for (unsigned l = 0; l < LIKES; l++)
            if (p->likes >> l & 1)
                out[n++] = l;
        return n;
    }
    out[0] = NAN;
    if (strcmp(tag, "city") == 0 && p->city >= 0)
        out[0] = p->city;
    else if (strcmp(tag, "score") == 0)
        out[0] = p->score;
    else if (strcmp(tag, "visits") == 0)
        out[0] = p->visits;
    else if (strcmp(tag, "spend") == 0 && p->spend >= 0)
        out[0] = (double)(p->spend * (PT_MONEY_UNIT / 100));
    else if (strcmp(tag, "born") == 0)
        out[0] = p->born;
    else if (strcmp(tag, "vip") == 0 && p->vip < 2)
        out[0] = p->vip;
    return !isnan(out[0]);
}

static bool has_value(double have, const pt_insight_value *v)
{
    if (v->text.ptr)
        return v->text.len > 2 ? have == (v->text.ptr[0] == 't') : have == v->text.ptr[1] - '0';
    return have >= v->low && (v->closed ? have <= v->high : have < v->high);
}

static uint64_t count_value(const char *tag, const pt_insight_value *v, belongs *in, belongs *out)
{
    uint64_t n = 0;

    for (size_t i = 0; i < PEOPLE; i++) {
        double have[LIKES];
        size_t k = in(&people[i]) && !(out && out(&people[i])) ? values_of(have, &people[i], tag) : 0;
        for (size_t j = 0; j < k; j++)
            n += has_value(have[j], v);
    }
    return n;
}

static double *list_values(size_t *n, const char *tag, belongs *in, belongs *out)
{
    double *values = malloc(PEOPLE * sizeof *values), have[LIKES];

    *n = 0;
    for (size_t i = 0; i < PEOPLE; i++)
        if (in(&people[i]) && !(out && out(&people[i])) && values_of(have, &people[i], tag))
            values[(*n)++] = have[0];
    qsort(values, *n, sizeof *values, pt_compare_doubles);
    return values;
}

static void check_figures(const pt_insight_figures *f, const char *tag, belongs *in, belongs *out)
{
    static const double at[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    double got[] = {f->p5, f->p25, f->median, f->p75, f->p95};
    size_t n;
    double *values = list_values(&n, tag, in, out), sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - sum / (double)n) * (values[i] - sum / (double)n);
    CHECK_INT(f->known, n);
    CHECK(fabs(f->mean - sum / (double)n) <= 1e-9 * fabs(f->mean));
    CHECK(fabs(f->deviation - sqrt(squares / (double)(n - 1))) <= 1e-9 * f->deviation);
    for (size_t q = 0; q < PT_COUNT(at); q++)
        if (!isnan(got[q]) && got[q] != values[(size_t)ceil(at[q] * (double)n - 1e-9) - 1])
            test_fail(__FILE__, __LINE__, "%s: quantile %zu is %.17g", tag, q, got[q]);
    CHECK(n < 200 || !isnan(f->p5));
    free(values);
}

/* Cliff's delta is that of a definition: pair by pair. Interval codes tie neighbours: hardly anything at this size. */
static void check_delta(const pt_insight_tag *t, const char *tag, belongs *in, belongs *rest, belongs *not_rest)
{
    size_t na, nb, below = 0, upto = 0;
    double *a = list_values(&na, tag, in, NULL), *b = list_values(&nb, tag, rest, not_rest), wins = 0;

    for (size_t i = 0; i < na; i++) {
        while (below < nb && b[below] < a[i])
            below++;
        while (upto < nb && b[upto] <= a[i])
            upto++;
        wins += (double)below + (double)(upto - below) / 2;
    }
    CHECK(fabs(t->effect.superiority - wins / (double)na / (double)nb) < 1.0 / 4095);
    free(a);
    free(b);
}

static void check_tag(pt_app *app, const pt_insight *x, const char *tag, belongs *in, belongs *base)
{
    const pt_insight_tag *t = tag_of(app, x, tag);
    uint64_t sum = 0, base_sum = 0;

    CHECK_INT(t->state, PT_INSIGHT_TOLD);
    for (size_t v = 0; v < t->n_values; v++) {
        const pt_contrast *c = &t->values[v].contrast;
        uint64_t with = count_value(tag, &t->values[v], in, NULL);
        uint64_t base_with = count_value(tag, &t->values[v], base, x->versus ? in : NULL);
        uint64_t rest = x->versus ? base_with : base_with - with;
        if (c->with != with || c->base_with != base_with)
            test_fail(__FILE__, __LINE__, "%s, value %zu: %llu of %llu, not %llu of %llu", tag, v,
                      (unsigned long long)c->with, (unsigned long long)c->base_with, (unsigned long long)with,
                      (unsigned long long)base_with);
        CHECK_INT(c->members, t->known);
        CHECK_INT(c->base, t->base_known);
        CHECK((with == 0 || with >= LEAST) && (rest == 0 || rest >= LEAST));
        sum += with;
        base_sum += base_with;
    }
    if (strcmp(tag, "likes") != 0) { /* what is hidden is not one value alone, and not of few customers */
        uint64_t hidden = t->known - sum, base_hidden = t->base_known - base_sum;
        CHECK(t->hidden != 1 || t->n_values == 0);
        CHECK(t->hidden > 0 || t->n_values == 0 || (hidden == 0 && base_hidden == 0));
        CHECK(hidden == 0 || hidden >= LEAST || t->n_values == 0);
    }
    if (t->ordered) {
        check_figures(&t->segment, tag, in, NULL);
        check_figures(&t->base, tag, base, x->versus ? in : NULL);
        check_delta(t, tag, in, base, in);
    }
}

/* --- tests ------------------------------------------------------------------------------------------------------------------ */

TEST(app_insight__counts_are_those_of_counting_one_by_one)
{
    static const char *const names[] = {"city", "score", "visits", "spend", "born", "likes", "vip"};
    static const struct {
        const char *condition, *vs;
        belongs *in, *base;
    } cases[] = {
        {"vip", "", is_vip, anybody},
        {"city = 'c1'", "", in_city_one, anybody},
        {"visits >= 4", "", visits_often, anybody},
        {"score < 200", "", scores_low, anybody},
        {"visits >= 4", "city = 'c1'", visits_often, in_city_one},
        {"vip", "score < 200", is_vip, scores_low},
    };
    pt_app *app = crowd();

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_insight x = ask(app, cases[i].condition, cases[i].vs);
        uint64_t members = 0, base = 0;
        for (size_t k = 0; k < PEOPLE; k++) {
            members += cases[i].in(&people[k]);
            base += cases[i].base(&people[k]) && !(x.versus && cases[i].in(&people[k]));
        }
        CHECK_INT(x.members, members);
        CHECK_INT(x.base, base);
        CHECK_INT(x.customers, PEOPLE);
        for (size_t t = 0; t < PT_COUNT(names); t++)
            if (tag_of(app, &x, names[t])->state == PT_INSIGHT_TOLD)
                check_tag(app, &x, names[t], cases[i].in, cases[i].base);
    }
    pt_app_close(app);
}

TEST(app_insight__tells_what_sets_vips_apart_and_not_that_they_are_vips)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "vip", "");

    CHECK(tag_of(app, &x, "vip")->definition && !tag_of(app, &x, "visits")->definition);
    CHECK(x.n_headline >= 2);
    for (size_t i = 0; i < x.n_headline; i++) {
        const pt_insight_tag *t = &x.tags[x.headline[i].tag];
        CHECK(!t->definition && t->values[x.headline[i].value].contrast.q < 0.05);
        for (size_t k = 0; k < i; k++)
            CHECK(x.headline[k].tag != x.headline[i].tag);
    }
    /* They were made to visit twice as often: nobody else comes more than four times. */
    const char *first = pt_app_project(app)->tags[x.tags[x.headline[0].tag].tag].name;
    CHECK(strncmp(first, "visits", 6) == 0 || strcmp(first, "often") == 0);
    CHECK(tag_of(app, &x, "visits")->effect.d > 1);
    x = ask(app, "visits_twice >= 8", ""); /* what it is made of, and what is made of that */
    CHECK(tag_of(app, &x, "visits")->definition && tag_of(app, &x, "often")->definition);
    CHECK(!tag_of(app, &x, "vip")->definition);
    x = ask(app, "people.visits >= 4", "");
    CHECK(tag_of(app, &x, "visits")->definition); /* word for word what the tag is */
    pt_app_close(app);
}

/* How many of `in` have both values, of those of whom both are known. */
static pt_pair_counts count_pair(pt_app *app, const pt_insight *x, const pt_insight_pair *pair, belongs *in)
{
    const pt_insight_line *lines[] = {&pair->a, &pair->b};
    pt_pair_counts c = {0};

    for (size_t i = 0; i < PEOPLE; i++) {
        bool has[2] = {false, false}, known[2];
        for (size_t k = 0; k < 2; k++) {
            const pt_insight_tag *t = &x->tags[lines[k]->tag];
            const char *tag = pt_app_project(app)->tags[t->tag].name;
            double have[LIKES];
            size_t n = values_of(have, &people[i], tag);
            known[k] = n > 0; /* an empty field is a missing list */
            for (size_t j = 0; j < n; j++)
                has[k] |= has_value(have[j], &t->values[lines[k]->value]);
        }
        if (!in(&people[i]) || !known[0] || !known[1])
            continue;
        c.n++;
        c.a += has[0];
        c.b += has[1];
        c.both += has[0] && has[1];
    }
    return c;
}

TEST(app_insight__finds_what_two_values_do_only_together)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "vip", "");
    size_t found = 0;

    for (size_t i = 0; i < x.n_together; i++) {
        const pt_insight_pair *pair = &x.together[i];
        const pt_insight_value *a = &x.tags[pair->a.tag].values[pair->a.value];
        const pt_insight_value *b = &x.tags[pair->b.tag].values[pair->b.value];
        if (!(pt_sv_eq(a->text, PT_SV("c1")) && pt_sv_eq(b->text, PT_SV("l2"))) &&
            !(pt_sv_eq(a->text, PT_SV("l2")) && pt_sv_eq(b->text, PT_SV("c1"))))
            continue;
        found++;
        pt_pair_counts in = count_pair(app, &x, pair, is_vip), all = count_pair(app, &x, pair, anybody);
        CHECK_INT(pair->contrast.with, in.both);
        CHECK_INT(pair->contrast.members, in.n);
        CHECK_INT(pair->contrast.base_with, all.both);
        CHECK_INT(pair->contrast.base, all.n);
        double a_tgi = 100 * (double)in.a / (double)in.n / ((double)all.a / (double)all.n);
        double b_tgi = 100 * (double)in.b / (double)in.n / ((double)all.b / (double)all.n);
        CHECK(fabs(pair->a_tgi - a_tgi) < 1e-9 && fabs(pair->b_tgi - b_tgi) < 1e-9);
        CHECK(fabs(pair->gain - pair->contrast.tgi / pair->expected) < 1e-9);
        CHECK(pair->gain_low > 1 && pair->q < 0.05);
    }
    CHECK_INT(found, 1);
    pt_app_close(app);
}

TEST(app_insight__of_few_says_nothing_but_the_size)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "score < 2", "");

    CHECK(x.members > 0 && x.members < LEAST && x.small);
    CHECK(x.n_tags == 0 && x.n_headline == 0 && x.n_together == 0);
    x = ask(app, "false", "");
    CHECK(x.small && x.members == 0);
    x = ask(app, "not (score < 2)", "score < 2"); /* those compared with are few */
    CHECK(x.small && x.n_tags == 0);
    x = ask(app, "vip", "vip"); /* nobody is in one and not in the other */
    CHECK(x.small && x.base == 0);
    x = ask(app, "score >= 2 or score is missing", ""); /* the rest are few */
    CHECK(x.small && x.n_tags == 0);
    pt_app_close(app);
}

TEST(app_insight__of_everybody_compares_nothing)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "", "");
    const pt_insight_tag *city = tag_of(app, &x, "city");

    CHECK(x.everybody && !x.small && x.members == PEOPLE && x.n_headline == 0 && x.n_significant == 0);
    CHECK(city->n_values > 2 && isnan(city->values[0].contrast.p));
    CHECK_DOUBLE(city->values[0].contrast.tgi, 100);
    CHECK(isnan(tag_of(app, &x, "score")->effect.d));
    check_figures(&tag_of(app, &x, "score")->segment, "score", anybody, NULL);
    pt_app_close(app);
}

TEST(app_insight__of_tags_with_one_value_and_with_none)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "vip", "");
    const pt_insight_tag *same = tag_of(app, &x, "same"), *none = tag_of(app, &x, "none");

    CHECK_INT(same->n_values, 1);
    CHECK_DOUBLE(same->values[0].contrast.tgi, 100);
    CHECK_DOUBLE(same->values[0].information, 0);
    CHECK_INT(none->n_values, 0);
    CHECK_INT(none->known, 0);
    CHECK_INT(none->missing.with, x.members);
    CHECK_DOUBLE(none->missing.tgi, 100);
    pt_app_close(app);
}

TEST(app_insight__ranges_begin_where_a_reader_would_begin_them)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "", "");
    const pt_insight_tag *score = tag_of(app, &x, "score"), *born = tag_of(app, &x, "born");
    const pt_insight_tag *spend = tag_of(app, &x, "spend"), *visits = tag_of(app, &x, "visits");

    CHECK(score->n_values >= 8 && score->n_values <= 12 && isinf(score->values[0].low));
    for (size_t v = 1; v < score->n_values; v++) {
        CHECK_DOUBLE(fmod(score->values[v].low, 10), 0);
        CHECK_DOUBLE(score->values[v].low, score->values[v - 1].high);
    }
    CHECK(isinf(score->values[score->n_values - 1].high));
    for (size_t v = 1; v < born->n_values; v++) {
        int32_t year, month, day;
        pt_date_to_civil(&year, &month, &day, (int32_t)born->values[v].low);
        CHECK(month == 1 && day == 1);
    }
    CHECK(spend->values[0].closed && spend->values[0].low == 0 &&
          spend->values[0].high == 0); /* a third spend nothing */
    CHECK_INT(visits->n_values, 10);
    for (size_t v = 0; v < visits->n_values; v++)
        CHECK(visits->values[v].closed && visits->values[v].low == (double)v && visits->values[v].high == (double)v);
    pt_app_close(app);
}

TEST(app_insight__leaves_sensitive_tags_out_unless_told)
{
    pt_app *app = crowd();
    pt_insight x = ask(app, "vip", "");

    CHECK_INT(tag_of(app, &x, "secret")->state, PT_INSIGHT_SENSITIVE);
    CHECK_INT(tag_of(app, &x, "secret")->n_values, 0);
    x = ask_with(app, "vip", (pt_insight_options){.by = -1, .sensitive = true});
    CHECK_INT(tag_of(app, &x, "secret")->state, PT_INSIGHT_TOLD);
    uint32_t secret = number_of(app, "secret");
    pt_insight_options by_it = {.by = (int)secret};
    pt_diags diags;
    pt_diags_init(&diags, shop_arena());
    CHECK_INT(pt_app_insight(&x, app, PT_SV("vip"), &by_it, &diags, shop_arena(), &err), PT_EINVAL);
    pt_diags_free(&diags);
    pt_app_close(app);
}

TEST(app_insight__parts_are_counted_one_by_one)
{
    pt_app *app = crowd();
    pt_insight x = ask_with(app, "visits >= 4", (pt_insight_options){.by = (int)number_of(app, "city")});

    CHECK(x.n_parts >= 2 && x.n_key_tags == 1);
    CHECK_INT(x.key_tags[0], number_of(app, "visits"));
    for (size_t i = 0; i < x.n_parts; i++) {
        uint64_t n = 0;
        double sum = 0;
        for (size_t k = 0; k < PEOPLE; k++)
            if (visits_often(&people[k]) && people[k].city >= 0 && has_value(people[k].city, &x.parts[i].value)) {
                n++;
                sum += people[k].visits;
            }
        CHECK_INT(x.parts[i].value.contrast.with, n);
        CHECK(fabs(x.parts[i].means[0] - sum / (double)n) < 1e-9);
        for (size_t k = 0; k < x.parts[i].n_traits; k++)
            CHECK(x.parts[i].traits[k].tag != number_of(app, "city"));
    }
    pt_app_close(app);
}

TEST(app_insight__tables_are_counted_one_by_one)
{
    pt_app *app = crowd();
    uint32_t pairs[2][2] = {{number_of(app, "city"), number_of(app, "score")},
                            {number_of(app, "likes"), number_of(app, "vip")}};
    const char *names[2][2] = {{"city", "score"}, {"likes", "vip"}};
    pt_insight x =
        ask_with(app, "", (pt_insight_options){.by = -1, .crosses = (const uint32_t(*)[2])pairs, .n_crosses = 2});

    CHECK_INT(x.n_crosses, 2);
    for (size_t t = 0; t < 2; t++) {
        const pt_insight_cross *c = &x.crosses[t];
        CHECK(c->table.n_rows > 1 && c->table.n_columns > 1);
        for (size_t r = 0; r < c->table.n_rows; r++)
            for (size_t k = 0; k < c->table.n_columns; k++) {
                uint64_t n = 0;
                for (size_t i = 0; i < PEOPLE; i++) {
                    double a[LIKES], b[LIKES];
                    size_t na = values_of(a, &people[i], names[t][0]), nb = values_of(b, &people[i], names[t][1]);
                    bool in_row = false;
                    for (size_t j = 0; j < na; j++)
                        in_row |= has_value(a[j], &c->rows[r]);
                    n += in_row && nb && has_value(b[0], &c->columns[k]);
                }
                CHECK_INT(c->table.cells[r][k].count, n);
                CHECK(c->table.cells[r][k].hidden || n == 0 || n >= LEAST);
            }
    }
    CHECK(!isnan(x.crosses[0].table.p) && isnan(x.crosses[1].table.p)); /* items do not exclude each other */
    pt_app_close(app);
}

TEST(app_insight__is_the_same_on_any_number_of_threads)
{
    pt_app *app = crowd();
    pt_insight_options one = {.by = -1, .crowd = {.threads = 1}}, four = {.by = -1, .crowd = {.threads = 4}};
    pt_insight x = ask_with(app, "vip", one), y = ask_with(app, "vip", four);

    CHECK_INT(x.n_tags, y.n_tags);
    CHECK_INT(x.n_headline, y.n_headline);
    for (size_t i = 0; i < x.n_tags; i++) {
        CHECK_INT(x.tags[i].n_values, y.tags[i].n_values);
        CHECK(memcmp(&x.tags[i].segment, &y.tags[i].segment, sizeof x.tags[i].segment) == 0);
        CHECK(memcmp(&x.tags[i].base, &y.tags[i].base, sizeof x.tags[i].base) == 0);
        CHECK(memcmp(&x.tags[i].effect, &y.tags[i].effect, sizeof x.tags[i].effect) == 0);
    }
    for (size_t i = 0; i < x.n_headline; i++)
        CHECK(x.headline[i].tag == y.headline[i].tag && x.headline[i].value == y.headline[i].value);
    pt_app_close(app);
}

#include "report/advice.h"
#include "report/page.h"
#include "report/segment.h"

#include <math.h>

#include "support/project.h"
#include "support/test.h"

static const char portrait_yaml[] =
    "name: shop\ntime_zone: Asia/Shanghai\nlocale: en\ncurrency: CNY\nas_of: 2018-01-01\n"
    "card: [spend_365d]\n";
static const char sources_yaml[] = "orders:\n  from: orders.csv\n  kind: event\n  time: at\n  customer: {id: id}\n"
                                   "  columns:\n    amount: money\n    part: category\n";
static const char tags_yaml[] =
    "recency: {value: days_since(last(orders.time))}\n"
    "spend_365d: {value: sum(orders.amount within 365d), label: {zh: 近一年消费, en: Spend in a year}}\n"
    "life_cycle:\n  label: {zh: 生命周期, en: Life cycle}\n"
    "  tiers: {active: recency <= 90, lapsing: recency > 90}\n"
    "  labels:\n    active: {zh: 活跃, en: Active}\n    lapsing: {zh: 预流失, en: About to lapse}\n"
    "purchase_time: {value: mode(orders.part), label: {zh: 购买时段, en: Time of day}}\n"
    "secret: {value: mode(orders.part), sensitivity: sensitive}\n";

typedef struct bench {
    loaded l;
    pt_report report;
    pt_draft draft;
    pt_report_part *part;
} bench;

static void open_bench(bench *b, const char *lang)
{
    *b = (bench){0};
    write_project_file("portrait.yaml", portrait_yaml);
    write_project_file("sources/orders.yaml", sources_yaml);
    write_project_file("tags/all.yaml", tags_yaml);
    load_clean(&b->l);
    b->report = (pt_report){.lang = lang};
    b->draft = (pt_draft){.report = &b->report, .project = b->l.project, .arena = b->l.arena};
    b->draft.words = pt_words_in(lang, b->l.project, b->l.arena);
    b->part = pt_draft_part(&b->draft, "segment", "Segment");
    CHECK(b->part);
}

static uint32_t tag_number(const bench *b, const char *name)
{
    return (uint32_t)(tag_named(&b->l, name) - b->l.project->tags);
}

static pt_insight_value value(const char *text, double share, double base_share, double q)
{
    pt_contrast c = {
        .with = (uint64_t)(share * 1000), .members = 1000, .base_with = (uint64_t)(base_share * 10000), .base = 10000};

    c.share = share;
    c.base_share = base_share;
    c.tgi = 100 * share / base_share;
    c.low = c.tgi - 5;
    c.high = c.tgi + 5;
    c.p = c.q = q;
    return (pt_insight_value){.text = pt_sv_of(text), .contrast = c};
}

/* A thousand of ten thousand: 62 % about to lapse for 33.7 %, spending twice as much, buying at no other time than others. */
static pt_insight make_insight(bench *b)
{
    static pt_insight_value lives[2], times[2], secrets[2];
    static pt_insight_tag tags[4];
    static pt_insight_line lines[3];

    lives[0] = value("active", 0.38, 0.663, 1e-9);
    lives[1] = value("lapsing", 0.62, 0.337, 1e-9);
    times[0] = value("evening", 0.6, 0.5, 0.4);
    times[1] = value("morning", 0.4, 0.5, 0.4);
    secrets[0] = value("x", 0.9, 0.1, 1e-9);
    secrets[1] = value("y", 0.1, 0.9, 1e-9);
    pt_insight_figures segment = {.known = 1000, .mean = 2e7, .median = 20000000},
                       base = {.known = 10000, .median = 10000000};
    tags[0] = (pt_insight_tag){
        .tag = tag_number(b, "life_cycle"), .known = 1000, .values = lives, .n_values = 2, .information = 0.2};
    tags[1] = (pt_insight_tag){.tag = tag_number(b, "purchase_time"), .known = 1000, .values = times, .n_values = 2};
    tags[2] = (pt_insight_tag){.tag = tag_number(b, "spend_365d"),
                               .known = 1000,
                               .ordered = true,
                               .segment = segment,
                               .base = base,
                               .effect = {.delta = 0.5, .p_ranks = 1e-9}};
    tags[3] = (pt_insight_tag){
        .tag = tag_number(b, "secret"), .known = 1000, .values = secrets, .n_values = 2, .information = 1};
    lines[0] = (pt_insight_line){3, 0};
    lines[1] = (pt_insight_line){0, 1};
    lines[2] = (pt_insight_line){1, 0};
    return (pt_insight){.text = "recency > 60",
                        .min_group = 50,
                        .customers = 10000,
                        .base = 10000,
                        .members = 1000,
                        .tags = tags,
                        .n_tags = 4,
                        .headline = lines,
                        .n_headline = 3,
                        .by = -1};
}

static size_t count_statements(const pt_statement *s)
{
    size_t n = 0;

    for (; s; s = s->next)
        n++;
    return n;
}

static void check_said(const char *lang, const char *first, const char *second, const char *action)
{
    pt_err err = {0};
    bench b;

    open_bench(&b, lang);
    pt_insight in = make_insight(&b);
    CHECK_OK(pt_draft_insight(&b.draft, b.part, &in, &err));
    CHECK_INT(count_statements(b.part->conclusions), 2);
    CHECK_STR(b.part->conclusions->text, first);
    CHECK_STR(b.part->conclusions->next->text, second);
    CHECK_INT(count_statements(b.part->actions), 1);
    CHECK_STR(b.part->actions->text, action);
    unload(&b.l);
}

TEST(report_sentences__come_from_figures_in_english)
{
    check_said("en", "62% of them have “Life cycle: About to lapse”, against 34% of all customers (TGI 184, figure 1).",
               "Their median “Spend in a year” is 2,000.00 CNY, against 1,000.00 CNY for all customers (figure 2).",
               "Win them back: 62% are “About to lapse”, against 34% of all customers (TGI 184, figure 3).");
}

TEST(report_sentences__come_from_figures_in_chinese)
{
    check_said("zh", "62% 的成员“生命周期”为“预流失”，全体客户为 34%（TGI 184，图 1）。",
               "“近一年消费”中位数为 2,000.00 元，全体客户为 1,000.00 元（图 2）。",
               "及时挽回：62% 处于“预流失”，全体为 34%（TGI 184，图 3）。");
}

static const pt_figure *figure_numbered(const pt_report_part *part, unsigned number)
{
    for (const pt_chapter *c = part->chapters; c; c = c->next)
        for (const pt_figure *f = c->figures; f; f = f->next)
            if (f->number == number)
                return f;
    return NULL;
}

static bool has_text(const pt_figure *f, const char *text)
{
    for (size_t i = 0; i < f->n_rows * f->n_columns; i++)
        if (strstr(f->cells[i].text, text))
            return true;
    return false;
}

TEST(report_sentences__name_a_figure_that_shows_what_they_say)
{
    pt_err err = {0};
    bench b;

    open_bench(&b, "en");
    pt_insight in = make_insight(&b);
    CHECK_OK(pt_draft_insight(&b.draft, b.part, &in, &err));
    const pt_figure *headline = figure_numbered(b.part, b.part->conclusions->figure);
    CHECK(headline && headline->chart == PT_CHART_INDEX && has_text(headline, "184") && has_text(headline, "62.0%"));
    CHECK_INT(headline->n_rows, 1); /* not what chance explains, not what is sensitive */
    const pt_figure *numbers = figure_numbered(b.part, b.part->conclusions->next->figure);
    CHECK(numbers && has_text(numbers, "2,000.00 CNY") && has_text(numbers, "200"));
    const pt_figure *life = figure_numbered(b.part, b.part->actions->figure);
    CHECK(life && has_text(life, "62.0%"));
    CHECK_STR(life->title, "Life cycle");
    unload(&b.l);
}

TEST(report_sentences__say_nothing_that_is_not_significant)
{
    pt_err err = {0};
    bench b;

    open_bench(&b, "en");
    pt_insight in = make_insight(&b);
    in.tags++; /* the time of day alone, then numbers that hardly differ */
    in.n_tags = 1;
    in.n_headline = 0;
    CHECK_OK(pt_draft_insight(&b.draft, b.part, &in, &err));
    CHECK(!b.part->conclusions && !b.part->actions);
    CHECK_STR(b.part->note, "Nothing sets them apart from all customers by more than chance.");
    unload(&b.l);
}

TEST(report_sentences__small_segments_are_not_described)
{
    pt_err err = {0};
    bench b;

    open_bench(&b, "en");
    pt_insight in = make_insight(&b);
    in.small = true;
    in.members = 12;
    CHECK_OK(pt_draft_insight(&b.draft, b.part, &in, &err));
    CHECK(!b.part->conclusions && !b.part->actions && !b.part->chapters);
    CHECK_STR(b.part->note, "12 customers: too few to be described. Groups of fewer than 50 are not.");
    unload(&b.l);
}

TEST(report_sentences__without_a_figure_nothing_is_said)
{
    bench b;

    open_bench(&b, "en");
    pt_fact fact = {
        .tag = tag_number(&b, "life_cycle"), .value = PT_SV("lapsing"), .value_text = "About to lapse", .share = 0.3};
    pt_draft_facts(&b.draft, false);
    pt_draft_fact(&b.draft, &fact);
    pt_advice_tell(&b.draft, b.part);
    CHECK(!b.part->conclusions && !b.part->actions);
    b.draft.facts.list[0].figure = 7;
    pt_advice_tell(&b.draft, b.part);
    CHECK_STR(b.part->actions->text, "Ask the customers “About to lapse” (30%, figure 7) what is missing; the next "
                                     "months decide whether they stay.");
    unload(&b.l);
}

/* Rules hold from their limit on: 0.02 for those about to lapse. */
TEST(report_sentences__rules_keep_to_their_limits)
{
    static const double shares[] = {0.0199, 0.02};
    bench b;

    for (size_t i = 0; i < PT_COUNT(shares); i++) {
        open_bench(&b, "en");
        pt_fact fact = {
            .tag = tag_number(&b, "life_cycle"), .value = PT_SV("lapsing"), .share = shares[i], .figure = 1};
        pt_draft_facts(&b.draft, false);
        pt_draft_fact(&b.draft, &fact);
        pt_advice_tell(&b.draft, b.part);
        CHECK_INT(count_statements(b.part->actions), i);
        unload(&b.l);
    }
}

/* --- words ---------------------------------------------------------------------------------------------------------------- */

static unsigned placeholders(const char *s)
{
    unsigned seen = 0;

    for (; *s; s++)
        if (s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}')
            seen |= 1u << (s[1] - '0');
    return seen;
}

TEST(report_words__both_languages_take_the_same)
{
    static const char *const sentences[][3] = {
#define X(name, en, zh) {#name, en, zh},
#include "report/words_list.h"
#undef X
#define X(name, scope, kind, tag, value, measure, limit, en, zh) {#name, en, zh},
#include "report/advice_list.h"
#undef X
    };
    for (size_t i = 0; i < PT_COUNT(sentences); i++)
        if (placeholders(sentences[i][1]) != placeholders(sentences[i][2]))
            test_fail(__FILE__, __LINE__, "%s: not the same placeholders", sentences[i][0]);
}

TEST(report_words__each_rule_names_its_figure)
{
    static const char *const rules[][3] = {
#define X(name, scope, kind, tag, value, measure, limit, en, zh) {#name, en, zh},
#include "report/advice_list.h"
#undef X
    };
    for (size_t i = 0; i < PT_COUNT(rules); i++)
        if (!strstr(rules[i][1], "{3}") || !strstr(rules[i][2], "{3}"))
            test_fail(__FILE__, __LINE__, "%s names no figure", rules[i][0]);
}

TEST(report_words__shares_for_sentences)
{
    pt_arena *arena = pt_arena_new(0);
    pt_words w = pt_words_in("en", NULL, arena);

    CHECK_STR(pt_words_about(&w, 0.623), "62%");
    CHECK_STR(pt_words_about(&w, 1), "100%");
    CHECK_STR(pt_words_about(&w, 0.0342), "3.4%");
    CHECK_STR(pt_words_about(&w, 0.0999), "10%");
    CHECK_STR(pt_words_about(&w, 0.0002), "under 0.1%");
    CHECK_STR(pt_words_about(&w, 0), "0%");
    CHECK_STR(pt_words_about(&w, (double)NAN), "");
    CHECK_STR(pt_words_share(&w, 0.62345), "62.3%");
    pt_arena_free(arena);
}

/* Of a project without the catalogue's tags there is still something to say. */
TEST(report_sentences__the_most_frequent_where_no_rule_fits)
{
    bench b;

    open_bench(&b, "zh");
    pt_fact facts[] = {{.value = PT_SV("x"), .value_text = "甲", .share = 0.3, .figure = 4},
                       {.value = PT_SV("y"), .value_text = "乙", .share = 0.6, .figure = 4},
                       {.value = PT_SV("z"), .value_text = "丙", .share = 0.6, .figure = 4}};
    pt_draft_facts(&b.draft, false);
    for (size_t i = 0; i < PT_COUNT(facts); i++) {
        facts[i].tag = tag_number(&b, "purchase_time");
        pt_draft_fact(&b.draft, &facts[i]);
    }
    pt_advice_tell_most(&b.draft, b.part);
    CHECK_INT(count_statements(b.part->conclusions), 1);
    CHECK_STR(b.part->conclusions->text, "“购买时段”以“乙”最多，占 60%（图 4）。");
    unload(&b.l);
}

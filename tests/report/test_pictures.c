#include "report/pictures.h"

#include <math.h>

#include "base/rng.h"
#include "support/project.h"
#include "support/test.h"

typedef struct bench {
    loaded l;
    pt_report report;
    pt_draft draft;
    pt_chapter *chapter;
} bench;

static void open_bench(bench *b)
{
    *b = (bench){0};
    write_project_file("portrait.yaml",
                       "name: shop\ntime_zone: Asia/Shanghai\nlocale: en\ncurrency: CNY\nas_of: 2018-01-01\n");
    write_project_file("sources/orders.yaml", "orders:\n  from: orders.csv\n  kind: event\n  time: at\n"
                                              "  customer: {id: id}\n  columns:\n    part: category\n");
    write_project_file("tags/all.yaml",
                       "life_cycle: {value: mode(orders.part), label: {zh: 生命周期, en: Life cycle}}\n"
                       "city: mode(orders.part)\n");
    load_clean(&b->l);
    b->report = (pt_report){.lang = "en"};
    b->draft = (pt_draft){.report = &b->report, .project = b->l.project, .arena = b->l.arena};
    b->draft.words = pt_words_in("en", b->l.project, b->l.arena);
    pt_report_part *part = pt_draft_part(&b->draft, "all", "All");
    CHECK(part);
    b->chapter = pt_draft_chapter(&b->draft, part, "Chapter");
    CHECK(b->chapter);
}

static void check_cell(const pt_figure *f, size_t row, size_t column, double want, const char *text)
{
    CHECK(row < f->n_rows && column < f->n_columns);
    CHECK_DOUBLE(f->cells[row * f->n_columns + column].value, want);
    CHECK_STR(f->cells[row * f->n_columns + column].text, text);
}

TEST(report_pictures__hours_hide_what_is_of_too_few)
{
    pt_heatmap in = {.about = {.min_group = 50}, .events = 1000, .hidden_cells = 1};
    bench b;

    open_bench(&b);
    in.cells[0][9].share = 0.25;
    in.cells[6][23].share = (double)NAN;
    pt_draw_heatmap(&b.draft, b.chapter, &in);
    const pt_figure *f = b.chapter->figures;
    CHECK(f && f->n_rows == 7 && f->n_columns == 24);
    CHECK_STR(f->rows[0], "Monday");
    CHECK_STR(f->columns[23].title, "23");
    check_cell(f, 0, 9, 0.25, "25.0%");
    check_cell(f, 6, 23, (double)NAN, "< 50");
    CHECK_STR(f->note, "Groups not shown, having fewer than 50 customers each: 1.");
    unload(&b.l);
}

TEST(report_pictures__days_alone_have_no_hours)
{
    pt_heatmap in = {.about = {.min_group = 50}, .events = 1000, .days_only = true};
    bench b;

    open_bench(&b);
    pt_draw_heatmap(&b.draft, b.chapter, &in);
    CHECK(!b.chapter->figures);
    CHECK_INT(b.report.n_figures, 0);
    unload(&b.l);
}

TEST(report_pictures__cohorts_that_show_nothing_have_no_row)
{
    static pt_cohort_cell jan[] = {{.base = 100, .active = 100, .partial = false},
                                   {.base = 100, .active = 60, .partial = false},
                                   {.base = 100, .active = 55, .partial = false},
                                   {.base = 100, .active = 40, .partial = true}};
    static pt_cohort_cell feb[] = {{.base = 80, .active = 80, .partial = false},
                                   {.base = 80, .active = PT_HIDDEN, .partial = false},
                                   {.base = 80, .active = 60, .partial = false}};
    static pt_cohort_cell mar[] = {{.base = 60, .active = 60, .partial = false},
                                   {.base = 60, .active = PT_HIDDEN, .partial = false}};
    pt_cohort_row rows[] = {{.start = 17167, .customers = 100, .cells = jan, .n_cells = 4}, /* 2017-01-01 */
                            {.start = 17198, .customers = 80, .cells = feb, .n_cells = 3},
                            {.start = 17226, .customers = 60, .cells = mar, .n_cells = 2}};
    pt_cohort in = {.about = {.min_group = 50}, .of = -1, .sum = -1, .rows = rows, .n_rows = 3};
    bench b;

    open_bench(&b);
    pt_draw_cohort(&b.draft, b.chapter, &in);
    const pt_figure *f = b.chapter->figures;
    CHECK(f && f->n_rows == 2 && f->n_columns == 4);
    CHECK_STR(f->rows[1], "2017-02");
    check_cell(f, 0, 1, 0.6, "60.0%");
    check_cell(f, 0, 3, (double)NAN, ""); /* the month is not over */
    check_cell(f, 1, 1, (double)NAN, "< 50");
    check_cell(f, 1, 2, 0.75, "75.0%");
    unload(&b.l);
}

TEST(report_pictures__a_trend_needs_two_points)
{
    pt_trend_point points[] = {{.as_of = 1498838400000000, .customers = 1000},
                               {.as_of = 1501516800000000, .customers = 1000}};
    uint64_t first[] = {600, 10, 300}, second[] = {500, 0, 20};
    pt_tag_figures figures[] = {{.there = true, .known = 1000, .counts = first},
                                {.there = true, .known = 1000, .counts = second}};
    pt_sv values[] = {PT_SV("active"), PT_SV("rare"), PT_SV("lost")};
    pt_tag_trend in = {.points = points, .n_points = 1, .figures = figures, .values = values, .n_values = 3};
    bench b;

    open_bench(&b);
    b.l.project->min_group = 50;
    pt_draw_tag_trend(&b.draft, b.chapter, &in);
    CHECK(!b.chapter->figures);
    in.n_points = 2;
    pt_draw_tag_trend(&b.draft, b.chapter, &in);
    const pt_figure *f = b.chapter->figures;
    CHECK(f && f->n_rows == 2 && f->n_columns == 1); /* the others have no two points to draw */
    CHECK_STR(f->columns[0].title, "active");
    CHECK_STR(f->rows[0], "1 July 2017");
    check_cell(f, 1, 0, 0.5, "50.0%");
    unload(&b.l);
}

TEST(report_pictures__size_says_what_became_of_it)
{
    static const struct {
        uint64_t now;
        const char *want;
    } cases[] = {{120, "Since 1 July 2017 it has grown from 100 to 120 customers (figure 1)."},
                 {80, "Since 1 July 2017 it has shrunk from 100 to 80 customers (figure 1)."},
                 {100, "It has 100 customers, as many as on 1 July 2017 (figure 1)."}};
    pt_trend_point points[] = {{.as_of = 1498838400000000}, {.as_of = 1501516800000000}};
    bench b;

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        uint64_t members[] = {100, cases[i].now};
        pt_segment_trend in = {.segment = "s", .points = points, .members = members, .n_points = 2};
        open_bench(&b);
        pt_draw_segment_trend(&b.draft, b.report.parts, b.chapter, &in);
        CHECK_STR(b.report.parts->conclusions->text, cases[i].want);
        unload(&b.l);
    }
}

TEST(report_pictures__trees_leave_out_small_nodes)
{
    pt_level_node nodes[] = {{.value = PT_SV("home"), .depth = 0, .parent = -1, .members = 600},
                             {.value = PT_SV("Hunan"), .depth = 1, .parent = 0, .members = 400},
                             {.value = PT_SV("Gansu"), .depth = 1, .parent = 0, .members = 49},
                             {.value = PT_SV("abroad"), .depth = 0, .parent = -1, .members = 100},
                             {.value = {NULL, 0}, .depth = 0, .parent = -1, .members = 300}};
    pt_levels in = {
        .head = {.members = 1000, .customers = 1000, .min_group = 50}, .n_tags = 2, .nodes = nodes, .n_nodes = 5};
    bench b;

    open_bench(&b);
    in.tags[0] = (int)(tag_named(&b.l, "life_cycle") - b.l.project->tags);
    in.tags[1] = (int)(tag_named(&b.l, "city") - b.l.project->tags);
    pt_draw_levels(&b.draft, b.chapter, &in, "Regions");
    const pt_figure *f = b.chapter->figures;
    CHECK(f && f->n_rows == 3);
    CHECK_STR(f->rows[1], "home › Hunan");
    check_cell(f, 1, 1, 0.4, "40.0%");
    CHECK_STR(f->rows[2], "abroad");
    unload(&b.l);
}

/* What is shown never tells by subtraction how few the others are: of any groups, what is left is nobody or enough. */
TEST(report_pictures__what_is_hidden_cannot_be_subtracted)
{
    enum { LEAST = 50, MOST = 12 };
    uint64_t counts[MOST];
    bool hidden[MOST];
    pt_rng rng;

    pt_rng_seed(&rng, 7);
    for (int round = 0; round < 20000; round++) {
        size_t n = 1 + pt_rng_below(&rng, MOST);
        uint64_t total = pt_rng_below(&rng, 3) ? 0 : pt_rng_below(&rng, 100); /* some are in none of the groups */
        for (size_t i = 0; i < n; i++)
            total += counts[i] = pt_rng_below(&rng, 4) ? pt_rng_below(&rng, 200) : 0;
        pt_hide_small(hidden, counts, n, total, LEAST);
        uint64_t left = total, shown = 0;
        for (size_t i = 0; i < n; i++) {
            CHECK(hidden[i] || !counts[i] || counts[i] >= LEAST);
            CHECK(!hidden[i] || counts[i]);
            left -= hidden[i] ? 0 : counts[i];
            shown += !hidden[i] && counts[i];
        }
        CHECK(left == 0 || left >= LEAST || !shown);
    }
}

TEST(report_pictures__no_more_is_hidden_than_needed)
{
    static const uint64_t counts[] = {2326, 86, 57, 0};
    bool hidden[4];

    pt_hide_small(hidden, counts, 4, 2469, 50);
    CHECK(!hidden[0] && !hidden[1] && !hidden[2] && !hidden[3]);
    pt_hide_small(hidden, counts, 4, 2469 + 20, 50); /* twenty in none: the smallest goes with them */
    CHECK(!hidden[0] && !hidden[1] && hidden[2] && !hidden[3]);
    pt_hide_small(hidden, counts, 4, 0, 60); /* no total: only the small one */
    CHECK(!hidden[0] && !hidden[1] && hidden[2]);
}

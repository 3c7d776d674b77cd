/* What findings say, what they hide, and what they take off a score. */
#include "quality/quality.h"
#include "support/quality.h"
#include "support/test.h"

static pt_err err;

static const struct {
    const char *name, *text[2];
} kinds[] = {
#define X(id, name, dimension, severity, en, zh) {name, {en, zh}},
#include "quality/kinds_list.h"
#undef X
};

static bool holds(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

TEST(quality_findings__both_languages_say_the_same_parts)
{
    static const char *const parts[] = {"{rows}", "{of}", "{figure}", "{detail}", "{share}"};

    CHECK(PT_COUNT(kinds) >= 50);
    for (size_t k = 0; k < PT_COUNT(kinds); k++) {
        pt_quality_finding f = {.kind = (pt_finding_kind)k, .rows = 1, .of = 2, .figure = 3, .detail = "x"};
        pt_finding_kind back;
        CHECK(pt_finding_parse(&back, pt_sv_of(kinds[k].name)) && back == (pt_finding_kind)k);
        for (size_t p = 0; p < PT_COUNT(parts); p++)
            if (holds(kinds[k].text[0], parts[p]) != holds(kinds[k].text[1], parts[p]))
                test_fail(__FILE__, __LINE__, "%s: %s in one language only", kinds[k].name, parts[p]);
        for (int lang = 0; lang < 2; lang++) {
            pt_str said = {0};
            pt_finding_say(&said, &f, lang ? "zh" : "en");
            CHECK(said.len > 5 && !strchr(pt_str_cstr(&said), '{'));
            pt_str_free(&said);
        }
    }
}

/* Two columns: a warning on 1 of 100 rows takes 0.5 x 4 %, one on half of the rows all of its weight, an error in every row
 * everything. */
TEST(quality_findings__scores_are_those_of_the_documented_formula)
{
    pt_quality_column columns[2] = {{.name = "a"}, {.name = "b"}};
    pt_quality_finding findings[3] = {
        {.kind = PT_FINDING_BAD_PHONE, .severity = PT_FINDING_WARN, .column = "a", .rows = 1, .of = 100, .detail = ""},
        {.kind = PT_FINDING_VARIANTS, .severity = PT_FINDING_WARN, .column = "a", .rows = 50, .of = 100, .detail = ""},
        {.kind = PT_FINDING_GAP_DAYS, .severity = PT_FINDING_NOTE, .rows = 1, .of = 1000, .detail = ""},
    };
    pt_quality_source s = {.columns = columns, .n_columns = 2, .rows = 100, .findings = findings, .n_findings = 3};

    pt_quality_score(&s);
    CHECK(fabs(columns[0].measures[PT_MEASURE_SCORE] - 100 * 0.98 * 0.5) < 1e-9);
    CHECK_DOUBLE(columns[1].measures[PT_MEASURE_SCORE], 100);
    CHECK(fabs(s.score - (49 + 100) / 2.0 * (1 - 0.15 * 0.02)) < 1e-9);
    CHECK(fabs(s.dimensions[PT_DIMENSION_ACCURACY] - 99) < 1e-9);
    CHECK(fabs(s.dimensions[PT_DIMENSION_CONSISTENCY] - 75) < 1e-9);
    CHECK_DOUBLE(s.dimensions[PT_DIMENSION_UNIQUENESS], 100);
    CHECK_INT(s.findings[0].kind, PT_FINDING_VARIANTS); /* the worst first */
    CHECK_INT(s.findings[2].kind, PT_FINDING_GAP_DAYS); /* notes last */
}

/* --- with data -------------------------------------------------------------------------------------------------------------- */

static void write_people(void)
{
    pt_str out = {0};

    write_project_file("portrait.yaml", "name: p\n");
    write_project_file("sources/s.yaml",
                       "people:\n  from: people.csv\n  kind: record\n  customer: {user: user}\n"
                       "  columns: {mobile: text, points: number, secret: {type: text, sensitivity: sensitive}}\n");
    pt_str_add(&out, "user,mobile,points,secret\n");
    for (int i = 0; i < 200; i++)
        pt_str_addf(&out, "u%03d,%s%05d,%d,%s\n", i, i == 7 ? "99" : "139000", i * 31, 100 + i % 50,
                    i == 9 ? "asdfgh" : "word");
    write_project_file("people.csv", pt_str_cstr(&out));
    pt_str_free(&out);
}

TEST(quality_findings__values_of_people_are_masked)
{
    examined e;

    write_people();
    examine_project(&e, "2024-01-01");
    const pt_quality_finding *phone = examined_finding(&e, "people", "bad_phone", "mobile");
    const pt_quality_finding *secret = examined_finding(&e, "people", "mashed", "secret");
    CHECK(phone && phone->n_examples == 1 && phone->rows == 1);
    CHECK_INT(phone->examples[0].line, 9);
    CHECK_STR(phone->examples[0].value, "9***7");
    CHECK(secret);
    CHECK_STR(secret->examples[0].value, "a***h");
    CHECK_INT(examined_column(&e, "people", "secret")->n_top, 0);
    examine_close(&e);
}

/* Against a build in which the mean was a third, every row was filled and there were twice as many. */
TEST(quality_findings__what_moved_since_the_last_build_is_said)
{
    examined e;

    write_people();
    examine_project(&e, "2024-01-01");
    pt_quality_source s = *examined_source(&e, "people");
    for (size_t i = 0; i < s.n_columns; i++) {
        double *before = s.columns[i].earlier;
        memcpy(before, s.columns[i].measures, sizeof s.columns[i].measures);
        before[PT_MEASURE_ROWS] = before[PT_MEASURE_FILLED] = 400;
        before[PT_MEASURE_MEAN] /= 3;
        s.columns[i].measures[PT_MEASURE_FILLED] *= 0.8;
    }
    s.earlier_rows = 400;
    CHECK_OK(pt_quality_examine(&s, &e.context, &err));
    e.sources[0] = s;
    CHECK(examined_finding(&e, "people", "drift_mean", "points"));
    CHECK(examined_finding(&e, "people", "drift_missing", "points"));
    CHECK(examined_finding(&e, "people", "drift_rows", NULL));
    examine_close(&e);
}

TEST(quality_findings__what_is_kept_comes_back_with_its_trend)
{
    examined e;
    pt_quality_source back;
    bool kept;

    write_people();
    examine_project(&e, "2024-01-01");
    pt_quality_source *s = &e.sources[0];
    CHECK_OK(pt_quality_save(s, &e.context, 1, "first", &err));
    s->columns[2].measures[PT_MEASURE_MEAN] = 7;
    CHECK_OK(pt_quality_save(s, &e.context, 2, "second", &err));
    CHECK_OK(pt_quality_is_kept(&kept, &e.context, 0, "first", &err));
    CHECK(!kept);
    CHECK_OK(pt_quality_is_kept(&kept, &e.context, 0, "second", &err));
    CHECK(kept);
    CHECK_OK(pt_quality_load(&back, &e.context, 0, &err));
    CHECK_INT(back.rows, s->rows);
    CHECK_DOUBLE(back.score, s->score);
    CHECK_DOUBLE(back.columns[2].measures[PT_MEASURE_MEAN], 7);
    CHECK_DOUBLE(back.columns[2].earlier[PT_MEASURE_MEAN], 124.5);
    CHECK_INT(back.n_findings, s->n_findings);
    for (size_t i = 0; i < back.n_findings; i++) {
        CHECK_INT(back.findings[i].kind, s->findings[i].kind);
        CHECK_INT(back.findings[i].rows, s->findings[i].rows);
        CHECK_STR(back.findings[i].detail, s->findings[i].detail);
        CHECK_INT(back.findings[i].n_examples, s->findings[i].n_examples);
    }
    examine_close(&e);
}

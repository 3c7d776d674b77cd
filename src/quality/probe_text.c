/* Texts: words for "no value", what is no phone number, e-mail or identity card among such, test accounts, garbled and cut
 * texts, several spellings of one value. */
#include <strings.h>

#include "quality/quality_int.h"

enum { SAMPLE = 2000 }; /* first rows that tell what kind of values a column holds */

/* --- what a column holds ------------------------------------------------------------------------------------------- */

typedef enum held { HELD_PHONE, HELD_EMAIL, HELD_ID_CARD, HELD_COUNT } held;

static const struct {
    const char *format; /* of quality_format_sql */
    pt_finding_kind kind;
    const char *names; /* a column called so holds them, even when many are wrong */
} holds[HELD_COUNT] = {
    [HELD_PHONE] = {"phone_cn", PT_FINDING_BAD_PHONE, "phone mobile tel cellphone 手机 电话 联系方式"},
    [HELD_EMAIL] = {"email", PT_FINDING_BAD_EMAIL, "email mail 邮箱 邮件 电子邮箱"},
    [HELD_ID_CARD] = {"id_cn", PT_FINDING_BAD_ID_CARD, "id_card idcard identity_card 身份证 证件号"},
};

static const char personal_names[] = "phone mobile tel email mail id_card idcard 手机 电话 邮箱 身份证 证件 "
                                     "name first_name last_name surname given_name full_name 姓名 名字 address 地址 "
                                     "birthday birth_date date_of_birth 生日 出生日期";

static bool is_named(const char *name, const char *word, size_t len)
{
    bool ascii = (unsigned char)*word < 0x80;

    for (const char *at = name; strlen(at) >= len; at++) {
        bool starts = at == name || at[-1] == '_' || at[-1] == '.';
        bool ends = at[len] == '\0' || at[len] == '_';
        /* Chinese has no space between words */
        if (strncasecmp(at, word, len) == 0 && (!ascii || (starts && ends)))
            return true;
    }
    return false;
}

bool quality_is_called(const char *name, const char *words)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        if (len && is_named(name, words, len))
            return true;
        words += len + (words[len] == ' ');
    }
    return false;
}

static void add_sample(pt_sql *q, quality_job *j)
{
    pt_sql_kw(q, "FROM (SELECT *");
    quality_from(q, j->x, j->s->source);
    pt_str_addf(&q->text, "LIMIT %d)", SAMPLE);
}

/* The share of the sample's values that are of each format. */
static pt_rc sample_formats(double *shares, quality_job *j, int column, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT");
    for (int h = 0; h < HELD_COUNT; h++) {
        pt_str_add(&q.text, h ? ", avg(CAST(" : "avg(CAST(");
        pt_str_add(&q.text, quality_format_sql(j, holds[h].format, column));
        pt_str_add(&q.text, " AS INTEGER))");
    }
    add_sample(&q, j);
    pt_rc rc = quality_query_row(shares, HELD_COUNT, j->x->conn, &q, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc try_formats(bool *held_any, quality_job *j, int column, pt_err *err)
{
    pt_quality_column *c = &j->s->columns[column];
    double shares[HELD_COUNT];

    *held_any = false;
    PT_TRY(sample_formats(shares, j, column, err));
    for (int h = 0; h < HELD_COUNT; h++) {
        if (!(shares[h] >= (quality_is_called(c->name, holds[h].names) ? 0.3 : 0.6)))
            continue;
        *held_any = c->personal = true;
        quality_suspect_add(
            j, (quality_suspect){
                   .kind = holds[h].kind,
                   .column = column,
                   .by_value = true,
                   .most = 0.7,
                   .sql = quality_condition(j, column, "NOT %s", quality_format_sql(j, holds[h].format, column))});
    }
    return PT_OK;
}

/* --- how values are written ---------------------------------------------------------------------------------------- */

static const char shape_sql[] = "pt_text_shape(`)";

/* The commonest shape of the sample when at least 98 of 100 values have it. */
static pt_rc sample_shape(char **out, quality_job *j, int column, pt_err *err)
{
    pt_sql q = {0};
    const char *shape = quality_condition(j, column, "%s", shape_sql);

    pt_str_addf(&q.text,
                "SELECT coalesce(max(s) FILTER (WHERE n >= 0.98 * total AND total >= 20), '') FROM (SELECT s, n, sum(n)"
                " OVER () AS total FROM (SELECT %s AS s, count(*) AS n ",
                shape);
    add_sample(&q, j);
    pt_sql_kw(&q, quality_condition(j, column, "WHERE ` IS NOT NULL GROUP BY s))"));
    pt_rc rc = pt_query_text(out, j->x->conn, &q, j->x->arena, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc try_shape(quality_job *j, int column, pt_err *err)
{
    char *shape;

    PT_TRY(sample_shape(&shape, j, column, err));
    if (!shape || !*shape)
        return PT_OK;
    const char *expression = quality_condition(j, column, "%s", shape_sql);
    const char *quoted = quality_quoted(j, pt_sv_of(shape));
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_ODD_SHAPE,
                                             .column = column,
                                             .by_value = true,
                                             .most = 0.02,
                                             .detail = shape,
                                             .sql = pt_arena_printf(j->x->arena, "%s <> %s", expression, quoted)});
    return PT_OK;
}

/* Where many texts are as long as the longest, and few one character shorter, something cuts them. */
static pt_rc try_truncated(quality_job *j, int column, pt_err *err)
{
    const pt_quality_column *c = &j->s->columns[column];
    const double *m = c->measures;
    double longest = m[PT_MEASURE_LONGEST], n[2] = {0, 0};
    pt_sql q = {0};

    if (!(longest >= 10 && m[PT_MEASURE_SHORTEST] < 0.6 * longest && m[PT_MEASURE_DISTINCT] >= 50))
        return PT_OK;
    pt_str_addf(&q.text, "SELECT count(*) FILTER (WHERE length(%s) = %.0f), count(*) FILTER (WHERE length(%s) = %.0f)",
                quality_name(j, c->sql), longest, quality_name(j, c->sql), longest - 1);
    quality_from(&q, j->x, j->s->source);
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc == PT_OK && n[0] >= 20 && n[0] >= 0.01 * m[PT_MEASURE_FILLED] && n[0] > 5 * n[1])
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_TRUNCATED,
                                                 .column = column,
                                                 .by_value = true,
                                                 .most = 1,
                                                 .figure = longest,
                                                 .sql = quality_condition(j, column, "length(`) = %.0f", longest)});
    return rc;
}

/* --- several spellings --------------------------------------------------------------------------------------------- */

#define FULL_WIDTH                                                                                                                                                             \
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔ" \
    "ｕｖｗｘｙｚ（）－　"
#define HALF_WIDTH "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz()- "

/* temp.quality_values: v a value, n its rows, k what is left of it without case, width, spaces and punctuation. */
static pt_rc make_values(quality_job *j, int column, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, quality_condition(
                      j, column,
                      "CREATE OR REPLACE TEMP TABLE quality_values AS SELECT v, n, regexp_replace(lower("
                      "translate(v, '" FULL_WIDTH "', '" HALF_WIDTH
                      "')), '[\\s_.,/·''\"()-]+', '', 'g') AS k FROM (SELECT CAST(` AS VARCHAR) AS v, count(*) AS"
                      " n"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, quality_condition(j, column, "AND ` IS NOT NULL GROUP BY v)"));
    pt_rc rc = pt_exec(j->x->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc read_pairs(char **detail, char **list, quality_job *j, const char *pairs, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE TEMP TABLE quality_pairs AS");
    pt_sql_kw(&q, pairs);
    pt_rc rc = pt_exec(j->x->conn, &q, NULL, err);
    pt_sql_clear(&q);
    pt_sql_kw(&q,
              "SELECT coalesce(string_agg(w || ' = ' || r, '; ' ORDER BY w), '') FROM (FROM quality_pairs ORDER BY w"
              " LIMIT 3)");
    if (rc == PT_OK)
        rc = pt_query_text(detail, j->x->conn, &q, j->x->arena, err);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "SELECT coalesce(string_agg('''' || replace(w, '''', '''''') || '''', ', ' ORDER BY w), '') FROM"
                  " quality_pairs");
    if (rc == PT_OK)
        rc = pt_query_text(list, j->x->conn, &q, j->x->arena, err);
    pt_sql_free(&q);
    return rc;
}

/* Suspects the values that a query of (w: wrong spelling, r: right one) names. */
static pt_rc try_spellings(quality_job *j, pt_finding_kind kind, int column, const char *pairs, pt_err *err)
{
    char *detail, *list;

    PT_TRY(read_pairs(&detail, &list, j, pairs, err));
    if (!*list)
        return PT_OK;
    const char *in = pt_arena_printf(j->x->arena, "%s IN (%s)", quality_name(j, j->s->columns[column].sql), list);
    j->nomem |= !in;
    quality_suspect_add(j, (quality_suspect){.kind = kind,
                                             .column = column,
                                             .by_value = true,
                                             .most = 1,
                                             .detail = j->s->columns[column].personal ? "***" : detail,
                                             .sql = in ? in : "false"});
    return PT_OK;
}

static const char variants_sql[] =
    "SELECT v AS w, r FROM (SELECT v, first_value(v) OVER (PARTITION BY k ORDER BY n DESC, v) AS r FROM quality_values"
    " WHERE NOT regexp_full_match(k, '[0-9]*')) WHERE v <> r";

/* A rare value one edit from a frequent one. Codes with digits differ in one character for a reason. */
static const char typos_sql[] =
    "SELECT a.v AS w, min(b.v) AS r FROM (SELECT * FROM quality_values WHERE NOT regexp_matches(v, '[0-9]') AND "
    "length(v) >="
    " (CASE WHEN regexp_full_match(v, '[\\x{4E00}-\\x{9FFF}]+') THEN 4 ELSE 5 END)) a JOIN quality_values b ON a.n <= "
    "0.01 *"
    " b.n WHERE a.k <> b.k AND abs(length(a.v) - length(b.v)) <= 1 AND damerau_levenshtein(a.v, b.v) = 1 GROUP BY a.v";

static pt_rc look_at_spellings(quality_job *j, int column, pt_err *err)
{
    double distinct = j->s->columns[column].measures[PT_MEASURE_DISTINCT];

    if (distinct < 2 || distinct > 2000)
        return PT_OK;
    PT_TRY(make_values(j, column, err));
    PT_TRY(try_spellings(j, PT_FINDING_VARIANTS, column, variants_sql, err));
    return distinct <= 500 ? try_spellings(j, PT_FINDING_TYPOS, column, typos_sql, err) : PT_OK;
}

/* --- conditions on single values ----------------------------------------------------------------------------------- */

static const struct {
    pt_finding_kind kind;
    bool free_only; /* not of categories: a channel may well be called "test" */
    unsigned fault;
} bad_texts[] = {
    {PT_FINDING_PLACEHOLDER, false, TEXT_PLACEHOLDER}, {PT_FINDING_MOJIBAKE, false, TEXT_GARBLED},
    {PT_FINDING_INVISIBLE, false, TEXT_INVISIBLE},     {PT_FINDING_MARKUP, false, TEXT_MARKUP},
    {PT_FINDING_TEST_VALUE, true, TEXT_TEST},          {PT_FINDING_MASHED, true, TEXT_MASHED},
};

static void suspect_texts(quality_job *j, int column)
{
    bool free_text = j->s->columns[column].type != PT_TYPE_CATEGORY;

    for (size_t i = 0; i < PT_COUNT(bad_texts); i++)
        if (free_text || !bad_texts[i].free_only)
            quality_suspect_add(j, (quality_suspect){.kind = bad_texts[i].kind,
                                                     .column = column,
                                                     .by_value = true,
                                                     .most = 0.9,
                                                     .sql = quality_condition(
                                                         j, column, "(CAST(pt_text_faults(`) AS INTEGER) & %u) <> 0",
                                                         bad_texts[i].fault)});
}

static pt_rc try_text(quality_job *j, int column, pt_err *err)
{
    const pt_quality_column *c = &j->s->columns[column];
    double distinct = c->measures[PT_MEASURE_DISTINCT];
    bool known;

    suspect_texts(j, column);
    PT_TRY(try_formats(&known, j, column, err));
    if (!known && c->type == PT_TYPE_TEXT && distinct >= 20)
        PT_TRY(try_shape(j, column, err));
    if (!known && !c->identifier && c->type == PT_TYPE_TEXT)
        PT_TRY(try_truncated(j, column, err));
    if (!known && !c->identifier)
        PT_TRY(look_at_spellings(j, column, err));
    return PT_OK;
}

pt_rc quality_texts(quality_job *j, pt_err *err)
{
    for (size_t i = 0; i < j->s->n_columns; i++) {
        pt_quality_column *c = &j->s->columns[i];
        c->personal = c->personal || quality_is_called(c->name, personal_names);
        if (pt_type_is_text(c->type) && c->measures[PT_MEASURE_FILLED] > 0)
            PT_TRY(try_text(j, (int)i, err));
    }
    return quality_suspects_try(j, err);
}

/* The stage that looks at cleaned rows before anything is computed from them: reports are kept in the store, and a rule of
 * level error that does not hold stops the build here. */
#include "app/build_int.h"
#include "app/clock.h"
#include "quality/quality.h"

enum { EXAMINER_VERSION = 1 }; /* raised when the same rows would give another report */

/* --- has anything changed? ----------------------------------------------------------------------------------------- */

/* "Now" is another instant in every build: a report stands for the day. */
static int64_t report_as_of(const pt_build *b)
{
    bool now = !b->options->has_as_of && b->project->as_of_default == PT_AS_OF_NOW;

    return now ? pt_zone_midnight(b->project->zone, pt_zone_date(b->project->zone, b->as_of)) : b->as_of;
}

/* Everything a source's report follows from. The other sources are among it, since sources are compared. */
static pt_rc hash_inputs(char hex[33], const pt_build *b, const pt_source *s, pt_err *err)
{
    pt_str key = {0};

    pt_str_addf(&key, "%d %lld ", EXAMINER_VERSION, (long long)report_as_of(b));
    pt_str_addn(&key, (const char *)&s->hash, sizeof s->hash);
    pt_str_addn(&key, (const char *)&s->quality_hash, sizeof s->quality_hash);
    pt_str_addn(&key, (const char *)b->source_hash, b->project->n_sources * sizeof *b->source_hash);
    pt_rc rc = pt_str_check(&key, err);
    if (rc == PT_OK)
        pt_hash128_hex(hex, pt_hash128_of(key.ptr, key.len));
    pt_str_free(&key);
    return rc;
}

/* --- one source ---------------------------------------------------------------------------------------------------- */

static pt_rc save(const pt_quality_source *s, const pt_quality_context *x, uint32_t run, const char *inputs,
                  pt_err *err)
{
    pt_rc rc = pt_exec_text(x->conn, "BEGIN", err);

    if (rc == PT_OK)
        rc = pt_quality_save(s, x, run, inputs, err);
    if (rc == PT_OK)
        rc = pt_exec_text(x->conn, "COMMIT", err);
    if (rc != PT_OK)
        pt_exec_text(x->conn, "ROLLBACK", NULL);
    return rc;
}

static pt_rc examine(pt_build *b, const pt_quality_context *x, uint32_t source, uint32_t run, pt_err *err)
{
    pt_quality_source s;
    char inputs[33];
    bool kept;

    PT_TRY(hash_inputs(inputs, b, &b->project->sources[source], err));
    PT_TRY(pt_quality_is_kept(&kept, x, source, inputs, err));
    if (kept)
        return PT_OK;
    PT_TRY(pt_quality_profile(&s, x, source, err));
    PT_TRY(pt_quality_earlier(&s, x, err));
    PT_TRY(pt_quality_examine(&s, x, err));
    return save(&s, x, run, inputs, err);
}

/* --- rules that do not hold ---------------------------------------------------------------------------------------- */

static const char *cell(const pt_rows *rows, size_t column, size_t row, pt_arena *arena)
{
    pt_sv text = ((const pt_sv *)rows->cells[column].data)[row];

    return pt_arena_strndup(arena, text.ptr ? text.ptr : "", text.len);
}

static uint64_t count(const pt_rows *rows, size_t column, size_t row)
{
    return ((const uint64_t *)rows->cells[column].data)[row];
}

static pt_rc take_broken(pt_build *b, const pt_rows *rows, pt_err *err)
{
    pt_broken_rule *list = PT_NEW_ARRAY(b->arena, pt_broken_rule, rows->n);

    if (!list)
        return pt_fail_nomem(err, "the quality report");
    for (size_t r = 0; r < rows->n; r++) {
        list[r] = (pt_broken_rule){.source = cell(rows, 0, r, b->arena),
                                   .error = count(rows, 1, r) != 0,
                                   .rule = cell(rows, 2, r, b->arena),
                                   .rows = count(rows, 3, r),
                                   .of = count(rows, 4, r),
                                   .file = cell(rows, 5, r, b->arena),
                                   .line = count(rows, 6, r)};
        if (!list[r].source || !list[r].rule || !list[r].file)
            return pt_fail_nomem(err, "the quality report");
    }
    b->result->broken_rules = list;
    b->result->n_broken_rules = rows->n;
    return PT_OK;
}

/* Of all sources, kept reports too; those of level error first. */
static pt_rc ask_broken(pt_build *b, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(
        &q,
        "SELECT f.source, (f.severity = 'error')::UBIGINT, f.detail, f.rows, f.of_rows, coalesce(min_by(e.file, "
        "(e.file,"
        " e.line)), ''), coalesce(min_by(e.line, (e.file, e.line)), 0)::UBIGINT FROM meta.quality_findings f LEFT JOIN"
        " meta.quality_examples e ON e.source = f.source AND e.finding = f.place WHERE f.kind = 'rule'"
        " GROUP BY ALL ORDER BY 2 DESC, f.rows DESC, f.source, f.detail");
    pt_rc rc = pt_query(&cursor, b->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = take_broken(b, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

static pt_rc stop_when_broken(const pt_build *b, pt_err *err)
{
    const pt_broken_rule *r = b->result->broken_rules;
    size_t errors = 0;

    while (errors < b->result->n_broken_rules && r[errors].error)
        errors++;
    if (!errors)
        return PT_OK;
    if (r->file[0])
        pt_fail(err, PT_EPROBLEM, "%s: the rule '%.100s' does not hold: %llu of %llu rows, first %s:%llu", r->source,
                r->rule, (unsigned long long)r->rows, (unsigned long long)r->of, r->file, (unsigned long long)r->line);
    else
        pt_fail(err, PT_EPROBLEM, "%s: the rule '%.100s' does not hold: %llu of %llu rows", r->source, r->rule,
                (unsigned long long)r->rows, (unsigned long long)r->of);
    return pt_err_hint(err, "nothing was published; portrait quality %s shows the rows", r->source);
}

/* The mean of the sources' scores, and how many findings are not mere notes. */
static pt_rc ask_score(pt_build *b, pt_err *err)
{
    pt_sql q = {0};
    int64_t score = 0, findings = 0;

    pt_sql_kw(
        &q, "SELECT coalesce(round(avg(h.value)), 100)::BIGINT FROM meta.quality_kept k JOIN meta.quality_history h ON"
            " h.source = k.source AND h.run = k.run AND h.column_name = '' AND h.measure = 'score'");
    pt_rc rc = pt_query_int(&score, b->conn, &q, err);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "SELECT count(*) FROM meta.quality_findings WHERE severity <> 'note'");
    if (rc == PT_OK)
        rc = pt_query_int(&findings, b->conn, &q, err);
    pt_sql_free(&q);
    b->result->quality_score = (unsigned)score;
    b->result->quality_findings = (uint64_t)findings;
    return rc;
}

pt_rc pt_stage_quality(pt_build *b, pt_err *err)
{
    const pt_project *p = b->project;
    pt_quality_context x = {
        .project = p, .conn = b->conn, .as_of = b->as_of, .now = pt_clock_now(), .arena = pt_arena_new(0)};
    uint32_t run = 0;

    if (!x.arena)
        return pt_fail_nomem(err, "the quality report");
    pt_rc rc = pt_quality_prepare(b->conn, err);
    if (rc == PT_OK)
        rc = pt_quality_sweep(p, b->conn, err);
    if (rc == PT_OK)
        rc = pt_quality_next_run(&run, b->conn, err);
    for (uint32_t s = 0; rc == PT_OK && s < p->n_sources; s++) {
        if (p->sources[s].circle)
            continue;
        rc = pt_cancel_check(b->options->cancel, err);
        pt_build_report(b, PT_STAGE_QUALITY, p->sources[s].name, s, p->n_sources);
        if (rc == PT_OK)
            rc = examine(b, &x, s, run, err);
        pt_arena_reset(x.arena);
    }
    pt_arena_free(x.arena);
    PT_TRY(rc);
    PT_TRY(ask_score(b, err));
    PT_TRY(ask_broken(b, err));
    return stop_when_broken(b, err);
}

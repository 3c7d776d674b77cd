/* The instant the build is for, and the sources cleaned as of it. */
#include "app/build_int.h"
#include "app/clock.h"
#include "clean/clean.h"

/* --- the as-of ---------------------------------------------------------------------------------------------------- */

/* The latest event of any event source; PT_I64_MISSING when there is none. */
static pt_rc last_event(int64_t *out, const pt_build *b, pt_err *err)
{
    int64_t latest;

    *out = PT_I64_MISSING;
    for (size_t s = 0; s < b->project->n_sources; s++) {
        if (b->project->sources[s].kind != PT_SOURCE_EVENT)
            continue;
        PT_TRY(pt_clean_last_event(&latest, b->project, s, b->conn, err));
        *out = latest > *out ? latest : *out;
    }
    return PT_OK;
}

/* Here, and nowhere below, "now" becomes an instant. */
static pt_rc choose_as_of(pt_build *b, pt_err *err)
{
    if (b->options->has_as_of)
        b->as_of = b->options->as_of;
    else if (b->project->as_of_default == PT_AS_OF_FIXED)
        b->as_of = b->project->as_of;
    else if (b->project->as_of_default == PT_AS_OF_LAST_EVENT)
        PT_TRY(last_event(&b->as_of, b, err));
    else
        b->as_of = pt_clock_now();
    if (b->as_of == PT_I64_MISSING) /* no event at all */
        b->as_of = pt_clock_now();
    b->result->as_of = b->as_of;
    return PT_OK;
}

/* --- what was set aside --------------------------------------------------------------------------------------------- */

static pt_rc keep_reasons(pt_build *b, const pt_rows *rows, pt_err *err)
{
    const pt_sv *source = rows->cells[0].data, *reason = rows->cells[1].data, *file = rows->cells[3].data;
    const uint64_t *count = rows->cells[2].data, *line = rows->cells[4].data;
    pt_quarantine_reason *list = PT_NEW_ARRAY(b->arena, pt_quarantine_reason, rows->n);

    if (!list)
        return pt_fail_nomem(err, "the quarantine");
    for (size_t i = 0; i < rows->n; i++) {
        list[i] = (pt_quarantine_reason){pt_arena_strndup(b->arena, source[i].ptr, source[i].len),
                                         pt_arena_strndup(b->arena, reason[i].ptr, reason[i].len), count[i],
                                         pt_arena_strndup(b->arena, file[i].ptr, file[i].len), line[i]};
        if (!list[i].source || !list[i].reason || !list[i].file)
            return pt_fail_nomem(err, "the quarantine");
    }
    b->result->reasons = list;
    b->result->n_reasons = rows->n;
    return PT_OK;
}

/* Why rows were set aside, the most frequent reasons first, each with one place to look at. */
static pt_rc ask_reasons(pt_build *b, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q,
              "SELECT source, concat_ws(': ', CASE WHEN reason NOT LIKE 'cleaned: %' THEN nullif(column_name, '') END,"
              " reason), count(*)::UBIGINT,"
              " coalesce(min_by(file, (file, line)), ''), coalesce(min_by(line, (file, line)), 0)::UBIGINT"
              " FROM meta.quarantine GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT");
    pt_sql_bind_int(&q, PT_BUILD_REASONS);
    pt_rc rc = pt_query(&cursor, b->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = keep_reasons(b, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

static void count_dropped(pt_build *b)
{
    const pt_cleaning *cleaning = &b->result->cleaning;

    for (size_t i = 0; i < cleaning->n_rules; i++) {
        const pt_cleaning_rule *r = &cleaning->rules[i];
        int s = pt_project_find_source(b->project, pt_sv_of(r->source));
        if (s >= 0 && strcmp(r->kind, "convert") != 0) /* those are among what reading set aside */
            b->sources[s].dropped += r->dropped;
    }
}

/* --- the stage ---------------------------------------------------------------------------------------------------- */

pt_rc pt_stage_clean(pt_build *b, pt_err *err)
{
    const pt_project *p = b->project;

    PT_TRY(choose_as_of(b, err));
    PT_TRY(pt_clean_sweep(p, b->conn, err));
    for (size_t s = 0; s < p->n_sources; s++) {
        PT_TRY(pt_cancel_check(b->options->cancel, err));
        pt_build_report(b, PT_STAGE_CLEAN, p->sources[s].name, s, p->n_sources);
        PT_TRY(pt_clean_source(p, s, b->as_of, b->conn, err));
        PT_TRY(pt_clean_hash(&b->source_hash[s], p, s, b->conn, err));
    }
    PT_TRY(pt_cleaning_read(&b->result->cleaning, b->conn, b->arena, err));
    count_dropped(b);
    return ask_reasons(b, err);
}

#include "app/build_int.h"

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

    pt_sql_kw(&q, "SELECT source, concat_ws(': ', nullif(column_name, ''), reason), count(*)::UBIGINT,"
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

pt_rc pt_stage_read(pt_build *b, pt_err *err)
{
    const pt_project *p = b->project;
    const uint32_t *order;

    PT_TRY(pt_source_prepare(b->conn, err));
    PT_TRY(pt_source_sweep(p, b->conn, err));
    PT_TRY(pt_source_order(&order, p, b->arena, err));
    for (size_t i = 0; i < p->n_sources; i++) {
        uint32_t s = order[i];
        PT_TRY(pt_cancel_check(b->options->cancel, err));
        pt_build_report(b, PT_STAGE_READ, p->sources[s].name, i, p->n_sources);
        PT_TRY(pt_source_read(&b->sources[s].read, p, s, b->conn, pt_data_dir_tmp(b->data), err));
    }
    return ask_reasons(b, err);
}

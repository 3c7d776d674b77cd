/* Rows that did not fit: each goes to meta.rejects with its line, the column at fault, the reason and its text. */
#include <stdlib.h>

#include "base/utf8.h"
#include "source/records.h"

enum {
    LONGEST_TEXT = 8192, /* bytes of a row that are kept: to recognise it by; the rest is in the file */
    BATCH = 100000
};

void pt_quarantine_text(pt_str *out, pt_sv raw)
{
    size_t at = 0;

    pt_str_clear(out);
    while (at < raw.len && out->len < LONGEST_TEXT) {
        size_t from = at;
        bool valid = pt_utf8_next(raw, &at) >= 0;
        if (!valid)
            pt_str_add(out, "\xEF\xBF\xBD");
        else if (raw.ptr[from] == '\0')
            pt_str_add(out, "\xE2\x90\x80"); /* the picture of NUL */
        else
            pt_str_addn(out, raw.ptr + from, at - from);
    }
    if (at < raw.len)
        pt_str_add(out, "\xE2\x80\xA6");
}

typedef struct refused {
    uint64_t row;
    uint32_t problem; /* from 1 */
} refused;

/* The next refused rows from row `from` on, in order. */
static pt_rc read_refused(refused *out, size_t *n, pt_reading *r, uint64_t from, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT CAST(rowid -");
    pt_sql_bind_int(&q, r->first_rowid);
    pt_sql_kw(&q, "AS UBIGINT), CAST(_reject AS UINTEGER) FROM raw.");
    pt_sql_ident(&q, r->in->table);
    pt_sql_kw(&q, "WHERE _reject IS NOT NULL AND rowid >=");
    pt_sql_bind_int(&q, r->first_rowid + (int64_t)from);
    pt_sql_kw(&q, "ORDER BY rowid LIMIT");
    pt_sql_bind_int(&q, BATCH);
    pt_rc rc = pt_query(&cur, r->run->conn, &q, err);
    pt_sql_free(&q);
    *n = 0;
    if (rc != PT_OK)
        return rc;
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && *n < BATCH; i++, ++*n)
            out[*n] = (refused){((const uint64_t *)rows->cells[0].data)[i], ((const uint32_t *)rows->cells[1].data)[i]};
    pt_cursor_close(cur);
    return rc;
}

/* Moves on to the record of a row. */
static bool find_row(pt_records *records, uint64_t row)
{
    while (records->next_row <= row)
        if (!pt_records_next(records))
            return false;
    return true;
}

static void append(pt_appender *a, pt_reading *r, const refused *x, uint64_t line, pt_sv raw)
{
    const pt_problem *problem = &r->plan->problems[x->problem - 1];

    pt_append_text(a, pt_sv_of(r->in->table));
    pt_append_int(a, (int64_t)line);
    pt_append_text(a, pt_sv_of(problem->column));
    pt_append_text(a, pt_sv_of(problem->reason));
    pt_append_text(a, raw);
    pt_append_end_row(a);
}

static pt_rc append_batch(pt_reading *r, pt_records *records, const refused *batch, size_t n, pt_str *text, pt_err *err)
{
    pt_appender *a;
    pt_rc rc;

    PT_TRY(pt_appender_open(&a, r->run->conn, "meta", "rejects", err));
    for (size_t i = 0; i < n; i++) {
        pt_str_clear(text);
        bool found = find_row(records, batch[i].row);
        if (found)
            pt_quarantine_text(text, records->csv.raw);
        append(a, r, &batch[i], found ? records->csv.line : 0, (pt_sv){found ? pt_str_cstr(text) : NULL, text->len});
    }
    rc = pt_appender_close(a, err);
    if (rc == PT_OK && (text->failed || records->csv.nomem))
        rc = pt_fail_nomem(err, "the quarantine");
    return rc;
}

static pt_rc quarantine(pt_reading *r, pt_records *records, refused *batch, pt_err *err)
{
    pt_str text = {0};
    size_t n;
    pt_rc rc = PT_OK;

    for (uint64_t from = 0, done = 0; rc == PT_OK && done < r->refused; done += n) {
        rc = read_refused(batch, &n, r, from, err);
        if (rc != PT_OK || n == 0)
            break;
        rc = append_batch(r, records, batch, n, &text, err);
        from = batch[n - 1].row + 1;
    }
    pt_str_free(&text);
    return rc;
}

pt_rc pt_quarantine_rows(pt_reading *r, pt_err *err)
{
    refused *batch;
    pt_records records;

    if (r->refused == 0)
        return PT_OK;
    if (r->in->format == PT_FORMAT_PARQUET)
        return pt_quarantine_parquet(r, err);
    batch = malloc(BATCH * sizeof *batch);
    if (!batch)
        return pt_fail_nomem(err, "the quarantine");
    pt_records_open(&records, &r->text, &r->shape, r->in->format);
    pt_rc rc = quarantine(r, &records, batch, err);
    pt_records_close(&records);
    free(batch);
    return rc;
}

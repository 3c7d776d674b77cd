/* A file with faults: csv.c reads it, rows go to a temporary table of texts, everything else to quarantine, and the table is
 * made from there with the same plan as ever. */
#include "source/records.h"

static pt_rc make_stage(pt_reading *r, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE TEMP TABLE pt_stage (");
    for (size_t i = 0; i < r->plan->n_cells && r->in->format == PT_FORMAT_CSV; i++)
        pt_str_addf(&q.text, "%sf%zu VARCHAR", i ? ", " : "", i);
    if (r->plan->n_cells == 0 || r->in->format == PT_FORMAT_JSONL)
        pt_sql_kw(&q, "j VARCHAR");
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static bool is_missing(const pt_read_run *run, pt_sv text)
{
    for (size_t i = 0; i < run->source->n_missing_text; i++)
        if (pt_sv_eq(text, pt_sv_trim(pt_sv_of(run->source->missing_text[i]))))
            return true;
    return text.len == 0;
}

static void append_row(pt_appender *stage, const pt_reading *r, const pt_records *records)
{
    if (r->in->format == PT_FORMAT_JSONL || r->plan->n_cells == 0)
        pt_append_text(stage, records->csv.fields[0]);
    for (size_t i = 0; i < r->plan->n_cells && r->in->format == PT_FORMAT_CSV; i++) {
        pt_sv field = pt_sv_trim(records->csv.fields[r->plan->cells[i].column]);
        pt_append_text(stage, is_missing(r->run, field) ? (pt_sv){0} : field);
    }
    pt_append_end_row(stage);
}

/* "fewer fields than the header" with the numbers. */
static const char *full_reason(pt_str *out, const pt_records *records)
{
    pt_str_clear(out);
    pt_str_add(out, records->fault);
    if (records->fault == pt_csv_too_few || records->fault == pt_csv_too_many)
        pt_str_addf(out, ": %zu, not %zu", records->csv.n_fields, records->csv.expect);
    return pt_str_cstr(out);
}

static void append_fault(pt_appender *rejects, const pt_reading *r, const pt_records *records, pt_str *text,
                         pt_str *reason)
{
    pt_append_text(rejects, pt_sv_of(r->in->table));
    pt_append_int(rejects, (int64_t)records->csv.line);
    pt_append_text(rejects, (pt_sv){0});
    pt_append_text(rejects, pt_sv_of(full_reason(reason, records)));
    pt_quarantine_text(text, records->csv.raw);
    pt_append_text(rejects, (pt_sv){pt_str_cstr(text), text->len});
    pt_append_end_row(rejects);
}

static pt_rc fill_stage(pt_reading *r, pt_appender *stage, pt_appender *rejects, pt_err *err)
{
    pt_records records;
    pt_str text = {0}, reason = {0};

    pt_records_open(&records, &r->text, &r->shape, r->in->format);
    while (pt_records_next(&records)) {
        if (!records.fault)
            append_row(stage, r, &records);
        else
            append_fault(rejects, r, &records, &text, &reason);
        r->faults += records.fault != NULL;
    }
    bool nomem = records.csv.nomem || text.failed || reason.failed;
    pt_records_close(&records);
    pt_str_free(&text);
    pt_str_free(&reason);
    return nomem ? pt_fail_nomem(err, "a file with faults") : PT_OK;
}

static pt_rc stage_file(pt_reading *r, pt_err *err)
{
    pt_appender *stage, *rejects;
    pt_err other = {0};
    pt_rc rc, closed;

    r->faults = 0;
    PT_TRY(make_stage(r, err));
    PT_TRY(pt_appender_open(&stage, r->run->conn, NULL, "pt_stage", err));
    rc = pt_appender_open(&rejects, r->run->conn, "meta", "rejects", err);
    if (rc != PT_OK) {
        pt_appender_close(stage, &other);
        return rc;
    }
    rc = fill_stage(r, stage, rejects, err);
    closed = pt_appender_close(stage, rc == PT_OK ? err : &other);
    rc = rc == PT_OK ? closed : rc;
    closed = pt_appender_close(rejects, rc == PT_OK ? err : &other);
    return rc == PT_OK ? closed : rc;
}

pt_rc pt_read_careful(pt_reading *r, pt_err *err)
{
    pt_sql stage = {0}, base = {0}, q = {0};
    pt_rc rc = stage_file(r, err);

    pt_sql_kw(&stage, "SELECT * FROM pt_stage");
    if (r->in->format == PT_FORMAT_JSONL)
        pt_add_json_cells(&base, r, &stage);
    if (rc == PT_OK) {
        pt_plan_render(&q, r->plan, r->in->table, r->in->format == PT_FORMAT_JSONL ? &base : &stage);
        rc = pt_exec(r->run->conn, &q, NULL, err);
    }
    if (rc == PT_OK)
        rc = pt_exec_text(r->run->conn, "DROP TABLE pt_stage", err);
    pt_sql_free(&stage);
    pt_sql_free(&base);
    pt_sql_free(&q);
    return rc;
}

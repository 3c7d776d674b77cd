/* Members as lines: ids, or CSV as RFC 4180 has it. */
#include <errno.h>
#include <unistd.h>

#include "app/export_int.h"
#include "app/render.h"
#include "base/io.h"

enum { BATCH = 1 << 16 };

typedef struct text_out {
    pt_writer *file; /* NULL: standard output */
    pt_str text;     /* not written yet */
} text_out;

static pt_rc flush(text_out *o, pt_err *err)
{
    pt_rc rc = pt_str_check(&o->text, err);

    if (rc == PT_OK && o->file)
        pt_writer_write(o->file, o->text.ptr, o->text.len);
    else if (rc == PT_OK && o->text.len && fwrite(o->text.ptr, 1, o->text.len, stdout) != o->text.len)
        rc = pt_fail_errno(err, PT_EIO, errno, "cannot write to standard output");
    pt_str_clear(&o->text);
    return rc;
}

/* --- cells ------------------------------------------------------------------------------------------------------------- */

/* A spreadsheet takes a text that begins so for a formula, and would run what a customer typed into a form. */
static bool is_formula(const pt_str *out, size_t from)
{
    return from < out->len && strchr("=+-@\t\r", out->ptr[from]) != NULL;
}

static bool needs_quotes(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return n && (text[0] == ' ' || text[n - 1] == ' ');
}

/* The cell that begins at `from` of `out`: guarded and quoted where need be. `scratch` is the caller's. */
static void finish_cell(pt_str *out, size_t from, bool text, pt_str *scratch)
{
    bool formula = text && is_formula(out, from);

    if (!formula && !needs_quotes(out->ptr + from, out->len - from))
        return;
    pt_str_clear(scratch);
    pt_str_addn(scratch, out->ptr + from, out->len - from);
    out->len = from;
    pt_str_addc(out, '"');
    if (formula)
        pt_str_addc(out, '\'');
    for (size_t i = 0; i < scratch->len; i++) {
        if (scratch->ptr[i] == '"')
            pt_str_addc(out, '"');
        pt_str_addc(out, scratch->ptr[i]);
    }
    pt_str_addc(out, '"');
}

static void add_text(pt_str *out, pt_sv text, pt_str *scratch)
{
    size_t from = out->len;

    pt_str_addsv(out, text);
    if (!out->failed)
        finish_cell(out, from, true, scratch);
}

static void add_head(pt_str *out, const pt_export *x, pt_str *scratch)
{
    if (x->options->mark)
        pt_str_add(out, "\xEF\xBB\xBF");
    add_text(out, pt_sv_of(x->id_title), scratch);
    for (size_t i = 0; i < x->n_columns; i++) {
        pt_str_addc(out, ',');
        add_text(out, pt_sv_of(x->columns[i].title), scratch);
    }
    pt_str_addc(out, '\n');
}

static void add_values(pt_str *out, const pt_export *x, uint32_t row, pt_str *scratch)
{
    for (size_t i = 0; i < x->n_columns; i++) {
        const pt_column *c = x->columns[i].values;
        pt_str_addc(out, ',');
        size_t from = out->len;
        pt_render_cell(out, c, row, x->project->zone);
        if (!out->failed)
            finish_cell(out, from, pt_type_is_text(c->type) || pt_type_is_list(c->type), scratch);
    }
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

static pt_rc add_rows(text_out *o, const pt_export *x, pt_str *scratch, pt_err *err)
{
    bool csv = x->options->format == PT_EXPORT_CSV;
    pt_export_walk walk = pt_export_begin(x);
    pt_rc rc = PT_OK;
    uint32_t row;

    if (csv)
        add_head(&o->text, x, scratch);
    while (pt_export_next(&walk, &row, &rc, err)) {
        pt_sv id = pt_directory_id(x->query->view->directory, row);
        if (csv)
            add_text(&o->text, id, scratch);
        else
            pt_str_addsv(&o->text, id);
        add_values(&o->text, x, row, scratch);
        pt_str_addc(&o->text, '\n');
        if (o->text.len >= BATCH && (rc = flush(o, err)) != PT_OK)
            break;
    }
    return rc == PT_OK ? flush(o, err) : rc;
}

pt_rc pt_export_text(const pt_export *x, pt_err *err)
{
    text_out o = {0};
    pt_str scratch = {0};

    if (x->options->path)
        PT_TRY(pt_writer_open(&o.file, x->options->path, err));
    pt_rc rc = add_rows(&o, x, &scratch, err);
    if (rc == PT_OK)
        rc = pt_str_check(&scratch, err);
    if (rc == PT_OK)
        rc = pt_directory_damage(x->query->view->directory, err);
    if (o.file && rc == PT_OK)
        rc = pt_writer_commit(o.file, err);
    else if (o.file)
        pt_writer_abort(o.file);
    else if (rc == PT_OK && fflush(stdout) != 0)
        rc = pt_fail_errno(err, PT_EIO, errno, "cannot write to standard output");
    pt_str_free(&o.text);
    pt_str_free(&scratch);
    return rc;
}

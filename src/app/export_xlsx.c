/* Members as a spreadsheet, for people: labels instead of names, dates and money as cells of their own kind. A row is
 * written as it comes (libxlsxwriter's constant-memory mode). */
#include <errno.h>
#include <math.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "app/export_int.h"
#include "app/render.h"
#include "base/io.h"

/* What a sheet holds: its rows, its columns, the characters of a cell. */
enum { MOST_ROWS = 1048576, MOST_COLUMNS = 16384, MOST_CHARACTERS = 32767, FIRST_YEAR = 1900, WIDTH = 16 };

typedef enum look { LOOK_HEAD, LOOK_MONEY, LOOK_DATE, LOOK_INSTANT, LOOK_DURATION, LOOK_PERCENT, LOOKS } look;

typedef struct sheet {
    const pt_export *x;
    pt_render_style style;
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *looks[LOOKS];
    lxw_error error; /* the first; sticky */
    pt_str scratch;
} sheet;

static void note(sheet *s, lxw_error error)
{
    if (s->error == LXW_NO_ERROR)
        s->error = error;
}

static pt_rc result(const sheet *s, pt_err *err)
{
    PT_TRY(pt_str_check(&s->scratch, err));
    switch (s->error) {
    case LXW_NO_ERROR: return PT_OK;
    case LXW_ERROR_MEMORY_MALLOC_FAILED: return pt_fail_nomem(err, "a spreadsheet");
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
        pt_fail(err, PT_EINVAL, "a value has more than %d characters, which is the most of a spreadsheet's cell",
                MOST_CHARACTERS);
        return pt_err_hint(err, "use --out csv or parquet, or leave the tag out with --tags");
    default: return pt_fail(err, PT_EIO, "cannot write '%s': %s", s->x->options->path, lxw_strerror(s->error));
    }
}

/* --- cells ------------------------------------------------------------------------------------------------------------- */

static void write_text(sheet *s, lxw_row_t row, lxw_col_t column)
{
    if (s->scratch.len)
        note(s, worksheet_write_string(s->page, row, column, pt_str_cstr(&s->scratch), NULL));
}

/* As people read it elsewhere. */
static void write_rendered(sheet *s, lxw_row_t row, lxw_col_t column, const pt_export_column *c, uint32_t customer)
{
    pt_str_clear(&s->scratch);
    pt_render_text(&s->scratch, &s->style, (int)c->tag, c->values, customer);
    write_text(s, row, column);
}

static void write_date(sheet *s, lxw_row_t row, lxw_col_t column, const pt_export_column *c, uint32_t customer)
{
    int32_t year, month, day;

    pt_date_to_civil(&year, &month, &day, ((const int32_t *)c->values->data)[customer]);
    lxw_datetime t = {.year = year, .month = month, .day = day};
    if (year < FIRST_YEAR)
        write_rendered(s, row, column, c, customer);
    else
        note(s, worksheet_write_datetime(s->page, row, column, &t, s->looks[LOOK_DATE]));
}

static void write_instant(sheet *s, lxw_row_t row, lxw_col_t column, const pt_export_column *c, uint32_t customer)
{
    pt_civil civil;

    pt_zone_civil(&civil, s->x->project->zone, ((const int64_t *)c->values->data)[customer]);
    lxw_datetime t = {.year = civil.year,
                      .month = civil.month,
                      .day = civil.day,
                      .hour = civil.hour,
                      .min = civil.minute,
                      .sec = civil.second + civil.micro / 1e6};
    if (civil.year < FIRST_YEAR)
        write_rendered(s, row, column, c, customer);
    else
        note(s, worksheet_write_datetime(s->page, row, column, &t, s->looks[LOOK_INSTANT]));
}

static void write_value(sheet *s, lxw_row_t row, lxw_col_t column, const pt_export_column *c, uint32_t customer)
{
    const void *data = c->values->data;

    if (pt_column_missing(c->values, customer))
        return;
    if (c->tag == PT_EXPORT_IDENTIFIER) {
        pt_str_clear(&s->scratch);
        pt_str_addsv(&s->scratch, pt_dict_text(c->values->dict, pt_column_code(c->values, customer)));
        write_text(s, row, column);
        return;
    }
    const pt_tag *tag = &s->x->project->tags[c->tag];
    switch (tag->n_tier_labels ? PT_TYPE_CATEGORY : c->values->type) {
    case PT_TYPE_BOOL:
        note(s, worksheet_write_boolean(s->page, row, column, ((const uint8_t *)data)[customer], NULL));
        break;
    case PT_TYPE_NUMBER:
        note(s, worksheet_write_number(s->page, row, column, ((const double *)data)[customer],
                                       pt_tag_is_percent(tag) ? s->looks[LOOK_PERCENT] : NULL));
        break;
    case PT_TYPE_MONEY: /* exact below 90 billion: a cell holds a double */
        note(s, worksheet_write_number(s->page, row, column, (double)((const int64_t *)data)[customer] / 10000,
                                       s->looks[LOOK_MONEY]));
        break;
    case PT_TYPE_DATE: write_date(s, row, column, c, customer); break;
    case PT_TYPE_INSTANT: write_instant(s, row, column, c, customer); break;
    case PT_TYPE_DURATION:
        note(s, worksheet_write_number(s->page, row, column, (double)((const int64_t *)data)[customer] / PT_DAY,
                                       s->looks[LOOK_DURATION]));
        break;
    default: write_rendered(s, row, column, c, customer); break;
    }
}

/* --- the sheet --------------------------------------------------------------------------------------------------------- */

static bool make_looks(sheet *s)
{
    static const char *const numbers[LOOKS] = {NULL,        "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss",
                                               "[h]:mm:ss", "0.0%"};

    for (size_t i = 0; i < LOOKS; i++) {
        if (!(s->looks[i] = workbook_add_format(s->book)))
            return false;
        if (numbers[i])
            format_set_num_format(s->looks[i], numbers[i]);
    }
    format_set_bold(s->looks[LOOK_HEAD]);
    return true;
}

static void write_head(sheet *s)
{
    note(s, worksheet_write_string(s->page, 0, 0, s->x->id_title, s->looks[LOOK_HEAD]));
    for (size_t i = 0; i < s->x->n_columns; i++)
        note(s, worksheet_write_string(s->page, 0, (lxw_col_t)(i + 1), s->x->columns[i].title, s->looks[LOOK_HEAD]));
}

static pt_rc write_rows(sheet *s, pt_err *err)
{
    pt_export_walk walk = pt_export_begin(s->x);
    lxw_row_t row = 0;
    pt_rc rc = PT_OK;
    uint32_t customer;

    write_head(s);
    while (s->error == LXW_NO_ERROR && pt_export_next(&walk, &customer, &rc, err)) {
        row++;
        pt_str_clear(&s->scratch);
        pt_str_addsv(&s->scratch, pt_directory_id(s->x->query->view->directory, customer));
        write_text(s, row, 0);
        for (size_t i = 0; i < s->x->n_columns; i++)
            write_value(s, row, (lxw_col_t)(i + 1), &s->x->columns[i], customer);
    }
    PT_TRY(rc);
    /* The library does not look whether its rows reached the disk. */
    if (s->page->optimize_tmpfile && (fflush(s->page->optimize_tmpfile) != 0 || ferror(s->page->optimize_tmpfile)))
        return pt_fail_errno(err, PT_EIO, errno ? errno : EIO, "cannot write '%s'", s->x->options->path);
    return result(s, err);
}

static pt_rc make_sheet(sheet *s, pt_err *err)
{
    const pt_export *x = s->x;
    lxw_doc_properties about = {.created = (time_t)(x->query->view->as_of / PT_SECOND)};

    if (!(s->page = workbook_add_worksheet(s->book, NULL)) || !make_looks(s))
        return pt_fail_nomem(err, "a spreadsheet");
    note(s, workbook_set_properties(s->book, &about)); /* else the moment of writing would stand in the file */
    note(s, worksheet_set_column(s->page, 0, (lxw_col_t)x->n_columns, WIDTH, NULL));
    worksheet_freeze_panes(s->page, 1, 1);
    note(s, worksheet_autofilter(s->page, 0, 0, (lxw_row_t)x->rows, (lxw_col_t)x->n_columns));
    return write_rows(s, err);
}

static pt_rc check_size(const pt_export *x, pt_err *err)
{
    if (x->rows + 1 > MOST_ROWS) {
        pt_fail(err, PT_EINVAL, "a spreadsheet has at most %d rows, and there are %llu members", MOST_ROWS,
                (unsigned long long)x->rows);
        return pt_err_hint(err, "--out csv or parquet takes any number; --limit writes the first of them");
    }
    if (x->n_columns + 1 > MOST_COLUMNS) {
        pt_fail(err, PT_EINVAL, "a spreadsheet has at most %d columns", MOST_COLUMNS);
        return pt_err_hint(err, "choose some with --tags");
    }
    return PT_OK;
}

pt_rc pt_export_xlsx(const pt_export *x, pt_err *err)
{
    const char *path = x->options->path, *partial = pt_arena_printf(x->arena, "%s.tmp", path);
    const char *slash = strrchr(path, '/');
    char *folder = slash ? pt_arena_strndup(x->arena, path, slash == path ? 1 : (size_t)(slash - path))
                         : pt_arena_strdup(x->arena, ".");
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = folder};
    sheet s = {.x = x, .style = {.project = x->project, .lang = x->options->lang}};

    if (!partial || !folder)
        return pt_fail_nomem(err, "a spreadsheet");
    PT_TRY(check_size(x, err));
    if (!(s.book = workbook_new_opt(partial, &options)))
        return pt_fail_nomem(err, "a spreadsheet");
    pt_rc rc = make_sheet(&s, err);
    note(&s, workbook_close(s.book)); /* also frees */
    if (rc == PT_OK)
        rc = result(&s, err);
    pt_str_free(&s.scratch);
    if (rc == PT_OK)
        rc = pt_publish_file(path, partial, err);
    if (rc != PT_OK)
        unlink(partial);
    return rc;
}

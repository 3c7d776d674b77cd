#include "source/records.h"

#include "base/utf8.h"

void pt_records_open(pt_records *r, const pt_text_file *text, const pt_shape *shape, pt_file_format format)
{
    *r = (pt_records){.lines = format == PT_FORMAT_JSONL, .may_be_bad = !text->valid || text->nul};
    pt_csv_open(&r->csv, (pt_sv){(const char *)text->map.ptr, text->map.size}, shape->delimiter, shape->quote,
                r->lines ? 0 : shape->n);
    if (!r->lines && !shape->positions)
        pt_csv_next(&r->csv); /* the header */
}

void pt_records_close(pt_records *r)
{
    pt_csv_close(&r->csv);
}

static const char *fault_of(const pt_records *r)
{
    pt_sv raw = r->csv.raw;

    if (r->may_be_bad && memchr(raw.ptr, '\0', raw.len))
        return "a NUL byte";
    if (r->may_be_bad && pt_utf8_valid(raw) != raw.len)
        return "bytes that are not valid in the file's encoding";
    return r->lines ? NULL : r->csv.wrong;
}

bool pt_records_next(pt_records *r)
{
    do {
        if (!(r->lines ? pt_csv_next_line(&r->csv) : pt_csv_next(&r->csv)))
            return false;
    } while (r->lines && pt_sv_trim(r->csv.raw).len == 0);
    r->fault = fault_of(r);
    if (!r->fault)
        r->row = r->next_row++;
    return true;
}

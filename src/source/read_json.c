/* JSON lines: one object a line. A column of the file is a key, or a path of keys (`page.url`) into nested objects. */
#include "source/records.h"

enum { LOOK_AT = 1000 }; /* lines whose keys are gathered, to tell a typing error from a key that is not always there */

/* --- keys of a line --------------------------------------------------------------------------------------------------- */

static size_t skip_string(pt_sv s, size_t at)
{
    for (at++; at < s.len && s.ptr[at] != '"'; at++)
        at += s.ptr[at] == '\\';
    return at < s.len ? at + 1 : s.len;
}

/* The next key of the outermost object from *at on; false at the end. A key with an escape is passed over. */
static bool next_key(pt_sv *key, pt_sv s, size_t *at, int *depth)
{
    while (*at < s.len) {
        char c = s.ptr[*at];
        if (c != '"') {
            *depth += (c == '{' || c == '[') - (c == '}' || c == ']');
            ++*at;
            continue;
        }
        size_t from = *at + 1, end = skip_string(s, *at), colon = end;
        *at = end;
        while (colon < s.len && s.ptr[colon] == ' ')
            colon++;
        *key = (pt_sv){s.ptr + from, end > from ? end - 1 - from : 0};
        if (*depth == 1 && colon < s.len && s.ptr[colon] == ':' && !memchr(key->ptr, '\\', key->len))
            return true;
    }
    return false;
}

static pt_rc add_key(pt_shape *shape, pt_sv key, pt_arena *arena, pt_err *err)
{
    for (size_t i = 0; i < shape->n; i++)
        if (pt_sv_eq(key, pt_sv_of(shape->names[i])))
            return PT_OK;
    char *name = pt_arena_strndup(arena, key.ptr, key.len);
    return name ? pt_shape_add(shape, name, arena, err) : pt_fail_nomem(err, "a file's keys");
}

pt_rc pt_json_shape(pt_shape *out, pt_reading *r, pt_err *err)
{
    pt_records records;
    pt_rc rc = PT_OK;

    *out = (pt_shape){.open_ended = true, .delimiter = '\1', .positions = true};
    pt_records_open(&records, &r->text, out, PT_FORMAT_JSONL);
    for (size_t i = 0; rc == PT_OK && i < LOOK_AT && pt_records_next(&records); i++) {
        pt_sv line = pt_sv_trim(records.csv.raw), key;
        size_t at = 0;
        int depth = 0;
        if (i == 0 && line.ptr[0] == '[') {
            rc = pt_fail_input(err, r->run, r->in, PT_E_NOT_THE_FORMAT,
                               "it begins with '[': it is one JSON array, not a JSON object a line");
            pt_err_hint(err, "`jq -c '.[]' FILE` writes it as lines");
        }
        while (rc == PT_OK && next_key(&key, line, &at, &depth))
            rc = add_key(out, key, r->arena, err);
        r->records += rc == PT_OK;
    }
    if (records.csv.nomem)
        rc = pt_fail_nomem(err, "a file's keys");
    pt_records_close(&records);
    out->known = out->n;
    return rc;
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

/* A JSON pointer (RFC 6901): a key of the file as it is, else a path of keys. */
static void add_pointer(pt_str *out, const char *name, bool is_key)
{
    pt_str_addc(out, '/');
    for (; *name; name++) {
        if (*name == '.' && !is_key)
            pt_str_addc(out, '/');
        else if (*name == '/' || *name == '~')
            pt_str_add(out, *name == '/' ? "~1" : "~0");
        else
            pt_str_addc(out, *name);
    }
}

void pt_add_json_cells(pt_sql *q, const pt_reading *r, const pt_sql *lines)
{
    pt_str pointer = {0};

    pt_sql_kw(q, "SELECT ok");
    for (size_t i = 0; i < r->plan->n_cells; i++)
        pt_str_addf(&q->text, ", %s(l[%zu]) AS f%zu", r->run->text_function, i + 1, i);
    pt_sql_kw(q, "FROM (SELECT ok, CASE WHEN ok THEN json_extract_string(j, ['/'");
    for (size_t i = 0; i < r->plan->n_cells; i++) {
        size_t column = r->plan->cells[i].column;
        pt_str_clear(&pointer);
        add_pointer(&pointer, r->shape.names[column], column < r->shape.known);
        pt_sql_kw(q, ",");
        pt_sql_text(q, (pt_sv){pt_str_cstr(&pointer), pointer.len});
    }
    pt_sql_kw(
        q, "])[2:] END AS l FROM (SELECT j, CASE WHEN json_valid(j) THEN json_type(j) = 'OBJECT' ELSE false END AS ok"
           " FROM (");
    pt_str_addsv(&q->text, (pt_sv){pt_str_cstr(&lines->text), lines->text.len});
    pt_sql_kw(q, ")))");
    q->text.failed |= pointer.failed || lines->text.failed;
    q->nul |= lines->nul;
    pt_str_free(&pointer);
}

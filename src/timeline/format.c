/* The directory of a timeline file and the arrays that follow from it: docs/timeline-format.md. */
#include "timeline/timeline_int.h"

static size_t arrays_of(const timeline_column *c)
{
    size_t n = 1;

    if (c->type == PT_TYPE_LIST)
        n += 1 + c->has_absent;
    return n + (timeline_has_dict(c->type) ? 2 : 0);
}

static size_t add(timeline_meta *m, pt_frame_array array)
{
    m->arrays[m->n_arrays] = array;
    return m->n_arrays++;
}

static void add_codes(timeline_meta *m, timeline_column *c, uint64_t n, uint64_t low)
{
    c->values = add(m, (pt_frame_array){.role = c->type == PT_TYPE_LIST ? "items" : "values",
                                        .column = c->name,
                                        .kind = PT_FRAME_CODES,
                                        .width = c->width,
                                        .n = n,
                                        .low = low,
                                        .high = c->texts});
}

static void add_column(timeline_meta *m, timeline_column *c)
{
    pt_frame_array values = {.role = "values", .column = c->name, .width = c->width, .n = m->events};

    switch (c->type) {
    case PT_TYPE_LIST:
        c->offsets = add(m, (pt_frame_array){.role = "offsets",
                                             .column = c->name,
                                             .kind = PT_FRAME_OFFSETS,
                                             .width = 8,
                                             .n = m->events + 1,
                                             .high = c->items});
        if (c->has_absent)
            c->absent = add(
                m,
                (pt_frame_array){
                    .role = "marks", .column = c->name, .kind = PT_FRAME_CODES, .width = 1, .n = m->events, .high = 1});
        add_codes(m, c, c->items, 1);
        return;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: add_codes(m, c, m->events, 0); return;
    case PT_TYPE_BOOL:
        values.kind = PT_FRAME_CODES;
        values.high = PT_BOOL_MISSING;
        break;
    case PT_TYPE_NUMBER: values.kind = PT_FRAME_NUMBERS; break;
    default: values.kind = PT_FRAME_RAW;
    }
    c->values = add(m, values);
}

static void add_dict(timeline_meta *m, timeline_column *c)
{
    c->dict_offsets = add(m, (pt_frame_array){.role = "dictionary",
                                              .column = c->name,
                                              .kind = PT_FRAME_OFFSETS,
                                              .width = 8,
                                              .n = c->texts + 1,
                                              .high = c->text_bytes});
    c->dict_bytes = add(m, (pt_frame_array){.role = "texts", .column = c->name, .width = 1, .n = c->text_bytes});
}

pt_rc timeline_meta_layout(timeline_meta *m, pt_arena *a, pt_err *err)
{
    size_t n = TIMELINE_FIRST_COLUMN;

    for (size_t i = 0; i < m->n_columns; i++)
        n += arrays_of(&m->columns[i]);
    m->arrays = PT_NEW_ARRAY(a, pt_frame_array, n);
    if (!m->arrays)
        return pt_fail_nomem(err, "a timeline's directory");
    m->n_arrays = 0;
    add(m, (pt_frame_array){.role = "offsets",
                            .kind = PT_FRAME_OFFSETS,
                            .width = 8,
                            .n = (uint64_t)m->ordinals + 1,
                            .high = m->events});
    add(m, (pt_frame_array){.role = "times", .width = 8, .n = m->events});
    for (size_t i = 0; i < m->n_columns; i++)
        add_column(m, &m->columns[i]);
    for (size_t i = 0; i < m->n_columns; i++)
        if (timeline_has_dict(m->columns[i].type))
            add_dict(m, &m->columns[i]);
    if (!pt_frame_layout(m->arrays, m->n_arrays, &m->data_bytes))
        return pt_fail(err, PT_EINVAL, "the timeline of '%s' would be too large for a file", m->source);
    return PT_OK;
}

static void put_column(pt_str *out, const timeline_column *c)
{
    uint8_t bytes[4] = {(uint8_t)c->type, c->width, c->has_absent, 0};

    pt_frame_put_text(out, c->name);
    pt_frame_put(out, bytes, sizeof bytes);
    pt_frame_put64(out, c->missing);
    pt_frame_put64(out, (uint64_t)c->least);
    pt_frame_put64(out, (uint64_t)c->most);
    pt_frame_put64(out, c->items);
    pt_frame_put64(out, c->texts);
    pt_frame_put64(out, c->text_bytes);
}

void timeline_meta_write(pt_str *out, const timeline_meta *m)
{
    uint32_t n_columns = (uint32_t)m->n_columns;

    pt_frame_put64(out, m->ordinals);
    pt_frame_put64(out, m->events);
    pt_frame_put64(out, m->made_from.lo);
    pt_frame_put64(out, m->made_from.hi);
    pt_frame_put64(out, (uint64_t)m->first);
    pt_frame_put64(out, (uint64_t)m->last);
    pt_frame_put(out, &n_columns, sizeof n_columns);
    pt_frame_put_text(out, m->source);
    for (size_t i = 0; i < m->n_columns; i++)
        put_column(out, &m->columns[i]);
}

static bool sound_column(const timeline_column *c, uint8_t type, uint8_t has_absent)
{
    if (!timeline_type_allowed((pt_type)type) || has_absent > 1 || (has_absent && type != PT_TYPE_LIST))
        return false;
    if (timeline_has_dict(c->type))
        return c->width == pt_frame_code_width(c->texts) && c->texts < UINT32_MAX;
    return c->width == pt_type_width(c->type) && c->items == 0 && c->texts == 0 && c->text_bytes == 0;
}

static bool get_column(timeline_column *out, pt_frame_cursor *c, pt_arena *a)
{
    uint8_t bytes[4];

    out->name = pt_frame_get_text(c, a);
    pt_frame_get(c, bytes, sizeof bytes);
    out->type = (pt_type)bytes[0];
    out->width = bytes[1];
    out->has_absent = bytes[2];
    out->missing = pt_frame_get64(c);
    out->least = (int64_t)pt_frame_get64(c);
    out->most = (int64_t)pt_frame_get64(c);
    out->items = pt_frame_get64(c);
    out->texts = pt_frame_get64(c);
    out->text_bytes = pt_frame_get64(c);
    return !c->failed && sound_column(out, bytes[0], bytes[2]);
}

pt_rc timeline_meta_read(timeline_meta *m, const pt_frame *f, pt_arena *a, pt_err *err)
{
    enum { LEAST_COLUMN_BYTES = 56 };
    pt_frame_cursor c = {.rest = pt_frame_directory(f)};
    uint32_t n_columns;
    uint64_t ordinals = pt_frame_get64(&c);

    m->events = pt_frame_get64(&c);
    m->made_from.lo = pt_frame_get64(&c);
    m->made_from.hi = pt_frame_get64(&c);
    m->first = (int64_t)pt_frame_get64(&c);
    m->last = (int64_t)pt_frame_get64(&c);
    pt_frame_get(&c, &n_columns, sizeof n_columns);
    m->source = pt_frame_get_text(&c, a);
    if (c.failed || n_columns > c.rest.len / LEAST_COLUMN_BYTES)
        return pt_frame_corrupt(f, err, "its directory ends early");
    if (ordinals > TIMELINE_MOST_ORDINALS || m->events > TIMELINE_MOST_EVENTS)
        return pt_frame_corrupt(f, err, "its directory has impossible counts");
    m->ordinals = (uint32_t)ordinals;
    m->n_columns = n_columns;
    m->columns = PT_NEW_ARRAY(a, timeline_column, n_columns);
    if (!m->source || !m->columns)
        return pt_fail_nomem(err, pt_frame_noun(f));
    for (size_t i = 0; i < n_columns; i++) {
        if (!get_column(&m->columns[i], &c, a))
            return pt_frame_corrupt(f, err, "its directory describes an impossible column");
        if (!m->columns[i].name)
            return pt_fail_nomem(err, pt_frame_noun(f));
    }
    if (c.rest.len)
        return pt_frame_corrupt(f, err, "its directory is longer than its columns");
    pt_rc rc = timeline_meta_layout(m, a, err);
    return rc == PT_EINVAL ? pt_frame_corrupt(f, err, "its directory describes more than a file can hold") : rc;
}

/* --- batches of rows ---------------------------------------------------------------------------------------------- */

static bool cells_are(const pt_cells *c, pt_cells_form form, pt_type type)
{
    return c->form == form && (form != PT_CELLS_TYPED || c->type == type);
}

/* A category is a text: which of the two a batch calls it makes no difference. */
static bool cells_fit(const pt_cells *c, pt_type type)
{
    return cells_are(c, PT_CELLS_TYPED, type) ||
           (pt_type_is_text(type) && c->form == PT_CELLS_TYPED && pt_type_is_text(c->type));
}

bool timeline_rows_fit(const pt_timeline_schema *schema, const pt_rows *rows)
{
    const pt_cells *c = rows->cells;

    if (rows->n_cells != TIMELINE_KEYS + schema->n_columns || !cells_are(&c[0], PT_CELLS_U32, 0) ||
        !cells_are(&c[1], PT_CELLS_TYPED, PT_TYPE_INSTANT) || !cells_are(&c[2], PT_CELLS_U64, 0))
        return false;
    for (size_t i = 0; i < schema->n_columns; i++)
        if (!cells_fit(&c[TIMELINE_KEYS + i], schema->columns[i].type))
            return false;
    return true;
}

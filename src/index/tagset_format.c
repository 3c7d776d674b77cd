/* The directory of a tag file and the arrays that follow from it: docs/tag-format.md. */
#include "index/tagset_int.h"

enum { ARRAYS_OF_A_TAG = 6 };

static size_t add(tagset_meta *m, pt_frame_array array)
{
    m->arrays[m->n_arrays] = array;
    return m->n_arrays++;
}

static void add_list(tagset_meta *m, tagset_tag *t)
{
    const char *name = t->info.name;

    t->offsets = add(m, (pt_frame_array){.role = "offsets",
                                         .column = name,
                                         .kind = PT_FRAME_OFFSETS,
                                         .width = 8,
                                         .n = (uint64_t)m->ordinals + 1,
                                         .high = t->items});
    if (t->has_absent)
        t->absent = add(
            m, (pt_frame_array){
                   .role = "marks", .column = name, .kind = PT_FRAME_CODES, .width = 1, .n = m->ordinals, .high = 1});
    t->values = add(m, (pt_frame_array){.role = "items",
                                        .column = name,
                                        .kind = PT_FRAME_CODES,
                                        .width = t->width,
                                        .n = t->items,
                                        .low = 1,
                                        .high = t->texts});
    if (t->info.type == PT_TYPE_WEIGHTED)
        t->weights = add(
            m,
            (pt_frame_array){.role = "weights", .column = name, .kind = PT_FRAME_NUMBERS, .width = 8, .n = t->items});
}

static void add_values(tagset_meta *m, tagset_tag *t)
{
    pt_frame_array values = {.role = "values", .column = t->info.name, .width = t->width, .n = m->ordinals};

    if (pt_type_is_list(t->info.type)) {
        add_list(m, t);
        return;
    }
    if (pt_type_is_text(t->info.type) || t->info.type == PT_TYPE_BOOL) {
        values.kind = PT_FRAME_CODES;
        values.high = t->info.type == PT_TYPE_BOOL ? PT_BOOL_MISSING : t->texts;
    } else if (t->info.type == PT_TYPE_NUMBER) {
        values.kind = PT_FRAME_NUMBERS;
    }
    t->values = add(m, values);
}

static void add_dict(tagset_meta *m, tagset_tag *t)
{
    t->dict_offsets = add(m, (pt_frame_array){.role = "dictionary",
                                              .column = t->info.name,
                                              .kind = PT_FRAME_OFFSETS,
                                              .width = 8,
                                              .n = t->texts + 1,
                                              .high = t->text_bytes});
    t->dict_bytes = add(m, (pt_frame_array){.role = "texts", .column = t->info.name, .width = 1, .n = t->text_bytes});
}

pt_rc tagset_meta_layout(tagset_meta *m, pt_arena *a, pt_err *err)
{
    m->arrays = PT_NEW_ARRAY(a, pt_frame_array, m->n_tags * ARRAYS_OF_A_TAG);
    if (!m->arrays)
        return pt_fail_nomem(err, "a tag file's directory");
    m->n_arrays = 0;
    for (size_t i = 0; i < m->n_tags; i++)
        add_values(m, &m->tags[i]);
    for (size_t i = 0; i < m->n_tags; i++)
        if (tagset_has_dict(m->tags[i].info.type))
            add_dict(m, &m->tags[i]);
    if (!pt_frame_layout(m->arrays, m->n_arrays, &m->data_bytes))
        return pt_fail(err, PT_EINVAL, "the tags would be too large for a file");
    return PT_OK;
}

void tagset_meta_write(pt_str *out, const tagset_meta *m)
{
    uint32_t n_tags = (uint32_t)m->n_tags;

    pt_frame_put64(out, m->ordinals);
    pt_frame_put64(out, (uint64_t)m->as_of);
    pt_frame_put64(out, m->made_from.lo);
    pt_frame_put64(out, m->made_from.hi);
    pt_frame_put(out, &n_tags, sizeof n_tags);
    for (size_t i = 0; i < m->n_tags; i++) {
        const tagset_tag *t = &m->tags[i];
        uint8_t bytes[4] = {(uint8_t)t->info.type, t->width, t->has_absent, 0};
        pt_frame_put_text(out, t->info.name);
        pt_frame_put(out, bytes, sizeof bytes);
        pt_frame_put64(out, t->present);
        pt_frame_put64(out, t->items);
        pt_frame_put64(out, t->texts);
        pt_frame_put64(out, t->text_bytes);
    }
}

static bool sound_tag(const tagset_tag *t, const uint8_t *bytes)
{
    if (bytes[0] <= PT_TYPE_NONE || bytes[0] >= PT_TYPE_COUNT)
        return false;
    if (bytes[2] > 1 || (bytes[2] && !pt_type_is_list(t->info.type)))
        return false;
    if (tagset_has_dict(t->info.type))
        return t->width == pt_frame_code_width(t->texts) && t->texts < UINT32_MAX;
    return t->width == pt_type_width(t->info.type) && t->items == 0 && t->texts == 0 && t->text_bytes == 0;
}

static bool get_tag(tagset_tag *out, pt_frame_cursor *c, pt_arena *a)
{
    uint8_t bytes[4];

    out->info.name = pt_frame_get_text(c, a);
    pt_frame_get(c, bytes, sizeof bytes);
    out->info.type = (pt_type)bytes[0];
    out->width = bytes[1];
    out->has_absent = bytes[2];
    out->present = pt_frame_get64(c);
    out->items = pt_frame_get64(c);
    out->texts = pt_frame_get64(c);
    out->text_bytes = pt_frame_get64(c);
    return !c->failed && sound_tag(out, bytes);
}

pt_rc tagset_meta_read(tagset_meta *m, const pt_frame *f, pt_arena *a, pt_err *err)
{
    enum { LEAST_TAG_BYTES = 40 };
    pt_frame_cursor c = {.rest = pt_frame_directory(f)};
    uint32_t n_tags;
    uint64_t ordinals = pt_frame_get64(&c);

    m->as_of = (int64_t)pt_frame_get64(&c);
    m->made_from.lo = pt_frame_get64(&c);
    m->made_from.hi = pt_frame_get64(&c);
    pt_frame_get(&c, &n_tags, sizeof n_tags);
    if (c.failed || ordinals > UINT32_MAX || n_tags > c.rest.len / LEAST_TAG_BYTES)
        return pt_frame_corrupt(f, err, "its directory has impossible counts");
    m->ordinals = (uint32_t)ordinals;
    m->n_tags = n_tags;
    m->tags = PT_NEW_ARRAY(a, tagset_tag, n_tags);
    if (!m->tags)
        return pt_fail_nomem(err, pt_frame_noun(f));
    for (size_t i = 0; i < n_tags; i++) {
        if (!get_tag(&m->tags[i], &c, a))
            return pt_frame_corrupt(f, err, "its directory describes an impossible tag");
        if (!m->tags[i].info.name)
            return pt_fail_nomem(err, pt_frame_noun(f));
    }
    if (c.rest.len)
        return pt_frame_corrupt(f, err, "its directory is longer than its tags");
    pt_rc rc = tagset_meta_layout(m, a, err);
    return rc == PT_EINVAL ? pt_frame_corrupt(f, err, "its directory describes more than a file can hold") : rc;
}

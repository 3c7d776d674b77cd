/* Reading tag columns from bytes that are checked before they are believed. */
#include <stdlib.h>

#include "index/tagset_int.h"

struct pt_tagset {
    pt_arena *arena;
    pt_frame *frame;
    tagset_meta meta;
    pt_column *columns;
    pt_dict *dicts;
    const tagset_tag **by_name; /* sorted */
};

static int compare_names(const void *left, const void *right)
{
    const tagset_tag *const *a = left, *const *b = right;

    return strcmp((*a)->info.name, (*b)->info.name);
}

static void make_column(pt_tagset *t, size_t tag)
{
    const tagset_tag *g = &t->meta.tags[tag];
    pt_column *c = &t->columns[tag];

    *c = (pt_column){.type = g->info.type, .width = g->width, .data = pt_frame_values(t->frame, g->values)};
    if (pt_type_is_list(g->info.type))
        c->offsets = pt_frame_values(t->frame, g->offsets);
    if (g->has_absent)
        c->absent = pt_frame_values(t->frame, g->absent);
    if (g->info.type == PT_TYPE_WEIGHTED)
        c->weights = pt_frame_values(t->frame, g->weights);
    if (!tagset_has_dict(g->info.type))
        return;
    t->dicts[tag] = (pt_dict){.n = (uint32_t)g->texts,
                              .sorted = true,
                              .offsets = pt_frame_values(t->frame, g->dict_offsets),
                              .bytes = pt_frame_values(t->frame, g->dict_bytes)};
    c->dict = &t->dicts[tag];
}

static pt_rc open_bytes(pt_tagset *t, const void *bytes, size_t n, pt_err *err)
{
    PT_TRY(pt_frame_open(&t->frame, TAGSET_MAGIC, TAGSET_VERSION, "the tag file", bytes, n, err));
    PT_TRY(tagset_meta_read(&t->meta, t->frame, t->arena, err));
    PT_TRY(pt_frame_set_arrays(t->frame, t->meta.arrays, t->meta.n_arrays, err));
    t->columns = PT_NEW_ARRAY(t->arena, pt_column, t->meta.n_tags);
    t->dicts = PT_NEW_ARRAY(t->arena, pt_dict, t->meta.n_tags);
    t->by_name = PT_NEW_ARRAY(t->arena, const tagset_tag *, t->meta.n_tags);
    if (!t->columns || !t->dicts || !t->by_name)
        return pt_fail_nomem(err, "the tag file");
    for (size_t i = 0; i < t->meta.n_tags; i++) {
        make_column(t, i);
        t->by_name[i] = &t->meta.tags[i];
    }
    qsort(t->by_name, t->meta.n_tags, sizeof *t->by_name, compare_names);
    return PT_OK;
}

pt_rc pt_tagset_open(pt_tagset **out, const void *bytes, size_t n, pt_err *err)
{
    pt_tagset *t = pt_zalloc(1, sizeof *t);

    *out = NULL;
    if (!t)
        return pt_fail_nomem(err, "the tag file");
    t->arena = pt_arena_new(0);
    pt_rc rc = t->arena ? open_bytes(t, bytes, n, err) : pt_fail_nomem(err, "the tag file");
    if (rc == PT_OK)
        *out = t;
    else
        pt_tagset_close(t);
    return rc;
}

void pt_tagset_close(pt_tagset *t)
{
    if (!t)
        return;
    pt_frame_close(t->frame);
    pt_arena_free(t->arena);
    free(t);
}

uint32_t pt_tagset_ordinals(const pt_tagset *t)
{
    return t->meta.ordinals;
}

int64_t pt_tagset_as_of(const pt_tagset *t)
{
    return t->meta.as_of;
}

pt_hash128 pt_tagset_made_from(const pt_tagset *t)
{
    return t->meta.made_from;
}

size_t pt_tagset_count(const pt_tagset *t)
{
    return t->meta.n_tags;
}

const pt_tag_info *pt_tagset_info(const pt_tagset *t, size_t tag)
{
    return &t->meta.tags[tag].info;
}

uint64_t pt_tagset_present(const pt_tagset *t, size_t tag)
{
    return t->meta.tags[tag].present;
}

int pt_tagset_find(const pt_tagset *t, pt_sv name)
{
    size_t low = 0, high = t->meta.n_tags;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int c = pt_sv_cmp(name, pt_sv_of(t->by_name[middle]->info.name));
        if (c == 0)
            return (int)(t->by_name[middle] - t->meta.tags);
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

/* --- checking -------------------------------------------------------------------------------------------------------- */

static pt_rc check_values(pt_tagset *t, size_t tag, uint32_t first, uint32_t n, pt_err *err)
{
    const tagset_tag *g = &t->meta.tags[tag];

    if (!pt_type_is_list(g->info.type))
        return pt_frame_check(t->frame, g->values, first, n, err);
    PT_TRY(pt_frame_check(t->frame, g->offsets, first, (uint64_t)n + 1, err));
    if (g->has_absent)
        PT_TRY(pt_frame_check(t->frame, g->absent, first, n, err));
    const uint64_t *offsets = t->columns[tag].offsets + first;
    PT_TRY(pt_frame_check(t->frame, g->values, offsets[0], offsets[n] - offsets[0], err));
    if (g->info.type != PT_TYPE_WEIGHTED)
        return PT_OK;
    return pt_frame_check(t->frame, g->weights, offsets[0], offsets[n] - offsets[0], err);
}

static pt_rc check_text(pt_tagset *t, size_t tag, uint32_t code, pt_err *err)
{
    const tagset_tag *g = &t->meta.tags[tag];

    if (code == PT_CODE_MISSING)
        return PT_OK;
    PT_TRY(pt_frame_check(t->frame, g->dict_offsets, code - 1, 2, err));
    const uint64_t *offsets = t->dicts[tag].offsets + code - 1;
    return pt_frame_check(t->frame, g->dict_bytes, offsets[0], offsets[1] - offsets[0], err);
}

pt_rc pt_tagset_column(const pt_column **out, pt_tagset *t, size_t tag, pt_err *err)
{
    const tagset_tag *g = &t->meta.tags[tag];

    *out = NULL;
    PT_TRY(check_values(t, tag, 0, t->meta.ordinals, err));
    if (tagset_has_dict(g->info.type)) {
        PT_TRY(pt_frame_check(t->frame, g->dict_offsets, 0, g->texts + 1, err));
        PT_TRY(pt_frame_check(t->frame, g->dict_bytes, 0, g->text_bytes, err));
    }
    *out = &t->columns[tag];
    return PT_OK;
}

pt_rc pt_tagset_rows(const pt_column **out, pt_tagset *t, size_t tag, uint32_t first, uint32_t n, pt_err *err)
{
    const pt_column *c = &t->columns[tag];
    uint64_t begin = first, end = (uint64_t)first + n;

    *out = NULL;
    if (end > t->meta.ordinals)
        return pt_fail(err, PT_EINTERNAL, "the tag file has %u customers, number %llu asked for", t->meta.ordinals,
                       (unsigned long long)end - 1);
    PT_TRY(check_values(t, tag, first, n, err));
    if (pt_type_is_list(c->type)) {
        begin = c->offsets[begin];
        end = c->offsets[end];
    }
    for (uint64_t i = begin; c->dict && i < end; i++)
        PT_TRY(check_text(t, tag, pt_column_code(c, i), err));
    *out = c;
    return PT_OK;
}

/* Taking tag values in. A put is packed into memory of the worker that brings it: fixed values as they are, texts as codes
 * of the worker's own dictionary, as narrow as this put allows. Nothing is shared between workers. */
#include <stdlib.h>

#include "index/tagset_int.h"

enum { BLOCK_FIRST = 16 << 10, BLOCK_MOST = 4 << 20 };

static void free_worker(const pt_tagset_builder *b, put_worker *w)
{
    if (!w)
        return;
    for (size_t i = 0; w->tags && i < b->n_tags; i++) {
        free(w->tags[i].items);
        pt_intern_free(w->tags[i].intern);
        free(w->tags[i].known.codes);
    }
    while (w->blocks) {
        put_block *next = w->blocks->next;
        free(w->blocks);
        w->blocks = next;
    }
    free(w->tags);
    free(w->seen);
    free(w->codes);
    free(w);
}

void pt_tagset_builder_free(pt_tagset_builder *b)
{
    if (!b)
        return;
    for (unsigned i = 0; b->workers && i < b->n_workers; i++)
        free_worker(b, b->workers[i]);
    free(b->workers);
    pt_arena_free(b->arena);
    free(b);
}

static pt_rc new_worker(put_worker **out, const pt_tagset_builder *b, pt_err *err)
{
    put_worker *w = *out = pt_alloc64(1, sizeof *w); /* no two workers in one cache line */

    if (!w)
        return pt_fail_nomem(err, "tag columns");
    *w = (put_worker){0};
    w->tags = pt_zalloc(b->n_tags, sizeof *w->tags);
    w->seen = pt_zalloc(SEEN_CODES, sizeof *w->seen);
    return w->tags && w->seen ? PT_OK : pt_fail_nomem(err, "tag columns");
}

static pt_rc prepare(pt_tagset_builder *b, const pt_tag_info *tags, pt_err *err)
{
    b->tags = PT_NEW_ARRAY(b->arena, pt_tag_info, b->n_tags);
    b->workers = pt_zalloc(b->n_workers, sizeof *b->workers);
    if (!b->tags || !b->workers)
        return pt_fail_nomem(err, "tag columns");
    for (size_t i = 0; i < b->n_tags; i++) {
        if (tags[i].type <= PT_TYPE_NONE || tags[i].type >= PT_TYPE_COUNT)
            return pt_fail(err, PT_EINTERNAL, "tag '%s' has no type", tags[i].name);
        b->tags[i] = (pt_tag_info){.name = pt_arena_strdup(b->arena, tags[i].name), .type = tags[i].type};
        if (!b->tags[i].name)
            return pt_fail_nomem(err, "tag columns");
    }
    for (unsigned i = 0; i < b->n_workers; i++)
        PT_TRY(new_worker(&b->workers[i], b, err));
    return PT_OK;
}

pt_rc pt_tagset_builder_new(pt_tagset_builder **out, const pt_tag_info *tags, size_t n_tags, uint32_t ordinals,
                            unsigned workers, pt_err *err)
{
    pt_tagset_builder *b = pt_zalloc(1, sizeof *b);

    *out = NULL;
    if (!b)
        return pt_fail_nomem(err, "tag columns");
    b->arena = pt_arena_new(0);
    b->n_tags = n_tags;
    b->ordinals = ordinals;
    b->n_workers = workers ? workers : 1;
    pt_rc rc = b->arena ? prepare(b, tags, err) : pt_fail_nomem(err, "tag columns");
    if (rc == PT_OK)
        *out = b;
    else
        pt_tagset_builder_free(b);
    return rc;
}

/* --- memory ---------------------------------------------------------------------------------------------------------- */

/* Kept until the builder is freed; aligned to 16. NULL when memory is short. */
static void *keep(put_worker *w, size_t n)
{
    size_t need = (n + 15) & ~(size_t)15;
    put_block *b = w->blocks;

    if (!b || b->size - b->used < need) {
        size_t size = b ? b->size * 2 : BLOCK_FIRST;
        size = size > BLOCK_MOST ? BLOCK_MOST : size;
        size = size < need ? need : size;
        b = malloc(sizeof *b + size);
        if (!b)
            return NULL;
        *b = (put_block){.next = w->blocks, .size = size};
        w->blocks = b;
    }
    void *p = b->data + b->used;
    b->used += need;
    return p;
}

/* --- values of fixed width ------------------------------------------------------------------------------------------- */

static uint64_t copy_numbers(uint64_t *to, const double *from, size_t n)
{
    uint64_t present = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &from[i], sizeof bits);
        bool good = isfinite(from[i]);
        to[i] = good ? bits : PT_FRAME_NAN;
        present += good;
    }
    return present;
}

static uint64_t copy_bools(uint8_t *to, const uint8_t *from, size_t n)
{
    uint64_t present = 0;

    for (size_t i = 0; i < n; i++) {
        to[i] = from[i] < PT_BOOL_MISSING ? from[i] : PT_BOOL_MISSING;
        present += to[i] != PT_BOOL_MISSING;
    }
    return present;
}

static uint64_t copy_dates(int32_t *to, const int32_t *from, size_t n)
{
    uint64_t present = 0;

    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
        present += from[i] != PT_I32_MISSING;
    }
    return present;
}

static uint64_t copy_longs(int64_t *to, const int64_t *from, size_t n)
{
    uint64_t present = 0;

    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
        present += from[i] != PT_I64_MISSING;
    }
    return present;
}

static pt_rc put_fixed(put_worker *w, put_list *l, pt_type type, tagset_put *p, const pt_column *values, pt_err *err)
{
    p->width = (uint8_t)pt_type_width(type);
    void *to = keep(w, (size_t)p->n * p->width);
    if (!to)
        return pt_fail_nomem(err, "tag columns");
    p->values = to;
    switch (type) {
    case PT_TYPE_NUMBER: l->present += copy_numbers(to, values->data, p->n); break;
    case PT_TYPE_BOOL: l->present += copy_bools(to, values->data, p->n); break;
    case PT_TYPE_DATE: l->present += copy_dates(to, values->data, p->n); break;
    default: l->present += copy_longs(to, values->data, p->n);
    }
    return PT_OK;
}

/* --- texts ----------------------------------------------------------------------------------------------------------- */

/* The worker's code of a text that the put calls `source`; 0 when memory is short. */
static inline uint32_t own_code(put_worker *w, put_list *l, const pt_dict *dict, uint32_t source)
{
    seen_code *s = &w->seen[source % SEEN_CODES];

    if (s->source == source && s->put == w->puts)
        return s->own;
    uint32_t own = pt_intern_add(l->intern, pt_dict_text(dict, source));
    *s = (seen_code){.source = source, .own = own, .put = w->puts};
    return own;
}

/* Entries of earlier puts must not be taken for this one's, also after 2^32 puts. */
static void next_put(put_worker *w)
{
    if (++w->puts == 0) {
        memset(w->seen, 0, SEEN_CODES * sizeof *w->seen);
        w->puts = 1;
    }
}

static bool same_dict(const pt_dict *a, const pt_dict *b)
{
    return a->n == b->n && a->offsets == b->offsets && a->bytes == b->bytes;
}

/* The codes known of a dictionary; NULL when it may change, is too large, or memory is short. */
static uint32_t *known_codes(put_list *l, const pt_dict *dict)
{
    if (!dict || !dict->sorted || dict->n > KNOWN_MOST)
        return NULL;
    if (!l->known.codes || !same_dict(&l->known.dict, dict)) {
        free(l->known.codes);
        l->known = (known_dict){.dict = *dict, .codes = pt_zalloc((size_t)dict->n + 1, sizeof *l->known.codes)};
    }
    return l->known.codes;
}

/* Codes [from, from+n) of the column, translated into w->codes; *most is the largest. */
static pt_rc translate(put_worker *w, put_list *l, const pt_column *c, uint64_t from, size_t n, uint32_t *most,
                       pt_err *err)
{
    if (!l->intern)
        l->intern = pt_intern_new();
    if (!l->intern || !pt_grow(&w->codes, &w->codes_cap, n, sizeof *w->codes))
        return pt_fail_nomem(err, "tag columns");
    next_put(w);
    uint32_t *known = known_codes(l, c->dict);
    for (size_t i = 0; i < n; i++) {
        uint32_t source = pt_column_code(c, from + i), own = known ? known[source] : 0;
        if (source != PT_CODE_MISSING && !own) {
            if (!(own = own_code(w, l, c->dict, source)))
                return pt_fail_nomem(err, "tag columns");
            if (known)
                known[source] = own;
        }
        w->codes[i] = own;
        *most = own > *most ? own : *most;
    }
    return PT_OK;
}

static void narrow(void *to, unsigned width, const uint32_t *from, size_t n)
{
    for (size_t i = 0; i < n && width == 1; i++)
        ((uint8_t *)to)[i] = (uint8_t)from[i];
    for (size_t i = 0; i < n && width == 2; i++)
        ((uint16_t *)to)[i] = (uint16_t)from[i];
    if (width == 4 && n)
        memcpy(to, from, n * sizeof *from);
}

/* Translates and keeps codes. */
static pt_rc put_codes(put_worker *w, put_list *l, tagset_put *p, const pt_column *c, uint64_t from, size_t n,
                       pt_err *err)
{
    uint32_t most = 0;

    PT_TRY(translate(w, l, c, from, n, &most, err));
    p->width = pt_frame_code_width(most);
    void *to = keep(w, n * p->width);
    if (!to)
        return pt_fail_nomem(err, "tag columns");
    narrow(to, p->width, w->codes, n);
    p->values = to;
    return PT_OK;
}

static pt_rc put_texts(put_worker *w, put_list *l, tagset_put *p, const pt_column *c, pt_err *err)
{
    PT_TRY(put_codes(w, l, p, c, 0, p->n, err));
    for (size_t i = 0; i < p->n; i++)
        l->present += w->codes[i] != PT_CODE_MISSING;
    return PT_OK;
}

/* --- lists ----------------------------------------------------------------------------------------------------------- */

static pt_rc put_lengths(put_worker *w, put_list *l, tagset_put *p, const pt_column *c, pt_err *err)
{
    uint32_t *lengths = keep(w, p->n * sizeof *lengths);

    if (!lengths)
        return pt_fail_nomem(err, "tag columns");
    for (size_t i = 0; i < p->n; i++) {
        uint64_t n = c->offsets[i + 1] - c->offsets[i];
        bool absent = c->absent && c->absent[i];
        if (n >= TAGSET_ABSENT || (absent && n))
            return pt_fail(err, PT_EINTERNAL, "a tag's list is broken");
        lengths[i] = absent ? TAGSET_ABSENT : (uint32_t)n;
        l->absent |= absent;
        l->present += !absent;
    }
    p->lengths = lengths;
    p->items = c->offsets[p->n] - c->offsets[0];
    return PT_OK;
}

static pt_rc put_lists(put_worker *w, put_list *l, tagset_put *p, const pt_column *c, pt_err *err)
{
    PT_TRY(put_lengths(w, l, p, c, err));
    PT_TRY(put_codes(w, l, p, c, c->offsets[0], p->items, err));
    for (size_t i = 0; i < p->items; i++)
        if (w->codes[i] == PT_CODE_MISSING)
            return pt_fail(err, PT_EINTERNAL, "a tag's list has an item that is missing");
    if (c->type != PT_TYPE_WEIGHTED)
        return PT_OK;
    uint64_t *weights = keep(w, p->items * sizeof *weights);
    if (!weights)
        return pt_fail_nomem(err, "tag columns");
    copy_numbers(weights, c->weights + c->offsets[0], p->items);
    p->weights = (const double *)(const void *)weights;
    return PT_OK;
}

/* --- all together ---------------------------------------------------------------------------------------------------- */

static bool type_fits(pt_type tag, pt_type values)
{
    return tag == values || (pt_type_is_text(tag) && pt_type_is_text(values));
}

pt_rc pt_tagset_builder_put(pt_tagset_builder *b, unsigned worker, size_t tag, uint32_t first, size_t n,
                            const pt_column *values, pt_err *err)
{
    tagset_put p = {.first = first, .n = (uint32_t)n, .worker = worker};

    if (worker >= b->n_workers || tag >= b->n_tags || first > b->ordinals || n > b->ordinals - first)
        return pt_fail(err, PT_EINTERNAL, "tag values for customers that are not there");
    if (!type_fits(b->tags[tag].type, values->type))
        return pt_fail(err, PT_EINTERNAL, "tag '%s' is %s, its values are %s", b->tags[tag].name,
                       pt_type_name(b->tags[tag].type), pt_type_name(values->type));
    if (n == 0)
        return PT_OK;
    put_worker *w = b->workers[worker];
    put_list *l = &w->tags[tag];
    if (!pt_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items))
        return pt_fail_nomem(err, "tag columns");
    pt_type type = b->tags[tag].type;
    PT_TRY(pt_type_is_list(type)   ? put_lists(w, l, &p, values, err)
           : pt_type_is_text(type) ? put_texts(w, l, &p, values, err)
                                   : put_fixed(w, l, type, &p, values, err));
    l->items[l->n++] = p;
    return PT_OK;
}
